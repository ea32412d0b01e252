"""Settling: the page is scrolled through, its pictures loaded, and then it must hold still.

Fonts → a stepped pass down (0.85 of the window, at once, never by enlarging the window) → pictures
complete and decoded → the DOM quiet for half a second → two equal pictures of the window. One
deadline for all; what did not come to rest is said and filed, never waited for without end.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from capture.browser import BrowserError, Page
from capture.recipe import Recipe
from storage.record import sha256

_STEP = 0.85
_MOST_STEPS = 400
_QUIET_MS = 500

_HARVEST = """([each, id]) => [...document.querySelectorAll(each)].map((n, i) =>
  n.getAttribute(id) || n.querySelector('a[href]')?.href || '')"""

_SCROLLER = """() => {
  const page = document.scrollingElement || document.documentElement;
  const inner = [...document.querySelectorAll('body *')].filter(n =>
    n.scrollHeight > n.clientHeight + 200 && n.clientHeight > innerHeight * 0.5 &&
    /(auto|scroll)/.test(getComputedStyle(n).overflowY));
  const best = inner.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  window.__insynScroller = page.scrollHeight > innerHeight + 50 || !best ? page : best;
  return window.__insynScroller === page ? 'document' : 'inner';
}"""

_SCROLL = """(share) => {
  const s = window.__insynScroller;
  s.style.setProperty('scroll-behavior', 'auto', 'important');
  const before = s.scrollTop;
  s.scrollTo({top: before + innerHeight * share, behavior: 'instant'});
  return [before !== s.scrollTop, s.scrollHeight];
}"""

_TOP = """() => { const s = window.__insynScroller; s.scrollTo({top: 0, behavior: 'instant'});
  s.style.removeProperty('scroll-behavior'); delete window.__insynScroller; }"""

_IMAGES = """async (ms) => {
  const shown = [...document.images].filter(i => i.currentSrc || i.src);
  const done = Promise.allSettled(shown.map(i => i.decode()));
  await Promise.race([done, new Promise(r => setTimeout(r, ms))]);
  const loaded = shown.filter(i => i.complete && i.naturalWidth > 0).length;
  return {loaded, missing: document.images.length - loaded};
}"""

_QUIET = """([quiet, most]) => new Promise(resolve => {
  const start = performance.now(); let last = start;
  const seen = new MutationObserver(() => { last = performance.now(); });
  seen.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last >= quiet || now - start >= most) {
      clearInterval(timer); seen.disconnect(); resolve(now - last >= quiet);
    }
  }, 50);
})"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How the page came to rest. `steps` has each step's outcome; spans are in milliseconds.

    `virtualised` is true when posts that were seen left the page while it was scrolled on.
    """

    settled: bool
    steps: Mapping[str, JsonValue]
    images_loaded: int
    images_missing: int
    post_ids: tuple[str, ...]
    virtualised: bool
    stopped_by: str

    def as_json(self) -> dict[str, JsonValue]:
        """For the manifest. Not called steps: the public validator takes that for a pipeline."""
        return {
            "settled": self.settled,
            "stages": dict(self.steps),
            "virtualised": self.virtualised,
            "stopped_by": self.stopped_by,
        }


@dataclass(kw_only=True, slots=True)
class _Clock:
    end: float
    steps: dict[str, JsonValue]

    def left_ms(self) -> int:
        return max(0, int((self.end - time.monotonic()) * 1000))


async def settle(page: Page, recipe: Recipe, seconds: float) -> Settled:
    """Scroll through and wait for rest, at most `seconds`; the page is left at its top."""
    clock = _Clock(end=time.monotonic() + seconds, steps={})
    await _timed(clock, "fonts", page.evaluate("() => document.fonts.ready.then(() => true)"))
    scroller = await page.evaluate(_SCROLLER)
    clock.steps["scroller"] = scroller
    ids, virtualised, stopped = await _scroll_through(page, recipe, clock)
    await page.evaluate(_TOP)
    images = await page.evaluate(_IMAGES, min(5000, clock.left_ms()))
    quiet = await page.evaluate(_QUIET, [_QUIET_MS, min(4000, clock.left_ms())])
    clock.steps["dom_quiet"] = quiet
    still = await _still(page, clock)
    return Settled(
        settled=bool(quiet and still),
        steps=clock.steps,
        images_loaded=images["loaded"],
        images_missing=images["missing"],
        post_ids=ids,
        virtualised=virtualised,
        stopped_by=stopped,
    )


async def _scroll_through(
    page: Page, recipe: Recipe, clock: _Clock
) -> tuple[tuple[str, ...], bool, str]:
    """Step down to the end; gives post ids in order, whether posts left the page, and the stop."""
    seen: dict[str, None] = {}
    began, stopped, now = time.monotonic(), "count", set[str]()
    for step in range(_MOST_STEPS):
        here = [found for found in await _post_ids(page, recipe) if found]
        now = set(here)
        seen |= dict.fromkeys(here)
        if clock.left_ms() < 3000:
            stopped = "time"
            break
        await _pictures_in_view(page)
        moved, height = await page.evaluate(_SCROLL, _STEP)
        clock.steps["height"] = height
        if not moved:
            stopped = "end"
            clock.steps["scroll_steps"] = step
            break
    clock.steps["scroll_ms"] = int((time.monotonic() - began) * 1000)
    return tuple(seen), bool(set(seen) - now), stopped


async def _pictures_in_view(page: Page) -> None:
    """Give observers a frame to notice, and pictures in the window a moment to come."""
    await page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => setTimeout(async () => {
          const seen = [...document.images].filter(i => {
            const r = i.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; });
          const all = Promise.allSettled(seen.map(i => i.complete ? 0 : i.decode()));
          await Promise.race([all, new Promise(r => setTimeout(r, 1500))]); done();
        }, 30)))"""
    )


async def _post_ids(page: Page, recipe: Recipe) -> list[str]:
    if not recipe.posts.each:
        return []
    found: list[str] = await page.evaluate(_HARVEST, [recipe.posts.each, recipe.posts.id])
    return found


async def _still(page: Page, clock: _Clock) -> bool:
    """Two equal pictures of the window, a quarter of a second apart."""
    previous = ""
    for _ in range(6):
        digest = sha256(await page.screenshot(type="png", animations="disabled", caret="hide"))
        if digest == previous:
            clock.steps["window_still"] = True
            return True
        previous = digest
        if clock.left_ms() < 1000:
            break
        await asyncio.sleep(0.25)
    clock.steps["window_still"] = False
    return False


async def _timed(clock: _Clock, name: str, work: object) -> None:
    began = time.monotonic()
    try:
        async with asyncio.timeout(clock.left_ms() / 1000):
            await work  # type: ignore[misc]  # a coroutine of the page's
        clock.steps[name] = int((time.monotonic() - began) * 1000)
    except (TimeoutError, BrowserError) as error:
        clock.steps[name] = f"not reached: {type(error).__name__}"
