"""Politeness: one pace for a site, whoever asks; a pause that it asks for is kept."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from accounts.model import Account, PlatformId
from capture.due_looks import looks_wanted
from capture.feed_finding import find_posts
from capture.legs.manners import LegManners
from capture.legs.ways import read_legs
from capture.post_batch import look_at_posts
from capture.post_look import Looked, Request
from capture.turns import PATIENCE_SECONDS, Turns
from examples.platform.server import Platform
from storage.archive import Archive
from storage.people import service
from storage.query import Query
from storage.record import Reason
from storage.settings import Settings

SITE = "https://torget.example/@ki"


def paced(home: Path, seconds: float) -> Settings:
    return replace(Settings.from_environment({}), home=home, post_pace_seconds=seconds)


def test_turns_of_many_at_one_site_lie_a_pace_apart(tmp_path: Path) -> None:
    """Each stands for a process: what they share is the file."""
    with ThreadPoolExecutor(8) as pool:
        turns = [Turns(paced(tmp_path, 9), SITE) for _ in range(8)]
        began = time.time()
        waits = sorted(pool.map(lambda turn: turn._reserve() + time.time() - began, turns))
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert all(5.9 < gap < 12.1 for gap in gaps), gaps
    assert Turns(paced(tmp_path, 9), "https://annan.example/")._reserve() == 0


def test_a_pause_holds_for_everybody_and_a_long_one_is_not_waited_for(tmp_path: Path) -> None:
    turns = Turns(paced(tmp_path, 0), SITE)
    turns.postpone(PATIENCE_SECONDS + 60)
    wait = asyncio.run(Turns(paced(tmp_path, 0), SITE).take())
    assert wait is not None
    assert wait > PATIENCE_SECONDS
    turns.postpone(1)  # a shorter one takes nothing back
    assert turns._reserve() > PATIENCE_SECONDS


@pytest.mark.parametrize("written", ["", "nonsense", "1e30", "-5", "nan"])
def test_a_moment_that_cannot_be_is_none(tmp_path: Path, written: str) -> None:
    turns = Turns(paced(tmp_path, 0), SITE)
    turns.postpone(60)
    (tmp_path / "turns" / "torget.example").write_text(written)
    assert turns._reserve() == 0


def test_a_short_pause_is_waited_for_and_a_long_one_ends_the_batch(
    platform: Platform, settings: Settings, account_on: Callable[[str], Account], tmp_path: Path
) -> None:
    """R9: what was waited for is no gap; what is left is looked at another time, no post twice."""
    account = account_on("ki_notiser")
    calm = replace(settings, post_pace_seconds=0, home=tmp_path)
    (tmp_path / "secrets").symlink_to(settings.home / "secrets")
    request = Request(account=account, reason=Reason.POSTS, ordered_by="schedule", note="")
    with Archive.open(calm) as archive:
        feed = find_posts(account, settings=calm, archive=archive)
        looks = looks_wanted([], feed, account, calm, date(2026, 11, 24))[:3]

        def look() -> list[Looked]:
            return look_at_posts(
                looks, request, settings=calm, archive=archive, actor=service("post_capture")
            )

        platform.limit("ki_notiser", 1, 2)
        asked = len(platform.log)
        looks, rest = looks[:1], looks[1:]
        assert [one.outcome for one in look()] == ["captured"]
        own = [
            one for one in platform.log[asked:] if "/p/" in one.path and one.status in (200, 429)
        ]
        assert [one.status for one in own][:2] == [429, 200]
        assert archive.gaps() == []

        platform.limit("ki_notiser", 1, PATIENCE_SECONDS + 30)
        looks = rest
        [cut] = look()
        assert (cut.outcome, cut.retry_after_s) == ("rate_limited", PATIENCE_SECONDS + 30)
        asked = len(platform.log)
        [still] = look()
        assert still.outcome == "rate_limited"
        assert still.retry_after_s is not None
        assert PATIENCE_SECONDS < still.retry_after_s <= PATIENCE_SECONDS + 30
        assert len(platform.log) == asked
        assert (
            find_posts(account, settings=calm, archive=archive).judgement.verdict == "rate_limited"
        )
        assert len(platform.log) == asked
        assert archive.count(Query()) == 1


def test_a_leg_waits_for_the_turns_of_its_site_and_obeys_its_robots(
    platform: Platform, account_on: Callable[[str], Account], tmp_path: Path
) -> None:
    """What a visit to a page postponed, a leg does not ask; nor what robots are kept from."""
    site = replace(paced(tmp_path, 0), allow_private=True)
    account = replace(account_on("ki_notiser"), platform=PlatformId("generic"))
    asked = len(platform.log)
    platform.robots = "User-agent: insyn\nDisallow: /@ki_notiser"
    try:
        [kept_out] = read_legs(account, site, most_pages=1)
    finally:
        platform.robots = None
    assert (kept_out.stopped_by, "asks robots not to visit" in kept_out.evidence) == (
        "refused",
        True,
    )
    assert [one.path for one in platform.log[asked:]] == ["/robots.txt"]
    Turns(site, account.url).postpone(PATIENCE_SECONDS + 60)
    asked = len(platform.log)
    [paused] = read_legs(account, site, most_pages=1)
    assert (paused.stopped_by, paused.pages) == ("rate_limited", 0)
    assert [one.path for one in platform.log[asked:]] == ["/robots.txt"]


def test_a_pause_that_an_interface_asks_for_holds_for_pages_too(tmp_path: Path) -> None:
    site = paced(tmp_path, 0)
    LegManners(site, robots=False).postpone(SITE, PATIENCE_SECONDS + 60)
    assert asyncio.run(Turns(site, f"{SITE}/p/1").take()) is not None
