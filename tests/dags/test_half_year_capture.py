"""The DAG in the real Airflow: parses cheaply, runs for the schedule and for one account."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk import services
from examples.platform.server import Platform
from storage.archive import Archive
from storage.query import Query
from storage.record import CAPTURES, Reason
from storage.settings import Settings

ROOT = Path(__file__).parents[2]
DAG_FILE = ROOT / "dags" / "half_year_capture.py"
HEAVY = ("boto3", "playwright", "PIL", "warcio", "lxml", "pypdf", "storage", "capture", "accounts")


def test_the_file_imports_nothing_heavy() -> None:
    """STYLE 22: at the top only the standard library and airflow.sdk (which has pendulum)."""
    code = (
        f"import json, sys, airflow.sdk; sys.path.append({str(DAG_FILE.parent)!r});"
        "before = set(sys.modules);"
        f"import runpy; runpy.run_path({str(DAG_FILE)!r});"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "AIRFLOW_HOME": str(ROOT), "INSYN_HOME": str(ROOT / ".insyn")},
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []


@pytest.mark.parametrize(("program", "loaded"), [("scheduler", True), ("dag-processor", False)])
def test_the_scheduler_alone_imports_what_its_tasks_need(program: str, loaded: bool) -> None:
    """Tasks are forks of the scheduler; no other program of Airflow's pays for it."""
    code = (
        f"import sys; sys.argv = ['airflow', '{program}']; import airflow.settings as s;"
        "s.prepare_syspath_for_config_and_plugins(); s.import_local_settings();"
        "print('capture.session' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "AIRFLOW_HOME": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == str(loaded)


def test_the_reasons_of_the_form_are_the_archives() -> None:
    """The DAG repeats the list, as importing it would cost every parse."""
    text = DAG_FILE.read_text()
    assert f"REASONS = {json.dumps([r.value for r in CAPTURES])}" in text


@pytest.fixture(scope="module")
def airflow(
    tmp_path_factory: pytest.TempPathFactory, running_store: Settings
) -> Iterator[dict[str, str]]:
    """An Airflow of the test's own, a register of three accounts, and Torget."""
    home = tmp_path_factory.mktemp("airflow")
    with Platform() as platform:
        register = (ROOT / "examples/karolinska/accounts.toml").read_text()
        head, *accounts = register.split("[[account]]")
        wanted = [a for a in accounts if 'id = "ki-alumn"' in a or 'id = "ki-forskning"' in a]
        text = "[[account]]".join([head, *wanted]).replace("http://127.0.0.1:8460", platform.url)
        (home / "accounts.toml").write_text(text)
        (home / "secrets").mkdir(mode=0o700)
        keys = (running_store.home / "secrets" / "identities.json").read_text()
        (home / "secrets" / "identities.json").write_text(keys)
        settings = replace(running_store, home=home, register=home / "accounts.toml")
        services.prepare_airflow(settings, ROOT)
        yield {
            **os.environ,
            **services.airflow_environment(settings, ROOT),
            "PYTHONWARNINGS": "ignore",
        }


def run(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """One command of Airflow's."""
    return subprocess.run(
        [Path(sys.executable).parent / "airflow", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
        cwd=ROOT,
    )


def archive_of(environ: dict[str, str], running_store: Settings) -> Archive:
    """The archive that the runs wrote to."""
    url = f"sqlite:///{environ['INSYN_HOME']}/catalogue.sqlite"
    return Archive.open(replace(running_store, catalogue_url=url))


@pytest.mark.airflow
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_an_account_that_fails_does_not_stop_the_others(
    airflow: dict[str, str], running_store: Settings
) -> None:
    """R4, R9: on schedule the due accounts are captured; the walled one fails alone, with a gap.

    Then by hand: a malformed account is refused, and one account is captured with its reason.
    """
    done = run(airflow, "dags", "test", "half_year_capture")
    assert "AirflowFailException" in done.stdout + done.stderr
    with archive_of(airflow, running_store) as archive:
        [hit] = archive.find(Query())
        assert hit.record.account == "ki-forskning"
        assert [(g.account, g.verdict) for g in archive.gaps()] == [("ki-alumn", "login_wall")]
    bad = json.dumps({"account": "KI; rm -rf", "ordered_by": "Eva Ek"})
    refused = run(airflow, "dags", "test", "half_year_capture", "--conf", bad)
    assert refused.returncode != 0
    assert "Invalid input for param account" in refused.stdout + refused.stderr
    good = {"account": "ki-forskning", "reason": "before_change", "ordered_by": "Eva Ek"}
    run(airflow, "dags", "test", "half_year_capture", "--conf", json.dumps(good))
    with archive_of(airflow, running_store) as archive:
        newest = archive.find(Query())[0].record
        assert (archive.count(Query()), newest.reason) == (2, Reason.BEFORE_CHANGE)
        order = archive.manifest(newest).description.order
        assert order.ordered_by == "Eva Ek"
