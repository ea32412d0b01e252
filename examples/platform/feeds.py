"""Accounts of many posts, day by day: what is published, edited, hidden and deleted, as truth.

Day 0 is the world's own day. Nothing is drawn by chance but words and numbers: which post is
edited on which day follows from its place in the feed, so that every kind of change occurs in
each account. Knows nothing of HTTP.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from examples.platform.world import Comment, Post, Profile, words, world

MOST_COMMENTS = 120
NEW_POSTS = 2
"""The newest posts of each account are published on day 1 and day 2, the others before day 0."""

_NEVER = 10_000
_LONG = (
    "Jag har läst hela rapporten nu och vill gärna lägga till något om hur det ser ut hos oss. "
    "Vi började för tre år sedan, med en mycket mindre grupp, och det som skilde sig mest var hur "
    "länge deltagarna orkade vara med. Hör gärna av er om ni vill jämföra siffrorna med våra!"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """A comment and its days: from the first on it is there, from each other on it is so."""

    comment: Comment
    since: int = 0
    gone: int = _NEVER
    hidden: int = _NEVER
    edited: int = _NEVER

    def on(self, day: int) -> Comment:
        hidden, edited = day >= self.hidden, day >= self.edited
        text = f"{self.comment.text} (ändrat)" if edited else self.comment.text
        return replace(self.comment, text=text, edited=edited, hidden=hidden)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Published:
    """A post and its days."""

    post: Post
    dialogue: tuple[_Said, ...]
    since: int
    gone: int
    edited: int

    def on(self, day: int) -> Post:
        edited = day >= self.edited
        said, there = [], {""}
        for each in self.dialogue:  # an answer goes with what it answers
            if each.since <= day < each.gone and each.comment.parent in there:
                said.append(each.on(day))
                there.add(each.comment.id)
        return replace(
            self.post,
            text=f"{self.post.text} Rättelse: tiden är ändrad." if edited else self.post.text,
            edited=edited,
            reactions=self.post.reactions + 3 * day,  # numbers drift while nothing has changed
            dialogue=tuple(said),
        )


class Feed:
    """One account of many posts."""

    def __init__(self, profile: Profile, now: datetime) -> None:
        self._profile = profile
        posts = enumerate(profile.posts)
        self._posts = [_published(profile, number, post, now) for number, post in posts]

    def on(self, day: int) -> Profile:
        """The account as it stands on a day."""
        there = (each for each in self._posts if each.since <= day < each.gone)
        return replace(self._profile, posts=tuple(each.on(day) for each in there))


def feeds(now: datetime, seed: str = "torget") -> dict[str, Feed]:
    """Every account of many posts by its handle; the same `now` and `seed`, the same feeds."""
    return {name: Feed(profile, now) for name, profile in world(now, seed, long=True).items()}


def _published(profile: Profile, number: int, post: Post, now: datetime) -> _Published:
    since = NEW_POSTS - number if number < NEW_POSTS else 0
    at = now + timedelta(days=since, hours=-1) if since else post.at
    return _Published(
        post=replace(post, at=at.replace(microsecond=0), dialogue=(), pinned=False),
        dialogue=() if since else tuple(_dialogue(profile, number, at, now)),
        since=since,
        gone=1 if number % 23 == 4 else _NEVER,
        edited=1 if number % 11 == 3 else _NEVER,
    )


def _count(number: int, dice: Random) -> int:
    """How many comments: most posts have few, some many, one in fifty as many as there can be."""
    if number % 50 == 2:
        return MOST_COMMENTS
    return dice.randint(20, 60) if number % 20 == 7 else dice.choice((0, 0, 1, 2, 3, 5, 8))


def _dialogue(profile: Profile, number: int, at: datetime, now: datetime) -> Iterator[_Said]:
    dice = Random(f"{profile.handle}/{number}")
    count, said = _count(number, dice), list[Comment]()
    for place in range(count):
        at += (now - at) * dice.uniform(0.001, 0.03)
        said.append(_comment(profile, said, at, dice))
        yield _Said(
            comment=said[-1],
            gone=1 if number % 6 == 2 and place == 1 else _NEVER,
            hidden=1 if number % 7 == 2 and place == 2 else _NEVER,
            edited=1 if number % 8 == 2 and place == 3 else _NEVER,
        )
    if number % 5 == 2:
        late = now + timedelta(hours=20)
        for _ in range(2):
            said.append(_comment(profile, said, late, dice))
            yield _Said(comment=said[-1], since=1)


def _comment(profile: Profile, before: list[Comment], at: datetime, dice: Random) -> Comment:
    """A comment or an answer; every fourth answer is the account's own."""
    parent = dice.choice(before[-6:]).id if before and dice.random() < 0.45 else ""
    own = bool(parent) and dice.random() < 0.4
    author = profile.name if own else dice.choice(words("voices"))
    return Comment(
        id=f"{dice.getrandbits(48):012x}",
        author=author,
        at=at.replace(microsecond=0),
        text=_LONG if dice.random() < 0.05 else dice.choice(words("remarks")),
        parent=parent,
        handle=profile.handle if own else author.lower().replace(" ", "."),
        reactions=dice.choice((0, 0, 0, 1, 2, 14)),
    )
