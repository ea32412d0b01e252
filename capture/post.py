"""A post with the dialogue under it, as data: what `data/posts.json` of a record holds.

Whatever leg found it (browser, open interface, the owner's export) says it in these words. What a
leg could not know is None, never empty. Knows no page, no platform and no archive.
"""

from enum import StrEnum
from typing import Final, Literal

from pydantic import AwareDatetime, ConfigDict, JsonValue, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from storage.errors import Malformed

POSTS_PART = "data/posts.json"
SCHEMA: Final = "https://insyn.invalid/schemas/posts-1.json"
"""Names the form; docs/posts.schema.json is it."""

_STRICT = ConfigDict(extra="forbid")


class Direction(StrEnum):
    """Upprättad or inkommen: the authority's own words go out, others' come in (RULES R10)."""

    OWN = "own"
    OTHER = "other"


class TimeSource(StrEnum):
    """What told a time."""

    ATTRIBUTE = "attribute"
    """A machine-readable attribute of the page, as `<time datetime>`."""
    SHOWN = "shown"
    """The page's words, relative ones reckoned from the moment of the visit."""
    API = "api"
    EXPORT = "export"
    ID = "id"
    """The post's id has its time in it."""


class Precision(StrEnum):
    """How exactly a time is known: the truth lies within this unit after it.

    A month has 31 days at most, a year 366.
    """

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class MediaKind(StrEnum):
    """What a medium is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Moment:
    """When something was published: `at` in UTC, None where nothing could be reckoned.

    `shown` is what the page or the file said, word for word: "2 tim".
    """

    at: AwareDatetime | None
    source: TimeSource | None
    precision: Precision | None
    shown: str | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Author:
    """Who wrote it, as the platform names them; never followed further (RULES R13)."""

    handle: str | None
    name: str | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Reaction:
    """How many reacted, by the platform's own word: `like`, `❤`; never who."""

    name: str
    count: int | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Media:
    """A medium; `sha256` is of its bytes where the record holds them.

    `omitted` says why the record does not hold them; None where it does. `part` names the part of
    the record that is the medium itself; None where it has none of its own, as in an export.
    """

    kind: MediaKind
    url: str | None
    alt: str | None
    media_type: str | None
    sha256: str | None
    omitted: str | None
    part: str | None = None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Writing:
    """What a post and a comment have in common.

    `parent` is the id of the post or comment that it answers; of a post that answers none, None.
    `edited` None: the source does not tell whether it was.
    """

    id: str
    permalink: str | None
    author: Author
    direction: Direction
    text: str | None
    published: Moment
    edited: Moment | None
    was_edited: bool | None
    parent: str | None
    reactions: tuple[Reaction, ...] | None
    links: tuple[str, ...] | None
    media: tuple[Media, ...] | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Comment(Writing):
    """A comment or a reply; `parent` is the post's id for the former, a comment's for the latter.

    It is None where the platform does not tell which: comments and replies in one row.
    `hidden`: the platform says that it is hidden from others; None where it does not tell.
    """

    hidden: bool | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Post(Writing):
    """A post with its comments, each before the replies to it.

    `comments` is None where the source has none to tell of (an export without them), and empty
    where there were none. `comments_announced` is the number that the source itself tells.
    """

    platform: str
    account: str | None
    """The handle under which it was published."""
    pinned: bool | None
    repost_of: str | None
    """The address of the post that it shares."""
    comments_announced: int | None
    comments: tuple[Comment, ...] | None


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class PostsFile:
    """The whole of `data/posts.json`."""

    form: Literal["https://insyn.invalid/schemas/posts-1.json"]
    posts: tuple[Post, ...]


_FILE = TypeAdapter(PostsFile)


def posts_to_json(posts: tuple[Post, ...]) -> bytes:
    """`data/posts.json` of posts: UTF-8, indented, always the same bytes for the same posts."""
    return _FILE.dump_json(PostsFile(form=SCHEMA, posts=posts), indent=2) + b"\n"


def posts_from_json(data: bytes) -> tuple[Post, ...]:
    """What `posts_to_json` wrote.

    Raises:
        Malformed: it is not of the form; every fault is told with its place.
    """
    try:
        return _FILE.validate_json(data).posts
    except ValidationError as error:
        raise Malformed.by(error, f"This is no {POSTS_PART}") from error


def posts_schema() -> dict[str, JsonValue]:
    """The form as JSON Schema 2020-12: what docs/posts.schema.json holds."""
    schema: dict[str, JsonValue] = _FILE.json_schema(mode="serialization")
    head: dict[str, JsonValue] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
    }
    return head | schema
