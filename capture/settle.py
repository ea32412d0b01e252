"""Settling: the page is scrolled through, its pictures loaded, and then it must hold still.

Fonts → a stepped pass down (0.85 of the window, at once, never by enlarging the window) → pictures
complete and decoded → the DOM quiet for half a second → two equal pictures of the window. One
deadline for all; what did not come to rest is said and filed, never waited for without end.
"""

import asyncio
import io
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops
from pydantic import JsonValue

from capture.browser import BrowserError, Page
from capture.descent import Descent
from capture.harvest import Harvest
from capture.piercing import piercing
from capture.scroller import Scroller
from capture.sight import Bounds, Sight
from capture.waiting import dom_quiet, pictures_in_view

_STEP = 0.85
_QUIET_MS = 500
_FIRST_SECONDS = 6.0
"""How long what a page asks for first may take."""
_LOOK = 8
"""Every so many steps it is asked whether the page drops what it showed."""
_KEPT_S = 3.0
"""So much of the time is kept for coming to rest."""
_DROPPED = 0.2
"""The share of what was seen that must be gone: counters and times change on any page."""

_DECODED = piercing("""async (ms) => {
  const come = Promise.allSettled(all('img').filter(i => i.currentSrc || i.src)
    .map(i => i.decode()));
  await Promise.race([come, new Promise(r => setTimeout(r, ms))]);
}""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How the page came to rest. `steps` has each step's outcome; spans are in milliseconds.

    `virtualised` is true when what was seen left the page while it was scrolled on.
    """

    settled: bool
    steps: Mapping[str, JsonValue]
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

    def left_s(self) -> float:
        return max(0.0, self.end - time.monotonic())


async def settle(sight: Sight, bounds: Bounds) -> tuple[Settled, Scroller]:
    """Scroll through and wait for rest, within the bounds; the page is left at its top."""
    page = sight.page
    clock = _Clock(end=time.monotonic() + bounds.seconds, steps={})
    await _timed(clock, "fonts", page.evaluate("() => document.fonts.ready.then(() => true)"))
    await sight.underway.rest(min(_FIRST_SECONDS, clock.left_s()))
    scroller = await Scroller.find(page)
    clock.steps["scroller"] = _kind(scroller)
    virtualised, stopped = await _scroll_through(sight, scroller, bounds, clock)
    await page.evaluate(_DECODED, min(5.0, clock.left_s()) * 1000)
    await sight.harvest.see_pictures(scroller)
    quiet = await dom_quiet(page, _QUIET_MS, min(4.0, clock.left_s()))
    clock.steps["dom_quiet"] = quiet
    still = await _still(page, clock)
    settled = Settled(
        settled=quiet and still,
        steps=clock.steps,
        virtualised=virtualised,
        stopped_by=stopped,
    )
    return settled, scroller


def _kind(scroller: Scroller) -> str:
    """What scrolls: the document, a box in it, or a frame."""
    if scroller.home.parent_frame is not None:
        return "frame"
    return "inner" if scroller.inner else "document"


async def _scroll_through(
    sight: Sight, scroller: Scroller, bounds: Bounds, clock: _Clock
) -> tuple[bool, str]:
    """Step down to the end and back; whether the page drops what it showed, and why it ended."""
    began, stopped, step, home = time.monotonic(), "", 0, scroller.home
    descent = Descent(scroller, sight.underway, sight.recipe, bounds.watch_s)
    if scroller.outer:
        await scroller.outer.to(await scroller.reach())
    while not stopped:
        await pictures_in_view(home)
        await scroller.meet()
        here = await sight.harvest.look(scroller)
        if step % _LOOK == _LOOK - 1 and await _drops(scroller, sight.harvest, here):
            stopped = "virtualised"
        elif not (stopped := await _bound(sight, scroller, bounds, clock)):
            far = (await scroller.place()).frame.height * _STEP
            place = await descent.on(far, clock.left_s() - _KEPT_S)
            clock.steps["height"] = place.height
            stopped = "" if place.moved else descent.stopped_by
            step += 1
    clock.steps |= {"scroll_steps": step, "more_pressed": descent.pressed}
    here = await sight.harvest.look(scroller)
    drops = stopped == "virtualised" or await _drops(scroller, sight.harvest, here)
    await scroller.rewind()
    await pictures_in_view(home)
    drops = drops or await _drops(scroller, sight.harvest, await sight.harvest.look(scroller))
    clock.steps["scroll_ms"] = int((time.monotonic() - began) * 1000)
    return drops, stopped


async def _bound(sight: Sight, scroller: Scroller, bounds: Bounds, clock: _Clock) -> str:
    """Which bound is reached, if any."""
    if clock.left_s() < _KEPT_S:
        return "time"
    if len(sight.harvest.ids) >= bounds.posts:
        return "posts"
    return "height" if (await scroller.place()).top >= bounds.height else ""


async def _drops(scroller: Scroller, harvest: Harvest, here: set[str]) -> bool:
    """Whether enough of what was seen is gone from the page that it must be called virtualised."""
    (lost, met), ids = await scroller.lost(), set(harvest.ids) - here
    return (lost > max(2, met * _DROPPED)) or (len(ids) > max(1, len(harvest.ids) * _DROPPED / 2))


async def _still(page: Page, clock: _Clock) -> bool:
    """Two equal pictures of the window, a quarter of a second apart; else where they differed."""
    before: Image.Image | None = None
    for _ in range(6):
        data = await page.screenshot(type="png", animations="disabled", caret="hide")
        with Image.open(io.BytesIO(data)) as opened:
            now = opened.convert("RGB")
        where = ImageChops.difference(before, now).getbbox() if before else (0, 0, *now.size)
        if where is None:
            clock.steps["window_still"] = True
            clock.steps.pop("window_differs", None)
            return True
        if before is not None:
            clock.steps["window_differs"] = list(where)
            if clock.left_s() < 1:
                break
        before = now
        await asyncio.sleep(0.25)
    clock.steps["window_still"] = False
    return False


async def _timed(clock: _Clock, name: str, work: Coroutine[Any, Any, Any]) -> None:
    began = time.monotonic()
    try:
        async with asyncio.timeout(clock.left_s()):
            await work
        clock.steps[name] = int((time.monotonic() - began) * 1000)
    except (TimeoutError, BrowserError) as error:
        clock.steps[name] = f"not reached: {type(error).__name__}"
