"""`make demo`: the main job, end to end, on the embedded defaults; ends by itself.

Store, imitation platform and Airflow start; the half-year capture runs on the example register; a
page is captured before and after it changes; a record is held for research and every identity
tries to remove it; everything is read back. Ends with everything stopped, and says where to look.
"""

import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from accounts import read_register
from capture.orders import order_for, run_order, today
from capture.session import Captured, Outcome
from desk import services
from examples.airflow_client import AirflowClient
from storage.archive import Archive
from storage.errors import Held
from storage.fitness import attempts
from storage.holds import Ground, Placement
from storage.people import person, service
from storage.query import Query
from storage.record import Record
from storage.settings import Settings
from storage.withdrawal import Warrant

PROJECT = Path(__file__).resolve().parents[1]
DAG = "half_year_capture"
EXPECTED_GAPS = {"ki-alumn": "login_wall", "ki-karriar": "removed", "ki-mmi": "rate_limited"}
OFFICER = person("Astrid Arkivarie")
_RUN_SECONDS = 400

console = Console(highlight=False)


def main() -> int:
    """Run the demo; 0 only when all went as it should."""
    began = time.monotonic()
    settings = _settings()
    _start_anew(settings)
    try:
        with _timed("Starting the store, the imitation platform and Airflow"):
            running = services.up(settings, PROJECT)
        airflow = AirflowClient(running.airflow_url, "operator", running.airflow_password)
        with _timed("The weekly run of half_year_capture in Airflow, on all that is due"):
            tasks = _weekly_run(airflow)
        with _timed("On demand: ki-forskning before its profile changes, and after"):
            changed = _before_and_after(airflow)
        with Archive.open(settings) as archive:
            held, refusals = _hold_and_try(settings, archive)
            with _timed("Reading everything back and checking every digest"):
                faults = [f for _, found in archive.verify_all() for f in found]
            _tell(settings, archive, tasks, held)
            wrong = _wrong(archive, changed, refusals, [f.code for f in faults])
    finally:
        with _timed("Stopping everything"):
            services.down(settings)
    return _end(settings, wrong, time.monotonic() - began)


def _settings() -> Settings:
    """The embedded defaults in a home of the demo's own; pages on loopback are allowed."""
    environ = {
        "INSYN_HOME": str(PROJECT / ".insyn" / "demo"),
        "INSYN_REGISTER": str(PROJECT / "examples" / "karolinska" / "accounts.toml"),
        "INSYN_ALLOW_PRIVATE": "yes",
    }
    os.environ.update(environ)
    return Settings.from_environment(environ)


def _start_anew(settings: Settings) -> None:
    """Each demo begins with an empty archive; Airflow's empty database is kept as a template."""
    services.down(settings)
    template = settings.home.parent / "airflow-template"
    shutil.rmtree(settings.home, ignore_errors=True)
    if template.exists():
        shutil.copytree(template, settings.home / "airflow")
        return
    with _timed("First time: making Airflow's database"):
        services.prepare_airflow(settings, PROJECT)
    shutil.copytree(settings.home / "airflow", template)


def _weekly_run(airflow: AirflowClient) -> dict[str, dict[str, Any]]:
    """Unpausing starts the run that is due; gives back its capture tasks by account."""
    airflow.unpause(DAG)
    while not (runs := airflow.runs(DAG)):
        time.sleep(0.3)
    airflow.wait(DAG, runs[0]["dag_run_id"], _RUN_SECONDS, _Progress().told)
    tasks = airflow.tasks(DAG, runs[0]["dag_run_id"])
    return {str(t["rendered_map_index"]): t for t in tasks if t["task_id"] == "capture"}


def _before_and_after(airflow: AirflowClient) -> list[str]:
    """Capture on demand, let the owner change the profile, capture again: what differs?"""
    order = {"account": "ki-forskning", "ordered_by": "Påhitta Modellsson"}
    run = airflow.trigger(
        DAG, {**order, "reason": "before_change", "note": "Ny beskrivning och ny profilbild"}
    )
    state = airflow.wait(DAG, run, _RUN_SECONDS, lambda _: None)
    _change_profile("ki_forskning")
    after = _capture(order["account"], "on_request", "Efter ändringen", order["ordered_by"])
    changed = after.record.changed if isinstance(after, Captured) else ()
    console.print(f"  before the change: {state}; the next capture found changed: {list(changed)}")
    return list(changed)


def _capture(account: str, reason: str, note: str, ordered_by: str) -> Outcome:
    """The same as `insyn capture`."""
    settings = Settings.from_environment(os.environ)
    order = order_for(settings, account, reason, note=note, ordered_by=ordered_by)
    return run_order(order, settings, person(ordered_by))


