"""Consent: refused, or only what is necessary; never anything accepted on the authority's behalf.

The recipe's own button first; else a visible button inside a banner that speaks of cookies, in
Swedish or English. The rule that pressed is kept with the capture.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from capture.browser import BrowserError, Frame, Locator, Page
from capture.recipe import Recipe

_REJECT = re.compile(
    r"^\s*(avvisa( alla)?( kakor| cookies)?|neka( alla)?|avböj( alla)?|endast nödvändiga.*|"
    r"bara nödvändiga.*|acceptera endast nödvändiga.*|godkänn (endast|bara) nödvändiga.*|"
    r"fortsätt utan att (acceptera|godkänna)|reject( all)?.*|decline( all)?.*|deny( all)?|"
    r"refuse( all)?|only (necessary|essential).*|(necessary|essential) (cookies )?only.*|"
    r"use necessary cookies only|continue without accepting)\s*$",
    re.IGNORECASE,
)
_BANNER = re.compile(r"cookie|kakor|samtycke|consent|integritet|privacy", re.IGNORECASE)
_PRESS_MS = 3000
_LARGEST_BANNER = 6000
"""A banner has fewer characters of text than this; a whole page has more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentResult:
    """What was done about consent: the button's text, the rule that chose it, whether it went."""

    found: bool
    pressed: str
    rule: str
    gone: bool

    def as_json(self) -> Mapping[str, JsonValue]:
        """For the manifest."""
        return asdict(self)


NONE = ConsentResult(found=False, pressed="", rule="", gone=True)


async def refuse_consent(page: Page, recipe: Recipe) -> ConsentResult:
    """Refuse what the banner asks for, where there is one; leave it standing rather than accept."""
    if recipe.consent.banner:
        banner = page.locator(recipe.consent.banner).first
        if not await _visible(banner):
            return NONE
        return await _press(banner.locator(recipe.consent.reject).first, banner, "recipe")
    for frame in page.frames:
        found = await _generic(frame)
        if found is not None:
            return found
    return NONE


async def _generic(frame: Frame) -> ConsentResult | None:
    """The first visible refusing button whose surroundings speak of cookies."""
    buttons = frame.locator("button, [role=button], a, input[type=button], input[type=submit]")
    try:
        candidates = await buttons.filter(has_text=_REJECT).all()
        for button in candidates:
            if await _visible(button) and await _speaks_of_cookies(button):
                return await _press(button, button, "generic")
    except BrowserError:
        return None
    return None


async def _speaks_of_cookies(button: Locator) -> bool:
    around: str = await button.evaluate(
        """(button, most) => {
          let text = "";
          const up = (n) => n.parentElement || (n.getRootNode() || {}).host;
          for (let node = up(button); node && node !== document.body; node = up(node)) {
            if (node.innerText.length > most) break;
            text = node.innerText;
          }
          return text;
        }""",
        _LARGEST_BANNER,
    )
    return bool(_BANNER.search(around))


async def _press(button: Locator, banner: Locator, rule: str) -> ConsentResult:
    if not await _visible(button):
        return ConsentResult(found=True, pressed="", rule=rule, gone=False)
    text = (await button.inner_text()).strip()
    try:
        await button.click(timeout=_PRESS_MS)
        await banner.wait_for(state="hidden", timeout=_PRESS_MS)
    except BrowserError:
        return ConsentResult(found=True, pressed=text, rule=rule, gone=False)
    return ConsentResult(found=True, pressed=text, rule=rule, gone=True)


async def _visible(locator: Locator) -> bool:
    try:
        return await locator.is_visible()
    except BrowserError:
        return False
