"""What of a post counts as its content, and what differs between two looks at it. Pure.

Reactions, relative times and addresses with passing tokens drift while nothing has changed: they
are no content. Nor is what a comment answers, which no platform lets change and not every look is
told. Changes tell what and how many, never the words: those stand in the records.
"""

import re
from dataclasses import dataclass

import rfc8785
from pydantic import JsonValue

from capture.post import Comment, Post, Writing
from storage.record import Change, sha256

_CUT = re.compile(
    r"\s*(?:(?:…|\.\.\.)\s*)?(?:(?:visa |läs |se )?mer|(?:see|read|show) more|more)?$",
    re.IGNORECASE,
)
"""How a cut text ends: with dots, and with the button's own words."""
_OF_COMMENTS = ("added", "removed", "edited", "hidden", "shown")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What differs between an earlier and a later look; comments by their ids."""

    text: bool
    media: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    hidden: tuple[str, ...]
    shown: tuple[str, ...]


def content_sha256(post: Post) -> str:
    """The digest of what counts: the post's words and media, and every comment's."""
    said: list[JsonValue] = [_content(each) for each in _by_id(post)]
    return sha256(rfc8785.dumps({"post": _content(post), "comments": said}))


def difference(before: Post, after: Post, *, whole: bool) -> Difference:
    """What differs. Unless the later look was `whole`, it may have added or edited, never removed:
    what it did not come to is not gone, and a text that it saw cut is not edited.
    """
    old = {each.id: each for each in before.comments or ()}
    new = {each.id: each for each in after.comments or ()}
    both = [(old[name], new[name]) for name in new if name in old]
    return Difference(
        text=_edited(before, after, whole=whole),
        media=_media(before) != _media(after),
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new) if whole else (),
        edited=tuple(
            b.id for a, b in both if _edited(a, b, whole=whole) and not (a.hidden or b.hidden)
        ),
        hidden=tuple(b.id for a, b in both if b.hidden and not a.hidden),
        shown=tuple(b.id for a, b in both if a.hidden and not b.hidden),
    )


def changes_between(before: Post, after: Post, *, whole: bool) -> tuple[Change, ...]:
    """The difference as a record's description has it: digests of the text, numbers of comments."""
    found = difference(before, after, whole=whole)
    changes = []
    if found.text:
        changes.append(Change(field="text", before=_digest(before), after=_digest(after)))
    if found.media:
        old, new = len(before.media or ()), len(after.media or ())
        changes.append(Change(field="media", before=old, after=new))
    counted = {name: len(getattr(found, name)) for name in _OF_COMMENTS}
    changes += [
        Change(field=f"comments_{name}", before=0, after=count)
        for name, count in counted.items()
        if count
    ]
    return tuple(changes)


def begun(text: str) -> str:
    """A text without what says at its end that it was cut; the same where nothing does."""
    return _CUT.sub("", text)


def _edited(before: Writing, after: Writing, *, whole: bool) -> bool:
    if whole or before.text is None or after.text is None:
        return before.text != after.text
    return before.text != after.text and not before.text.startswith(begun(after.text))


def _by_id(post: Post) -> list[Comment]:
    """A platform sorts by what it holds relevant: the order is no content."""
    return sorted(post.comments or (), key=lambda each: each.id)


def _content(writing: Writing) -> dict[str, JsonValue]:
    hidden = writing.hidden if isinstance(writing, Comment) else None
    return {
        "id": writing.id,
        "text": writing.text,
        "hidden": hidden,
        "media": _media(writing),
    }


def _media(writing: Writing) -> list[JsonValue]:
    return [one.sha256 or one.alt for one in writing.media or ()]


def _digest(writing: Writing) -> str:
    return sha256((writing.text or "").encode())
