"""The leg of the AT protocol: `app.bsky.feed.getAuthorFeed` and `getPostThread`, without a login.

Source: the lexicons of app.bsky (docs.bsky.app). An own post is named by its record key, as its
permalink names it; what others wrote by its whole `at://` address.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from capture.legs.fetching import Fetcher, NotAnswered
from capture.legs.result import UNFETCHED, LegRead
from capture.legs.walking import Walk
from capture.post import Author, Comment, Direction, Media, MediaKind, Post, Reaction, TimeSource
from capture.untrusted import NotUnderstood, count_of, dicts, iso_moment, own_post, text_at

LEG = "bluesky"
_JSON = "application/json"
_COUNTS = (("like", "likeCount"), ("repost", "repostCount"), ("quote", "quoteCount"))
_DEEPEST = 1000


def read_bluesky(
    server: str, handle: str, fetcher: Fetcher, *, most_pages: int, threads: bool
) -> LegRead:
    """The posts and answers of an account, the newest first, with dialogue where `threads`.

    `server` is an AppView's address (`https://public.api.bsky.app`). Never raises for what it
    answers.

    Raises:
        AddressRefused: the server lies in a private network.
    """
    walk, did = Walk(LEG, fetcher, most_pages), ""
    with walk:
        profile = fetcher.get(_xrpc(server, "actor.getProfile"), _JSON, {"actor": handle})
        told = walk.object(profile)
        walk.announced, did = count_of(told.get("postsCount")), text_at(told, "did")
        wanted: dict[str, str | int] = {"actor": did, "limit": 100, "filter": "posts_with_replies"}
        feed = _xrpc(server, "feed.getAuthorFeed")
        while answer := walk.page(feed, _JSON, wanted):
            page = walk.object(answer)
            for item in walk.entries(page.get("feed")):
                walk.take(lambda said=item: _post(said, did, handle))  # type: ignore[misc]
            if not page.get("cursor"):
                break
            wanted = {**wanted, "cursor": text_at(page, "cursor")}
    if threads:
        walk.posts = [_with_thread(post, server, did, walk) for post in walk.posts]
    return walk.result()


def _xrpc(server: str, method: str) -> str:
    return urljoin(server, f"/xrpc/app.bsky.{method}")


def _name(uri: str, did: str) -> str:
    return uri.rpartition("/")[2] if uri.startswith(f"at://{did}/") else uri


def _post(item: Mapping[str, Any], did: str, handle: str) -> Post | None:
    view = item.get("post")
    if not isinstance(view, dict):
        raise NotUnderstood("post")
    uri, record, author = _parts(view)
    shared = author.get("did") != did
    if shared and "reason" not in item:
        return None  # a post of others that the account answered, given as context
    at, pinned = _time(record), False
    if reason := item.get("reason"):
        pinned = str(reason.get("$type", "")).endswith("#reasonPin")
        at = at if pinned else iso_moment(text_at(reason, "indexedAt"), TimeSource.API)
    page = f"https://bsky.app/profile/{author.get('handle')}/post/{uri.rpartition('/')[2]}"
    return own_post(
        post_id=f"repost/{uri}" if shared else _name(uri, did),
        platform="bluesky",
        account=handle,
        name=None if shared else author.get("displayName") or None,
        text=None if shared else _text(view, record),
        published=at,
        permalink=None if shared else page,
        parent=None if shared else _parent(record, did),
        reactions=_reactions(view),
        links=_links(record),
        media=() if shared else _media(view),
        repost_of=page if shared else None,
        announced=None if shared else count_of(view.get("replyCount")),
    )


def _with_thread(post: Post, server: str, did: str, walk: Walk) -> Post:
    if not post.comments_announced:
        return post if post.comments_announced is None else walk.commented(post, ())
    if walk.over:
        walk.threads_missed.append(post.id)
        return post
    uri = f"at://{did}/app.bsky.feed.post/{post.id}"
    try:
        asked: dict[str, str | int] = {"uri": uri, "depth": _DEEPEST, "parentHeight": 0}
        url = _xrpc(server, "feed.getPostThread")
        thread = walk.object(walk.fetcher.get(url, _JSON, asked)).get("thread")
        comments = tuple(_below(thread, did)) if isinstance(thread, dict) else ()
    except NotAnswered as error:
        walk.miss_thread(post.id, error)
        return post
    except NotUnderstood:
        walk.threads_missed.append(post.id)
        return post
    return walk.commented(post, comments)


def _below(thread: Mapping[str, Any], did: str) -> Iterator[Comment]:
    """Each answer before those to it; `notFoundPost` and `blockedPost` have nothing to read."""
    waiting = [*reversed(dicts(thread.get("replies")))]
    while waiting:
        one = waiting.pop()
        waiting += reversed(dicts(one.get("replies")))
        if isinstance(view := one.get("post"), dict):
            yield _comment(view, did)


def _comment(view: Mapping[str, Any], did: str) -> Comment:
    uri, record, author = _parts(view)
    key = uri.rpartition("/")[2]
    return Comment(
        id=_name(uri, did),
        permalink=f"https://bsky.app/profile/{author.get('handle')}/post/{key}",
        author=Author(handle=author.get("handle"), name=author.get("displayName") or None),
        direction=Direction.OWN if author.get("did") == did else Direction.OTHER,
        text=_text(view, record),
        published=_time(record),
        edited=None,
        was_edited=None,
        parent=_parent(record, did),
        reactions=_reactions(view),
        links=_links(record),
        media=_media(view),
        hidden=None,
    )


def _parts(view: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Address, record and author of a post's view."""
    record, author = view.get("record"), view.get("author")
    if not isinstance(record, dict) or not isinstance(author, dict):
        raise NotUnderstood("record")
    return text_at(view, "uri"), record, author


