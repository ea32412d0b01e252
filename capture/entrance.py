"""Coming in to a page that was loaded: what stands there, and what is asked before it is shown.

A question of consent that stands on an address of its own, or in the page's place, is refused
first and judged afterwards: the platform may lead on to what was asked for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from capture.browser import BrowserError, Page, first_line
from capture.consent import NONE, ConsentResult, refuse_consent, unseen
from capture.guard import AddressGuard
from capture.piercing import shown_text
from capture.recipe_model import Recipe
from capture.refusal import Stopped
from capture.stay import Answer
from capture.waiting import wait_for_landmark, wait_for_text
from capture.walls import Judgement, Verdict, judge, led_away, observe, unreachable

_MAY_BE_ASKED = frozenset({Verdict.CONSENT_WALL, Verdict.PARTIAL, Verdict.BLANK})
"""Verdicts that may come of a question in the page's place."""
_LOOKS, _LOOK_MS = 40, 150
"""How often, and how long after each other, it is looked whether a refusal led on."""


async def load(guard: AddressGuard, url: str, most_s: float) -> Answer:
    """Go to an address.

    Raises:
        AddressRefused: it is private, and the settings do not allow it.
        Stopped: there is no answer.
    """
    try:
        response = await guard.goto(url, most_s)
    except BrowserError as error:
        raise Stopped(unreachable(first_line(error))) from error
    if response is None:
        raise Stopped(unreachable("no response"))
    return await Answer.of(response)


async def judged(page: Page, recipe: Recipe, asked: str, answer: Answer) -> Judgement:
    """The verdict on a page as it is now; `asked` is the address that was asked for."""
    seen = await observe(page, recipe, asked, answer.status, answer.headers)
    return judge(seen, recipe)


async def appeared(page: Page, recipe: Recipe, asked: str, answer: Answer) -> Judgement:
    """The verdict once the page has appeared: script may take its time to make it."""
    if answer.response.ok and led_away(recipe, asked, page.url) is None:
        if recipe.landmark:
            await wait_for_landmark(page, recipe.landmark)
        else:
            await wait_for_text(page)
    return await judged(page, recipe, asked, answer)


async def come_in(
    page: Page,
    recipe: Recipe,
    asked: str,
    answer: Answer,
    before: Callable[[], Awaitable[None]] = unseen,
) -> tuple[Judgement, ConsentResult]:
    """Wait for what the page is known by, judge it, and refuse what is asked in its place.

    A refusal may lead to another document: then what is seen here is not the page's (`see_whole`
    looks anew). `before` is awaited while the question stands.
    """
    judgement = await appeared(page, recipe, asked, answer)
    if judgement.verdict not in _MAY_BE_ASKED:
        return judgement, NONE
    document = await _document(page)
    consent = await refuse_consent(page, recipe, before)
    if consent.pressed and await _document(page) != document:
        return judgement, replace(consent, gone=True)
    if consent.refused and not await _led_to_another(page, recipe, asked, document):
        judgement = await judged(page, recipe, asked, answer)
    return judgement, consent


async def _led_to_another(page: Page, recipe: Recipe, asked: str, document: float) -> bool:
    """Wait until the page has gone on; whether to another document (else: by script, or not)."""
    for _ in range(_LOOKS):
        if await _document(page) != document:
            return True
        if led_away(recipe, asked, page.url) is None and await _shown(page, recipe):
            return False
        await page.wait_for_timeout(_LOOK_MS)
    return False


async def _document(page: Page) -> float:
    """What tells one document from the next: when it began."""
    try:
        return float(await page.evaluate("() => performance.timeOrigin"))
    except BrowserError:
        return 0.0  # between two documents


async def _shown(page: Page, recipe: Recipe) -> bool:
    try:
        if recipe.landmark:
            return await page.locator(recipe.landmark).count() > 0
        return bool((await shown_text(page)).strip())
    except BrowserError:
        return False
