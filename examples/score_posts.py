"""Holds captured posts against the platform's own truth: what is there, and whether it is right."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from capture.post import Comment, Direction, Post
from capture.post_record import recorded_post
from storage.archive import Archive
from storage.record import Record

Pair = tuple[object, object]
"""What was captured, and what is true; None where there is no such thing."""
Facts = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Of one kind of thing: how many are true, were captured, and are right (in every way)."""

    kind: str
    true: int
    captured: int
    right: int

    @property
    def recall(self) -> float:
        """Of what is true, the share captured rightly."""
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Of what was captured, the share that is right."""
        return self.right / self.captured if self.captured else 1.0


def score(archive: Archive, handle: str, truth: dict[str, Any], pictures: int) -> list[Score]:
    """Posts, comments, and of these authors, times, parents and texts; pictures by their codes.

    `truth` is the platform's of the account; about `pictures` of them are looked at, evenly spread.
    What the archive knows to be gone is not said to be there.
    """
    truths = {post["id"]: post for post in truth["posts"]}
    newest = _there(archive)
    posts = {name: recorded_post(archive, record) for name, record in newest.items()}
    pairs = [(posts.get(name), truths.get(name)) for name in posts.keys() | truths.keys()]
    said = [two for post, true in pairs for two in _comments(post, true, handle)]
    looked_at = sorted(truths)[:: max(1, len(truths) // pictures)]
    codes = [
        (_painted(archive, newest[name], truths[name]) if name in newest else None, True)
        for name in looked_at
    ]
    return [
        _score("posts", [(p and _post(p), t and _true_post(t)) for p, t in pairs]),
        _score("comments", [(c and c["id"], t and t["id"]) for c, t in said]),
        *(
            _score(kind, [(c and c[kind], t and t[kind]) for c, t in said])
            for kind in ("author", "at", "parent", "text", "own")
        ),
        _score("pictures", codes),
    ]


def _there(archive: Archive) -> dict[str, Record]:
    """The newest record of each post that is not gone, by the post's id."""
    records = {one.record_id: one for one in archive.records()}
    accounts = {one.account for one in records.values()}
    known = (one for account in accounts for one in archive.posts.known(account))
    return {one.post.partition(":")[2]: records[one.record_id] for one in known if not one.gone_at}


def _score(kind: str, pairs: Sequence[Pair]) -> Score:
    return Score(
        kind=kind,
        true=sum(true is not None for _, true in pairs),
        captured=sum(captured is not None for captured, _ in pairs),
        right=sum(captured is not None and captured == true for captured, true in pairs),
    )


def _post(post: Post) -> tuple[object, ...]:
    at = post.published.at
    media = [one.sha256 for one in post.media or ()]
    return post.id, post.text, at.isoformat() if at else "", media, post.direction is Direction.OWN


def _true_post(true: dict[str, Any]) -> tuple[object, ...]:
    return true["id"], true["text"], true["at"], [true["image_sha256"]], True


def _comments(
    post: Post | None, true: dict[str, Any] | None, handle: str
) -> Iterator[tuple[Facts | None, Facts | None]]:
    """Each comment as captured and as it is; of one that is hidden, only that it is there."""
    shown = {one.id: one for one in (post.comments or () if post else ())}
    truths = {one["id"]: one for one in (true["dialogue"] if true else ())}
    for name in shown.keys() | truths.keys():
        one, fact = shown.get(name), truths.get(name)
        said = _said(one) if one else None
        is_so = _is_so(fact, str(true and true["id"]), handle) if fact else None
        if fact and fact["hidden"]:
            said, is_so = (facts and _without_words(facts) for facts in (said, is_so))
        yield said, is_so


def _said(one: Comment) -> Facts:
    at = one.published.at
    return {
        "id": one.id,
        "parent": one.parent,
        "author": (one.author.name, one.author.handle),
        "at": at.isoformat() if at else "",
        "text": one.text,
        "own": one.direction is Direction.OWN,
    }


def _is_so(fact: dict[str, Any], post: str, handle: str) -> Facts:
    return {
        "id": fact["id"],
        "parent": fact["parent"] or post,
        "author": (fact["author"], fact["handle"]),
        "at": fact["at"],
        "text": fact["text"],
        "own": fact["handle"] == handle,
    }


def _without_words(facts: Facts) -> Facts:
    return {name: facts[name] if name in ("id", "parent") else None for name in facts}


def _painted(archive: Archive, record: Record, true: dict[str, Any]) -> bool:
    code = tuple(bytes.fromhex(true["colour"][1:]))
    with Image.open(io.BytesIO(archive.read_part(record, "pictures/desktop-0001.png"))) as tile:
        return code in {colour for _, colour in tile.convert("RGB").getcolors(1 << 24) or ()}
