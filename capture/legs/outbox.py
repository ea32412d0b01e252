"""The leg of ActivityPub: the actor's outbox, without a signature; public activities only.

Source: ActivityPub 3.2 (media types), 5 and 5.1; Activity Streams 2.0 (OrderedCollection).
"""

from collections.abc import Mapping
from typing import Any

from capture.activities import last_step, post_of
from capture.legs.fetching import Answer, Fetcher, same_host
from capture.legs.result import UNFETCHED, LegRead
from capture.legs.walking import Walk
from capture.post import Media, Post, TimeSource
from capture.untrusted import NotUnderstood, count_of, kind_of, text_at

LEG = "outbox"
_ACTIVITY = "application/activity+json"
_LINKED = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_ACCEPT = f"{_LINKED}, {_ACTIVITY}"
_TYPES = (_ACTIVITY, "application/ld+json")


def read_outbox(
    page: str, platform: str, handle: str, fetcher: Fetcher, *, most_pages: int
) -> LegRead:
    """The public posts of the account whose page or actor is at `page`, the newest first.

    Never raises for what the server answers.

    Raises:
        AddressRefused: the server lies in a private network.
    """
    walk = Walk(LEG, fetcher, most_pages)
    with walk:
        answer = fetcher.get(page, _ACCEPT)
        actor = _object(walk, answer)
        whose, name = text_at(actor, "id"), str(actor.get("name") or "") or None
        answer = fetcher.get(_there(answer.url, actor.get("outbox")), _ACCEPT)
        box = _object(walk, answer)
        walk.announced = count_of(box.get("totalItems"))
        part: Any = box if "orderedItems" in box else box.get("first")
        while part:
            if not isinstance(part, dict):
                turned = walk.page(_there(answer.url, part), _ACCEPT)
                if turned is None:
                    break
                answer, part = turned, _object(walk, turned)
            for item in walk.entries(part.get("orderedItems")):
                walk.take(
                    lambda said=item: _post(said, whose, name, platform, handle, walk)  # type: ignore[misc]
                )
            part = part.get("next")
    return walk.result()


def _object(walk: Walk, answer: Answer) -> Mapping[str, Any]:
    """Only what a server says of itself: a file that somebody left there has another type."""
    if answer.media_type not in _TYPES:
        raise NotUnderstood(f"{answer.url} is of the type {answer.media_type or 'none'}")
    return walk.object(answer)


def _there(url: str, other: object) -> str:
    there = same_host(url, other)
    if there is None:
        raise NotUnderstood(f"{url} leads to another host or nowhere")
    return there


def _post(  # noqa: PLR0917  # all of one activity
    item: Mapping[str, Any], whose: str, name: str | None, platform: str, handle: str, walk: Walk
) -> Post | None:
    """None for what is no post; a deletion is noted as one."""
    said = item.get("object")
    if item.get("actor", whose) != whose:
        raise NotUnderstood("another's activity")
    if item.get("type") == "Delete":
        gone = said.get("id") if isinstance(said, dict) else said
        walk.gone += [last_step(gone)] if isinstance(gone, str) else []
        return None
    if isinstance(said, dict) and said.get("attributedTo", whose) != whose:
        raise NotUnderstood("another's post")
    return post_of(
        item, platform=platform, handle=handle, name=name, source=TimeSource.API, medium=_medium
    )


def _medium(url: str, alt: object, media_type: object) -> Media:
    return Media(
        kind=kind_of(url, media_type),
        url=url or None,
        alt=str(alt) if alt else None,
        media_type=str(media_type) if media_type else None,
        sha256=None,
        omitted=UNFETCHED,
    )
