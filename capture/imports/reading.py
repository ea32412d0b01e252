"""What the readers of exports share: members by their path's end, JSON and CSV, counts.

A reader notes what it understood and what it did not; an entry that it does not understand stops
nothing, a data file that cannot be parsed does. Knows no platform.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from accounts.findings import Finding
from capture.imports.codes import finding
from capture.imports.container import Container
from capture.imports.private import Private
from capture.post import Media
from capture.untrusted import kind_of, mime_of

NOT_IN_EXPORT = "not in the export"
_COMPACT = (",", ":")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRead:
    """What came of one file: entries understood, left out because they are no posts, and not."""

    name: str
    understood: int
    left_out: int
    not_understood: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewritten:
    """A data file of which some entries are not kept: how many, and the bytes without them."""

    entries: int
    data: bytes


@dataclass(kw_only=True, slots=True)
class Reader:
    """An export that is being read; readers of platforms fill it."""

    container: Container
    findings: list[Finding] = field(default_factory=list)
    understood: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    opened: dict[str, None] = field(default_factory=dict)
    private: dict[str, Private] = field(default_factory=dict)
    rewritten: dict[str, Rewritten] = field(default_factory=dict)

    def named(self, *ends: str) -> list[str]:
        """Members whose path ends so, whole steps only, in order; `*` stands for anything."""
        return sorted(
            name
            for name in self.container.data
            if any(PurePosixPath(name.lower()).match(end.lower()) for end in ends)
        )

    def json(self, name: str, *, after: bytes = b"") -> Any:
        """A JSON file from the first `after` on (X: `window.YTD.… = `), or None with a finding."""
        self.opened[name] = None
        data = self.container.data[name].removeprefix(b"\xef\xbb\xbf")
        if after:
            head, sign, data = data.partition(after)
            if not sign or not head.lstrip().startswith(b"window."):
                return self._unparsed("I012", name, form="window.YTD …", why="no assignment")
        try:
            return json.loads(data.decode("utf-8"))
        except UnicodeDecodeError:
            return self._unparsed("I013", name)
        except (ValueError, RecursionError) as error:
            return self._unparsed("I012", name, form="JSON", why=error)

    def rows(self, name: str, *needed: str) -> list[dict[str, str]]:
        """A CSV file's rows from the line of headings that has all of `needed`."""
        self.opened[name] = None
        text = self._text(name)
        if text is None:
            return []
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            return self._unparsed("I012", name, form="CSV", why=error) or []
        for number, heads in enumerate(lines):
            if {*needed} <= {*heads}:
                filled = (line + [""] * (len(heads) - len(line)) for line in lines[number + 1 :])
                return [dict(zip(heads, line, strict=False)) for line in filled if any(line)]
        self.findings.append(finding("I020", name, wanted=", ".join(needed)))
        return []

    def entries(self, name: str, values: Any, wanted: str) -> Iterator[Mapping[str, Any]]:
        """The objects of a list; anything else in it is counted as not understood."""
        if not isinstance(values, list):
            self.findings.append(finding("I020", name, wanted=wanted))
            return
        for value in values:
            if isinstance(value, dict):
                yield value
            else:
                self.missed[name] += 1

    def rewrite(self, name: str, value: object, entries: int) -> None:
        """Keep a JSON file as `value`, from which so many entries were taken out."""
        data = json.dumps(value, separators=_COMPACT).encode()
        self.rewritten[name] = Rewritten(entries=entries, data=data)

    def leave(self, *names: str) -> None:
        """Files that are known and hold no posts."""
        self.opened |= dict.fromkeys(names)

    def files(self) -> tuple[FileRead, ...]:
        """The counts, file by file."""
        return tuple(
            FileRead(
                name=name,
                understood=self.understood[name],
                left_out=self.left_out[name],
                not_understood=self.missed[name],
            )
            for name in sorted(self.opened)
        )

    def medium(self, path: str, alt: object, media_type: object = None) -> Media:
        """A medium by its path in the export, or by its address on the web."""
        name = self.member(path)
        return Media(
            kind=kind_of(path, media_type),
            url=path if "://" in path else None,
            alt=alt.strip() or None if isinstance(alt, str) else None,
            media_type=str(media_type) if media_type else mime_of(path),
            sha256=self.container.members[name].sha256 if name else None,
            omitted=None if name else NOT_IN_EXPORT,
        )

    def member(self, path: str) -> str | None:
        """The member that a path in a data file names, wherever the export begins."""
        wanted = path.lstrip("/")
        if wanted in self.container.members:
            return wanted
        ends = [n for n in self.container.members if n.endswith("/" + wanted)]
        return ends[0] if len(ends) == 1 and wanted else None

    def _text(self, name: str) -> str | None:
        data = self.container.data[name]
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        try:
            return data.decode("utf-16" if wide else "utf-8-sig")
        except UnicodeDecodeError:
            self._unparsed("I013", name)
            return None

    def _unparsed(self, code: str, name: str, **facts: object) -> Any:
        self.findings.append(finding(code, name, **facts))
