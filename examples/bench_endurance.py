"""Captures in a row in one process, in `make bench`: nothing of it may grow with their number.

Alone, with a store and a platform of its own (200 take some twenty minutes on two cores):

    python -m examples.bench_endurance [--captures 200]
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from accounts import read_register
from capture.session import Captured
from examples.bench_kit import capture_once, own_environment
from examples.platform.server import Platform
from storage import embedded
from storage.archive import Archive
from storage.settings import Settings

_HANDLE = "ki_sommarforskarskola"
_WARM = 25
"""Captures after which everything has been loaded that a capture needs."""
_MOST_GROWTH = 1.15
_MORE_FILES = 5
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """What this process has after so many captures."""

    captures: int
    rss_mb: float
    files: int
    processes: int

    @classmethod
    def now(cls, captures: int) -> "Stand":
        """As it is now."""
        me = psutil.Process()
        return cls(
            captures=captures,
            rss_mb=me.memory_info().rss / 1e6,
            files=me.num_fds(),
            processes=len(me.children(recursive=True)),
        )


def growth(stands: Sequence[Stand]) -> list[str]:
    """What grew between the first stand that was warm and the last; nothing is as it should be."""
    warm = next((stand for stand in stands if stand.captures >= _WARM), stands[0])
    last, found = stands[-1], []
    if last.rss_mb > _MOST_GROWTH * warm.rss_mb:
        found.append(f"memory from {warm.rss_mb:.0f} to {last.rss_mb:.0f} MB")
    if last.files > warm.files + _MORE_FILES:
        found.append(f"open files from {warm.files} to {last.files}")
    if last.processes > warm.processes:
        found.append(f"processes from {warm.processes} to {last.processes}")
    return found


def endurance(settings: Settings, _: int, number: int = 200) -> None:
    """Captures in a row; ends with 1 if memory, open files or processes grow, or one fails."""
    stands, failed = [], 0
    table = Table("Captures", "RSS MB", "Open files", "Processes below", "s each")
    [known] = [a for a in read_register(settings.register).accounts if a.handle == _HANDLE]
    began = time.perf_counter()
    with Platform() as platform:
        account = replace(known, url=f"{platform.url}/@{_HANDLE}")
        for done in track(range(1, number + 1), description=f"{number} captures", console=console):
            with Archive.open(settings) as archive:
                failed += not isinstance(capture_once(archive, account, settings), Captured)
            if done in {1, 2, 5, number} or done % _WARM == 0:
                stands.append(stand := Stand.now(done))
                each = (time.perf_counter() - began) / done
                told = (f"{stand.rss_mb:.0f}", str(stand.files), str(stand.processes))
                table.add_row(str(done), *told, f"{each:.1f}")
    console.print(table)
    if failed:
        raise SystemExit(f"{failed} of {number} captures became gaps.")
    if found := growth(stands):
        raise SystemExit(f"It grows with the number of captures: {'; '.join(found)}.")


def main() -> None:
    """Run alone, with a store of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=200)
    told = parser.parse_args()
    with own_environment() as environment:
        settings = Settings.from_environment(environment)
        try:
            embedded.start(settings)
            endurance(settings, 0, told.captures)
        finally:
            embedded.stop(settings)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    main()
