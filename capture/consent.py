"""Consent: refused, or only what is necessary; never anything accepted on the authority's behalf.

The recipe's own button first; else a visible button inside a banner that speaks of cookies, in
Swedish or English, in any frame or open shadow tree; then what the banner's settings offer. The
rule that pressed is kept with the capture. A banner that offers no refusal is left standing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace

from pydantic import JsonValue

from capture.banner import button_in, stand_aside, standing
from capture.browser import BrowserError, Locator, Page
from capture.consent_words import REFUSAL, SAVE, SETTINGS, SHORT_REFUSAL
from capture.recipe_model import Recipe
from capture.walls import Judgement, Verdict

_BUTTONS = ":is(button, [role=button], a, input[type=button], input[type=submit])"
_ACTING = f"{_BUTTONS}:not([aria-expanded], [role=tab])"
"""Without those that only unfold a group of the settings that is named like a refusal."""
_STAYING = "button, [role=button], a:not([href]), a[href^='#'], a[href^='javascript:'], input"
"""Without links that lead to another page: the page with the policy is not the settings."""
_PRESS_MS = 3000
_LOOKS, _LOOK_MS = 10, 150
"""How often, and how long after each other, a second layer is looked for."""

# From the button that saves upwards: the nearest box with switches is the settings'.
_SWITCH_OFF = """(button) => {
  const SWITCHES = 'input[type=checkbox], [role=switch], [role=checkbox]';
  const on = (n) => n.checked ?? n.getAttribute('aria-checked') === 'true';
  const fixed = (n) => n.disabled || n.getAttribute('aria-disabled') === 'true';
  let box = button;
  while (box && !box.querySelector?.(SWITCHES)) box = box.parentElement || box.parentNode?.host;
  const switches = box ? [...box.querySelectorAll(SWITCHES)] : [];
  for (const each of switches) if (on(each) && !fixed(each)) each.click();
  const left = switches.filter(each => on(each) && !fixed(each));
  return left.length ? 0 : switches.length;
}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentResult:
    """What was done about consent: the button's text, the rule that chose it, whether it went.

    Of a second layer both buttons are told, with an arrow between. Found and nothing pressed: the
    banner offers no refusal. Where it offers no choice at all and the page is seen beside it, it
    stands in the pictures.
    """

    found: bool
    pressed: str
    rule: str
    gone: bool

    @property
    def refused(self) -> bool:
        """Whether something was asked, and is no longer."""
        return self.found and self.gone

    @property
    def wall(self) -> Judgement | None:
        """What a banner that was found and stayed is, unless the page is seen beside it."""
        if not self.found or self.gone or self == _ASIDE:
            return None
        why = f"the banner stayed ({self.rule}, pressed “{self.pressed}”)"
        return Judgement(verdict=Verdict.CONSENT_WALL, evidence=(why,))

    def and_then(self, later: "ConsentResult") -> "ConsentResult":
        """Both of what was asked one after the other."""
        if not self.found or not later.found:
            return later if later.found else self
        return ConsentResult(
            found=True,
            pressed="; ".join(filter(None, (self.pressed, later.pressed))),
            rule="; ".join(dict.fromkeys((self.rule, later.rule))),
            gone=self.gone and later.gone,
        )

    def as_json(self) -> Mapping[str, JsonValue]:
        """For the manifest."""
        return asdict(self)


NONE = ConsentResult(found=False, pressed="", rule="", gone=True)
_STANDING = ConsentResult(found=True, pressed="", rule="no refusal offered", gone=False)
_ASIDE = ConsentResult(found=True, pressed="", rule="no choice offered", gone=False)


async def unseen() -> None:
    """Nobody wants to see the banner."""


