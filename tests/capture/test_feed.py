"""The walk of a feed: whole where posts leave the page, and further each time where it is cut."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.model import Account
from capture.feed import Familiar, FeedSeen, walk_feed
from capture.post_visit import post_visitor
from capture.recipe import load_recipes
from examples.platform.bench.truth import PAGES
from examples.platform.server import Platform
from storage.settings import Settings

BENCH = """platform = "torget"
landmark = ".feed"

[tried]
live = true
on = 2026-11-23
how = "on the bench itself"

[posts]
each = "article.post"
link = "a.when"
time = "time[datetime]"
text = "p"

[post_page]
landmark = "main"

[post_page.post]
each = "article.post"
link = "a.when"
time = "time[datetime]"
text = "p"
"""
NOTHING = Familiar(settled=(), passed=())


@pytest.fixture
def walk(platform: Platform, account_on: Callable[[str], Account], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Walks a page of the bench, of which nothing is known."""
    (tmp_path / "torget.toml").write_text(BENCH, "utf-8")
    settings = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})

    def walked(name: str, familiar: Familiar = NOTHING, **limits: int) -> FeedSeen:
        mine = replace(settings, recipes=tmp_path, home=tmp_path, **limits)
        recipe = load_recipes(mine.recipes).recipe_for("torget")
        account = replace(account_on(name), url=f"{platform.url}/bench/{name}")

        async def see() -> FeedSeen:
            async with post_visitor(account, recipe, mine) as visitor:
                return await walk_feed(visitor, familiar)

        return asyncio.run(see())

    return walked


def keys(feed: FeedSeen) -> list[str]:
    return [one.post.rpartition("/")[2] for one in feed.posts]


@pytest.mark.parametrize("name", ["virtual", "virtual-inner", "feed"])
def test_every_post_is_met_in_its_order_though_posts_leave_the_page(
    walk: Callable[..., FeedSeen], name: str
) -> None:
    """CAPTURE: a feed that unmounts, an inner box that scrolls, and one that only grows."""
    feed = walk(name)
    assert (keys(feed), feed.stopped_by) == ([post.id for post in PAGES[name].posts], "end")


@pytest.mark.parametrize(
    ("limit", "why"), [({"walk_posts": 20}, "posts"), ({"walk_seconds": 1}, "time")]
)
def test_a_walk_that_is_cut_goes_on_below_the_next_time_until_the_end(
    walk: Callable[..., FeedSeen], limit: dict[str, int], why: str
) -> None:
    """What is known counts against no limit: each walk gets further, the last to the end."""
    truth = [post.id for post in PAGES["feed"].posts]
    reached: list[int] = []
    feed = walk("feed", **limit)
    while feed.cut:
        assert feed.stopped_by == why
        assert keys(feed) == truth[: len(feed.posts)]
        reached.append(len(feed.posts))
        assert len(reached) < 9
        feed = walk("feed", Familiar(settled=(), passed=feed.keys), **limit)
    assert (keys(feed), feed.stopped_by) == (truth, "end")
    assert reached
    assert reached == sorted(set(reached))


def test_posts_below_which_nothing_is_lacking_end_a_walk_and_others_do_not(
    walk: Callable[..., FeedSeen],
) -> None:
    """A dozen in a row: pinned posts and late ones stand among new ones."""
    truth = [one.post for one in walk("feed").posts]
    settled = {*truth[3:9], *truth[10:30]}
    feed = walk("feed", Familiar(settled=settled, passed=settled))
    assert (feed.stopped_by, len(feed.posts)) == ("known", 24)


@pytest.mark.parametrize("name", ["wall-login", "wall-bot-200", "wall-blank", "consent-forced"])
def test_a_wall_before_the_feed_is_told_with_a_picture_of_it(
    walk: Callable[..., FeedSeen], name: str
) -> None:
    """RULES R9: the verdict with its evidence, and what stood there."""
    feed = walk(name)
    verdict = {"wall-blank": "blank", "consent-forced": "consent_wall"}.get(name, "")
    assert feed.judgement.verdict == (verdict or PAGES[name].verdict)
    assert (feed.posts, feed.stopped_by) == ((), "wall")
    assert feed.judgement.evidence
    assert feed.refusal is not None
    assert (feed.refusal.picture or b"").startswith(b"\x89PNG")
