"""A recipe tried on a page: which of its selectors match, what is read, and what stands in the way.

For the person who keeps a recipe. A post's page is tried as one: its dialogue is unfolded and read,
and it is judged by the post's landmark. Makes no record.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce

from pydantic import JsonValue

from capture.browser import DESKTOP, Page, open_browser, open_page
from capture.consent import ConsentResult, decline_offer, refuse_consent
from capture.cover import cover
from capture.dialogue import Dialogue, Opened
from capture.entrance import appeared, come_in, judged, load
from capture.extract import Drift, Extracted, extract, found_places
from capture.guard import guard_addresses
from capture.post import Post
from capture.post_completeness import drifted
from capture.post_reading import read_post
from capture.recipe_model import PostPage, Recipe
from capture.refusal import Stopped
from capture.stay import Answer, see_whole
from capture.waiting import Underway, wait_for_landmark
from capture.walls import OK, Judgement
from storage.record import utc_now
from storage.settings import Settings

_NOT_WITHIN = frozenset(
    {"each", "id", "id_match", "owner", "parent", "thread", "flat", "announced", "more"}
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
class PostTrial:
    """What was read of a post's page, as a capture reads it; `unfolded` is how it ended."""

    post: Post
    unfolded: Opened
    drift: tuple[Drift, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a recipe made of one page. `consent` is None where it did not load.

    `extracted` is what was read of a profile, `post` what was read of a post's page; the page is
    one or the other.
    """

    platform: str
    final_url: str
    judgement: Judgement
    matches: tuple[Match, ...]
    consent: ConsentResult | None
    extracted: Extracted | None
    post: PostTrial | None

    @property
    def drift(self) -> tuple[Drift, ...]:
        """Where the recipe matches nothing though it must."""
        read = self.post or self.extracted
        return read.drift if read else ()


async def try_recipe(url: str, recipe: Recipe, settings: Settings) -> Trial:
    """Visit a page as a desktop does and say what the recipe finds there.

    Raises:
        AddressRefused: the address is private, and the settings do not allow it.
        BrowserMissing, BrowserBroken: there is no browser to visit with.
    """
    async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
        guard, underway = await guard_addresses(page, settings), Underway(page)
        trying = _Trying(page, underway, recipe, settings)
        try:
            trial = await see_whole(
                page,
                lambda: load(guard, url, settings.capture_seconds * 0.5),
                lambda answer: trying.of(url, answer),
            )
        except Stopped as stopped:
            return _nothing(url, recipe, stopped.judgement)
        guard.raise_if_refused()
        return trial


class _Trying:
    """A recipe on one page, which may load itself anew meanwhile."""

    def __init__(self, page: Page, underway: Underway, recipe: Recipe, settings: Settings) -> None:
        self._page, self._underway = page, underway
        self._recipe, self._settings = recipe, settings
        self._asked: list[ConsentResult] = []
        """What was refused, in the documents before this one too."""

    async def of(self, url: str, answer: Answer) -> Trial:
        """One document's trial."""
        page, recipe = self._page, self._recipe
        if any(one.found for one in self._asked):  # asked again in the page's place: a wall
            await appeared(page, recipe, url, answer)
        else:
            _, consent = await come_in(page, recipe, url, answer)
            self._asked.append(consent)
        awaited = [recipe.landmark, recipe.posts.each]
        awaited += [recipe.post_page.landmark] if recipe.post_page else []
        await wait_for_landmark(page, ", ".join(filter(None, awaited)))
        self._asked.append(await refuse_consent(page, recipe))
        await decline_offer(page, recipe)
        fields = await _post_page(page, recipe)
        by = replace(recipe, landmark=fields.landmark) if fields else recipe
        judgement, post = await judged(page, by, url, answer), None
        if fields and judgement == OK:
            post = await _read_post(page, self._underway, recipe, fields, self._settings)
        if judgement == OK:
            self._asked.append(await refuse_consent(page, recipe))  # a banner may come late
            judgement = await cover(page, recipe) or judgement
        return Trial(
            platform=recipe.platform,
            final_url=page.url,
            judgement=judgement,
            matches=tuple([match async for match in _matches(page, recipe)]),
            consent=reduce(ConsentResult.and_then, self._asked),
            extracted=None if fields else await extract(page, recipe),
            post=post,
        )


async def _post_page(page: Page, recipe: Recipe) -> PostPage | None:
    """The recipe's fields of a post's page, if this is one.

    Some profiles have what a post is known by: then the address tells, or the profile's landmark.
    """
    fields = recipe.post_page
    if fields is None or not await page.locator(fields.landmark).count():
        return None
    if fields.post.id_match and not fields.post.id:
        return fields if re.search(fields.post.id_match, page.url) else None
    profile = recipe.landmark and await page.locator(recipe.landmark).count()
    one = await page.locator(fields.post.each).count() == 1
    return fields if one or not profile else None


async def _read_post(
    page: Page, underway: Underway, recipe: Recipe, fields: PostPage, settings: Settings
) -> PostTrial | None:
    dialogue = await Dialogue.on(page, fields)
    seconds = settings.capture_seconds * 0.5
    opened = await dialogue.unfold(underway, most=settings.most_comments, seconds=seconds)
    if (seen := dialogue.seen) is None:
        return None
    post = read_post(
        seen,
        platform=recipe.platform,
        account="",
        owner=fields.post.owner,
        url=page.url,
        at=utc_now(),
    )
    return PostTrial(post=post, unfolded=opened, drift=drifted(seen, post, fields))


def _nothing(url: str, recipe: Recipe, judgement: Judgement) -> Trial:
    return Trial(
        platform=recipe.platform,
        final_url=url,
        judgement=judgement,
        matches=(),
        consent=None,
        extracted=None,
        post=None,
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
