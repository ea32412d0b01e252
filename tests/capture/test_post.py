"""Posts as data: the form that every leg writes and every reader can check."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from capture.post import (
    Author,
    Comment,
    Direction,
    Media,
    MediaKind,
    Moment,
    Post,
    Precision,
    Reaction,
    TimeSource,
    posts_from_json,
    posts_to_json,
)
from storage.errors import Malformed

SCHEMA = Path(__file__).parents[2] / "docs" / "posts.schema.json"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
UNKNOWN = Moment(at=None, source=None, precision=None, shown=None)

COMMENT = Comment(
    id="c1",
    permalink=None,
    author=Author(handle=None, name="Besökare"),
    direction=Direction.OTHER,
    text="Hur söker man?",
    published=Moment(at=None, source=None, precision=None, shown="nyss"),
    edited=None,
    was_edited=None,
    parent="p1",
    reactions=None,
    links=(),
    media=None,
    hidden=False,
)
POST = Post(
    id="p1",
    permalink="https://torget.example/@ki/p/p1",
    author=Author(handle="ki", name="KI"),
    direction=Direction.OWN,
    text="Ny kurs i höst ❤",
    published=Moment(
        at=AT, source=TimeSource.ATTRIBUTE, precision=Precision.SECOND, shown="3 dagar"
    ),
    edited=UNKNOWN,
    was_edited=True,
    parent=None,
    reactions=(Reaction(name="like", count=12),),
    links=("https://ki.se",),
    media=(
        Media(
            kind=MediaKind.IMAGE, url=None, alt="", media_type=None, sha256=None, omitted="too big"
        ),
    ),
    platform="torget",
    account="ki",
    pinned=None,
    repost_of=None,
    comments_announced=3,
    comments=(COMMENT,),
)


def test_posts_read_back_are_the_posts_that_were_written() -> None:
    """R11: text, author, time and parent are data; what is unknown stays unknown."""
    written = posts_to_json((POST, replace(POST, id="p2", comments=None)))
    assert posts_from_json(written) == (POST, replace(POST, id="p2", comments=None))


def test_the_published_schema_takes_what_is_written_and_refuses_the_rest() -> None:
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    written = json.loads(posts_to_json((POST,)))
    schema.validate(written)
    written["posts"][0]["comments"][0]["direction"] = "sideways"
    assert not schema.is_valid(written)


def test_a_file_of_another_form_is_told_with_every_fault() -> None:
    written = json.loads(posts_to_json((POST,)))
    del written["posts"][0]["author"]
    written["posts"][0]["published"]["at"] = "2026-11-20T09:30:00"  # whose clock?
    with pytest.raises(Malformed) as told:
        posts_from_json(json.dumps(written).encode())
    assert "posts.0.author" in str(told.value)
    assert "posts.0.published.at" in str(told.value)
