"""The DAGs of retention: cheap to parse, and their tasks do what the commands do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from examples.child import environment_of
from storage.archive import Archive
from storage.holds import Ground, Placement
from storage.objects import Bucket
from storage.people import person
from storage.proposals import State
from storage.record import Record, RecordId, Status
from storage.settings import Identity, Settings
from tests.postbox import postbox
from tests.retention.conftest import (
    Adopt,
    account,
    adopt,
    archive,
    deposited,
    describe,
    order,
    package,
    parts,
)
from tests.retention.disposing import PLAN, decide, make_due, proposed
from tests.storage.proposed import quick

__all__ = ["account", "adopt", "archive", "deposited", "describe", "order", "package", "parts"]

ROOT = Path(__file__).parents[2]
HEAVY = ("boto3", "playwright", "PIL", "typst", "sqlalchemy", "storage", "retention", "accounts")
Deposit = Callable[..., Record]


def in_airflow(settings: Settings, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has Airflow, and the settings of a test."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment_of(
            settings,
            PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'dags'}",  # as Airflow parses them
            AIRFLOW_HOME=str(settings.home / "airflow"),
            INSYN_COOLING_DAYS="0",
            INSYN_CAP_PERCENT="100",
        ),
    )


def ran(settings: Settings, dag_id: str, task_id: str) -> subprocess.CompletedProcess[str]:
    """One task of a DAG, as a worker calls it; also tells what parsing the file loaded."""
    file = ROOT / "dags" / f"{dag_id}.py"
    return in_airflow(
        settings,
        "import json, sys, airflow.sdk; before = set(sys.modules);"
        f"import runpy; made = runpy.run_path({str(file)!r});"
        "print('loaded', json.dumps(sorted(set(sys.modules) - before)));"
        f"made = made[{dag_id!r}]();"
        f"print('gave', json.dumps(made.get_task({task_id!r}).python_callable()))",
    )


def told(done: subprocess.CompletedProcess[str], what: str) -> list[str]:
    lines = [line for line in done.stdout.splitlines() if line.startswith(what + " ")]
    found: list[str] = json.loads(lines[0].removeprefix(what + " "))
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_review_proposes_and_the_disposal_carries_out_what_people_approved(
    settings: Settings, archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R32, R33, R43: a service proposes and carries out; a held record survives its DAG (R27).

    STYLE 22: parsing either file imports nothing heavy.
    """
    adopt(PLAN)
    held, gone = make_due(archive, deposited(1), deposited(2))
    reviewed = ran(settings, "retention_review", "review")
    [proposal_id] = told(reviewed, "gave")
    assert [name for name in told(reviewed, "loaded") if name.split(".")[0] in HEAVY] == []
    with Archive.open(quick(settings)) as hasty:
        decide(hasty, hasty.disposals.named(proposal_id).proposal_id)
        hasty.place_hold(research(held.record_id), person("Arvid Arkivarie"))
    disposed = ran(settings, "disposal", "dispose")
    assert [name for name in told(disposed, "loaded") if name.split(".")[0] in HEAVY] == []
    [certificate] = told(disposed, "gave")
    assert archive.record(certificate).record_type == "retention_evidence"
    assert archive.record(gone.record_id).status is Status.DISPOSED
    assert archive.record(held.record_id).status is Status.ACTIVE
    assert archive.verify(archive.record(held.record_id)) == ()
    assert archive.disposals.named(proposal_id).stored is State.CERTIFIED


def test_a_run_that_a_person_has_to_look_at_fails(
    settings: Settings, archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """A lock that the journal does not know of stops the run, visibly."""
    adopt(PLAN)
    [record] = make_due(archive, deposited(1))
    with Archive.open(replace(quick(settings))) as hasty:
        [proposal_id] = proposed(hasty, hasty.plans()[0])
        decide(hasty, proposal_id)
        stored = hasty.package_of(record)
        hasty._vault.holder.legal_hold(stored.key, stored.version_id, on=True)
    done = ran(settings, "disposal", "dispose")
    assert done.returncode != 0
    assert "AirflowFailException" in done.stderr
    assert archive.disposals.named(proposal_id).stored is State.PAUSED
    assert archive.record(record.record_id).status is Status.ACTIVE


def research(record_id: RecordId) -> Placement:
    return Placement(
        ground=Ground.RESEARCH_VALUE,
        reason="Unik",
        authority="Arkivet",
        records=(record_id,),
        query=None,
        review_by=None,
    )


def test_the_review_tells_the_people(
    settings: Settings,
    archive: Archive,
    adopt: Adopt,
    deposited: Deposit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R32: a unit without accounts in the register has no owners, so the archivists hear of it."""
    adopt(PLAN)
    make_due(archive, deposited(1))
    with postbox() as box:
        monkeypatch.setenv("INSYN_SMTP_URL", box.url)
        monkeypatch.setenv("INSYN_MAIL_ARCHIVIST", "arkiv@ki.example")
        for _ in range(2):
            reviewed = ran(settings, "retention_review", "review")
            assert reviewed.returncode == 0, reviewed.stderr[-2000:]
        [(to, message)] = box.came
    assert to == ("arkiv@ki.example",)
    [proposal] = archive.disposals.all()
    assert proposal.proposal_id in message.get_content()
    assert list(archive.notes.told([f"owner/{proposal.proposal_id}"]))


def test_what_a_restore_brought_back_is_removed_before_anything_else(
    settings: Settings, archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R45: by the DAG, with an intact catalogue; told in its log."""
    adopt(PLAN)
    [record] = make_due(archive, deposited(1))
    stored = archive.package_of(record)
    data = archive._vault.reader.get(stored.key, stored.version_id)
    with Archive.open(quick(settings)) as hasty:
        decide(hasty, proposed(hasty, hasty.plans()[0])[0])
    assert told(ran(settings, "disposal", "dispose"), "gave")
    until = archive._vault.lock_until()
    archive._vault.capture.put(stored.key, data, media_type="x/y", retain_until=until)
    again = ran(settings, "disposal", "remove_restored")
    assert told(again, "gave") == [record.record_id]
    assert f"removed again: 1 {record.record_id}" in again.stdout
    assert list(archive._vault.reader.versions(stored.key)) == []
    in_order = "import runpy; made = runpy.run_path('dags/disposal.py')['disposal']();"
    code = in_order + "print(made.get_task('dispose').upstream_task_ids)"
    assert "{'remove_restored'}" in in_airflow(settings, code).stdout


@pytest.mark.parametrize(
    ("dag_id", "task_id"), [("disposal", "dispose"), ("account_watch", "tell")]
)
def test_a_bucket_that_removes_by_itself_fails_the_run(
    settings: Settings, archive: Archive, dag_id: str, task_id: str
) -> None:
    """R31: looked at each day and before a disposal, wherever Airflow runs."""
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    bucket.set_lifecycle(
        [{"ID": "sopa", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]
    )
    try:
        done = ran(settings, dag_id, task_id)
    finally:
        bucket.set_lifecycle([])
    assert done.returncode != 0
    assert "sopa" in done.stderr
    assert ran(settings, dag_id, task_id).returncode == 0
