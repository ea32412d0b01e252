"""Waiting for a page: what it still asks for, its pictures, and the quiet of its DOM. All bounded.

`networkidle` is neither enough (95 of 100 pictures) nor reached, as feeds poll (CAPTURE.md).
"""

import asyncio
import time
from contextlib import suppress

from capture.browser import BrowserError, Frame, Page, Request, Response
from capture.piercing import piercing

_PATIENCE_S = 8.0
"""A request that is older is endless for us: a stream, a long poll, a host that is blocked."""
_QUIET_MS = 300
_LANDMARK_MS = 5000
_RESTLESS_S = 1.5
_GONE = (404, 410)
_UNAWAITED = frozenset({"eventsource", "websocket", "media", "ping", "cspviolationreport"})

_DOM_QUIET = piercing("""([quiet, most]) => new Promise(resolve => {
  const start = performance.now(); let last = start;
  const seen = new MutationObserver(() => { last = performance.now(); });
  const changes = {subtree: true, childList: true, characterData: true, attributes: true};
  for (const root of roots(document)) seen.observe(root, changes);
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last >= quiet || now - start >= most) {
      clearInterval(timer); seen.disconnect(); resolve(now - last >= quiet);
    }
  }, 25);
})""")

_IN_VIEW = piercing("""() => new Promise(done =>
  requestAnimationFrame(() => setTimeout(async () => {
    const seen = all('img').filter(i => {
      const r = i.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; });
    const come = Promise.allSettled(seen.map(i => i.complete ? 0 : i.decode()));
    await Promise.race([come, new Promise(r => setTimeout(r, 1500))]); done();
  }, 30)))""")

_READABLE = piercing("() => Boolean(document.body && shown(document.body).trim())")


class Underway:
    """The requests of a page that have begun and not ended; `broken` pictures the site has not.

    `broken` holds addresses as the page names them: a picture that another address leads to, too.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begun: dict[Request, float] = {}
        self.broken: set[str] = set()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("response", self._note)
        page.on("requestfailed", self._end)

    @property
    def awaited(self) -> int:
        """How many are under way and young enough to be waited for."""
        latest = time.monotonic() - _PATIENCE_S
        return sum(begun > latest for begun in self._begun.values())

    async def rest(self, most_s: float) -> bool:
        """Wait until nothing is awaited and the DOM holds still.

        False when `most_s` were over, or when the DOM goes on changing without asking for anything.
        """
        end = time.monotonic() + most_s
        while (left := end - time.monotonic()) > 0:
            if self.awaited:
                await asyncio.sleep(0.05)
                continue
            quiet = await dom_quiet(self._page, _QUIET_MS, min(left, _RESTLESS_S))
            if not self.awaited:
                return quiet
        return False

    def _begin(self, request: Request) -> None:
        if request.resource_type not in _UNAWAITED:
            self._begun[request] = time.monotonic()

    def _note(self, response: Response) -> None:
        if response.status not in _GONE or response.request.resource_type != "image":
            return
        first = response.request
        while first.redirected_from is not None:
            first = first.redirected_from
        self.broken.add(first.url)

    def _end(self, request: Request) -> None:
        self._begun.pop(request, None)


async def dom_quiet(where: Page | Frame, quiet_ms: int, most_s: float) -> bool:
    """Wait until the DOM has not changed for `quiet_ms`; False when `most_s` were over."""
    return bool(await where.evaluate(_DOM_QUIET, [quiet_ms, max(most_s, 0) * 1000]))


async def pictures_in_view(where: Page | Frame) -> None:
    """Give observers a frame to notice, and pictures in the window a moment to come."""
    await where.evaluate(_IN_VIEW)


async def wait_for_landmark(page: Page, selector: str) -> None:
    """Wait for what a page is known by, for some seconds at most: whether it came, others judge."""
    with suppress(BrowserError):
        await page.locator(selector).first.wait_for(state="attached", timeout=_LANDMARK_MS)


async def wait_for_text(page: Page) -> None:
    """Wait for anything that can be read, for some seconds at most: for pages made by script, in
    shadow trees too.
    """
    with suppress(BrowserError):
        await page.wait_for_function(_READABLE, timeout=_LANDMARK_MS)
