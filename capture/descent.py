"""The way down what scrolls, to its real end: a feed that is slow to grow has not ended yet.

At the end it is watched for a while whether more comes, nudged so that what watches for the end
sees it come; a button that brings more is pressed. Never a link that leads away.
"""

import asyncio
import time

from capture.more_words import MORE
from capture.recipe_model import GENERIC, Recipe
from capture.scroller import Place, Scroller
from capture.waiting import Underway

_BATCH_SECONDS = 6.0
"""How long the next batch of a feed may take at its end, once it is asked for."""
FEED_SECONDS = 2.0
"""How long nothing may happen at a feed's end until it is believed: feeds wait for up to a second
before they ask for more (seen)."""
_SHORT_SECONDS = 1.0
"""Where all stands in one window: the end has been in sight since the page was loaded."""
_LOOK_SECONDS = 0.1
_NUDGE_SECONDS = 1.2
"""A second nudge, late enough for what the first one set off to have come."""
_ROOM = 2
"""CSS pixels from which on there is room to scroll on."""
_FRUITLESS = 2
"""So many presses that bring nothing, and a button counts as dead."""


class Descent:
    """A way down. `stopped_by` is `end`, `button` where one is left that would bring more, or
    `time` where the end could not be watched for long enough.
    """

    def __init__(
        self, scroller: Scroller, underway: Underway, recipe: Recipe, watch_s: float
    ) -> None:
        self._scroller, self._underway = scroller, underway
        self._recipe, self._watch_s = recipe, watch_s
        self.stopped_by = "end"
        self.pressed = 0
        self._fruitless = 0
        self._watch = min(watch_s, _SHORT_SECONDS)

    async def on(self, pixels: float, most_s: float) -> Place:
        """Scroll on; at the end, for `most_s` seconds at most, wait and press for more."""
        end, scroller = time.monotonic() + most_s, self._scroller
        place = await scroller.by(pixels)
        if place.moved or place.top:
            self._watch = self._watch_s
        if place.moved:
            return place
        await self._underway.rest(min(_BATCH_SECONDS, most_s))
        place, before = await scroller.by(pixels), -1.0
        while self._watch_s and not place.moved:
            if scroller.ended and scroller.ended[0] == place.height:
                self.stopped_by = scroller.ended[1]
                break
            grows = await self._press(end) or await self._grows(end)
            if time.monotonic() >= end:
                self.stopped_by = "time"
                break
            if not grows or place.height == before:  # or it says that there is room and moves not
                self.stopped_by = "button" if await self._button(press=False) else "end"
                scroller.ended = (place.height, self.stopped_by)
                break
            place, before = await scroller.by(pixels), place.height
        return place

    async def _grows(self, end: float) -> bool:
        """Whether there is room to scroll on before nothing has happened for a while."""
        _, before = await self._scroller.room()
        began = nudged = quiet = time.monotonic()
        await self._scroller.nudge()
        while (now := time.monotonic()) < min(end, began + _BATCH_SECONDS):
            left, elements = await self._scroller.room()
            if left > _ROOM:
                return True
            if elements != before or self._underway.awaited:
                quiet, before = now, elements
            if now - quiet > self._watch:
                return False
            if now - nudged > _NUDGE_SECONDS:
                await self._scroller.nudge()
                nudged = now
            await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def _press(self, end: float) -> bool:
        """Press what brings more, if it stands there and there is time; whether it brought any."""
        while time.monotonic() < end and self._fruitless < _FRUITLESS:
            if not await self._button(press=True):
                return False
            self.pressed += 1
            if await self._grows(end):
                self._fruitless = 0
                return True
            self._fruitless += 1
        return False

    async def _button(self, *, press: bool) -> str:
        """What would bring more: the recipe's button; by its words, on a page that has no recipe.

        What is not pressed is told by its words on any page.
        """
        posts = self._recipe.posts
        worded = not posts.more and (self._recipe.platform == GENERIC or not press)
        if not (posts.more or worded):
            return ""
        wording = MORE if worded else ""
        return await self._scroller.more(posts.more, wording, posts.each, press=press)
