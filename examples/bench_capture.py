"""`make bench-capture`: how truly tools capture the pages of the test bench, beside each other.

    python -m examples.bench_capture [--only PAGE]… [--tool TOOL]… [--seconds 180]

Insyn (order to record, in a real archive), plain Playwright (`goto`, full-page screenshot) and
shot-scraper, where it is installed, visit every page of examples/platform/bench, each as a program
of its own. Pictures are scored by their pixels, web archives by the server's own log. A run of all
pages and tools writes docs/bench-capture.md; Ctrl-C ends it with all that it started.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

from examples.bench_capture_report import Row, print_tables, write_page
from examples.bench_capture_score import NOTHING, recall, score_picture, secrets_in
from examples.bench_capture_tools import INSYN, TOOLS, Result, command, installed, result_of
from examples.bench_capture_watch import Run, watch
from examples.bench_kit import PROJECT, own_environment
from examples.platform.access_log import Logged
from examples.platform.bench.truth import PAGES, BenchPage
from examples.platform.server import Platform
from storage import embedded
from storage.archive import Archive
from storage.objects import Store
from storage.settings import Identity, Settings

_ACCEPTING = "/bench/-/track.gif"
_REST_SECONDS = 10.0
_VIEWS = {1: "desktop", 2: "mobile"}
console = Console(highlight=False, width=None if sys.stdout.isatty() else 132)


class Bench:
    """A platform and an archive for tools to be tried on; everything lies in `home`."""

    def __init__(
        self,
        platform: Platform,
        settings: Settings,
        environment: Mapping[str, str],
        limit_s: float,
    ) -> None:
        self._platform, self._settings, self._limit_s = platform, settings, limit_s
        self._environment = {**os.environ, **environment}
        self._seen: set[str] = set()

    def rows(self, page: BenchPage, tool: str) -> Iterator[Row]:
        """Let a tool visit a page: once for all ratios when it takes both views itself."""
        if tool == INSYN:
            yield from self._visit(page, tool, page.ratios)
            return
        for ratio in page.ratios:
            yield from self._visit(page, tool, (ratio,))

    def _visit(self, page: BenchPage, tool: str, ratios: Sequence[int]) -> Iterator[Row]:
        logged = len(self._platform.log)
        with tempfile.TemporaryDirectory(prefix="visit-", dir=self._settings.home) as room:
            folder = Path(room)
            run, result = self._run(tool, page, folder, ratios[0])
            self._await_rest()
            log = self._platform.log[logged:]
            package = self._package(result, folder)
            stored = secrets_in(self._stored(tool, folder), self._platform.secrets)
            for ratio in ratios:
                tiles = _tiles(folder, package, ratio)
                yield Row(
                    page=page,
                    tool=tool,
                    ratio=ratio,
                    verdict=result.verdict if result else "none",
                    right=_right(page, tool, result, log),
                    painted=score_picture(page, tiles, ratio) if tiles else NOTHING,
                    recall=recall(log, package) if package else None,
                    secrets=stored,
                    seconds=run.seconds,
                    peak_mb=run.peak_mb,
                    ended=run.ended,
                )

    def _run(
        self, tool: str, page: BenchPage, folder: Path, ratio: int
    ) -> tuple[Run, Result | None]:
        line = command(tool, self._platform.url + page.path, folder, ratio)
        run = watch(line, self._environment, folder / "said.txt", self._limit_s)
        return run, result_of(folder, run.code)

    def _await_rest(self) -> None:
        """Let the server end what it still answers, so that no visit is told of in the next's."""
        deadline = time.monotonic() + _REST_SECONDS
        while self._platform.under_way and time.monotonic() < deadline:
            time.sleep(0.05)

    def _package(self, result: Result | None, folder: Path) -> Path | None:
        """The record's package, as it lies in the archive."""
        if result is None or not result.record:
            return None
        target = folder / "capture.wacz"
        with Archive.open(self._settings) as archive:
            archive.download(archive.record(result.record), target)
        return target

    def _stored(self, tool: str, folder: Path) -> Iterator[bytes]:
        """All that the tool left: a picture, or every object that is new in the archive."""
        if tool != INSYN:
            yield from (path.read_bytes() for path in folder.glob("picture.png"))
            return
        store = Store.from_settings(self._settings, Identity.READER)
        for key in store.keys(""):
            if key not in self._seen:
                self._seen.add(key)
                yield store.get(key)


def main() -> int:
    """Run what was asked for; 0 when it was run to its end, 130 when it was interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PAGES), metavar="PAGE")
    parser.add_argument("--tool", action="append", choices=TOOLS)
    parser.add_argument("--seconds", type=float, default=180, help="the most for one visit")
    told = parser.parse_args()
    tools = [tool for tool in told.tool or TOOLS if installed(tool)]
    for tool in set(told.tool or TOOLS) - set(tools):
        console.print(f"{tool} is not installed, and is left out.")
    pages = [PAGES[name] for name in told.only or PAGES]
    rows: list[Row] = []
    try:
        with _bench(told.seconds, with_archive=INSYN in tools) as bench:
            rows.extend(_visited(bench, pages, tools))
    except KeyboardInterrupt:
        console.print("Interrupted: everything that was started has been ended.")
        return 130
    print_tables(console, rows)
    if not told.only and not told.tool:
        write_page(PROJECT / "docs" / "bench-capture.md", rows)
    return 0


def _visited(bench: Bench, pages: Sequence[BenchPage], tools: Sequence[str]) -> Iterator[Row]:
    columns = (SpinnerColumn(), *Progress.get_default_columns()[:3], TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(pages) * len(tools))
        for page in pages:
            for tool in tools:
                progress.update(task, description=f"{page.name}: {tool}")
                if not console.is_terminal:
                    console.print(f"{page.name}: {tool} …")
                yield from bench.rows(page, tool)
                progress.advance(task)


@contextmanager
def _bench(limit_s: float, *, with_archive: bool) -> Iterator[Bench]:
    """A platform, and an archive for the tool that has one, gone when the block ends."""
    with own_environment() as environment:
        settings = Settings.from_environment(environment)
        try:
            if with_archive:
                embedded.start(settings)
            with Platform() as platform:
                yield Bench(platform, settings, environment, limit_s)
        finally:
            embedded.stop(settings)


def _right(page: BenchPage, tool: str, result: Result | None, log: Iterable[Logged]) -> bool:
    """Whether a tool ended as it should: a capture, or the gap that the page is, nothing accepted.

    A tool without verdicts is right about a wall when it leaves no picture of it.
    """
    verdict = result.verdict if result else "none"
    if any(entry.path == _ACCEPTING for entry in log):
        return False
    if tool == INSYN:
        return verdict == page.verdict
    return (verdict == "ok") == (page.verdict == "ok")


def _tiles(folder: Path, package: Path | None, ratio: int) -> list[Path]:
    """The files of one view's picture, from its top."""
    if package is None:
        return sorted(folder.glob("picture.png"))
    target = folder / "pictures"
    with zipfile.ZipFile(package) as members:
        tiles = [n for n in members.namelist() if f"pictures/{_VIEWS[ratio]}-0" in n]
        for name in tiles:
            members.extract(name, target)
    return [target / name for name in sorted(tiles) if name.endswith(".png")]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    for ending in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores the second
        signal.signal(ending, _interrupt)
    sys.exit(main())
