"""kill -9 at every point of a deposit: no record or a whole one, and then exactly one."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from examples.child import environment_of
from storage.archive import Archive
from storage.keys import MANIFEST, RECORDS
from storage.objects import Store
from storage.people import service
from storage.query import Query
from storage.record import utc_now
from storage.settings import Identity, Settings

_CHILD = Path(__file__).with_name("crash_child.py")
_ROOT = Path(__file__).parents[2]

POINTS = [
    ("journal: segment stored", 1),
    ("journal: sealed", 1),
    ("deposit: order accepted", 1),
    ("deposit: package checked", 1),
    ("deposit: package stored", 1),
    ("deposit: manifest stored", 1),
    ("deposit: journaled", 1),
    ("journal: segment stored", 2),
    ("journal: sealed", 2),
    ("deposit: sealed", 1),
]


def start(settings: Settings, **told: object) -> subprocess.Popen[str]:
    """A child that works in the test's archive."""
    job = {"kill_at": "", "times": 1, **told}
    return subprocess.Popen(
        [sys.executable, str(_CHILD), json.dumps(job)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment_of(
            settings,
            PYTHONPATH=os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
            PYTHONWARNINGS="ignore",
        ),
    )


def ended(child: subprocess.Popen[str]) -> tuple[int, str]:
    """The child's exit code and what it printed."""
    with child:
        out, _ = child.communicate(timeout=90)
    return child.returncode, out.strip()


def assert_exactly_one_whole_record(settings: Settings) -> None:
    """One record, verified; orphans go when they are a week old; the journal's chain holds."""
    with Archive.open(settings) as archive:
        assert archive.count(Query()) == 1
        archive.sweep(utc_now() + timedelta(days=8), service("test"))
        findings = [finding for _, found in archive.verify_all() for finding in found]
        assert findings == []
    keys = [v.key for v in Store.from_settings(settings, Identity.READER).versions(RECORDS)]
    assert sum(key.endswith(MANIFEST) for key in keys) == 1
    assert len(keys) == 2


@pytest.mark.parametrize(("message", "times"), POINTS)
def test_a_deposit_killed_anywhere_leaves_no_record_or_a_whole_one(
    settings: Settings, package: Path, message: str, times: int
) -> None:
    """R12: killed once or not, the order repeated gives exactly one record (F01–F05's deposit)."""
    killed, _ = ended(start(settings, kill_at=message, times=times, package=str(package)))
    assert killed == -signal.SIGKILL
    with Archive.open(settings) as archive:
        for record in archive.records():
            assert archive.verify(record) == ()
    assert ended(start(settings, package=str(package)))[0] == 0
    assert_exactly_one_whole_record(settings)
