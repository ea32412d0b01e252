"""From what a post's page showed to a `Post`: who, when, what, in answer to what, how many.

Pure: looks at no page. What the page did not tell is None.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from capture.dialogue import Seen
from capture.numbers import counts
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
from capture.post_time import resolved
from capture.post_whose import Whose

_KINDS = {"img": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
_NOT_KEPT = "not kept yet"


def read_post(
    seen: Seen,
    *,
    platform: str,
    account: str,
    owner: str,
    url: str,
    at: datetime,
) -> Post:
    """The post with its comments; `at` is when it was seen. `keep_media` fills in its media.

    A post on the account's site is its own (RULES R10) unless its author's handle, or the one that
    the pattern `owner` finds in an address, is another's. A comment is the account's own when its
    author has the account's handle, or where the page tells no handles, the post's author's name.
    """
    whose = Whose(account=account, owner=owner, url=url)
    name = str(seen.post["name"] or "")
    addresses = (seen.post["permalink"], url)
    return Post(
        **_writing(seen.post, whose, at),
        direction=Direction.OTHER if whose.own(seen.post, *addresses) is False else Direction.OWN,
        parent=None,
        platform=platform,
        account=account,
        pinned=seen.post["pinned"],
        repost_of=None,
        comments_announced=seen.announced,
        comments=tuple(
            Comment(
                **_writing(said, whose, at),
                direction=_direction(said, whose, name),
                parent=said["parent"],
                hidden=said["hidden"],
            )
            for said in seen.comments
        ),
    )


def _writing(said: Mapping[str, Any], whose: Whose, at: datetime) -> dict[str, Any]:
    media, reactions = said["media"], said["reactions"]
    return {
        "id": str(said["id"]),
        "permalink": said["permalink"],
        "author": Author(handle=whose.handle(said), name=said["name"]),
        "text": said["text"],
        "published": _published(said, at),
        "edited": None,
        "was_edited": said["edited"],
        "reactions": None if reactions is None else _reactions(reactions),
        "links": None if said["links"] is None else tuple(dict.fromkeys(said["links"])),
        "media": None
        if media is None
        else tuple(one for m in media for one in _media(m, whose.url)),
    }


def _direction(said: Mapping[str, Any], whose: Whose, name: str) -> Direction:
    own = whose.own(said)
    if own is None:
        own = bool(name) and said["name"] == name
    return Direction.OWN if own else Direction.OTHER


def _published(said: Mapping[str, Any], at: datetime) -> Moment:
    """The machine-readable time where the page has one, else its words reckoned from the visit.

    Beside the words shown ("2 d") a page may tell the time in full, to a pointer or a reader.
    """
    shown = said["at_shown"]
    if told := _machine(said["at"]):
        source, precision = TimeSource.ATTRIBUTE, Precision.SECOND
        return Moment(at=told, source=source, precision=precision, shown=shown)
    for words in (said["at_told"], shown):
        if reckoned := resolved(words or "", at):
            moment, precision = reckoned
            return Moment(
                at=moment, source=TimeSource.SHOWN, precision=precision, shown=shown or words
            )
    return Moment(at=None, source=None, precision=None, shown=shown)


def _machine(told: str | None) -> datetime | None:
    """A time with its zone, in UTC; a day alone or a time of nobody's clock is none."""
    try:
        at = datetime.fromisoformat(told or "")
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _reactions(shown: str) -> tuple[Reaction, ...]:
    if not shown.strip():
        return ()
    found = counts([shown])
    return tuple(
        Reaction(name="reactions" if name == "number" else name, count=int(value))
        for name, value in found.items()
        if isinstance(value, (int, float))
    )


def _media(found: Mapping[str, Any], page: str) -> Iterator[Media]:
    """A medium, and after a film the picture that stands for it until it is played."""
    kind = _KINDS.get(found["tag"], MediaKind.OTHER)
    yield _medium(kind, found["url"], found["alt"], page)
    if found["poster"]:
        yield _medium(MediaKind.IMAGE, found["poster"], None, page)


def _medium(kind: MediaKind, url: str | None, alt: str | None, page: str) -> Media:
    return Media(
        kind=kind,
        url=urljoin(page, url) if url else None,
        alt=alt,
        media_type=None,
        sha256=None,
        omitted=_NOT_KEPT,
    )
