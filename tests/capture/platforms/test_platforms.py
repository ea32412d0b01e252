"""Each platform's recipe on pages of our own: landmark, facts, posts, consent, wall and gone."""

import pytest

from capture.browser import DESKTOP, Page, open_page
from capture.consent import decline_offer, refuse_consent
from capture.extract import extract
from capture.recipe import BUILT_IN, load_recipes
from capture.recipe_trial import try_recipe
from capture.walls import OK, Judgement, judge, observe
from tests.capture.conftest import Stage
from tests.capture.platforms.pages import PLATFORMS, Pages
from tests.capture.site import Asked, Wire

RECIPES = load_recipes()


def test_every_platform_has_pages() -> None:
    own = {"torget", "generic"}
    assert {path.stem for path in BUILT_IN.glob("*.toml")} - own == set(PLATFORMS)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_recipe_reads_its_profile_and_knows_what_is_none(
    stage: Stage, platform: str, language: str
) -> None:
    """CAPTURE: judged by landmarks, redirects and signs; consent refused in the platform's way."""
    recipe, pages = RECIPES.recipe_for(platform), PLATFORMS[platform].told_in(language)
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
            found = await judged(page, "/profile", wall)
            assert found.verdict == pages.wall_verdict, found

    stage.run(visit())


async def _profile(page: Page, pages: Pages, platform: str) -> None:
    recipe = RECIPES.recipe_for(platform)
    consent = await refuse_consent(page, recipe)
    assert consent.refused
    assert await page.evaluate("() => window.refused")
    assert await decline_offer(page, recipe) is ("Logga in för att se mer" in pages.profile)
    read = await extract(page, recipe)
    assert {name: read.facts[name] for name in pages.facts} == pages.facts
    assert len(read.posts) == 2
    for post, end in zip(read.posts, pages.posts, strict=True):
        assert str(post["id"]).endswith(end)
    assert read.drift == ()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_profile_that_script_makes_late_is_waited_for(stage: Stage, platform: str) -> None:
    """Most platforms' pages are empty at first."""
    made = f"document.documentElement.innerHTML = `{PLATFORMS[platform].profile}`"
    stage.site.page("/profile", f"<p>…</p><script>setTimeout(() => {{ {made} }}, 800)</script>")
    recipe = RECIPES.recipe_for(platform)
    trial = stage.run(try_recipe(f"{stage.site.url}/profile", recipe, stage.settings))
    assert trial.judgement == OK
    assert trial.extracted is not None
    assert len(trial.extracted.posts) == 2


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_platform_that_asks_at_an_address_of_its_own_leads_on_when_it_is_refused(
    stage: Stage, language: str
) -> None:
    recipe, pages = RECIPES.recipe_for("instagram"), PLATFORMS["instagram"].told_in(language)
    leads = "document.cookie = 'answered=1; path=/'; location.href = '/profile'"
    asking = pages.consent.replace("window.refused = true", leads)

    @stage.site.route("/profile")
    async def _(asked: Asked, wire: Wire) -> None:
        if "answered" in asked.headers.get("cookie", ""):
            await wire.answer(f"<!doctype html><meta charset=utf-8>{pages.profile}".encode())
        else:
            await wire.answer(status="302 Found", headers=[b"Location: /consent/?next=%2Fprofile"])

    stage.site.page("/consent/", asking)
    trial = stage.run(try_recipe(f"{stage.site.url}/profile", recipe, stage.settings))
    assert trial.judgement == OK
    assert trial.consent is not None
    assert trial.consent.refused
    assert trial.final_url.endswith("/profile")
