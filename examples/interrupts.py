"""A capture that is broken off at every point of its way, in four ways, and ordered again.

SIGTERM and SIGKILL of our process, the browser killed, the page's renderer killed. After each: no
process is left, nothing of it lies about, the archive has no record or a whole one; and the order
given again has exactly one. A child program captures:

    python -m examples.interrupts JSON
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from accounts import read_register
from accounts.model import Account, AccountId
from capture.session import Captured, capture_profile
from examples.bench_kit import PROJECT
from examples.child import environment_of
from examples.kill_at import KillAt, kill_me
from examples.platform.server import Platform
from storage.archive import Archive
from storage.people import service
from storage.query import Query
from storage.record import Order, OrderId, Reason, new_id, utc_now
from storage.settings import Settings

POINTS = (
    "deposit: order accepted",
    "visit: loaded",
    "visit: consent",
    "visit: settled",
    "visit: photographed",
    "visit: read",
    "visit: recorded",
    "capture: visited",
    "capture: packaged",
    "deposit: package stored",
)
"""Log lines of a capture, in their order."""

HANDLE = "ki_sommarforskarskola"
_SIGNALS = ("SIGTERM", "SIGKILL")
_KINDS = {"browser killed": "", "renderer killed": "renderer"}
"""What kind of Chromium's processes is killed (`--type=`)."""
WAYS = (*_SIGNALS, *_KINDS)
_GONE_S, _END_S = 15, 120
console = Console(highlight=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """What came of a capture that was broken off; `wrong` names each thing that must never be."""

    point: str
    way: str
    ended: str
    wrong: tuple[str, ...]


def interrupts(settings: Settings, _: int) -> None:
    """Ten points by four ways; ends with 1 if anything was wrong."""
    table = Table("Broken off at", *WAYS)
    wrong: list[str] = []
    with Platform() as platform:
        cases = list(product(POINTS, WAYS))
        told = [
            break_off(settings, platform.url, point, way)
            for point, way in track(cases, "captures broken off", console=console)
        ]
    for point in POINTS:
        row = [one for one in told if one.point == point]
        table.add_row(point, *("[red]wrong" if one.wrong else one.ended for one in row))
        wrong += [f"{one.point}, {one.way}: {said}" for one in row for said in one.wrong]
    console.print(table)
    for said in wrong:
        console.print(f"[red]{said}")
    if wrong:
        raise SystemExit(1)


def break_off(settings: Settings, platform: str, point: str, way: str) -> Broken:
    """Capture, break it off there and so, look at what is left, and order it again."""
    order = f"interrupted/{new_id()}"
    with Archive.open(settings) as archive:
        before = archive.count(Query())
    with tempfile.TemporaryDirectory(prefix="insyn-interrupt-") as folder:
        told = {"url": platform, "order": order, "point": point, "way": way}
        child = _child(settings, told, Path(folder))
        family = _family_until_it_ends(child)
        _, alive = psutil.wait_procs(family, timeout=_GONE_S)
        wrong = [f"still runs: {process.name()}" for process in alive]
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        wrong += [f"left behind: {path.name}" for path in files]  # a dead browser's socket stays
    came_to, _ = child.communicate()
    if child.returncode != (-signal.Signals[way] if way in _SIGNALS else 0):
        wrong.append(f"ended with {child.returncode}")
    wrong += _once_more(settings, _order(order), platform, before)
    ended = "dead" if way in _SIGNALS else came_to.strip()
    return Broken(point=point, way=way, ended=ended, wrong=tuple(wrong))


def _once_more(settings: Settings, order: Order, platform: str, before: int) -> Iterator[str]:
    """No record or a whole one was left; the order given again has one, and nothing lies about."""
    with Archive.open(settings) as archive:
        left = archive.count(Query()) - before
        outcome = capture_profile(
            order,
            _account(settings, platform),
            settings=settings,
            archive=archive,
            actor=service("bench"),
        )
        if not isinstance(outcome, Captured):
            yield f"ordered again, it was {outcome.verdict}"
            return
        if outcome.anew == bool(left):
            yield f"{left} records were left, and the order has {outcome}"
        if archive.count(Query()) != before + 1:
            yield f"{archive.count(Query()) - before} records of one order"
        yield from (str(finding) for finding in archive.verify(outcome.record))
    yield from (f"left behind: {room.name}" for room in (settings.home / "work").iterdir())


def _order(order: str) -> Order:
    return Order(
        order_id=OrderId(order),
        account=AccountId("ki-sommarforskarskola"),
        reason=Reason.ON_REQUEST,
        ordered_by="bench",
        note="",
        ordered_at=utc_now(),
    )


def _account(settings: Settings, platform: str) -> Account:
    [known] = [a for a in read_register(settings.register).accounts if a.handle == HANDLE]
    return replace(known, url=f"{platform}/@{HANDLE}")


def _family_until_it_ends(child: subprocess.Popen[str]) -> list[psutil.Process]:
    """All that it ever started, as far as it is seen twenty times a second."""
    program, seen = psutil.Process(child.pid), set[psutil.Process]()
    end = time.monotonic() + _END_S
    while child.poll() is None and time.monotonic() < end:
        seen.update(program.children(recursive=True))
        time.sleep(0.05)
    return list(seen)


def _child(settings: Settings, told: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "examples.interrupts", json.dumps(told)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment_of(settings, TMPDIR=str(folder)),
    )


def kill_chromium(kind: str) -> None:
    """Kill our browser's processes of one kind; the browser itself has none."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            words = process.cmdline()
            types = [word.removeprefix("--type=") for word in words if word.startswith("--type=")]
            if "chrom" in process.name() and types == ([kind] if kind else []):
                process.kill()


def main() -> None:
    """Capture as the argument says; tells what it came to, if it lives to the end."""
    told = json.loads(sys.argv[1])
    way = told["way"]
    act = (
        partial(kill_me, signal.Signals[way])
        if way in _SIGNALS
        else partial(kill_chromium, _KINDS[way])
    )
    KillAt(told["point"], act=act).listen()
    settings = Settings.from_environment(os.environ)
    with Archive.open(settings) as archive:
        outcome = capture_profile(
            _order(told["order"]),
            _account(settings, told["url"]),
            settings=settings,
            archive=archive,
            actor=service("bench"),
        )
    print("record" if isinstance(outcome, Captured) else f"gap: {outcome.verdict}")


if __name__ == "__main__":
    main()
