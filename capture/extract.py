"""Facts of a profile and its posts as data, by the recipe; text, accessibility tree and MHTML.

What a page's counters say is kept as shown too: they may be stale. Digests of avatar and cover
are of the bytes that the page's own address gives.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from capture.browser import BrowserError, CDPSession, Page
from capture.recipe import Recipe
from storage.record import sha256

COMPARED = ("name", "bio", "links", "avatar_sha256", "cover_sha256")
"""The facts whose change is a larger change of the account (RULES R5)."""

_FACTS = """(f) => {
  const one = (s) => s ? document.querySelector(s) : null;
  const own = (n) => n && [...n.childNodes].filter(c => c.nodeType === 3)
    .map(c => c.data).join(' ');
  const text = (s) => { const n = one(s); if (!n) return '';
    return (n.content || own(n)?.trim() || n.innerText || '').replace(/\\s+/g, ' ').trim(); };
  const whole = (s) => { const n = one(s);
    return n ? (n.content || n.innerText || '').replace(/\\s+/g, ' ').trim() : ''; };
  const address = (s) => { const n = one(s);
    return n ? (n.currentSrc || n.src || n.content || '') : ''; };
  return {
    name: text(f.name), handle: whole(f.handle), bio: whole(f.bio),
    links: f.links ? [...document.querySelectorAll(f.links)].map(a => a.href) : [],
    counts: f.counts ? [...document.querySelectorAll(f.counts)].map(n => n.innerText.trim()) : [],
    avatar: address(f.avatar), cover: address(f.cover),
  };
}"""

_POSTS = """(p) => [...document.querySelectorAll(p.each)].map(n => ({
  id: n.getAttribute(p.id) || '',
  link: (p.link && n.querySelector(p.link)?.href) || '',
  at: (p.time && n.querySelector(p.time)?.getAttribute('datetime')) || '',
  at_shown: (p.time && n.querySelector(p.time)?.innerText.trim()) || '',
  text: (p.text && n.querySelector(p.text)?.innerText.trim()) || '',
}))"""

_BYTES = """async (url) => {
  const answer = await fetch(url, {cache: 'force-cache'});
  if (!answer.ok) return null;
  const data = new Uint8Array(await answer.arrayBuffer());
  let text = '';
  for (let i = 0; i < data.length; i += 32768)
    text += String.fromCharCode(...data.subarray(i, i + 32768));
  return btoa(text);
}"""

_UNITS = {"tn": 1e3, "k": 1e3, "tusen": 1e3, "mn": 1e6, "mkr": 1e6, "m": 1e6, "md": 1e9, "b": 1e9}
_COUNT = re.compile(
    r"^(?P<n>[\d\s\u00a0\u202f.,]*\d)\s*(?P<u>tn|tusen|mn|md|[kKmMbB](?![a-zåäö]))?\s*(?P<w>.*)$"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """A profile's facts, and its posts as they stood on the page."""

    facts: Mapping[str, JsonValue]
    posts: tuple[Mapping[str, JsonValue], ...]


async def extract(page: Page, recipe: Recipe) -> Extracted:
    """Read facts and posts from the page as it is now."""
    fields = {name: getattr(recipe.profile, name) for name in recipe.profile.__slots__}
    found = await page.evaluate(_FACTS, fields)
    selectors = {name: getattr(recipe.posts, name) for name in recipe.posts.__slots__}
    posts = await page.evaluate(_POSTS, selectors) if recipe.posts.each else []
    facts: dict[str, JsonValue] = {
        "name": found["name"],
        "handle": found["handle"],
        "bio": found["bio"],
        "links": found["links"],
        "counts": counts(found["counts"]),
        "counts_shown": found["counts"],
        "avatar_sha256": await _digest(page, found["avatar"]),
        "cover_sha256": await _digest(page, found["cover"]),
    }
    if newest := max((post["at"] for post in posts if post["at"]), default=""):
        facts["newest_post_at"] = newest
    return Extracted(facts=facts, posts=tuple(posts))


async def visible_text(page: Page) -> str:
    """The text that a reader sees, in the order of the page."""
    return str(await page.evaluate("() => document.body ? document.body.innerText : ''"))


async def accessibility_tree(page: Page) -> str:
    """The page as a screen reader meets it, as indented text."""
    return await page.locator("body").aria_snapshot()


async def mhtml(session: CDPSession) -> str:
    """The DOM with its resources in one file, as Chromium saves it."""
    answer = await session.send("Page.captureSnapshot", {"format": "mhtml"})
    return str(answer["data"])


def counts(shown: Sequence[str]) -> dict[str, JsonValue]:
    """Numbers from what a page shows: `12 480 följare` → {"följare": 12480}, `3,4 tn` → 3400."""
    found: dict[str, JsonValue] = {}
    for text in shown:
        match = _COUNT.match(" ".join(text.split()))
        if match:
            found[match["w"].strip().lower() or "number"] = _number(match["n"], match["u"] or "")
    return found


def changes(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> list[str]:
    """Which of the compared facts differ."""
    return [name for name in COMPARED if before.get(name) != now.get(name)]


def _number(digits: str, unit: str) -> int:
    bare = re.sub(r"[\s\u00a0\u202f]", "", digits)
    if unit:
        return round(float(bare.replace(",", ".")) * _UNITS[unit.lower()])
    return int(re.sub(r"[.,]", "", bare))


async def _digest(page: Page, url: str) -> str:
    """SHA-256 of what an address gives, asked by the page itself; empty when it gives nothing."""
    if not url.startswith(("http:", "https:")):
        return ""
    try:
        data = await page.evaluate(_BYTES, url)
    except BrowserError:
        return ""
    return sha256(base64.b64decode(data)) if data else ""
