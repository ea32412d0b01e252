"""Torget's world: accounts, posts and dialogue of an imitation social platform, as ground truth.

Read from world.toml and filled from a seed, so that a test knows what a page must show. People are
invented. Knows nothing of HTTP.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from examples.platform import drawing

_WORLD = Path(__file__).parent / "world.toml"
CHANGEABLE = frozenset({"name", "bio", "links", "avatar_seed", "cover_seed"})
"""What an account's owner can change with `changed`."""


class Behaviour(StrEnum):
    """How the platform treats a visitor of an account."""

    OPEN = "open"
    LOGIN_WALL = "login_wall"
    REMOVED = "removed"
    LIMITED_ONCE = "limited_once"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """A comment; `parent` is the id of the comment that it answers, or empty."""

    id: str
    author: str
    at: datetime
    text: str
    parent: str
    handle: str = ""
    """Without one, the page names the author by name alone."""
    reactions: int = 0
    edited: bool = False
    hidden: bool = False
    """The page says that it is there, and no more."""

    def truth(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "id": self.id,
            "author": self.author,
            "at": self.at.isoformat(),
            "text": self.text,
            "parent": self.parent,
            "handle": self.handle,
            "reactions": self.reactions,
            "edited": self.edited,
            "hidden": self.hidden,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One post; `colour` is the code that its picture shows, unique in the whole world."""

    handle: str
    id: str
    text: str
    at: datetime
    colour: str
    hue: float
    motif: str
    reactions: int
    dialogue: tuple[Comment, ...] = field(repr=False)
    pinned: bool
    edited: bool = False

    @property
    def link(self) -> str:
        """Path of its own page."""
        return f"/@{self.handle}/p/{self.id}"

    @property
    def image(self) -> str:
        """Path of its picture."""
        return f"/picture/{self.handle}/{self.id}.png"

    def picture(self) -> bytes:
        """A PNG of 960 × 540 pixels."""
        return drawing.post_picture(seed=self.id, code=self.colour, hue=self.hue, motif=self.motif)

    def truth(self) -> dict[str, object]:
        """What a true capture of the post shows, as JSON values."""
        return {
            "id": self.id,
            "link": self.link,
            "text": self.text,
            "at": self.at.isoformat(),
            "colour": self.colour,
            "image": self.image,
            "image_sha256": _sha256(self.picture()),
            "reactions": self.reactions,
            "comments": len(self.dialogue),
            "pinned": self.pinned,
            "edited": self.edited,
            "dialogue": [comment.truth() for comment in self.dialogue],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One account with all that its page shows."""

    handle: str
    name: str
    initials: str
    bio: str
    links: tuple[str, ...]
    followers: int
    following: int
    behaviour: Behaviour
    hue: float
    posts: tuple[Post, ...] = field(repr=False)
    avatar_seed: int = 1
    cover_seed: int = 1

    def avatar(self) -> bytes:
        """A PNG of 256 × 256 pixels."""
        seed = f"{self.handle}-{self.avatar_seed}"
        return drawing.avatar(seed=seed, hue=self.hue, initials=self.initials)

    def cover(self) -> bytes:
        """A PNG of 1280 × 360 pixels."""
        return drawing.cover(seed=f"{self.handle}-{self.cover_seed}", hue=self.hue)

    def counts(self) -> dict[str, int]:
        """The three counters of the page."""
        return {
            "posts": len(self.posts),
            "followers": self.followers,
            "following": self.following,
        }

    def texts(self) -> list[str]:
        """What a reader sees of the account's own words, counters as the page groups them."""
        counted = zip(("inlägg", "följare", "följer"), self.counts().values(), strict=True)
        return [
            self.name,
            f"@{self.handle}",
            self.bio,
            *(link.removeprefix("https://") for link in self.links),
            *(f"{grouped(number)} {word}" for word, number in counted),
            *(post.text for post in self.posts),
        ]

    def truth(self) -> dict[str, object]:
        """What a true capture of the profile shows, as JSON values."""
        return {
            "handle": self.handle,
            "name": self.name,
            "bio": self.bio,
            "links": list(self.links),
            "counts": self.counts(),
            "avatar_sha256": _sha256(self.avatar()),
            "cover_sha256": _sha256(self.cover()),
            "posts": [post.truth() for post in self.posts],
            "texts": self.texts(),
        }


def grouped(number: int) -> str:
    """A number as Swedish pages write it: `12 480`, with a no-break space."""
    return f"{number:,}".replace(",", "\u00a0")


def world(now: datetime, seed: str = "torget", *, long: bool = False) -> dict[str, Profile]:
    """Every account by its handle, as the world stands at `now` (aware UTC).

    The same `now` and `seed` give the same world. With `long`, the accounts of many posts instead,
    whose days feeds.py tells; nothing on the platform links to them.
    """
    rows, before = _read()["feed" if long else "account"], 0
    if long:
        before = sum(row["posts"] for row in _read()["account"])
    codes = iter(drawing.colour_codes(before + sum(row["posts"] for row in rows))[before:])
    made = {}
    for row in rows:
        colours = [next(codes) for _ in range(row["posts"])]
        made[row["handle"]] = _profile(row, colours, now, seed)
    return made


def words(name: str) -> list[str]:
    """What visitors are called, or say: `voices`, `remarks`."""
    said: list[str] = _read()["dialogue"][name]
    return said


def changed(profile: Profile, changes: Mapping[str, Any]) -> Profile:
    """The profile after its owner changed it.

    Raises:
        ValueError: a field that no owner can change; all such are told.
    """
    if unknown := sorted(set(changes) - CHANGEABLE):
        raise ValueError(
            f"{', '.join(unknown)} cannot be changed; what can: {', '.join(sorted(CHANGEABLE))}"
        )
    values = dict(changes)
    if "links" in values:
        values["links"] = tuple(values["links"])
    return replace(profile, **values)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_WORLD.read_text("utf-8"))


