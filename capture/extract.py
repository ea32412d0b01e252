"""Facts of a profile and its posts as data, by the recipe; text, accessibility tree and MHTML.

What a page's counters say is kept as shown too: they may be stale. Digests of avatar and cover
are of the bytes that the page itself was given. A fact that could not be read is None, never "".
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import JsonValue

from capture.browser import BrowserError, CDPSession, Page
from capture.numbers import counts
from capture.recipe import GENERIC, Recipe
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
    const found = n ? (n.currentSrc || n.src || n.content || '') : '';
    return found && new URL(found, document.baseURI).href; };
  return {
    name: text(f.name), handle: whole(f.handle), bio: whole(f.bio),
    links: f.links ? [...document.querySelectorAll(f.links)].map(a => a.href) : [],
    counts: f.counts ? [...document.querySelectorAll(f.counts)].map(n => n.innerText.trim()) : [],
    avatar: address(f.avatar), cover: address(f.cover),
  };
}"""

_NAME_OF_ANY_PAGE = """() => {
  const tell = (n) => n?.content?.trim() || '';
  const named = [];
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    let data; try { data = JSON.parse(script.textContent); } catch { continue; }
    named.push(...[data].flat().flatMap(d => d?.['@graph'] || d).map(d => d?.name));
  }
  return tell(document.querySelector('meta[property="og:title"]')) ||
    named.find(n => typeof n === 'string' && n.trim()) || document.title;
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """A selector of the recipe that matches nothing where it must: the recipe has grown old."""

    field: str
    selector: str

    def __str__(self) -> str:
        return f"recipe drift: {self.field} ({self.selector}) matches nothing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """A profile's facts, its posts as they stood on the page, and where the recipe has drifted."""

    facts: Mapping[str, JsonValue]
    posts: tuple[Mapping[str, JsonValue], ...]
    drift: tuple[Drift, ...]


async def read_posts(page: Page, recipe: Recipe) -> list[dict[str, JsonValue]]:
    """The posts that are on the page now, in its order."""
    found: list[dict[str, JsonValue]] = await page.evaluate(_POSTS, asdict(recipe.posts))
    return found


async def extract(
    page: Page, recipe: Recipe, left: Sequence[Mapping[str, JsonValue]] = ()
) -> Extracted:
    """Read facts and posts from the page as it is now; `left` are posts that it showed before."""
    found = await page.evaluate(_FACTS, asdict(recipe.profile))
    posts = merged(left, await read_posts(page, recipe))
    if recipe.platform == GENERIC and not found["name"]:
        found["name"] = await page.evaluate(_NAME_OF_ANY_PAGE)
    facts: dict[str, JsonValue] = {
        "name": found["name"] or None,
        "handle": found["handle"] or None,
        "bio": found["bio"],
        "links": found["links"],
        "counts": counts(found["counts"]),
        "counts_shown": found["counts"],
        "avatar_url": found["avatar"],
        "avatar_sha256": await _digest(page, found["avatar"]),
        "cover_url": found["cover"],
        "cover_sha256": await _digest(page, found["cover"]),
    }
    if newest := max((str(post["at"]) for post in posts if post["at"]), default=""):
        facts["newest_post_at"] = newest
    return Extracted(facts=facts, posts=tuple(posts), drift=_drift(recipe, facts, len(posts)))


def merged(
    first: Iterable[Mapping[str, JsonValue]], second: Iterable[Mapping[str, JsonValue]]
) -> list[Mapping[str, JsonValue]]:
    """Posts of both, each once, in the order in which they were met; nameless ones are kept."""
    found: dict[JsonValue, Mapping[str, JsonValue]] = {}
    for number, post in enumerate((*first, *second)):
        found.setdefault(post["id"] or post["link"] or f"{number}", post)
    return list(found.values())


async def visible_text(page: Page) -> str:
    """The text that a reader sees, in the order of the page."""
    return str(await page.evaluate("() => document.body ? document.body.innerText : ''"))


async def frames_text(page: Page) -> str:
    """What the page's frames show as text, each after its address: embedded posts, films."""
    found = []
    for frame in page.frames[1:]:
        try:
            text = str(await frame.evaluate("() => document.body?.innerText || ''")).strip()
        except BrowserError:
            continue  # the frame left the page
        if text:
            found.append(f"[{frame.url}]\n{text}")
    return "\n\n".join(found)


async def accessibility_tree(page: Page) -> str:
    """The page as a screen reader meets it, as indented text."""
    return await page.locator("body").aria_snapshot()


async def mhtml(session: CDPSession) -> str:
    """The DOM with its resources in one file, as Chromium saves it."""
    answer = await session.send("Page.captureSnapshot", {"format": "mhtml"})
    return str(answer["data"])


def changes(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> list[str]:
    """Which of the compared facts differ; what could not be read either time is no change."""
    return [
        name
        for name in COMPARED
        if before.get(name) is not None and now.get(name) is not None and before[name] != now[name]
    ]


def _drift(recipe: Recipe, facts: Mapping[str, JsonValue], posts: int) -> tuple[Drift, ...]:
    """Name and handle every profile has; posts it has where its own counter says so."""
    found: list[Drift] = []
    for name in ("name", "handle"):
        selector = getattr(recipe.profile, name)
        if selector and not facts[name]:
            found.append(Drift(field=f"profile.{name}", selector=selector))
    if not posts and _announces_posts(facts["counts"]):
        found.append(Drift(field="posts.each", selector=recipe.posts.each))
    return tuple(found)


def _announces_posts(shown: Any) -> bool:
    return any(shown.get(word) for word in ("inlägg", "posts", "post"))


async def _digest(page: Page, url: str) -> str | None:
    """SHA-256 of the picture's bytes; empty without a picture, None when they cannot be had."""
    if not url.startswith(("http:", "https:")):
        return ""
    data = await _kept(page, url) or await _asked(page, url)
    return sha256(data) if data else None


async def _kept(page: Page, url: str) -> bytes:
    """The bytes that Chromium painted, whatever their host lets scripts read (CORS)."""
    session = await page.context.new_cdp_session(page)
    try:
        await session.send("Page.enable")
        tree = await session.send("Page.getFrameTree")
        asked = {"frameId": tree["frameTree"]["frame"]["id"], "url": url}
        answer = await session.send("Page.getResourceContent", asked)
    except BrowserError:
        return b""
    finally:
        await session.detach()
    return base64.b64decode(answer["content"]) if answer["base64Encoded"] else b""


async def _asked(page: Page, url: str) -> bytes:
    """The bytes that the page's own script is given: for a picture named but not painted."""
    try:
        data = await page.evaluate(_BYTES, url)
    except BrowserError:
        return b""
    return base64.b64decode(data) if data else b""
