"""The DAG in the real Airflow: every post of an account in batches, then one by hand."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desk import services
from examples.platform.server import Platform
from storage.archive import Archive
from storage.query import Query
from storage.record import Reason
from storage.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.airflow
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_all_posts_are_captured_though_one_account_is_walled_and_one_by_hand(
    tmp_path: Path, settings: Settings
) -> None:
    """R9: five posts in two tasks are five records, a wall is a gap and fails the run.

    A person has one post captured before a removal, and none without naming it.
    """
    with Platform() as platform:
        register = (ROOT / "examples/karolinska/accounts.toml").read_text()
        head, *accounts = register.split("[[account]]")
        ids = ('id = "ki-forskning"', 'id = "ki-alumn"')
        wanted = [a for a in accounts if any(one in a for one in ids)]
        text = "[[account]]".join((head, *wanted)).replace("http://127.0.0.1:8460", platform.url)
        (tmp_path / "accounts.toml").write_text(text.replace("ki_forskning", "ki_notiser"))
        (tmp_path / "secrets").mkdir(mode=0o700)
        keys = (settings.home / "secrets" / "identities.json").read_text()
        (tmp_path / "secrets" / "identities.json").write_text(keys)
        mine = replace(settings, home=tmp_path, register=tmp_path / "accounts.toml")
        services.prepare_airflow(mine, ROOT)
        environ = {
            **os.environ,
            **services.airflow_environment(mine, ROOT),
            "PYTHONWARNINGS": "ignore",
            "INSYN_POST_BATCH": "3",
            "INSYN_POST_PACE_SECONDS": "0",
        }
        assert _run(environ) == "failed"
        url = f"sqlite:///{tmp_path}/catalogue.sqlite"
        with Archive.open(replace(settings, catalogue_url=url)) as archive:
            known = archive.posts.known(archive.records()[0].account)
            assert (len(known), archive.count(Query())) == (5, 5)
            assert [(gap.account, gap.verdict) for gap in archive.gaps()] == [
                ("ki-alumn", "login_wall")
            ]
            asked = {"account": "ki-forskning", "post": known[0].url, "reason": "before_removal"}
            asked["ordered_by"] = "Eva Ek"
            assert _run(environ, "--conf", json.dumps({**asked, "post": ""})) == "failed"
            assert archive.count(Query()) == 5
            assert _run(environ, "--conf", json.dumps(asked)) == "success"
            newest = archive.find(Query())[0].record
            assert (archive.count(Query()), newest.reason) == (6, Reason.BEFORE_REMOVAL)
            assert archive.manifest(newest).description.order.ordered_by == "Eva Ek"


def _run(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "airflow", "dags", "test", "post_capture", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
        cwd=ROOT,
    )
    told = done.stdout + done.stderr
    if "DagRun failed" in told:  # a run that failed has tasks that did not
        return "failed"
    return "success" if "state=success" in told else told
