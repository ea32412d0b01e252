"""Values of outside data, each checked as it is taken: texts, numbers, moments, kinds of media.

What the readers of exports and of open interfaces share. An entry that is not as its platform
documents it is `NotUnderstood`, which stops that entry alone. Knows no platform.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

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


class NotUnderstood(Exception):
    """An entry is not as the platform documents it; it never leaves the readers."""


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
    return moment_of(at, shown, source)


def unix_moment(value: object) -> Moment:
    """A moment in seconds since 1970.

    Raises:
        NotUnderstood: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotUnderstood("time")
    try:
        return moment_of(datetime.fromtimestamp(value, UTC), str(value), TimeSource.EXPORT)
    except (OverflowError, ValueError, OSError) as error:
        raise NotUnderstood("time") from error


def formed_moment(shown: str, form: str, precision: Precision = Precision.SECOND) -> Moment:
    """A moment in a form of `strptime`; one without a zone is UTC.

    Raises:
        NotUnderstood: it is not of the form.
    """
    try:
        at = datetime.strptime(shown, form)  # noqa: DTZ007  # its zone is set in moment_of
    except ValueError as error:
        raise NotUnderstood("time") from error
    return moment_of(at, shown, TimeSource.EXPORT, precision)


def moment_of(
    at: datetime, shown: str, source: TimeSource, precision: Precision = Precision.SECOND
) -> Moment:
    """A moment that was read; one without a zone is UTC.

    Raises:
        NotUnderstood: it is outside of the calendar.
    """
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
    told = str(media_type or mime_of(path) or "").partition("/")[0]
    return MediaKind(told) if told in ("image", "video", "audio") else MediaKind.OTHER


def mime_of(path: str) -> str | None:
    """The media type that a name's ending tells, an address' query left aside."""
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