def _change_profile(handle: str) -> None:
    """The account's owner changes biography and picture."""
    body = {"bio": "Vi hjälper KI:s forskare med anslag, data och infrastruktur.", "avatar_seed": 7}
    request = urllib.request.Request(  # noqa: S310  # loopback, ours
        f"{services.PLATFORM_URL}/__change/{handle}", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310  # the same
        return


def _hold_and_try(settings: Settings, archive: Archive) -> tuple[Record, list[bool]]:
    """Hold a record for research, then let everyone try to remove it."""
    record = archive.find(Query(text="forskningsinfrastruktur"))[0].record
    placement = Placement(
        ground=Ground.RESEARCH_VALUE,
        reason="Visar hur universitetet berättar om sin forskningsinfrastruktur",
        authority="Arkivet",
        records=(record.record_id,),
        query=None,
        review_by=None,
    )
    archive.place_hold(placement, OFFICER)
    console.rule(
        f"Record {record.record_id[-8:]} is held for its research value: who can remove it?"
    )
    table = Table("Who", "How", "Answer", box=None)
    tried = list(attempts(settings, archive.manifest(record).objects[0]))
    for attempt in tried:
        answer = "refused by the store" if attempt.refused else "[red]REMOVED[/red]"
        table.add_row(attempt.identity, attempt.how, answer)
    refused = [attempt.refused for attempt in tried] + [_withdrawal_refused(archive, record)]
    table.add_row("archive", "withdraw on a warrant", "refused: an active hold stands")
    console.print(table)
    return archive.record(record.record_id), refused


def _withdrawal_refused(archive: Archive, record: Record) -> bool:
    warrant = Warrant(
        warrant_id="demo",
        record_id=record.record_id,
        generation=archive.record(record.record_id).generation,
        basis="a decision that overlooked the hold",
        approved_by=("person:A", "person:B"),
    )
    try:
        archive.withdraw(warrant, service("demo"))
    except Held:
        return True
    return False


def _tell(
    settings: Settings, archive: Archive, tasks: dict[str, dict[str, Any]], held: Record
) -> None:
    """What each account of the register came to."""
    console.rule("What each account came to")
    table = Table("Account", "Record or gap", "Changed", "Size", "Seconds", "Tries", box=None)
    gaps = {gap.account: gap for gap in archive.gaps() if gap.met_by is None}
    for account in read_register(settings.register).accounts:
        task = tasks.get(account.id, {})
        seconds, tries = f"{task.get('duration') or 0:.0f}", str(task.get("try_number", ""))
        mine = archive.find(Query(account=account.id))
        for hit in mine:
            mark = " held" if hit.record.record_id == held.record_id else ""
            name = f"record {hit.record.record_id[-8:]} ({hit.record.reason}){mark}"
            size = f"{hit.record.size / 1e6:.1f} MB"
            table.add_row(account.id, name, ", ".join(hit.record.changed), size, seconds, tries)
        if not mine and account.id in gaps:
            gap = gaps[account.id]
            table.add_row(account.id, f"gap: {gap.verdict}", "", "", seconds, tries)
    console.print(table)


def _wrong(
    archive: Archive, changed: list[str], refusals: list[bool], faults: list[str]
) -> list[str]:
    """What did not go as it should; empty when all did."""
    accounts = {hit.record.account for hit in archive.find(Query(), limit=100)}
    gaps = {gap.account: gap.verdict for gap in archive.gaps()}
    checks = {
        "seven accounts have a record": len(accounts) == 7,
        f"the gaps are {EXPECTED_GAPS}, not {gaps}": gaps == EXPECTED_GAPS,
        "the change of biography and avatar was found": changed == ["bio", "avatar_sha256"],
        "every attempt on the held record was refused": all(refusals),
        f"nothing is damaged: {faults}": not faults,
    }
    return [what for what, holds in checks.items() if not holds]


def _end(settings: Settings, wrong: list[str], seconds: float) -> int:
    home = os.path.relpath(settings.home)
    console.rule()
    for what in wrong:
        console.print(f"[red]NOT SO:[/red] {what}")
    console.print(
        f"{'All as it should be' if not wrong else 'Something is wrong'}, in {seconds:.0f} s "
        f"({today()}). Everything is stopped. To look around:\n"
        f"  export INSYN_HOME={home}\n"
        "  .venv/bin/insyn store start\n"
        "  .venv/bin/insyn find infrastruktur     .venv/bin/insyn duties\n"
        "  .venv/bin/insyn hold list              .venv/bin/insyn journal\n"
        "  .venv/bin/insyn store stop"
    )
    return 1 if wrong else 0


class _Progress:
    """One line for each account that comes to its end."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def told(self, tasks: list[dict[str, Any]]) -> None:
        """Print what changed."""
        for task in tasks:
            name, state = str(task["rendered_map_index"]), str(task["state"])
            if name.isdigit():  # Airflow names a mapped task when it has run
                continue
            ended = state in ("success", "failed", "up_for_retry")
            if task["task_id"] == "capture" and ended and self._seen.get(name) != state:
                self._seen[name] = state
                words = {"success": "captured", "failed": "gap", "up_for_retry": "try again later"}
                console.print(f"  {name:<24}{words[state]}")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    console.print(f"[bold]{what}[/bold] …")
    began = time.monotonic()
    yield
    console.print(f"  {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    sys.exit(main())
