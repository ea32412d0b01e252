"""A crawl that is killed, in programs of its own: `make bench` does so with 300 posts."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from examples.bench_posts import crawl, crawling, decide
from examples.score_posts import score
from storage.archive import Archive
from storage.settings import Settings


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_crawl_that_is_killed_ends_with_every_post_once(running_store: Settings) -> None:
    """R12: killed (-9) twice on its way through five posts, it goes on at the next; all is true."""
    with crawling(running_store, "ki_notiser") as (settings, platform):
        told = crawl(settings, platform, total=5, kills=2)
        assert (told.kills, told.records, told.posts) == (2, 5, 5)
        truth = platform.truth("ki_notiser")
        with Archive.open(settings) as archive:
            posts = {f"torget:{post['id']}" for post in truth["posts"]}
            assert {known.post for known in archive.posts.known("ki-forskning")} == posts
            for one in score(archive, "ki_notiser", truth, pictures=5):
                assert one.true == one.captured == one.right > 0, one
            _what_is_wrong_is_scored_as_wrong(archive, truth)
            assert [fault for _, faults in archive.verify_all() for fault in faults] == []


def _changed(*path: object, to: object) -> Callable[[dict[str, Any]], None]:
    """A change of one fact of the truth's first post with a dialogue."""

    def change(truth: dict[str, Any]) -> None:
        at: Any = next(post for post in truth["posts"] if len(post["dialogue"]) > 3)
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to

    return change


WRONG: dict[str, tuple[Callable[[dict[str, Any]], None], ...]] = {
    "posts": (
        _changed("text", to="Något annat"),
        _changed("at", to="2026-01-01T00:00:00+00:00"),
        _changed("image_sha256", to="0" * 64),
        lambda truth: truth["posts"].pop(),
        lambda truth: truth["posts"].append({**truth["posts"][0], "id": "new", "dialogue": []}),
    ),
    "comments": (
        lambda truth: truth["posts"][0]["dialogue"].pop(),
        lambda truth: truth["posts"][0]["dialogue"].append(
            {**truth["posts"][0]["dialogue"][0], "id": "new"}
        ),
    ),
    "author": (
        _changed("dialogue", 0, "author", to="En annan"),
        _changed("dialogue", 0, "handle", to="en.annan"),
    ),
    "at": (_changed("dialogue", 1, "at", to="2026-01-01T00:00:00+00:00"),),
    "parent": (_changed("dialogue", 2, "parent", to="nobody"),),
    "text": (_changed("dialogue", 3, "text", to="Något annat"),),
    "pictures": (_changed("colour", to="#010203"),),
}
"""By what must be scored wrong: how the truth is made another than what was captured."""


def _what_is_wrong_is_scored_as_wrong(archive: Archive, truth: dict[str, Any]) -> None:
    """Each kind by its own fault; neither recall nor precision is 1.0 by itself."""
    for kind, faults in WRONG.items():
        for spoil in faults:
            spoilt = deepcopy(truth)
            spoil(spoilt)
            [one] = [s for s in score(archive, "ki_notiser", spoilt, 5) if s.kind == kind]
            assert min(one.recall, one.precision) < 1, one


@pytest.mark.slow
def test_a_walk_past_known_posts_ends_at_the_feeds_end_and_the_next_at_its_beginning(
    running_store: Settings,
) -> None:
    """What `make bench` times with 10,000 known posts: nothing is to be looked at."""
    first, later = decide(running_store, known=90, walked=70)
    assert (first.met, first.ended_by) == (70, "end")
    assert (later.met, later.ended_by) == (30, "known")
