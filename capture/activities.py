"""Activities of ActivityPub, in an export's file or in an outbox on the web, as posts.

Source: ActivityPub 5.1, 6.2, 6.6. Only what was addressed to the public is a post.
"""

from collections.abc import Callable, Mapping
from typing import Any

from capture.plain_text import links_of, text_of
from capture.post import Media, Moment, Post, TimeSource
from capture.untrusted import NotUnderstood, dicts, iso_moment, own_post, text_at

Medium = Callable[[str, object, object], Media]
"""A medium by its address, its description and its media type."""

_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})


def post_of(
    item: Mapping[str, Any],
    *,
    platform: str,
    handle: str | None,
    name: str | None,
    source: TimeSource,
    medium: Medium,
) -> Post | None:
    """The post that an activity makes or shares; None where it was not addressed to the public.

    Raises:
        NotUnderstood: it is another activity, or has no id or no time.
    """
    if not is_public(item):
        return None
    kind, said = item.get("type"), item.get("object")
    if kind == "Announce" and isinstance(said, str):
        return own_post(
            post_id=last_step(text_at(item, "id").removesuffix("/activity")),
            platform=platform,
            account=handle,
            name=name,
            text=None,
            published=iso_moment(text_at(item, "published"), source),
            repost_of=said,
        )
    if kind != "Create" or not isinstance(said, dict):
        raise NotUnderstood(str(kind))
    address, html = text_at(said, "id"), str(said.get("content") or "")
    warning, updated = str(said.get("summary") or "").strip(), said.get("updated")
    parent = said.get("inReplyTo")
    return own_post(
        post_id=last_step(address),
        platform=platform,
        account=handle,
        name=name,
        text="\n\n".join(part for part in (warning, text_of(html)) if part),
        published=iso_moment(text_at(said, "published"), source),
        permalink=address_of(said.get("url")) or address,
        parent=last_step(parent) if isinstance(parent, str) else None,
        was_edited=bool(updated) or None,
        edited=_edited(updated, source),
        links=links_of(html),
        media=tuple(
            medium(address_of(one.get("url")) or "", one.get("name"), one.get("mediaType"))
            for one in dicts(said.get("attachment"))
        ),
    )


def is_public(item: Mapping[str, Any]) -> bool:
    """Whether an activity was addressed to the public."""
    return bool(_PUBLIC & {*_texts(item.get("to")), *_texts(item.get("cc"))})


def last_step(address: str) -> str:
    """The id in an address: Mastodon's own interface names the same post by it."""
    return address.rstrip("/").rpartition("/")[2] or address


def address_of(value: object) -> str | None:
    """An address, which may be a link object or a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("href")
    return value if isinstance(value, str) else None


def _edited(updated: object, source: TimeSource) -> Moment | None:
    return iso_moment(updated, source) if isinstance(updated, str) else None


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
