"""From the order to the player: what the archive gives back is what a reader sees."""

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page as Shown

from accounts import read_register
from capture.recipe import load_recipes
from capture.session import Captured, capture_profile
from capture.visit import Visit, visit
from examples.platform.bench.truth import PAGES
from examples.platform.server import Platform
from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import service
from storage.record import Order, OrderId, Reason, utc_now
from storage.settings import Settings
from tests.replay.browser import page_offline
from tests.replay.test_replay import read_down, shown

REGISTER = Path(__file__).parents[2] / "examples" / "karolinska" / "accounts.toml"
POSITIONS = 5
"""Places down the page at which what is replayed is held against what was there."""
SEEN = 8
"""Levels of 256 by which a channel differs before anyone could see it."""
CORNER = 46
"""Pixels of a window (0.005 %) that may differ all the same: a rounded corner is not smoothed alike
each time that Chromium paints it. A small icon that is missing has five times as many."""


def looks(page: Shown) -> list[Image.Image]:
    """What a reader sees at each position, once the whole page has been read."""
    read_down(page)
    reach = page.evaluate("() => document.documentElement.scrollHeight - window.innerHeight")
    seen = []
    for step in range(POSITIONS):
        page.evaluate("y => window.scrollTo(0, y)", reach * step // (POSITIONS - 1))
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        taken = page.screenshot(animations="disabled")
        seen.append(Image.open(io.BytesIO(taken)).convert("RGB"))
    return seen


def differing(one: Image.Image, other: Image.Image) -> int:
    """How many pixels of two pictures can be seen to differ."""
    levels = ImageChops.difference(one, other).point(lambda level: 255 * (level > SEEN))
    return sum(levels.convert("L").point(lambda level: 255 * (level > 0)).histogram()[1:])


@pytest.mark.slow
def test_a_record_from_the_archive_replays_when_the_platform_is_gone(
    settings: Settings, tmp_path: Path
) -> None:
    """C27: ordered, captured, deposited, fetched; read with the platform stopped: 0.00 % of the
    pixels differ from the living page at five places.
    """
    [registered] = [a for a in read_register(REGISTER).accounts if a.id == "ki-forskning"]
    wacz = tmp_path / "capture.wacz"
    with Archive.open(settings) as archive:
        with Platform() as platform:
            account = replace(registered, url=f"{platform.url}/@{registered.handle}")
            order = Order(
                order_id=OrderId("replay"),
                account=account.id,
                reason=Reason.HALF_YEAR,
                ordered_by="test",
                note="",
                ordered_at=utc_now(),
            )
            outcome = capture_profile(
                order, account, settings=settings, archive=archive, actor=service("test")
            )
            with page_offline() as page:
                page.goto(account.url, wait_until="load")
                living = looks(page)
        assert isinstance(outcome, Captured)
        record = outcome.record
        said = archive.manifest(record).description
        posts = json.loads(archive.read_part(record, "data/posts.json"))["posts"]
        archive.download(record, wacz)
    with shown(wacz, said.final_url, record.captured_at) as seen:
        replayed = looks(seen.page)
        assert str(said.facts["name"]) in seen.text
        assert str(said.facts["bio"]).split("\n", maxsplit=1)[0] in seen.text
        assert seen.page.locator("article").count() == len(posts) > 0
        assert len(seen.images) > len(posts) // 2
        assert 0 not in seen.images.values(), seen.images
        assert seen.elsewhere == []
    assert len({picture.tobytes() for picture in living}) == POSITIONS
    pairs = zip(living, replayed, strict=True)
    counts = [differing(a, b) for a, b in pairs]
    assert max(counts) <= CORNER, counts
    assert differing(living[0], living[1]) > CORNER


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_feed_that_drops_its_posts_replays_with_all_of_them(tmp_path: Path) -> None:
    """C27, C31: in a player too each of the 80 posts is met on the way down, and its pictures."""
    settings = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
    parts, at, page = tmp_path / "parts", utc_now(), PAGES["virtual"]
    with Platform() as platform:
        url = platform.url + page.path
        recipe = load_recipes().recipe_for("generic")
        visited = asyncio.run(visit(url, recipe, settings, parts))
        assert isinstance(visited, Visit), visited
        with page_offline() as window:
            window.goto(url, wait_until="load")
            living, posts = looks(window), met(window)
    wacz = tmp_path / "capture.wacz"
    write_package(parts, wacz, page=Page(url=url, title="", at=at), software="insyn test")
    with shown(wacz, url, at) as seen:
        replayed = looks(seen.page)
        assert met(seen.page) == posts
        assert seen.elsewhere == []
    assert len(posts) == len(page.posts)
    counts = [differing(a, b) for a, b in zip(living, replayed, strict=True)]
    assert max(counts) <= CORNER, counts
    assert len({picture.tobytes() for picture in living}) == POSITIONS


_PICTURES = """() => [...document.images].filter(image => !image.hidden)
  .every(image => image.naturalWidth)"""


def met(page: Shown) -> set[str]:
    """What the posts say that a reader meets on the way down; their pictures are there."""
    posts: set[str] = set()
    window, height = page.evaluate("() => [innerHeight, document.documentElement.scrollHeight]")
    for top in range(0, height, window * 4 // 5):
        page.evaluate("y => window.scrollTo(0, y)", top)
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        page.wait_for_timeout(50)
        assert page.evaluate(_PICTURES)
        posts |= set(page.locator("article").all_inner_texts())
    return posts
