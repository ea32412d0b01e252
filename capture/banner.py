"""Banners that ask for consent: how one is known, and how one stands on the page.

By what it says and how it lies over the page, in any frame or open shadow tree. Presses nothing.
"""

import re
from collections.abc import Sequence

from capture.browser import BrowserError, ElementHandle, Frame, Locator, Page
from capture.consent_words import SAYS
from capture.recipe_model import Recipe

_IS_BANNER = """(n, [button]) => {
  const MOST = 6000, SMALL = 1500;
  const says = /cookie|kakor|samtycke|consent/i, hints = /integritet|privacy/i;
  const named = /cookie|consent|kakor|samtycke|gdpr|cmp/i;
  const up = (n) => n.parentElement || n.parentNode?.host || null;
  const text = (n) => n.shadowRoot ? n.shadowRoot.textContent : n.innerText || '';
  for (let node = button ? up(n) : n; node; node = button ? up(node) : null) {
    const told = text(node), page = node === document.body;
    if (told.length > MOST) return false;
    const floats = /dialog|alert/.test(node.getAttribute('role') || '') ||
      node.tagName === 'DIALOG' || named.test(`${node.id} ${node.getAttribute('class')}`) ||
      /fixed|sticky/.test(getComputedStyle(node).position);
    if (floats && !page && (says.test(told) || hints.test(told))) return true;
    const small = told.length < SMALL && !node.querySelector('article, footer, nav');
    if (button && small && says.test(told) && (!page || !document.querySelector('main')))
      return true;
    if (page) return false;
  }
  return false;
}"""

_FLOATS = """(n) => {
  const named = /cookie|consent|kakor|samtycke|gdpr|cmp/i;
  if (named.test(`${n.id} ${n.name} ${n.title} ${n.getAttribute('class')}`)) return true;
  for (let node = n; node instanceof Element; node = node.parentElement || node.parentNode?.host)
    if (/fixed|sticky/.test(getComputedStyle(node).position)) return true;
  return false;
}"""

# A bar along an edge of the window, or a box in a corner: the page is seen and scrolled beside it.
_ASIDE = """(n) => {
  const r = n.getBoundingClientRect(), slack = 24;
  const share = r.width * r.height / (innerWidth * innerHeight);
  const modal = n.matches(':modal, [aria-modal=true]') || n.querySelector('[aria-modal=true]');
  const edge = r.top <= slack || r.bottom >= innerHeight - slack;
  const locked = [document.documentElement, document.body].some(one =>
    getComputedStyle(one).overflowY === 'hidden' && one.scrollHeight > innerHeight);
  return !modal && edge && share < 0.5 && !locked;
}"""


async def button_in(frame: Frame, wording: re.Pattern[str], kinds: str) -> Locator | None:
    """The first visible button of a banner in a frame that says so."""
    try:
        for button in await frame.locator(kinds).filter(has_text=wording, visible=True).all():
            if await button.evaluate(_IS_BANNER, [True]):
                return button
    except BrowserError:
        return None
    return None


async def standing(page: Page, recipe: Recipe) -> Sequence[ElementHandle]:
    """The banners that stand on the page and have something to press, the recipe's first."""
    found: list[ElementHandle] = []
    try:
        if recipe.consent.banner:
            known = page.locator(recipe.consent.banner).filter(visible=True)
            found += await known.element_handles()
        for frame in page.frames:
            found += await _standing_in(frame)
    except BrowserError:
        return found  # a frame left the page
    return found


async def stand_aside(banners: Sequence[ElementHandle]) -> bool:
    """Whether the page is seen and scrolled beside all of them."""
    try:
        return all([await banner.evaluate(_ASIDE) for banner in banners])
    except BrowserError:
        return False


async def _standing_in(frame: Frame) -> list[ElementHandle]:
    """A frame that lies over the page is a banner as a whole."""
    pressable = frame.locator("button, [role=button]")
    if frame.parent_frame is not None:
        element = await frame.frame_element()
        if not await element.is_visible() or not await element.evaluate(_FLOATS):
            return []
        text = str(await frame.evaluate("() => document.body?.innerText || ''"))
        asks = await pressable.filter(visible=True).count() > 0 and SAYS.search(text)
        return [element] if asks else []
    boxes = frame.locator("dialog, [role=dialog], [role=alertdialog], body > div, body > section")
    floating = await boxes.filter(has=pressable, visible=True).element_handles()
    return [box for box in floating if await box.evaluate(_IS_BANNER, [False])]