def _profile(row: Mapping[str, Any], colours: Sequence[str], now: datetime, seed: str) -> Profile:
    dice = Random(f"{seed}/{row['handle']}")
    return Profile(
        handle=row["handle"],
        name=row["name"],
        initials=row["initials"],
        bio=row["bio"],
        links=tuple(row["links"]),
        followers=row["followers"],
        following=row["following"],
        behaviour=Behaviour(row["behaviour"]),
        hue=row["hue"],
        posts=tuple(_posts(row, colours, now, dice)),
    )


def _posts(
    row: Mapping[str, Any], colours: Sequence[str], now: datetime, dice: Random
) -> list[Post]:
    texts = _texts(row, len(colours), dice)
    at = now - timedelta(days=row["silent_days"], hours=2, minutes=dice.randint(0, 50))
    posts = []
    for number, (text, colour) in enumerate(zip(texts, colours, strict=True)):
        posts.append(
            Post(
                handle=row["handle"],
                id=f"{dice.getrandbits(40):010x}",
                text=text,
                at=at,
                colour=colour,
                hue=row["hue"],
                motif=row["motifs"][number % len(row["motifs"])],
                reactions=dice.randint(2, max(40, row["followers"] // 60)),
                dialogue=_dialogue(row["name"], at, now, dice),
                pinned=number == 0 and "pinned" in row,
            )
        )
        at -= timedelta(minutes=round(row["pace_hours"] * 60 * dice.uniform(0.4, 1.6)))
    return posts


class _Slots(dict[str, str]):
    """Fills patterns from shuffled decks, so that a value returns only when its deck is out."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._decks: dict[str, list[str]] = {}

    def __missing__(self, name: str) -> str:
        deck = self._decks.setdefault(name, [])
        if not deck:
            values = _read()["slots"][name]
            deck.extend(self._dice.sample(values, len(values)))
        return deck.pop()


def _texts(row: Mapping[str, Any], count: int, dice: Random) -> list[str]:
    """`count` different texts: the pinned one, the account's own, then its patterns in turn."""
    own = [row["pinned"]] if "pinned" in row else []
    fresh, slots, turn = list(row["texts"]), _Slots(dice), 0
    while len(own) + len(fresh) < count:
        patterns = _read()["patterns"][row["patterns"][turn % len(row["patterns"])]]
        text = dice.choice(patterns).format_map(slots)
        turn += 1
        if text not in fresh:
            fresh.insert(dice.randint(1, len(fresh)), text)
    return own + fresh


def _dialogue(owner: str, at: datetime, now: datetime, dice: Random) -> tuple[Comment, ...]:
    """Comments between the post and now, most often few; the owner answers most questions."""
    words = _read()["dialogue"]
    openings = [(text, "") for text in words["remarks"]] + [tuple(q) for q in words["questions"]]
    said: list[Comment] = []
    moment = at
    for text, answer in dice.sample(openings, min(dice.randint(0, 12), dice.randint(0, 12))):
        moment = _later(moment, now, dice)
        said.append(_comment(dice.choice(words["voices"]), moment, text, "", dice))
        if answer and dice.random() < 0.7:
            moment = _later(moment, now, dice)
            said.append(_comment(owner, moment, answer, said[-1].id, dice))
    return tuple(said)


def _later(moment: datetime, now: datetime, dice: Random) -> datetime:
    return moment + (now - moment) * dice.uniform(0.01, 0.12)


def _comment(author: str, at: datetime, text: str, parent: str, dice: Random) -> Comment:
    return Comment(
        id=f"{dice.getrandbits(40):010x}",
        author=author,
        at=at.replace(microsecond=0),
        text=text,
        parent=parent,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
