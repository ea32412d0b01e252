"""A recipe tried on a page: which of its selectors match, what is read, and what stands in the way.

For the person who keeps a recipe. Makes no record; presses a refusal of consent and nothing else.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import reduce

from pydantic import JsonValue

from capture.browser import DESKTOP, Page, open_browser, open_page
from capture.consent import ConsentResult, decline_offer, refuse_consent
from capture.entrance import appeared, come_in, judged, load
from capture.extract import Extracted, extract, found_places
from capture.guard import guard_addresses
from capture.recipe_model import PostPage, Recipe
from capture.refusal import Stopped
from capture.stay import Answer, see_whole
from capture.waiting import wait_for_landmark
from capture.walls import Judgement
from storage.settings import Settings

_NOT_WITHIN = frozenset(
    {"each", "id", "id_match", "owner", "parent", "thread", "announced", "more"}
)
"""`announced`, `thread` and `more` stand beside posts and comments; the others are no selectors, or
are it."""
_WITHIN = """([each, inner]) => {
  try { return [...document.querySelectorAll(each)]
    .filter(n => n.matches(inner) || n.querySelector(inner)).length; } catch { return 0; }
}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """One selector of the recipe and how much of the page it matched.

    A selector within posts is counted by the posts that have it.
    """

    field: str
    selector: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a recipe made of one page. `consent` and `extracted` are None where it did not load."""

    platform: str
    final_url: str
    judgement: Judgement
    matches: tuple[Match, ...]
    consent: ConsentResult | None
    extracted: Extracted | None


async def try_recipe(url: str, recipe: Recipe, settings: Settings) -> Trial:
    """Visit a page as a desktop does and say what the recipe finds there.

    Raises:
        AddressRefused: the address is private, and the settings do not allow it.
        BrowserMissing, BrowserBroken: there is no browser to visit with.
    """
    async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
        guard = await guard_addresses(page, settings)

        asked: list[ConsentResult] = []
        try:
            trial = await see_whole(
                page,
                lambda: load(guard, url, settings.capture_seconds * 0.5),
                lambda answer: _try(page, url, recipe, answer, asked),
            )
        except Stopped as stopped:
            return _nothing(url, recipe, stopped.judgement)
        guard.raise_if_refused()
        return trial


async def _try(
    page: Page, url: str, recipe: Recipe, answer: Answer, asked: list[ConsentResult]
) -> Trial:
    """One document's trial; `asked` is what was refused in those before it, and is added to."""
    if any(one.found for one in asked):  # asked a second time in the page's place, it is a wall
        await appeared(page, recipe, url, answer)
    else:
        _, consent = await come_in(page, recipe, url, answer)
        asked.append(consent)
    await wait_for_landmark(page, ", ".join(filter(None, (recipe.landmark, recipe.posts.each))))
    asked.append(await refuse_consent(page, recipe))
    await decline_offer(page, recipe)
    matches = [match async for match in _matches(page, recipe)]
    return Trial(
        platform=recipe.platform,
        final_url=page.url,
        judgement=await judged(page, recipe, url, answer),
        matches=tuple(matches),
        consent=reduce(ConsentResult.and_then, asked),
        extracted=await extract(page, recipe),
    )


def _nothing(url: str, recipe: Recipe, judgement: Judgement) -> Trial:
    return Trial(
        platform=recipe.platform,
        final_url=url,
        judgement=judgement,
        matches=(),
        consent=None,
        extracted=None,
    )


async def _matches(page: Page, recipe: Recipe) -> AsyncIterator[Match]:
    for field, selector in _whole(recipe):
        yield Match(field=field, selector=selector, count=await page.locator(selector).count())
    for each, field, selector in _inner(recipe):
        count = await page.evaluate(_WITHIN, [each, selector])
        yield Match(field=field, selector=selector, count=count)
    for name, places in (await found_places(page, recipe.profile)).items():
        for place, count in places:
            yield Match(field=f"profile.{name}", selector=place.select or place.json, count=count)


def _whole(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Selectors of the page as a whole, that the recipe has."""
    fields: list[tuple[str, str]] = [("landmark", recipe.landmark), ("offer", recipe.offer)]
    fields += [("posts.each", recipe.posts.each), ("posts.more", recipe.posts.more)]
    fields += [(f"consent.{name}", told) for name, told in asdict(recipe.consent).items()]
    fields += [(f"signs.{name}", told) for name, told in asdict(recipe.signs).items()]
    if recipe.post_page:
        fields += _of_post_page(recipe.post_page)
    return ((field, selector) for field, selector in fields if selector)


def _of_post_page(post_page: PostPage) -> Iterator[tuple[str, str]]:
    yield "post_page.landmark", post_page.landmark
    yield "post_page.post.each", post_page.post.each
    yield "post_page.comments.each", post_page.comments.each
    for name, presses in (("texts", post_page.texts), ("buttons", post_page.buttons)):
        yield from ((f"post_page.{name}[{n}]", one.select) for n, one in enumerate(presses, 1))
    yield from ((f"post_page.pages[{n}]", one) for n, one in enumerate(post_page.pages, 1))


def _inner(recipe: Recipe) -> Iterator[tuple[str, str, str]]:
    """Selectors within what another finds: that one, the field, the selector."""
    groups: list[tuple[str, Mapping[str, JsonValue]]] = [("posts", asdict(recipe.posts))]
    if recipe.post_page:
        groups += [
            ("post_page.post", asdict(recipe.post_page.post)),
            ("post_page.comments", asdict(recipe.post_page.comments)),
        ]
    for group, selectors in groups:
        each = str(selectors["each"])
        for name, selector in selectors.items():
            if each and selector and name not in _NOT_WITHIN:
                yield each, f"{group}.{name}", str(selector)
