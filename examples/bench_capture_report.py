"""The capture bench's tables: on the screen, and as a page of the documentation."""

import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from capture.browser import find_chromium
from examples.bench_capture_score import Painted, Recall
from examples.platform.bench.truth import BenchPage

_SUMMARY = (
    "In all", "Posts painted", "Twice", "Pictures", "Sticky header once", "Wrong rows of 150,000",
    "Verdicts right", "Walls kept as captures", "Recall", "Secrets", "Median s", "Peak MB",
)  # fmt: skip
_COLUMNS = (
    "Page", "Ratio", "Tool", "Posts", "Twice", "Pictures", "Header", "Wrong rows", "Verdict",
    "Recall", "Secrets", "s", "MB",
)  # fmt: skip
_HEAD = """# Capture bench

Made by `make bench-capture`; the pages are those of `examples/platform/bench` (`python -m \
examples.platform`, then `/bench/`), their truth is JSON at `/__bench`. Any tool can be tried on \
them.

How it is scored:

- Every post has a bar of a colour of its own along its whole height, and every picture another. A \
post is *painted* when all its rows are in the picture, *twice* when more than 8 rows too many \
are. At ratio 1 the window is 1280 × 900, at ratio 2 a phone's of 390 × 844.
- *Wrong rows*: of a page of 150,000 px, those that do not show what belongs there.
- *Verdict*: right is a capture where there is a page, and a gap where there is a wall. Insyn \
must name the wall; of others it is enough that they leave no picture (`none`). Accepting \
cookies is wrong.
- *Recall*: of the requests that the server answered (its own log, each request counted, of both \
views), those that are in the WARC by method, address and status, as often as they were answered, \
with their bodies. A film that was fetched whole counts for all its parts; HEAD and OPTIONS are \
left out. Tools without an archive have none.
- *Secrets*: how often a cookie's or token's value stands in what was stored, unpacked.
- *s* and *MB* (proportional, with the browser) are of the whole program, for Insyn both views and \
the deposit. They differ from run to run, and so does what a tool shows that does not wait for the \
page; the pages themselves are the same each time.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One page as one tool captured it, at one device pixel ratio.

    `verdict` is the tool's own; a tool without verdicts says `ok` when it leaves a picture, and
    `none` when it leaves none. `ended` says why a run did not end by itself, or ended badly.
    """

    page: BenchPage
    tool: str
    ratio: int
    verdict: str
    right: bool
    painted: Painted
    recall: Recall | None
    secrets: int
    seconds: float
    peak_mb: float
    ended: str


def print_tables(console: Console, rows: Sequence[Row]) -> None:
    """Print every row, and the sums of each tool."""
    table = Table(*(Column(name, no_wrap=name in ("Page", "Tool")) for name in _COLUMNS))
    for row in rows:
        style = "" if row.right and not _missed(row) else "yellow"
        table.add_row(*(escape(cell) for cell in _cells(row)), style=style)
    console.print(table)
    head, *sums = _summary(rows)
    summary = Table(*head)
    for line in sums:
        summary.add_row(*line)
    console.print(summary)
    for note in _notes(rows):
        console.print(escape(note))


def write_page(path: Path, rows: Sequence[Row]) -> None:
    """Write docs/bench-capture.md."""
    head, *sums = _summary(rows)
    parts = [_HEAD, _tools(rows), "\n## In sum\n", _markdown(head, sums)]
    parts += ["\n## Page by page\n", _markdown(_COLUMNS, [_cells(row) for row in rows])]
    parts += ["\n## What was missed, and why\n", "\n".join(f"- {n}" for n in _notes(rows))]
    path.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def _summary(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a figure, one column a tool."""
    sums = [_sums(tool, its) for tool, its in _by_tool(rows).items()]
    return list(zip(_SUMMARY, *sums, strict=True))


def _cells(row: Row) -> list[str]:
    """A row as words; a wall has no posts to paint."""
    is_page, painted = row.page.verdict == "ok", row.painted
    shown = f"{row.verdict}{'' if row.right else f' (wrong: {row.page.verdict})'}"
    return [
        row.page.name,
        str(row.ratio),
        row.tool,
        f"{painted.posts}/{len(row.page.posts)}" if is_page else "",
        str(painted.twice) if is_page else "",
        f"{painted.pictures}/{row.page.pictures}" if is_page else "",
        str(painted.headers) if is_page and row.page.header else "",
        _wrong_rows(row),
        shown,
        f"{row.recall.found}/{row.recall.asked}" if row.recall else "",
        str(row.secrets),
        f"{row.seconds:.0f}",
        f"{row.peak_mb:.0f}",
    ]


def _wrong_rows(row: Row) -> str:
    if not row.page.exact:
        return ""
    wrong = row.painted.wrong_rows
    return f"{_height(row) if wrong is None else wrong:,}"


def _height(row: Row) -> int:
    return sum(post.height for post in row.page.posts)


def _sums(tool: str, rows: Sequence[Row]) -> list[str]:
    pages = [row for row in rows if row.page.verdict == "ok"]
    exact = [row for row in rows if row.page.exact]
    headed = [row for row in pages if row.page.header]
    visits = {row.page.name: row for row in rows}.values()
    found = [row.recall for row in visits if row.recall]
    walls = [row for row in visits if row.page.verdict != "ok"]
    return [
        tool,
        f"{sum(r.painted.posts for r in pages)}/{sum(len(r.page.posts) for r in pages)}",
        str(sum(r.painted.twice for r in pages)),
        f"{sum(r.painted.pictures for r in pages)}/{sum(r.page.pictures for r in pages)}",
        f"{sum(r.painted.headers == 1 for r in headed)}/{len(headed)}",
        "; ".join(f"{_wrong_rows(r)} (ratio {r.ratio})" for r in exact),
        f"{sum(r.right for r in visits)}/{len(visits)}",
        f"{sum(r.verdict == 'ok' for r in walls)}/{len(walls)}",
        f"{sum(r.found for r in found)}/{sum(r.asked for r in found)}" if found else "no archive",
        str(sum(r.secrets for r in visits)),
        f"{statistics.median(r.seconds for r in rows):.1f}" if rows else "",
        f"{max((r.peak_mb for r in rows), default=0):.0f}",
    ]


def _notes(rows: Sequence[Row]) -> list[str]:
    """What did not end well, and what a web archive lacks."""
    notes = [f"{r.page.name}, {r.tool}: {r.ended}" for r in rows if r.ended and not r.right]
    notes += [
        f"{r.page.name}, {r.tool}: not in the WARC: {_first(r)}"
        for r in rows
        if r.recall and r.recall.missing and r.ratio == 1
    ]
    return [note.replace("|", "/") for note in notes]


def _first(row: Row, most: int = 5) -> str:
    missing = row.recall.missing if row.recall else ()
    more = f" and {len(missing) - most} more" if len(missing) > most else ""
    return ", ".join(missing[:most]) + more


def _missed(row: Row) -> bool:
    whole = len(row.page.posts), row.page.pictures
    return row.page.verdict == "ok" and (row.painted.posts, row.painted.pictures) != whole


def _tools(rows: Sequence[Row]) -> str:
    asked = [str(find_chromium(None)), "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30).stdout
    chromium = next((line for line in said.splitlines() if "hrom" in line), "Chromium")
    names = ", ".join(_by_tool(rows))
    return (
        f"Tools: {names}; all drive {' '.join(chromium.split()[:2])} "
        f"(Playwright {version('playwright')}). Insyn has no recipe for these pages."
    )


def _by_tool(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.tool].append(row)
    return found


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', '/') for c in line)} |" for line in lines)
