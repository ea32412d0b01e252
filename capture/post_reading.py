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

_KINDS = {"img": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
_NOT_KEPT = "not kept yet"


def read_post(
    seen: Seen,
    *,
    platform: str,
    account: str,
    url: str,
    at: datetime,
) -> Post:
    """The post with its comments; `at` is when it was seen. `keep_media` fills in its media.

    A post on the account's own page is its own (RULES R10); a comment is, when its author has the
    account's handle, or where the page tells no handles, the name that the post's author has.
    """
    owner = str(seen.post["name"] or "")
    post_id = str(seen.post["id"])
    return Post(
        **_writing(seen.post, url, at),
        direction=Direction.OWN,
        parent=None,
        platform=platform,
        account=account,
        pinned=None,
        repost_of=None,
        comments_announced=seen.announced,
        comments=tuple(
            Comment(
                **_writing(said, url, at),
                direction=_direction(said, account, owner),
                parent=said["parent"] or post_id,
                hidden=said["hidden"],
            )
            for said in seen.comments
        ),
    )


def _writing(said: Mapping[str, Any], url: str, at: datetime) -> dict[str, Any]:
    handle, media, reactions = said["handle"], said["media"], said["reactions"]
    return {
        "id": str(said["id"]),
        "permalink": said["permalink"],
        "author": Author(handle=handle.lstrip("@") if handle else None, name=said["name"]),
        "text": said["text"],
        "published": _published(said, at),
        "edited": None,
        "was_edited": said["edited"],
        "reactions": None if reactions is None else _reactions(reactions),
        "links": None if said["links"] is None else tuple(dict.fromkeys(said["links"])),
        "media": None if media is None else tuple(one for m in media for one in _media(m, url)),
    }


def _direction(said: Mapping[str, Any], account: str, owner: str) -> Direction:
    handle = (said["handle"] or "").lstrip("@").casefold()
    own = handle == account.casefold() if handle else bool(owner) and said["name"] == owner
    return Direction.OWN if own else Direction.OTHER


def _published(said: Mapping[str, Any], at: datetime) -> Moment:
    """The machine-readable time where the page has one, else its words reckoned from the visit."""
    shown = said["at_shown"]
    if said["at"]:
        try:
            told = datetime.fromisoformat(said["at"])
        except ValueError:
            told = None
        if told is not None and told.tzinfo is not None:
            return Moment(
                at=told.astimezone(UTC),
                source=TimeSource.ATTRIBUTE,
                precision=Precision.SECOND,
                shown=shown,
            )
    reckoned = resolved(shown or "", at)
    if reckoned is None:
        return Moment(at=None, source=None, precision=None, shown=shown)
    moment, precision = reckoned
    return Moment(at=moment, source=TimeSource.SHOWN, precision=precision, shown=shown)


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
