"""Each platform's recipe on pages of our own: landmark, facts, posts, consent, wall and gone."""

import pytest

from capture.browser import DESKTOP, Page, open_page
from capture.consent import decline_offer, refuse_consent
from capture.extract import extract
from capture.recipe import BUILT_IN, load_recipes
from capture.walls import OK, Judgement, judge, observe
from tests.capture.conftest import Stage
from tests.capture.platforms.pages import PLATFORMS, Pages

RECIPES = load_recipes()


def test_every_platform_has_pages() -> None:
    own = {"torget", "generic"}
    assert {path.stem for path in BUILT_IN.glob("*.toml")} - own == set(PLATFORMS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_recipe_reads_its_profile_and_knows_what_is_none(stage: Stage, platform: str) -> None:
    """CAPTURE: judged by landmarks, redirects and signs; consent refused in the platform's way."""
    recipe, pages = RECIPES.recipe_for(platform), PLATFORMS[platform]
    assert recipe.platform == platform
    stage.site.page("/profile", pages.profile + pages.consent)
    stage.site.page("/gone", pages.gone)
    wall = pages.wall if pages.wall.startswith("/") else "/wall"
    stage.site.page(wall, "" if wall == pages.wall else pages.wall)

    async def judged(page: Page, asked: str, ended: str) -> Judgement:
        await page.goto(f"{stage.site.url}{ended}", wait_until="load")
        seen = await observe(page, recipe, f"{stage.site.url}{asked}", 200, {})
        return judge(seen, recipe)

    async def visit() -> None:
        async with open_page(stage.browser, DESKTOP) as page:
            assert await judged(page, "/profile", "/profile") == OK
            await _profile(page, pages, platform)
            gone = await judged(page, "/gone", "/gone")
            assert gone.verdict == pages.gone_verdict, gone
            if pages.wall:
                found = await judged(page, "/profile", wall)
                assert found.verdict == pages.wall_verdict, found

    stage.run(visit())


async def _profile(page: Page, pages: Pages, platform: str) -> None:
    recipe = RECIPES.recipe_for(platform)
    consent = await refuse_consent(page, recipe)
    assert (consent.found, consent.gone) == (bool(pages.consent), True)
    assert bool(await page.evaluate("() => window.refused")) is bool(pages.consent)
    assert await decline_offer(page, recipe) is ("Stäng" in pages.profile)
    read = await extract(page, recipe)
    assert {name: read.facts[name] for name in pages.facts} == pages.facts
    assert len(read.posts) == 2
    for post, end in zip(read.posts, pages.posts, strict=True):
        assert str(post["id"]).endswith(end)
    assert read.drift == ()
