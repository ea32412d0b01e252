"""`make demo`: the main job, end to end, on the embedded defaults; ends by itself.

Store, imitation platform and Airflow start; the half-year capture runs on the example register; a
page is captured before and after it changes; a record is held for research and every identity
tries to remove it; everything is read back; what is due by a plan is disposed of. Ends with
everything stopped, and says where to look.
"""

import fcntl
import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from accounts import read_register
from capture.orders import order_for, run_order
from capture.session import Captured, Outcome
from desk import services
from examples.airflow_client import AirflowClient
from examples.demo_disposal import disposal, lifecycle_attempts
from examples.disposal_kit import ARCHIVIST, appoint
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.fitness import attempts
from storage.holds import Ground, Placement
from storage.people import person, service
from storage.proposals import Candidate, Drawing
from storage.query import Query
from storage.record import Record, today
from storage.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
DAG = "half_year_capture"
EXPECTED_GAPS = {"ki-alumn": "login_wall", "ki-karriar": "removed", "ki-mmi": "rate_limited"}
CHANGING, COMMUNICATOR = "ki-forskning", "Påhitta Modellsson"
_RUN_SECONDS = 400

console = Console(highlight=False)


def main() -> int:
    """Run the demo; 0 only when all went as it should."""
    settings = _settings()
    try:
        with _alone(settings):
            return _demo(settings)
    except ArchiveError as error:
        console.print(f"[red]The demo cannot go on.[/red] {error}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted; everything is stopped.")
        return 130


def _demo(settings: Settings) -> int:
    began = time.monotonic()
    _start_anew(settings)
    try:
        with _timed("Starting the store, the imitation platform and Airflow"):
            running = services.up(settings, PROJECT)
        console.print(
            f"  Airflow's page: {running.airflow_url} (sign in as {services.USER}, "
            f"{running.airflow_password})\n  The platform:   {running.platform_url}"
        )
        airflow = AirflowClient(running.airflow_url, services.USER, running.airflow_password)
        with _timed("half_year_capture in Airflow: all that is due, and one account on demand"):
            tasks = _weekly_run(airflow)
        with _timed(f"The profile of {CHANGING} changes"):
            changed = _change_and_capture()
        with Archive.open(settings) as archive:
            appoint(archive)
            held, refusals = _hold_and_try(settings, archive)
            faults = _verify(archive)
            _tell(settings, archive, tasks, held)
            _copy_out(settings, archive, held)
            with _timed("A plan is adopted, and what is due by it disposed of"):
                undone = disposal(archive, settings, console, held, airflow)
            wrong = _wrong(archive, changed, refusals, faults) + undone
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
        "INSYN_COOLING_DAYS": "0",  # a week otherwise
        "INSYN_CAP_PERCENT": "100",  # two of ten would take a third person otherwise
    }
    os.environ.update(environ)
    return Settings.from_environment(environ)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """A demo never ends another that runs in the same folder: it waits for nothing and says so."""
    note = settings.home.with_name("demo.lock")
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with note.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveError("Another demo runs in this folder: let it end first.") from error
        yield


def _start_anew(settings: Settings) -> None:
    """Each demo begins with an empty archive; Airflow's empty database is kept as a template."""
    services.down(settings)
    services.check_ports(settings)
    template = settings.home.with_name(f"airflow-template-{version('apache-airflow')}")
    shutil.rmtree(settings.home, ignore_errors=True)
    if not template.exists():
        with _timed("First time: making Airflow's database"):
            services.prepare_airflow(settings, PROJECT)
        part = template.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        own = shutil.ignore_patterns("logs", "passwords.json")
        shutil.copytree(settings.home / "airflow", part, ignore=own)
        part.rename(template)
    shutil.copytree(template, settings.home / "airflow", dirs_exist_ok=True)


