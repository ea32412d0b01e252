"""What a look at a post must show, and where its recipe has grown old."""

from dataclasses import replace
from typing import Any

import pytest

from capture.dialogue import Opened, Seen
from capture.post_completeness import drifted, is_whole, lacks
from capture.post_reading import read_post
from capture.recipe import load_recipes
from storage.record import utc_now
from storage.settings import Settings

_SAID: dict[str, Any] = {
    "id": "p", "permalink": None, "name": "KI", "handle": None, "by": None, "text": "Hej",
    "cut": False, "at": "2026-03-01T08:00:00Z", "at_shown": "i går", "at_told": None,
    "edited": None, "shared": None, "pinned": None, "reactions": None, "links": (), "media": None,
    "parent": None, "hidden": False,
}  # fmt: skip
OPENED = Opened(pressed=0, rounds=0, folded=0, elsewhere=0, stopped_by="end")
FIELDS = load_recipes().recipe_for("torget").post_page


def _seen(post: dict[str, Any], *comments: dict[str, Any], announced: int | None = None) -> Seen:
    said = tuple({**_SAID, "id": str(n), **one} for n, one in enumerate(comments))
    return Seen(post={**_SAID, **post}, comments=said, announced=announced, counted=True)


@pytest.mark.parametrize(
    ("announced", "shown", "stopped", "lack"),
    [
        (10, 8, "end", ""),
        (10, 7, "short", "7 of 10 comments shown (short); at least 80 % are asked for"),
        (37, 0, "dead", "0 of 37 comments shown (dead); at least 80 % are asked for"),
        (10, 2, "comments", ""),
        (10, 2, "time", "2 of 10 comments shown (time); at least 80 % are asked for"),
        (2, 9, "end", ""),
        (0, 0, "end", ""),
        (None, 0, "end", ""),
    ],
)
def test_a_look_below_the_floor_of_comments_says_what_it_lacks(
    announced: int | None, shown: int, stopped: str, lack: str
) -> None:
    """INSYN_FLOOR_COMMENTS: of those announced; what is hidden is shown, a cap is stated."""
    settings = replace(Settings.from_environment({}), floor_comments=80)
    seen = _seen({}, *[{"hidden": n < 2} for n in range(shown)], announced=announced)
    opened = replace(OPENED, stopped_by=stopped)
    assert lacks(seen, opened, settings) == ((lack,) if lack else ())
    assert not lacks(seen, opened, replace(settings, floor_comments=0))


@pytest.mark.parametrize(
    ("post", "comments", "announced", "fields"),
    [
        ({}, [{}], 1, []),
        ({"name": None}, [], 0, ["post.author"]),
        ({"at": None, "at_shown": None}, [], 0, ["post.time"]),
        ({"text": None}, [], 0, ["post.text"]),
        ({}, [], 37, ["comments.each"]),
        ({}, [{"name": None, "text": None}], 1, ["comments.author", "comments.text"]),
        ({}, [{"name": None}, {}], 2, []),
        ({}, [{"name": None, "text": None, "hidden": True}], 1, []),
    ],
)
def test_a_selector_that_matches_nothing_where_it_must_is_drift(
    post: dict[str, Any], comments: list[dict[str, Any]], announced: int, fields: list[str]
) -> None:
    """Author, time, text or comments: the recipe has grown old, and it is told, not silent."""
    assert FIELDS is not None
    seen = _seen(post, *comments, announced=announced)
    read = read_post(seen, platform="torget", account="ki", owner="", url="", at=utc_now())
    assert [one.field for one in drifted(seen, read, FIELDS)] == [
        f"post_page.{field}" for field in fields
    ]


@pytest.mark.parametrize(
    ("numbers", "whole"),
    [
        ({}, True),
        ({"comments_announced": None}, True),
        ({"comments_shown": 2}, False),
        ({"dialogue_stopped_by": "comments"}, False),
        ({"texts_cut": 1}, False),
    ],
)
def test_a_look_is_whole_when_it_went_to_the_end(numbers: dict[str, Any], whole: bool) -> None:
    end = {"comments_announced": 3, "comments_shown": 3, "texts_cut": 0}
    assert is_whole({**end, "dialogue_stopped_by": "end", **numbers}) is whole
