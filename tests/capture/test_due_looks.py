"""Which looks are due after a walk: at what is new, missing or back, and tried before. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from accounts import read_register
from accounts.model import AccountId
from capture.due_looks import looks_wanted, tried_last
from capture.feed import FeedSeen, FoundPost, not_seen
from capture.post_look import Look
from capture.refusal import Stopped
from capture.walls import unreachable
from storage.posts import KnownPost
from storage.record import RecordId
from storage.settings import Settings
from tests.desk.conftest import REGISTER

SITE = "http://127.0.0.1:8460"
ON = date(2026, 3, 20)
SETTINGS = replace(Settings.from_environment({}), post_looks=(1,))
[KI] = [one for one in read_register(REGISTER).accounts if one.id == "ki"]


def _day(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def known(number: int, *, seen: int = 10, gone: bool = False) -> KnownPost:
    """The post of that day of March, first captured on it and last seen on the tenth or later."""
    return KnownPost(
        account=AccountId("ki"),
        post=f"torget:{number}",
        record_id=RecordId("r"),
        digest="d",
        url=f"{SITE}/{number}",
        published_on=f"2026-03-{number:02}",
        first_at=_day(number),
        seen_at=_day(max(seen, number + 1)),
        gone_at=_day(19) if gone else None,
    )


def walked(numbers: Sequence[int], stopped_by: str = "known") -> FeedSeen:
    posts = tuple(
        FoundPost(post=f"torget:{n}", url=f"{SITE}/{n}", published_at=_day(n), shared=False)
        for n in numbers
    )
    return FeedSeen(posts=posts, stopped_by=stopped_by, refusal=None)


def wanted(posts: Sequence[KnownPost], feed: FeedSeen) -> list[tuple[str, str]]:
    return [(one.post, one.again) for one in looks_wanted(posts, feed, KI, SETTINGS, ON)]


MISSING = f"missing-{ON}"


@pytest.mark.parametrize(
    ("met", "stopped_by", "missing"),
    [
        ((9, 7, 6), "known", [8]),  # what lies below the last that was met says nothing
        ((9, 8, 7), "known", []),
        ((9, 7, 6, 5), "end", [4, 8]),  # to its end: the oldest is missing too
        ((9, 8), "end", []),  # less than half: a window on the newest
        ((9, 7), "posts", [8]),
        ((), "time", []),
    ],
)
def test_what_a_walk_must_have_met_and_did_not_is_looked_for(
    met: tuple[int, ...], stopped_by: str, missing: list[int]
) -> None:
    posts = [known(number) for number in range(4, 10)]
    told = wanted(posts, walked(met, stopped_by))
    assert told == [(f"torget:{number}", MISSING) for number in missing]


def test_what_is_there_though_the_feed_does_not_show_it_is_asked_for_once_a_week() -> None:
    feed = walked((9, 7, 6))
    for seen in (14, 19, 20):
        assert wanted([known(n, seen=seen) for n in range(5, 10)], feed) == []
    assert wanted([known(n, seen=13) for n in range(5, 10)], feed) == [("torget:8", MISSING)]


def test_a_post_that_stands_in_the_feed_again_is_back_and_a_new_one_is_first() -> None:
    posts = [known(8, gone=True), known(7)]
    assert wanted(posts, walked((9, 8, 7))) == [("torget:9", ""), ("torget:8", f"back-{ON}")]


def test_a_new_post_at_another_site_is_not_visited() -> None:
    """RULES R13."""
    elsewhere = FoundPost(
        post="torget:9", url="https://annan.example/9", published_at=None, shared=False
    )
    assert wanted([], replace(walked(()), posts=(elsewhere,))) == []


def test_behind_a_wall_nothing_is_missing_and_what_is_due_is_due() -> None:
    feed = not_seen(Stopped(unreachable("no response")).refusal(SITE))
    due = replace(known(4), first_at=_day(4), seen_at=_day(4))
    assert wanted([known(8), due], feed) == [("torget:4", "2026-03-05")]


def test_what_came_to_a_wall_before_bars_no_other() -> None:
    looks = [
        Look(post=post, url="", again=again, always=False, planned_at=_day(1))
        for post, again in (("torget:1", ""), ("torget:2", ""), ("torget:3", "2026-03-05"))
    ]
    told = tried_last(looks, {"torget:1", "torget:3/2026-03-05", "torget:2/other"})
    assert [one.post for one in told] == ["torget:2", "torget:1", "torget:3"]