def _time(record: Mapping[str, Any]) -> Any:
    return iso_moment(text_at(record, "createdAt"), TimeSource.API)


def _text(view: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """The labels of its content warning stand before the text."""
    labels = [str(one["val"]) for one in dicts(view.get("labels")) if one.get("val")]
    return "\n\n".join(part for part in (", ".join(labels), str(record.get("text") or "")) if part)


def _parent(record: Mapping[str, Any], did: str) -> str | None:
    reply = record.get("reply")
    above = reply.get("parent") if isinstance(reply, dict) else None
    return _name(text_at(above, "uri"), did) if isinstance(above, dict) else None


def _reactions(view: Mapping[str, Any]) -> tuple[Reaction, ...]:
    return tuple(Reaction(name=word, count=count_of(view.get(key))) for word, key in _COUNTS)


def _links(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = [
        str(feature["uri"])
        for facet in dicts(record.get("facets"))
        for feature in dicts(facet.get("features"))
        if feature.get("uri")
    ]
    embed = record.get("embed")
    outside = embed.get("external") if isinstance(embed, dict) else None
    if isinstance(outside, dict) and outside.get("uri"):
        found.append(str(outside["uri"]))
    return tuple(dict.fromkeys(found))


def _media(view: Mapping[str, Any]) -> tuple[Media, ...]:
    embed = view.get("embed")
    embed = embed if isinstance(embed, dict) else {}
    inner = embed.get("media")
    embed = inner if isinstance(inner, dict) else embed
    found = [
        _medium(MediaKind.IMAGE, one.get("fullsize"), one) for one in dicts(embed.get("images"))
    ]
    if str(embed.get("$type", "")).startswith("app.bsky.embed.video"):
        found.append(_medium(MediaKind.VIDEO, embed.get("playlist"), embed))
    return tuple(found)


def _medium(kind: MediaKind, url: object, said: Mapping[str, Any]) -> Media:
    return Media(
        kind=kind,
        url=str(url) if url else None,
        alt=said.get("alt") or None,
        media_type=None,
        sha256=None,
        omitted=UNFETCHED,
    )
