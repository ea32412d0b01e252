"""Mastodon's archive: `outbox.json` (ActivityPub), `actor.json`, media.

Source: docs.joinmastodon.org/user/moving/#export and ActivityPub 5.1, 6.2, 6.6. Only what was
addressed to the public is a post; direct and followers' messages are counted and left out.
"""

from capture.activities import post_of
from capture.imports.codes import finding
from capture.imports.reading import Reader
from capture.post import Post, TimeSource
from capture.untrusted import NotUnderstood

KIND = "mastodon"
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
