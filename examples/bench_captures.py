"""Captures in `make bench`: how many a minute, at what cost, and where their time goes."""

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from accounts import read_register
from accounts.model import Account
from capture.browser import DESKTOP, open_browser, open_page
from capture.session import Captured
from examples.bench_capture_tools import SHOT_SCRAPER, command, installed
from examples.bench_kit import capture_once, family, pss
from examples.platform.server import Platform
from storage.archive import Archive
from storage.record import Record
from storage.settings import Settings

HANDLES = ("karolinskainstitutet", "kibiblioteket", "ki_odontologi", "ki_medh")
_SHOWN = """() => [...document.querySelectorAll('article img')]
  .filter(i => i.complete && i.naturalWidth > 300).length"""
_LOOK_SECONDS = 0.1
_LEAST_SECONDS = 0.005
_FIRST, _VISITED = "deposit: order accepted", "capture: visited"
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)

Shot = Callable[[Account], int | None]
"""Takes a picture of an account's page; gives how many of its posts are in it, where that is known.
"""


@dataclass(kw_only=True, slots=True)
class Cost:
    """What this process and its descendants took: the most memory at a time (PSS, MB), CPU seconds.

    Looked at ten times a second: a shorter peak, and the end of a short process, are missed.
    """

    peak_mb: float = 0.0
    _cpu: dict[psutil.Process, float] = field(default_factory=dict)
    _before: dict[psutil.Process, float] = field(default_factory=dict)

    @property
    def cpu_s(self) -> float:
        """CPU seconds so far."""
        return sum(self._cpu.values()) - sum(self._before.values())

    def look(self, first: bool = False) -> None:
        """Take what they have used until now."""
        processes = family(psutil.Process())
        for process in processes:
            try:
                spent = process.cpu_times()
            except psutil.Error:
                continue  # it ended while it was looked at
            self._cpu[process] = spent.user + spent.system
        if first:
            self._before = dict(self._cpu)
        self.peak_mb = max(self.peak_mb, sum(map(pss, processes)) / 1e6)


@contextmanager
def cost() -> Iterator[Cost]:
    """What the block costs."""
    told, over = Cost(), threading.Event()
    told.look(first=True)

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            told.look()

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield told
    finally:
        over.set()
        looker.join()
        told.look()


def captures(settings: Settings, _: int) -> None:
    """Captures a minute with 1, 2 and 4 at once, beside what others do; then our stages.

    The others take one picture of the page. Ours takes both views, text, data and traffic, checks
    them, and puts the record into the archive.
    """
    table = Table(
        "What", "At once", "A minute", "Ratio to plain", "Pictures of 24", "CPU s each", "Peak MB"
    )
    known = {a.handle: a for a in read_register(settings.register).accounts}
    ways: list[tuple[str, Shot, int]] = [("plain screenshot", lambda a: _plain(a, settings), 1)]
    if installed(SHOT_SCRAPER):
        ways.append((SHOT_SCRAPER, _shot_scraper, 1))
    ways += [("Insyn", lambda a: _ours(a, settings), at_once) for at_once in (1, 2, 4)]
    plain = 0.0
    with Platform() as platform, _marks() as marks:
        accounts = [replace(known[h], url=f"{platform.url}/@{h}") for h in HANDLES]
        for what, shot, at_once in ways:
            with cost() as told:
                rate, shown = _timed(shot, accounts, at_once)
            plain = plain or rate
            seen = [each for each in shown if each is not None]
            table.add_row(
                what,
                str(at_once),
                f"{rate:.1f}",
                f"{rate / plain:.2f}",
                f"{min(seen)}–{max(seen)}" if seen else "",
                f"{told.cpu_s / len(accounts):.1f}",
                f"{told.peak_mb:.0f}",
            )
    console.print(table)
    _print_stages(settings, marks, len(accounts))


def _timed(shot: Shot, accounts: list[Account], at_once: int) -> tuple[float, list[int | None]]:
    """How many a minute, and what each came to."""
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        came_to = list(pool.map(shot, accounts))
    return 60 * len(accounts) / (time.perf_counter() - began), came_to


def _plain(account: Account, settings: Settings) -> int:
    """What most people would do; gives back how many of the posts' pictures it really shows."""

    async def shot() -> int:
        async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
            await page.goto(account.url, wait_until="networkidle")
            await page.screenshot(full_page=True)
            return int(await page.evaluate(_SHOWN))

    return asyncio.run(shot())


def _shot_scraper(account: Account) -> None:
    """The program, as its documentation shows it first."""
    with tempfile.TemporaryDirectory(prefix="insyn-bench-") as folder:
        line = command(SHOT_SCRAPER, account.url, Path(folder), 1)
        subprocess.run(line, check=True, capture_output=True)


def _ours(account: Account, settings: Settings) -> int:
    with Archive.open(settings) as archive:
        outcome = capture_once(archive, account, settings)
        if not isinstance(outcome, Captured):
            return 0
        said = archive.manifest(outcome.record).description.completeness
        return int(str(said["posts_painted"]))


class _Marks(logging.Handler):
    """The log lines of captures, which mark their stages, with the time of each."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.seen: list[tuple[float, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append((record.created, record.getMessage()))


@contextmanager
def _marks() -> Iterator[_Marks]:
    marks, loggers = _Marks(), [logging.getLogger(name) for name in ("capture", "storage")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(marks)
        logger.setLevel(logging.INFO)
    try:
        yield marks
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(marks)
            logger.setLevel(level)


def _print_stages(settings: Settings, marks: _Marks, captured: int) -> None:
    """Where the time goes, on average of the captures that ran alone: the visit's own log of its
    desktop view, which the phone's goes beside, then the marks after it.
    """
    spent: dict[str, float] = defaultdict(float)
    scrolled: list[float] = []
    with Archive.open(settings) as archive:
        records = sorted(archive.records(), key=lambda record: record.captured_at)[:captured]
        for record in records:
            for stage, seconds in _stages(archive, record):
                spent[f"visit: {stage}"] += seconds / captured
            how = json.loads(archive.read_part(record, "data/settle.json"))["stages"]
            scrolled.append(how["height"] / how["scroll_ms"] * 1000)
    visits = sum(spent.values())
    began = [at for at, (_, said) in enumerate(marks.seen) if said == _FIRST]
    alone = marks.seen[: began[captured] if len(began) > captured else None]
    for (before, _), (at, said) in pairwise(alone):
        if said != _FIRST:
            spent[said] += (at - before) / captured
    spent[_VISITED] -= visits
    whole = sum(spent.values())
    table = Table("Stage (one capture at a time)", "s", "Share", "")
    for stage, seconds in ((stage, s) for stage, s in spent.items() if s >= _LEAST_SECONDS):
        told = "browser, and the phone's view to its end" if stage == _VISITED else stage
        bar = "█" * round(40 * seconds / whole)
        table.add_row(told, f"{seconds:.2f}", f"{seconds / whole:.0%}", bar)
    console.print(table)
    console.print(f"Scrolled through at {sum(scrolled) / len(scrolled):,.0f} px/s")


def _stages(archive: Archive, record: Record) -> Iterator[tuple[str, float]]:
    """Each stage of the desktop view with its seconds, from the capture's own log."""
    until, seen = 0, set[str]()
    for line in archive.read_part(record, "logs/capture.jsonl").decode().splitlines():
        stage = json.loads(line)
        name = stage["stage"]
        if stage.get("view", DESKTOP.name) == DESKTOP.name and name not in seen:
            seen.add(name)
            yield name, (stage["ms"] - until) / 1000
            until = stage["ms"]