def _weekly_run(airflow: AirflowClient) -> dict[str, dict[str, Any]]:
    """Unpausing starts the run that is due; gives back its capture tasks by account.

    One account is ordered by hand meanwhile: who wants to change a profile does not wait for it.
    """
    airflow.unpause(DAG)
    while not (runs := airflow.runs(DAG)):
        time.sleep(0.3)
    progress = _Progress()
    ordered = ""
    tasks: list[dict[str, Any]] = []
    for _, tasks in airflow.follow(DAG, runs[0]["dag_run_id"], _RUN_SECONDS):
        progress.told(tasks)
        if not ordered and progress.captured(CHANGING):
            reason = {"reason": "before_change", "note": "Ny beskrivning och ny profilbild"}
            ordered = airflow.trigger(
                DAG, {"account": CHANGING, "ordered_by": COMMUNICATOR, **reason}
            )
            console.print(f"  {CHANGING:<24}ordered by {COMMUNICATOR}, before its profile changes")
    states = [state for state, _ in airflow.follow(DAG, ordered, _RUN_SECONDS)] if ordered else []
    console.print(f"  {CHANGING:<24}before the change: {states[-1] if states else 'not ordered'}")
    return {str(t["rendered_map_index"]): t for t in tasks if t["task_id"] == "capture"}


def _change_and_capture() -> list[str]:
    """The owner changes the profile, and it is captured again: what differs?"""
    _change_profile("ki_forskning")
    console.print("  the account's owner changes biography and profile picture")
    after = _capture(CHANGING, "on_request", "Efter ändringen", COMMUNICATOR)
    changed = after.record.changed if isinstance(after, Captured) else ()
    console.print(f"  ordered by command, after it: changed since last: {', '.join(changed)}")
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
    archive.place_hold(placement, ARCHIVIST)
    console.rule(
        f"Record {record.record_id[-8:]} is held for its research value: who can remove it?"
    )
    tried = [
        (attempt.identity.value, attempt.how, attempt.refused)
        for attempt in attempts(settings, archive.manifest(record).objects[0])
    ]
    tried += lifecycle_attempts(settings)
    tried.append(("archive", "propose for disposal", _proposal_refused(archive, record)))
    table = Table("Who", "How", "Answer", box=None, pad_edge=False)
    for who, how, refused in tried:
        table.add_row(who, how, "refused" if refused else "[red]REMOVED[/red]")
    console.print(table)
    return archive.record(record.record_id), [refused for *_, refused in tried]


def _proposal_refused(archive: Archive, record: Record) -> bool:
    """Whether the archive leaves the record out, though it is put on a list as due."""
    candidate = Candidate(
        record_id=record.record_id,
        generation=archive.record(record.record_id).generation,
        period_start=today(),
        period_end=today(),
        since=today(),
    )
    drawing = Drawing(
        plan=0,
        rule_id="",
        record_type=record.record_type,
        unit=record.unit,
        basis="a proposal that overlooks the hold",
        candidates=(candidate,),
    )
    return archive.disposals.draw(drawing, service("demo")) is None


def _verify(archive: Archive) -> list[str]:
    """Read back every record and the journal; gives back the codes of what is damaged."""
    with _timed("Reading everything back and checking every digest"):
        read = list(archive.verify_all())
        faults = [finding.code for _, found in read for finding in found]
        console.print(f"  {len(read)} read, {len(faults)} findings")
    return faults


def _tell(
    settings: Settings, archive: Archive, tasks: dict[str, dict[str, Any]], held: Record
) -> None:
    """What each account of the register came to."""
    console.rule("What each account came to")
    table = Table("Account", "Reason or gap", "Record", "Changed", box=None, pad_edge=False)
    table.add_column("Size", justify="right")
    table.add_column("Time", justify="right")
    gaps = {gap.account: gap for gap in archive.gaps() if gap.met_by is None}
    for account in read_register(settings.register).accounts:
        mine = archive.find(Query(account=account.id))
        for hit in mine:
            table.add_row(*_row(archive, hit.record, held))
        if not mine and account.id in gaps:
            seconds = tasks.get(account.id, {}).get("duration") or 0
            told = f"[yellow]gap: {gaps[account.id].verdict}[/yellow]"
            table.add_row(account.id, told, "", "", "", f"{seconds:.0f} s")
    console.print(table)
    tried = [name for name, task in tasks.items() if task["try_number"] > 1]
    console.print(f"Rate limited, tried again later, then captured: {', '.join(tried)}")


