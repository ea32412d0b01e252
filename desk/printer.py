"""Printing for people: calm tables in Swedish or English, plain when piped; JSON for machines.

Times are shown as civil time in Sweden (Europe/Stockholm). Decides nothing and reads nothing.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from accounts.findings import Finding, Severity
from accounts.stockholm import STOCKHOLM
from desk.words import word

PIPE_WIDTH = 200
"""Columns where no terminal says how many there are: wide enough not to cut what is piped on."""

ROOMY = 100
"""Columns of a terminal from which tables keep their least widths; a narrower one folds evenly."""

SHORTEST_ID = 8
"""Characters of an id that are shown at least: the end of a ULID is its random part."""

_STYLES = {Severity.FAULT: "bold red", Severity.WARNING: "yellow", Severity.OK: "green"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: its heading's word, how it is set, and its least width in characters.

    A number stands to the right; `whole` text is never broken.
    """

    name: str
    number: bool = False
    whole: bool = False
    least: int | None = None


class Printer:
    """One language and one place to print."""

    def __init__(self, language: str, *, to_stderr: bool = False) -> None:
        stream = sys.stderr if to_stderr else sys.stdout
        self.language = language
        self.console = Console(
            file=stream,
            width=None if stream.isatty() else PIPE_WIDTH,
            highlight=False,
            emoji=False,
            markup=False,
        )

    @classmethod
    def to_stderr(cls) -> "Printer":
        """For errors that come before the settings can be read: the language is asked alone."""
        return cls(spoken_language(), to_stderr=True)

    def word(self, key: str, /, **facts: object) -> str:
        """A text in the printer's language."""
        return word(self.language, key, **facts)

    def say(self, key: str, /, **facts: object) -> None:
        """A line in the printer's language."""
        self.line(self.word(key, **facts))

    def line(self, text: str, style: str = "") -> None:
        """A line as it is."""
        self.console.print(Text(text, style=style), soft_wrap=True)

    def title(self, text: str) -> None:
        """A heading with air above it."""
        self.console.print()
        self.line(text, "bold")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str | Text]]) -> None:
        """A table; headings are words, cells are shown as they are, empty columns not at all."""
        cells = [[Text(c) if isinstance(c, str) else c for c in row] for row in rows]
        told = [n for n in range(len(columns)) if any(row[n].plain for row in cells)]
        table = self._table()
        for column in (columns[n] for n in told):
            table.add_column(
                self.word(column.name),
                justify="right" if column.number else "left",
                no_wrap=column.whole or column.number,
                min_width=column.least if self.console.width >= ROOMY else None,
                overflow="fold",
            )
        for row in cells:
            table.add_row(*(row[n] for n in told))
        self.console.print(table)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Names and values under each other; empty values are left out."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in facts:
            if value:
                grid.add_row(self.word(name), Text(value))
        self.console.print(grid)

    def _table(self) -> Table:
        terminal = self.console.is_terminal
        return Table(
            box=box.SIMPLE_HEAD if terminal else None,
            header_style="bold" if terminal else "",
            pad_edge=False,
            padding=(0, 1 if terminal else 2, 0, 0),
        )

    def findings(self, findings: Sequence[Finding]) -> None:
        """What a check found, each with its place and what to do."""
        self.table(
            (
                Column(name="grave", whole=True),
                Column(name="code", whole=True),
                Column(name="place"),
                Column(name="finding"),
            ),
            (
                (
                    Text(self.word(f"severity.{f.severity}"), style=_STYLES[f.severity]),
                    f.code,
                    f.place,
                    f.sv if self.language == "sv" else f.en,
                )
                for f in findings
            ),
        )


def spoken_language() -> str:
    """The language that is set, even where other settings cannot be read."""
    return "en" if os.environ.get("INSYN_LANGUAGE") == "en" else "sv"


def local(at: datetime | None) -> str:
    """A moment as civil time in Sweden, to the minute: `2026-11-23 10:20`."""
    return at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") if at else ""


def day(on: date | None) -> str:
    """A civil date, or nothing."""
    return on.isoformat() if on else ""


def size(count: int) -> str:
    """Bytes in the unit that reads best: `3.4 MB` (a megabyte is 1,000,000 bytes)."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """The ends of ids, as long as it takes to tell these apart; `insyn show` understands them."""
    for length in range(SHORTEST_ID, 27):
        ends = {one: one[-length:] for one in ids}
        if len(set(ends.values())) == len(ends):
            return ends
    return {one: one for one in ids}


def short_id(one: str) -> str:
    """The end of one id."""
    return one[-SHORTEST_ID:]


def value_text(value: object) -> str:
    """A JSON value on one line: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_json)


def print_json(value: object) -> None:
    """A value of ours as JSON on stdout: times in RFC 3339 UTC."""
    print(json.dumps(_plain(value), ensure_ascii=False, indent=2, default=_json))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value


def _json(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Path():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
