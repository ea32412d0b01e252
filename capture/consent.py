"""Consent: refused, or only what is necessary; never anything accepted on the authority's behalf.

The recipe's own button first; else a visible button inside a banner that speaks of cookies, in
Swedish or English, in any frame or open shadow tree. The rule that pressed is kept with the
capture. A banner that offers no refusal is left standing.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from capture.browser import BrowserError, Frame, Locator, Page
from capture.recipe import Recipe

_THINGS = r"(\s+(kakor(na)?|cookies|cookie-filer|webbkakor))?"
_OPTIONAL = r"(\s+(alla?|allt|valfria|frivilliga|icke-nödvändiga|icke nödvändiga))?"
_NEEDED = r"(endast|bara|enbart)\s+(de\s+)?nödvändiga"
_EN_OPTIONAL = r"(\s+(all|optional|non-essential|non essential|unnecessary|additional))?"
_EN_NEEDED = r"(strictly\s+)?(necessary|essential|required)"
_EN_PERMIT = r"(accept|allow|use)"
_WORDINGS = (
    rf"(avvisa|neka|avböj|vägra){_OPTIONAL}{_THINGS}",
    r"jag\s+(nekar|avböjer|godkänner\s+inte|accepterar\s+inte)",
    r"(acceptera|godkänn|tillåt)\s+inte",
    rf"((acceptera|godkänn|tillåt|använd|spara)\s+)?{_NEEDED}{_THINGS}",
    r"fortsätt\s+utan\s+att\s+(acceptera|godkänna|samtycka)",
    r"nej,?\s+tack",
    rf"(reject|decline|deny|refuse){_EN_OPTIONAL}(\s+cookies)?",
    rf"({_EN_PERMIT}\s+)?only\s+({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?",
    rf"({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?\s+only",
    r"continue\s+without\s+(accepting|consent|agreeing)",
    r"(i\s+)?(do\s+not|don['’]t)\s+(accept|agree|consent)",
    r"no,?\s+thanks|no,?\s+thank\s+you",
)
_REFUSAL = re.compile(rf"^\s*({'|'.join(_WORDINGS)})\s*[.!]?\s*$", re.IGNORECASE)
_PRESS_MS = 3000

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentResult:
    """What was done about consent: the button's text, the rule that chose it, whether it went.

    Found and nothing pressed: the banner offers no refusal, and stands in the pictures.
    """

    found: bool
    pressed: str
    rule: str
    gone: bool

    def as_json(self) -> Mapping[str, JsonValue]:
        """For the manifest."""
        return asdict(self)


NONE = ConsentResult(found=False, pressed="", rule="", gone=True)
_STANDING = ConsentResult(found=True, pressed="", rule="no refusal offered", gone=False)


async def refuse_consent(page: Page, recipe: Recipe) -> ConsentResult:
    """Refuse what a banner asks for, where there is one; leave it standing rather than accept."""
    asking = await find_consent(page, recipe)
    return await asking.refuse() if asking else NONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A banner that stands on the page, and its way to refuse, where it offers one."""

    refusal: Locator | None
    banner: Locator | None
    rule: str

    async def refuse(self) -> ConsentResult:
        """Press the refusal and see whether the banner goes; without one, leave it."""
        if self.refusal is None:
            return _STANDING
        text = await _words(self.refusal)
        gone = True
        try:
            await self.refusal.click(timeout=_PRESS_MS)
            await (self.banner or self.refusal).wait_for(state="hidden", timeout=_PRESS_MS)
        except BrowserError as error:
            # The frame that asked is often removed together with its question.
            gone = "detached" in error.message or not await _visible(self.banner or self.refusal)
        return ConsentResult(found=True, pressed=text, rule=self.rule, gone=gone)


async def find_consent(page: Page, recipe: Recipe) -> Asking | None:
    """The banner that asks for consent now; None when none is visible."""
    known = page.locator(recipe.consent.banner).first if recipe.consent.banner else None
    if known is not None and await _visible(known):
        button = known.locator(recipe.consent.reject).first
        if await _visible(button):
            return Asking(refusal=button, banner=known, rule="recipe")
    for frame in page.frames:
        if refusal := await _refusal_in(frame):
            return Asking(refusal=refusal, banner=None, rule="generic")
    if (known is not None and await _visible(known)) or await _stands(page):
        return Asking(refusal=None, banner=None, rule=_STANDING.rule)
    return None


async def _refusal_in(frame: Frame) -> Locator | None:
    """The first visible refusing button that stands in a banner."""
    buttons = frame.locator("button, [role=button], a, input[type=button], input[type=submit]")
    try:
        for button in await buttons.filter(has_text=_REFUSAL, visible=True).all():
            if await button.evaluate(_IS_BANNER, [True]):
                return button
    except BrowserError:
        return None
    return None


async def _stands(page: Page) -> bool:
    """Whether a banner with something to press stands there that offers no refusal."""
    floating = page.locator("dialog, [role=dialog], [role=alertdialog], body > div, body > section")
    try:
        boxes = floating.filter(has=page.locator("button, [role=button]"), visible=True)
        for box in await boxes.all():
            if await box.evaluate(_IS_BANNER, [False]):
                return True
    except BrowserError:
        return False
    return False


async def _words(button: Locator) -> str:
    told: str = await button.evaluate("(b) => (b.innerText || b.value || '').trim()")
    return told


async def _visible(locator: Locator) -> bool:
    try:
        return await locator.is_visible()
    except BrowserError:
        return False
