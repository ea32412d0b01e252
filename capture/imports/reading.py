"""What the readers of exports share: members by their path's end, JSON and CSV, values, counts.

A reader notes what it understood and what it did not; an entry that it does not understand stops
nothing, a data file that cannot be parsed does. Knows no platform.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from accounts.findings import Finding
from capture.imports.codes import finding
from capture.imports.container import Container
from capture.post import (
    Author,
    Comment,
    Direction,
    Media,
    MediaKind,
    Moment,
    Post,
    Precision,
    Reaction,
    TimeSource,
)

_MIMES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".webp": "image/webp", ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4",
}  # fmt: skip
NOT_IN_EXPORT = "not in the export"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRead:
    """What came of one file: entries understood, left out because they are no posts, and not."""

    name: str
    understood: int
    left_out: int
    not_understood: int


class NotUnderstood(Exception):
    """An entry is not as the platform documents it; it never leaves the readers."""


@dataclass(kw_only=True, slots=True)
class Reader:
    """An export that is being read; readers of platforms fill it."""

    container: Container
    findings: list[Finding] = field(default_factory=list)
    understood: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    opened: dict[str, None] = field(default_factory=dict)

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
        name = self._member(path)
        return Media(
            kind=kind_of(path, media_type),
            url=path if "://" in path else None,
            alt=alt.strip() or None if isinstance(alt, str) else None,
            media_type=str(media_type) if media_type else _mime(path),
            sha256=self.container.digests[name] if name else None,
            omitted=None if name else NOT_IN_EXPORT,
        )

    def _member(self, path: str) -> str | None:
        wanted = path.lstrip("/")
        if wanted in self.container.digests:
            return wanted
        ends = [n for n in self.container.digests if n.endswith("/" + wanted)]
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


def text_at(entry: Mapping[str, Any], key: str) -> str:
    """A text that must be there.

    Raises:
        NotUnderstood: it is not, or is no text.
    """
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise NotUnderstood(key)
    return value


def dicts(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list that may be missing."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def iso_moment(shown: str, source: TimeSource = TimeSource.EXPORT) -> Moment:
    """A moment of RFC 3339, `2026-11-23 10:20:17 UTC` too; one without a zone is UTC.

    Raises:
        NotUnderstood: it is none.
    """
    try:
        at = datetime.fromisoformat(shown.replace(" UTC", "+00:00"))
    except ValueError as error:
        raise NotUnderstood("time") from error
    return _moment(at, shown, source)


def unix_moment(value: object) -> Moment:
    """A moment in seconds since 1970.

    Raises:
        NotUnderstood: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotUnderstood("time")
    try:
        return _moment(datetime.fromtimestamp(value, UTC), str(value), TimeSource.EXPORT)
    except (OverflowError, ValueError, OSError) as error:
        raise NotUnderstood("time") from error


def formed_moment(shown: str, form: str, precision: Precision = Precision.SECOND) -> Moment:
    """A moment in a form of `strptime`; one without a zone is UTC.

    Raises:
        NotUnderstood: it is not of the form.
    """
    try:
        at = datetime.strptime(shown, form)  # noqa: DTZ007  # its zone is set in _moment
    except ValueError as error:
        raise NotUnderstood("time") from error
    return _moment(at, shown, TimeSource.EXPORT, precision)


def _moment(
    at: datetime, shown: str, source: TimeSource, precision: Precision = Precision.SECOND
) -> Moment:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return Moment(at=aware.astimezone(UTC), source=source, precision=precision, shown=shown)
    except OverflowError as error:
        raise NotUnderstood("time") from error


def count_of(value: object) -> int | None:
    """A number, also one that is written as text."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def kind_of(path: str, media_type: object = None) -> MediaKind:
    """What a medium is, by its type, else by its name."""
    told = str(media_type or _mime(path) or "").partition("/")[0]
    return MediaKind(told) if told in ("image", "video", "audio") else MediaKind.OTHER


def _mime(path: str) -> str | None:
    return _MIMES.get(PurePosixPath(path.partition("?")[0]).suffix.lower())


def own_post(
    *,
    post_id: str,
    platform: str,
    account: str | None,
    name: str | None,
    text: str | None,
    published: Moment,
    permalink: str | None = None,
    parent: str | None = None,
    was_edited: bool | None = None,
    edited: Moment | None = None,
    reactions: tuple[Reaction, ...] | None = None,
    links: tuple[str, ...] | None = None,
    media: tuple[Media, ...] | None = (),
    repost_of: str | None = None,
    announced: int | None = None,
    comments: tuple[Comment, ...] | None = None,
) -> Post:
    """A post of the account itself, as an export or an interface tells it (RULES R10)."""
    return Post(
        id=post_id,
        permalink=permalink,
        author=Author(handle=account, name=name),
        direction=Direction.OWN,
        text=text,
        published=published,
        edited=edited,
        was_edited=was_edited,
        parent=parent,
        reactions=reactions,
        links=links,
        media=media,
        platform=platform,
        account=account,
        pinned=None,
        repost_of=repost_of,
        comments_announced=announced,
        comments=comments,
    )
