"""Mastodon's archive: `outbox.json` (ActivityPub), `actor.json`, media.

Source: docs.joinmastodon.org/user/moving/#export and ActivityPub 5.1, 6.2, 6.6. Only what was
addressed to the public is a post; direct and followers' messages, and their media, are counted and
not kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from capture.activities import address_of, is_public, post_of
from capture.imports.codes import finding
from capture.imports.private import Private
from capture.imports.reading import Reader
from capture.post import Post, TimeSource
from capture.untrusted import NotUnderstood, dicts

KIND = "mastodon"
_BOX, _ACTOR = "outbox.json", "actor.json"


def sources(reader: Reader) -> list[str]:
    """The files that posts are read from; none where the export is not of Mastodon."""
    return reader.named(_BOX)


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """The handle that the export tells, and its posts."""
    handle, name = _actor(reader)
    reader.leave(*reader.named("*.csv"))
    posts: list[Post] = []
    for file in reader.named(_BOX):
        box = reader.json(file)
        if box is None:
            continue
        box = box if isinstance(box, dict) else {}
        for item in reader.entries(file, box.get("orderedItems"), "orderedItems"):
            try:
                post = post_of(
                    item,
                    platform=KIND,
                    handle=handle,
                    name=name,
                    source=TimeSource.EXPORT,
                    medium=reader.medium,
                )
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            (reader.understood if post else reader.left_out)[file] += 1
            posts += [post] if post else []
        _keep_public(reader, file, box)
        told = reader.understood[file] + reader.left_out[file] + reader.missed[file]
        if isinstance(box.get("totalItems"), int) and box["totalItems"] != told:
            reader.findings.append(finding("I103", file, announced=box["totalItems"], found=told))
    return handle, posts


def _keep_public(reader: Reader, file: str, box: Mapping[str, Any]) -> None:
    """Take what was not addressed to the public out of the outbox that is kept."""
    items = box.get("orderedItems")
    if not isinstance(items, list):
        return
    kept = [one for one in items if not isinstance(one, dict) or is_public(one)]
    private = [one for one in dicts(items) if not is_public(one)]
    if not private:
        return
    less: dict[str, object] = {"orderedItems": kept}
    if isinstance(total := box.get("totalItems"), int):
        less["totalItems"] = total - len(private)
    reader.rewrite(file, {**box, **less}, len(private))
    shown = {*_media(reader, kept)}
    media = [name for name in _media(reader, private) if name not in shown]
    reader.private |= dict.fromkeys(media, Private.NOT_PUBLIC)


def _media(reader: Reader, items: Iterable[object]) -> Iterator[str]:
    """The members that activities show."""
    for item in dicts(list(items)):
        said = item.get("object")
        for one in dicts(said.get("attachment") if isinstance(said, dict) else None):
            if name := reader.member(address_of(one.get("url")) or ""):
                yield name


def _actor(reader: Reader) -> tuple[str | None, str | None]:
    for file in reader.named(_ACTOR):
        actor = reader.json(file)
        if isinstance(actor, dict):
            reader.understood[file] += 1
            handle, name = actor.get("preferredUsername"), actor.get("name")
            return (str(handle) if handle else None), (str(name) if name else None)
    return None, None