async def refuse_consent(
    page: Page, recipe: Recipe, before: Callable[[], Awaitable[None]] = unseen
) -> ConsentResult:
    """Refuse what a banner asks for, where there is one; leave it standing rather than accept.

    A refusal of the first layer is pressed. Else the settings are opened: a refusal there is
    pressed; without one, all that can be switched off is switched off, and that is saved.
    `before` is awaited while a banner stands as it was found.
    """
    if first := await _first_refusal(page, recipe):
        await before()
        return await first.press()
    opener = await _opener(page, recipe)
    if opener is None:
        return await _left_standing(page, recipe, before)
    await before()
    opened = await _words(opener.button)
    if not await _clicked(opener.button):
        return _STANDING
    for _ in range(_LOOKS):
        if second := await _refusal(page, recipe):
            return await second.press(opened)
        if save := await _saving(page):
            return await save.press(opened)
        await page.wait_for_timeout(_LOOK_MS)
    await page.keyboard.press("Escape")  # no refusal there either: the settings are closed again
    return replace(_STANDING, pressed=opened)


async def _left_standing(
    page: Page, recipe: Recipe, before: Callable[[], Awaitable[None]]
) -> ConsentResult:
    banners = await standing(page, recipe)
    if not banners:
        return NONE
    await before()
    return _ASIDE if await stand_aside(banners) else _STANDING


async def decline_offer(page: Page, recipe: Recipe) -> bool:
    """Close the recipe's invitation to sign in, which every visitor may decline; whether it stood.

    An invitation that cannot be closed stays in the pictures: it is no wall.
    """
    offer = page.locator(recipe.offer).first if recipe.offer else None
    return offer is not None and await _visible(offer) and await _clicked(offer)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """A button of a banner; `banner` is what goes when it is pressed, if it is known."""

    button: Locator
    banner: Locator | None
    rule: str

    async def press(self, before: str = "") -> ConsentResult:
        """Press it and see whether the banner goes; `before` is the button that led here."""
        text = await _words(self.button)
        gone = True
        try:
            await self.button.click(timeout=_PRESS_MS)
            await (self.banner or self.button).wait_for(state="hidden", timeout=_PRESS_MS)
        except BrowserError as error:
            # The frame that asked is often removed together with its question.
            gone = "detached" in error.message or not await _visible(self.banner or self.button)
        pressed = f"{before} → {text}" if before else text
        rule = f"{self.rule}, second layer" if before else self.rule
        return ConsentResult(found=True, pressed=pressed, rule=rule, gone=gone)


async def _first_refusal(page: Page, recipe: Recipe) -> _Choice | None:
    """The way to refuse in a banner as it is found."""
    if sure := await _refusal(page, recipe):
        return sure
    return await _worded(page, SHORT_REFUSAL, "generic", _ACTING)


async def _refusal(page: Page, recipe: Recipe) -> _Choice | None:
    """The way to refuse that stands there now: the recipe's, else one by its words."""
    if known := await _known(page, recipe, recipe.consent.reject):
        return known
    return await _worded(page, REFUSAL, "generic", _ACTING)


async def _opener(page: Page, recipe: Recipe) -> _Choice | None:
    """The way to the settings."""
    if known := await _known(page, recipe, recipe.consent.settings):
        return known
    return await _worded(page, SETTINGS, "generic", _STAYING)


async def _saving(page: Page) -> _Choice | None:
    """The button that saves, once all that can be switched off is; None where nothing can be."""
    save = await _worded(page, SAVE, "switched off and saved", _STAYING)
    if save is None or await save.button.evaluate(_SWITCH_OFF) == 0:
        return None
    return save


async def _known(page: Page, recipe: Recipe, button: str) -> _Choice | None:
    if not recipe.consent.banner or not button:
        return None
    banner = page.locator(recipe.consent.banner).first
    found = banner.locator(button).first
    if await _visible(banner) and await _visible(found):
        return _Choice(button=found, banner=banner, rule="recipe")
    return None


async def _worded(page: Page, wording: re.Pattern[str], rule: str, kinds: str) -> _Choice | None:
    """The first visible button in a banner, in any frame, that says so."""
    for frame in page.frames:
        if found := await button_in(frame, wording, kinds):
            return _Choice(button=found, banner=None, rule=rule)
    return None


async def _clicked(button: Locator) -> bool:
    try:
        await button.click(timeout=_PRESS_MS)
    except BrowserError:
        return False
    return True


async def _words(button: Locator) -> str:
    told: str = await button.evaluate("(b) => (b.innerText || b.value || '').trim()")
    return told


async def _visible(locator: Locator) -> bool:
    try:
        return await locator.is_visible()
    except BrowserError:
        return False
