"""Mastodon's archive: `outbox.json` (ActivityPub), `actor.json`, media.

Source: docs.joinmastodon.org/user/moving/#export and ActivityPub 5.1, 6.2, 6.6. Only what was
addressed to the public is a post; direct and followers' messages are counted and left out.
"""

from collections.abc import Mapping
from typing import Any

from capture.imports.codes import finding
from capture.imports.reading import Reader
from capture.legs.plain_text import links_of, text_of
from capture.post import Moment, Post, TimeSource
from capture.untrusted import NotUnderstood, dicts, iso_moment, own_post, text_at

KIND = "mastodon"
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_BESIDE = ("likes.json", "bookmarks.json", "*.csv")


def recognises(reader: Reader) -> bool:
    """Whether the export is of Mastodon."""
    return bool(reader.named("outbox.json"))


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """The handle that the export tells, and its posts."""
    handle, name = _actor(reader)
    reader.leave(*reader.named(*_BESIDE))
    posts: list[Post] = []
    for file in reader.named("outbox.json"):
        box = reader.json(file)
        if box is None:
            continue
        box = box if isinstance(box, dict) else {}
        for item in reader.entries(file, box.get("orderedItems"), "orderedItems"):
            try:
                post = _post(reader, item, handle, name)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            (reader.understood if post else reader.left_out)[file] += 1
            posts += [post] if post else []
        told = reader.understood[file] + reader.left_out[file] + reader.missed[file]
        if isinstance(box.get("totalItems"), int) and box["totalItems"] != told:
            reader.findings.append(finding("I103", file, announced=box["totalItems"], found=told))
    return handle, posts


def _actor(reader: Reader) -> tuple[str | None, str | None]:
    for file in reader.named("actor.json"):
        actor = reader.json(file)
        if isinstance(actor, dict):
            reader.understood[file] += 1
            handle, name = actor.get("preferredUsername"), actor.get("name")
            return (str(handle) if handle else None), (str(name) if name else None)
    return None, None


def _post(
    reader: Reader, item: Mapping[str, Any], handle: str | None, name: str | None
) -> Post | None:
    if not _PUBLIC & {*_texts(item.get("to")), *_texts(item.get("cc"))}:
        return None
    kind, said = item.get("type"), item.get("object")
    if kind == "Announce" and isinstance(said, str):
        return own_post(
            post_id=last_step(text_at(item, "id").removesuffix("/activity")),
            platform=KIND,
            account=handle,
            name=name,
            text=None,
            published=iso_moment(text_at(item, "published")),
            repost_of=said,
        )
    if kind != "Create" or not isinstance(said, dict):
        raise NotUnderstood(str(kind))
    return note(said, platform=KIND, handle=handle, name=name, reader=reader)


def note(
    said: Mapping[str, Any],
    *,
    platform: str,
    handle: str | None,
    name: str | None,
    reader: Reader,
    source: TimeSource = TimeSource.EXPORT,
) -> Post:
    """A post from an ActivityPub object.

    Raises:
        NotUnderstood: it has no id or no time.
    """
    address, html = text_at(said, "id"), str(said.get("content") or "")
    warning = str(said.get("summary") or "").strip()
    updated = said.get("updated")
    parent = said.get("inReplyTo")
    return own_post(
        post_id=last_step(address),
        platform=platform,
        account=handle,
        name=name,
        text="\n\n".join(part for part in (warning, text_of(html)) if part),
        published=iso_moment(text_at(said, "published"), source),
        permalink=_address(said.get("url")) or address,
        parent=last_step(parent) if isinstance(parent, str) else None,
        was_edited=bool(updated) or None,
        edited=_edited(updated, source),
        links=links_of(html),
        media=tuple(
            reader.medium(_address(one.get("url")) or "", one.get("name"), one.get("mediaType"))
            for one in dicts(said.get("attachment"))
        ),
    )


def last_step(address: str) -> str:
    """The id in an address: Mastodon's own interface names the same post by it."""
    return address.rstrip("/").rpartition("/")[2] or address


def _edited(updated: object, source: TimeSource) -> Moment | None:
    return iso_moment(updated, source) if isinstance(updated, str) else None


def _address(value: object) -> str | None:
    """An address, which may be a link object or a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("href")
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