def _row(archive: Archive, record: Record, held: Record) -> tuple[str, ...]:
    """A record as the table shows it; the time is that of the visit."""
    visit = archive.manifest(record).description
    return (
        record.account,
        f"{record.reason}{' (held)' if record.record_id == held.record_id else ''}",
        record.record_id[-8:],
        ", ".join(name.removesuffix("_sha256") for name in record.changed),
        f"{record.size / 1e6:.1f} MB",
        f"{(visit.ended_at - visit.started_at).total_seconds():.0f} s",
    )


def _copy_out(settings: Settings, archive: Archive, record: Record) -> None:
    """Put the held record's package and first picture where anyone can open them."""
    folder = settings.home / "look"
    folder.mkdir()
    archive.download(record, folder / "capture.wacz")
    picture = archive.read_part(record, "pictures/desktop-0001.png")
    (folder / "desktop-0001.png").write_bytes(picture)


def _beyond_loopback() -> list[str]:
    """Every address beyond this machine where something that the demo started listens."""
    return [
        f"{name}: {address.laddr.ip}:{address.laddr.port}"
        for name, one in services.processes(_settings())
        for address in one.net_connections(kind="inet")
        if address.status == psutil.CONN_LISTEN and address.laddr.ip not in ("127.0.0.1", "::1")
    ]


def _wrong(
    archive: Archive, changed: list[str], refusals: list[bool], faults: list[str]
) -> list[str]:
    """What did not go as it should; empty when all did."""
    found = archive.find(Query(), limit=100)
    accounts = {hit.record.account for hit in found if hit.record.account}
    gaps = {gap.account: gap.verdict for gap in archive.gaps()}
    abroad = _beyond_loopback()
    checks = {
        "seven accounts have a record": len(accounts) == 7,
        f"the gaps are {EXPECTED_GAPS}, not {gaps}": gaps == EXPECTED_GAPS,
        "the change of biography and avatar was found": changed == ["bio", "avatar_sha256"],
        "every attempt on the held record was refused": all(refusals),
        f"nothing is damaged: {faults}": not faults,
        f"nothing listens beyond this machine: {abroad}": not abroad,
    }
    return [what for what, holds in checks.items() if not holds]


def _end(settings: Settings, wrong: list[str], seconds: float) -> int:
    home = os.path.relpath(settings.home)
    console.rule()
    for what in wrong:
        console.print(f"[red]NOT SO:[/red] {what}", soft_wrap=True)
    verdict = "Something is wrong" if wrong else "All as it should be"
    console.print(
        f"{verdict}, in {seconds:.0f} s ({today()}). Everything is stopped.\n"
        f"The held record, copied out: {home}/look/desktop-0001.png and capture.wacz\n"
        f"The certificate of the disposal: {home}/look/certificate.pdf\n"
        "To look around:\n"
        f"  export INSYN_HOME={home}\n"
        "  .venv/bin/insyn store start\n"
        "  .venv/bin/insyn find infrastruktur     .venv/bin/insyn duties\n"
        "  .venv/bin/insyn hold list              .venv/bin/insyn journal\n"
        "  .venv/bin/insyn store stop",
        soft_wrap=True,
    )
    return 1 if wrong else 0


class _Progress:
    """One line for each account that comes to its end."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def captured(self, account: str) -> bool:
        """Whether it has its record."""
        return self._seen.get(account) == "success"

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
