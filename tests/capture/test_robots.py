"""What a site of its own asks of robots is obeyed before its posts are looked at (RFC 9309)."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.model import Account
from capture.feed_finding import find_posts
from capture.recipe import load_recipes
from capture.robots import read_robots
from examples.platform.server import Platform
from storage.archive import Archive
from storage.settings import Settings

RECIPES = Path(__file__).parents[2] / "capture" / "recipes"
RULES = """
User-agent: *
Disallow: /*/p/
Allow: /*/p/*-oppen$
Crawl-delay: 4

User-agent: ondrobot
Disallow: /
"""


@pytest.fixture
def asking(platform: Platform) -> Iterator[Platform]:
    platform.robots = RULES
    yield platform
    platform.robots = None


def test_rules_are_read_as_the_standard_has_them(asking: Platform, settings: Settings) -> None:
    """Wildcards, the end of an address, the longest rule, the pace."""
    robots = read_robots(settings, f"{asking.url}/@ki")
    judged = {
        path: robots.judge(asking.url + path).verdict
        for path in ("/@ki", "/@ki/p/1", "/@ki/p/1-oppen", "/@ki/p/1-oppen-ej")
    }
    assert judged == {
        "/@ki": "ok",
        "/@ki/p/1": "bot_wall",
        "/@ki/p/1-oppen": "ok",
        "/@ki/p/1-oppen-ej": "bot_wall",
    }
    assert robots.pace_seconds == 4
    [why] = robots.judge(f"{asking.url}/@ki/p/1").evidence
    assert why == f"{asking.url}/robots.txt asks robots not to visit {asking.url}/@ki/p/1"


def test_without_a_file_everything_may_be_visited(platform: Platform, settings: Settings) -> None:
    assert read_robots(settings, platform.url).judge(f"{platform.url}/@ki/p/1").verdict == "ok"


def test_a_site_that_cannot_be_asked_is_left_alone(settings: Settings) -> None:
    judged = read_robots(settings, "http://127.0.0.1:9/").judge("http://127.0.0.1:9/")
    assert judged.verdict == "bot_wall"
    assert "could not be asked" in judged.evidence[0]


def test_the_walk_of_such_a_site_obeys_and_that_of_a_platform_does_not_ask(
    asking: Platform, settings: Settings, account_on: Callable[[str], Account], tmp_path: Path
) -> None:
    shutil.copytree(RECIPES, tmp_path / "recipes")
    recipe = tmp_path / "recipes" / "torget.toml"
    recipe.write_text(recipe.read_text().replace("\nlandmark", "\nrobots = true\nlandmark", 1))
    site = replace(settings, recipes=tmp_path / "recipes", post_pace_seconds=0)
    assert load_recipes(site.recipes).recipe_for("torget").robots
    asking.robots = "User-agent: insyn\nDisallow: /@ki_notiser"
    account = account_on("ki_notiser")
    with Archive.open(site) as archive:
        asked = len(asking.log)
        seen = find_posts(account, settings=site, archive=archive)
        assert (seen.judgement.verdict, seen.posts) == ("bot_wall", ())
        assert [entry.path for entry in asking.log[asked:]] == ["/robots.txt"]
        platform = replace(settings, post_pace_seconds=0)
        assert find_posts(account, settings=platform, archive=archive).judgement.verdict == "ok"
        assert [entry.path for entry in asking.log[asked:]].count("/robots.txt") == 1
