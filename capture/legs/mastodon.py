"""The leg of Mastodon's own interface, without a token: statuses, and the context of each.

Source: docs.joinmastodon.org/methods/accounts and /statuses. Without a token a context has at most
60 replies, so that announced and found may differ; a context that is gone is told.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from capture.legs.fetching import Fetcher, NotAnswered
from capture.legs.result import UNFETCHED, LegRead
from capture.legs.walking import Walk
from capture.plain_text import links_of, text_of
from capture.post import (
    Author,
    Comment,
    Direction,
    Media,
    MediaKind,
    Moment,
    Post,
    Reaction,
    TimeSource,
)
from capture.untrusted import NotUnderstood, count_of, dicts, iso_moment, kind_of, own_post, text_at

LEG = "mastodon_api"
_JSON = "application/json"
_COUNTS = (("like", "favourites_count"), ("repost", "reblogs_count"))
_KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "gifv": MediaKind.VIDEO,
          "audio": MediaKind.AUDIO}  # fmt: skip


def read_mastodon(
    server: str, handle: str, fetcher: Fetcher, *, most_pages: int, threads: bool
) -> LegRead:
    """The public posts of an account, the newest first, with their dialogue where `threads`.

    `server` is its address, `https://social.example`. Never raises for what the platform answers.

    Raises:
        AddressRefused: the server lies in a private network.
    """
    walk = Walk(LEG, fetcher, most_pages)
    with walk:
        lookup = urljoin(server, "/api/v1/accounts/lookup")
        account = walk.object(fetcher.get(lookup, _JSON, {"acct": handle}))
        walk.announced = count_of(account.get("statuses_count"))
        owner = text_at(account, "id")
        url = urljoin(server, f"/api/v1/accounts/{owner}/statuses")
        answer = walk.page(url, _JSON, {"limit": 40})
        while answer:
            for status in walk.entries(answer.json()):
                walk.take(lambda said=status: _post(said, handle))  # type: ignore[misc]
            answer = walk.page(answer.next_url, _JSON) if answer.next_url else None
    if threads:
        walk.posts = [_with_thread(post, server, owner, walk) for post in walk.posts]
    return walk.result()


def _post(said: Mapping[str, Any], handle: str) -> Post:
    author, shared = said.get("account"), said.get("reblog")
    html = str(said.get("content") or "")
    edited = said.get("edited_at")
    parent = said.get("in_reply_to_id")
    return own_post(
        post_id=text_at(said, "id"),
        platform="mastodon",
        account=handle,
        name=str(author.get("display_name") or "") or None if isinstance(author, dict) else None,
        text=_text(said),
        published=iso_moment(text_at(said, "created_at"), TimeSource.API),
        permalink=said.get("url") or said.get("uri"),
        parent=str(parent) if parent else None,
        was_edited=bool(edited),
        edited=_moment(edited),
        reactions=_reactions(said),
        links=links_of(html),
        media=_media(said),
        repost_of=shared.get("url") or shared.get("uri") if isinstance(shared, dict) else None,
        announced=count_of(said.get("replies_count")),
    )


def _with_thread(post: Post, server: str, owner: str, walk: Walk) -> Post:
    """The dialogue under a post; one that cannot be read is told, and None."""
    if not post.comments_announced or walk.over:
        if post.comments_announced:
            walk.threads_missed.append(post.id)
            return post
        return walk.commented(post, ())
    try:
        url = urljoin(server, f"/api/v1/statuses/{post.id}/context")
        context = walk.object(walk.fetcher.get(url, _JSON))
        below = [_comment(one, owner, server) for one in dicts(context.get("descendants"))]
    except NotAnswered as error:
        walk.miss_thread(post.id, error)
        return post
    except NotUnderstood:
        walk.threads_missed.append(post.id)
        return post
    return walk.commented(post, tuple(below))


def _comment(said: Mapping[str, Any], owner: str, server: str) -> Comment:
    author = said.get("account")
    author = author if isinstance(author, dict) else {}
    html, edited = str(said.get("content") or ""), said.get("edited_at")
    own = author.get("id") == owner
    acct = str(author.get("acct") or "")
    host = "" if "@" in acct or own or not acct else f"@{urlsplit(server).hostname}"
    return Comment(
        id=text_at(said, "id"),
        permalink=said.get("url") or said.get("uri"),
        author=Author(handle=f"{acct}{host}" or None, name=author.get("display_name") or None),
        direction=Direction.OWN if own else Direction.OTHER,
        text=_text(said),
        published=iso_moment(text_at(said, "created_at"), TimeSource.API),
        edited=_moment(edited),
        was_edited=bool(edited),
        parent=text_at(said, "in_reply_to_id"),
        reactions=_reactions(said),
        links=links_of(html),
        media=_media(said),
        hidden=None,
    )


def _text(said: Mapping[str, Any]) -> str:
    """The content warning (`spoiler_text`) stands before the text, as it is shown."""
    warning = str(said.get("spoiler_text") or "").strip()
    return "\n\n".join(part for part in (warning, text_of(str(said.get("content") or ""))) if part)


def _moment(value: object) -> Moment | None:
    return iso_moment(value, TimeSource.API) if isinstance(value, str) and value else None


def _reactions(said: Mapping[str, Any]) -> tuple[Reaction, ...]:
    return tuple(Reaction(name=word, count=count_of(said.get(key))) for word, key in _COUNTS)


def _media(said: Mapping[str, Any]) -> tuple[Media, ...]:
    return tuple(
        Media(
            kind=_KINDS.get(str(one.get("type")), kind_of(str(one.get("url") or ""))),
            url=one.get("url"),
            alt=one.get("description") or None,
            media_type=None,
            sha256=None,
            omitted=UNFETCHED,
        )
        for one in dicts(said.get("media_attachments"))
    )
