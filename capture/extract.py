"""Facts of a profile and its posts as data, by the recipe; text, accessibility tree and MHTML.

What a page's counters say is kept as shown too: they may be stale. Digests of avatar and cover
are of the bytes that the page itself was given. A fact that could not be read is None, never "".
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from capture.browser import BrowserError, CDPSession, Frame, Page
from capture.numbers import counts
from capture.piercing import piercing, shown_text
from capture.recipe_model import Place, ProfileFields, Recipe
from storage.record import sha256

COMPARED = ("name", "bio", "links", "avatar_sha256", "cover_sha256")
"""The facts whose change is a larger change of the account (RULES R5)."""

_Told = tuple[Place, list[dict[str, str]]]
"""A place and each thing found there: its own text, all text, lines, link and picture address."""

_FACTS = piercing("""(places) => {
  const squeeze = (t) => (t || '').replace(/\\s+/g, ' ').trim();
  const whole = (a) => {
    try { return a && new URL(a, document.baseURI).href; } catch { return ''; }
  };
  const tell = (n) => {
    const own = squeeze([...n.childNodes].filter(c => c.nodeType === 3).map(c => c.data).join(' '));
    const link = n.href?.baseVal ?? n.href ?? '';
    const text = n.content || (n.tagName === 'LINK' ? link : shown(n));
    return {own: squeeze(n.content || own || text), text: squeeze(text),
      lines: (text || '').trim(), link: whole(link || n.content),
      address: whole(n.currentSrc || n.src || n.content || link)};
  };
  const nodes = [];
  const walk = (d) => {
    if (Array.isArray(d)) d.forEach(walk);
    else if (d && typeof d === 'object') { nodes.push(d); Object.values(d).forEach(walk); }
  };
  for (const script of document.querySelectorAll('script[type="application/ld+json"]'))
    try { walk(JSON.parse(script.textContent)); } catch { continue; }
  const structured = (path) => {
    const [type, key] = path.split('.');
    return nodes.filter(d => type === '*' || [d['@type']].flat().includes(type))
      .flatMap(d => d[key] ?? []).map(v => typeof v === 'string' ? v : v.url || v.contentUrl || '')
      .map(v => ({own: squeeze(v), text: squeeze(v), lines: v.trim(), link: v, address: whole(v)}));
  };
  return places.map(({select, json}) => {
    try { return json ? structured(json) : all(select).map(tell); }
    catch { return []; }
  });
}""")

IDENTITY = Path(__file__).with_name("identity.js").read_text(encoding="utf-8")
"""What tells one post from another: its attribute, its permalink without what tracks, its text.

A post without any of them is told by what it leads to, its label, or its picture.
"""

_POSTS = piercing(f"""(p) => {{ {IDENTITY}
  const read = (n) => (n && (shown(n).trim() || n.alt || n.ariaLabel)) || '';
  return all(p.each).map(n => ({{
    id: identity(n, p),
    link: one(n, p.link)?.href || '',
    at: one(n, p.time)?.getAttribute('datetime') || one(n, p.time)?.content || '',
    at_shown: read(one(n, p.time)),
    text: read(p.text ? one(n, p.text) : n),
    shared: p.shared ? Boolean(one(n, p.shared)) : null,
    pinned: p.pinned ? Boolean(one(n, p.pinned)) : null,
  }}));
}}""")

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


async def read_posts(where: Page | Frame, recipe: Recipe) -> list[dict[str, JsonValue]]:
    """The posts that are on the page now, or in one of its frames, in its order."""
    found: list[dict[str, JsonValue]] = await where.evaluate(_POSTS, asdict(recipe.posts))
    return found


async def extract(
    page: Page, recipe: Recipe, left: Sequence[Mapping[str, JsonValue]] = ()
) -> Extracted:
    """Read facts and posts from the page as it is now; `left` are posts that it showed before."""
    told = await _told(page, recipe.profile)
    posts = merged(left, await read_posts(page, recipe))
    shown = _first(told["counts"], "lines")
    avatar, cover = (next(iter(_first(told[name], "address")), "") for name in ("avatar", "cover"))
    facts: dict[str, JsonValue] = {
        "name": next(iter(_first(told["name"], "own")), None),
        "handle": next(iter(_first(told["handle"], "text")), None),
        "bio": next(iter(_first(told["bio"], "text")), ""),
        "links": list(_first(told["links"], "link")),
        "counts": counts(shown),
        "counts_shown": list(shown),
        "avatar_url": avatar,
        "avatar_sha256": await _digest(page, avatar),
        "cover_url": cover,
        "cover_sha256": await _digest(page, cover),
    }
    if newest := max((str(post["at"]) for post in posts if post["at"]), default=""):
        facts["newest_post_at"] = newest
    return Extracted(facts=facts, posts=tuple(posts), drift=_drift(recipe, facts, len(posts)))


async def _told(page: Page, fields: ProfileFields) -> dict[str, list[_Told]]:
    """For each field its places, in their order, with what the page has there."""
    asked = [
        (name, place) for name in fields.__dataclass_fields__ for place in getattr(fields, name)
    ]
    answers = await page.evaluate(_FACTS, [asdict(place) for _, place in asked])
    told: dict[str, list[_Told]] = {name: [] for name in fields.__dataclass_fields__}
    for (name, place), found in zip(asked, answers, strict=True):
        told[name].append((place, found))
    return told


async def found_places(page: Page, fields: ProfileFields) -> dict[str, list[tuple[Place, int]]]:
    """For each field its places, in their order, with how much of the page each matches."""
    told = await _told(page, fields)
    return {name: [(place, len(found)) for place, found in places] for name, places in told.items()}


def _first(places: Sequence[_Told], kind: str) -> list[str]:
    """What the surest place has that has anything."""
    for place, found in places:
        if cut := [text for one in found for text in place.cut(one[kind])]:
            return cut
    return []


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
    return await shown_text(page)


async def frames_text(page: Page) -> str:
    """What the page's frames show as text, each after its address: embedded posts, films."""
    found = []
    for frame in page.frames[1:]:
        try:
            text = (await shown_text(frame)).strip()
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
        places = getattr(recipe.profile, name)
        if places and not facts[name]:
            selectors = ", ".join(place.select or place.json for place in places)
            found.append(Drift(field=f"profile.{name}", selector=selectors))
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
