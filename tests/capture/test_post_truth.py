"""What is captured of the accounts of many posts is what is there, on the first day and the second.

Each feed is walked whole; of the two long ones four posts are captured, those in which the most
happens: one with as many comments as there can be, one that is edited, one that is deleted, one
with a comment that is hidden. `make bench` scores every post.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.model import Account
from capture.feed_finding import find_posts
from capture.post_batch import look_at_posts
from capture.post_look import Look, Request
from examples.platform.feeds import MOST_COMMENTS
from examples.platform.server import Platform
from examples.score_posts import score
from storage.archive import Archive
from storage.people import service
from storage.record import Reason, utc_now
from storage.settings import Settings

ACTOR = service("post_capture")
SAMPLE = (0, 1, 2, 7)
"""Places in the feed on the first day."""


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("handle", "posts", "places"),
    [
        ("ki_flode", 300, SAMPLE),
        ("ki_kurser", 40, SAMPLE),
        ("ki_notiser", 5, range(5)),
    ],
)
def test_what_is_captured_is_what_is_there(  # noqa: PLR0917  # fixtures
    platform: Platform,
    settings: Settings,
    account_on: Callable[[str], Account],
    handle: str,
    posts: int,
    places: tuple[int, ...],
) -> None:
    """R10, R11: recall and precision 1.0 of posts, comments, authors, times, parents, pictures.

    Over two days: comments come, are edited, hidden, deleted; posts are edited and deleted.
    """
    account, quick = account_on(handle), replace(settings, post_pace_seconds=0)
    truth = platform.truth(handle)["posts"]
    assert len(truth) == posts
    sample = {truth[place]["id"] for place in places}

    def of_sample() -> dict[str, Any]:
        there = platform.truth(handle)["posts"]
        return {"posts": [post for post in there if post["id"] in sample]}

    def look(archive: Archive, again: str) -> set[str]:
        request = Request(account=account, reason=Reason.POSTS, ordered_by="schedule", note="")
        looks = [_look(platform.url, handle, name, again) for name in sorted(sample)]
        done = look_at_posts(looks, request, settings=quick, archive=archive, actor=ACTOR)
        _all_is_right(archive, handle, of_sample())
        return {one.outcome for one in done}

    _much_happens(truth[0]["dialogue"])
    try:
        with Archive.open(quick) as archive:
            feed = find_posts(account, settings=quick, archive=archive)
            assert [one.post for one in feed.posts] == [f"torget:{post['id']}" for post in truth]
            assert look(archive, "") == {"captured"}
            platform.go_to(1)
            assert {"changed", "gone"} <= look(archive, "next-day")
            assert sum(bool(each["edited"]) for each in of_sample()["posts"]) == 1
            [most] = [each for each in of_sample()["posts"] if each["id"] == truth[0]["id"]]
            before = {each["id"] for each in truth[0]["dialogue"]}
            after = {each["id"] for each in most["dialogue"]}
            assert before - after
            assert after - before
            assert any(each["edited"] for each in most["dialogue"])
            said = [each for post in of_sample()["posts"] for each in post["dialogue"]]
            assert any(each["hidden"] for each in said)
    finally:
        platform.go_to(0)


def _much_happens(dialogue: list[dict[str, Any]]) -> None:
    """As many comments as there can be, and answers to answers."""
    assert len(dialogue) == MOST_COMMENTS
    parents = {each["id"]: each["parent"] for each in dialogue}
    assert any(parents.get(parent) for parent in parents.values())


def _look(site: str, handle: str, name: str, again: str) -> Look:
    url = f"{site}/@{handle}/p/{name}"
    return Look(post=f"torget:{name}", url=url, again=again, always=False, planned_at=utc_now())


def _all_is_right(archive: Archive, handle: str, truth: dict[str, Any]) -> None:
    scored = score(archive, handle, truth, pictures=9)
    assert {one.kind for one in scored} >= {"posts", "comments", "author", "at", "parent", "text"}
    for one in scored:
        assert (one.recall, one.precision) == (1.0, 1.0), one
        assert one.true == one.captured == one.right > 0, one
