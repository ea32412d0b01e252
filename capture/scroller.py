"""What of a page really scrolls, driven from Python: see scroller.js beside this file.

Some sites scroll an inner box, in a shadow tree or a frame too, while the document stays one window
high. Writes nothing into the page's globals; what it changes of the page's style, `restore` puts
back.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from capture.browser import BrowserError, Frame, JSHandle, Page
from capture.piercing import piercing

_SCRIPT = piercing(Path(__file__).with_name("scroller.js").read_text(encoding="utf-8"))
_FRAME_SECONDS = 2
"""A frame that does not answer in this time is none for us."""
_WINDOW = "() => ({width: innerWidth, height: innerHeight})"
_INNER_EDGE = """(n) => { const s = getComputedStyle(n);
  return [n.clientLeft + parseFloat(s.paddingLeft), n.clientTop + parseFloat(s.paddingTop)]; }"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """Where something lies in the window, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How far down the page stands, and how tall what scrolls is, in CSS pixels.

    `width` is the window's: a page that is not made for phones takes more than the phone has, and
    is shown smaller. `frame` is what of the scrolled part is in sight.
    """

    width: float
    top: float
    height: float
    frame: Area
    moved: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text and its box, in CSS pixels from the window's left and top.

    `clear`: no box around it cuts any of it off.
    """

    x: float
    y: float
    width: float
    height: float
    text: str
    clear: bool


class Scroller:
    """A page's scroll. Every span is in CSS pixels.

    `home` is the frame whose document it is in. `outer` is the page's own scroll where this is a
    box's or a frame's: what lies above and below them is reached by it.
    """

    def __init__(self, handle: JSHandle, home: Frame, outer: Self | None, told: Any) -> None:
        self._handle = handle
        self.home = home
        self.outer = outer
        self.inner: bool = outer is not None
        self.hidden: float = told["hidden"]
        """How much of it was out of sight when it was found."""
        self.ended: tuple[float, str] | None = None
        """The height at which its end was believed, once it was, and what that was."""

    @classmethod
    async def find(cls, page: Page) -> Self:
        """Find what scrolls on the page as it is now: of all that do, what hides the most."""
        window = await page.evaluate(_WINDOW)
        asked = {**window, "whole": True}
        handle = await page.main_frame.evaluate_handle(_SCRIPT, asked)
        told = await handle.evaluate("s => s.place()")
        own = cls(handle, page.main_frame, None, told)
        found = [own]
        for frame in page.frames:
            with suppress(BrowserError, TimeoutError):  # the frame left, or never answers
                async with asyncio.timeout(_FRAME_SECONDS):
                    found += await cls._in(frame, window, own)
        return max(found, key=lambda one: one.hidden)

    @classmethod
    async def _in(cls, frame: Frame, window: dict[str, float], outer: Self) -> list[Self]:
        """The box that hides the most in a frame of the page, if any is large enough."""
        handle = await frame.evaluate_handle(_SCRIPT, {**window, "whole": False})
        told = await handle.evaluate("s => s && s.place()")
        return [cls(handle, frame, outer, told)] if told else []

    async def place(self) -> Place:
        """Where the page stands."""
        return await self._place(await self._call("place"))

    async def to(self, top: float) -> Place:
        """Scroll to a place, at once."""
        return await self._place(await self._call("to", top))

    async def by(self, pixels: float) -> Place:
        """Scroll on, at once; `moved` is false at the end."""
        return await self._place(await self._call("by", pixels))

    async def rewind(self) -> Place:
        """Back to the top of it, and of the page."""
        if self.outer:
            await self.outer.to(0)
        return await self.to(0)

    async def reach(self) -> float:
        """How far the page itself must be scrolled from its top for this to be in sight whole."""
        if self.outer is None:
            return 0
        window = (await self.outer.place()).frame
        box = (await self._call("place"))["outline"]
        top = box["y"] + (await self.origin())[1] + (await self.outer.place()).top
        if top + box["height"] <= window.height:
            return 0
        return float(top if box["height"] > window.height else top + box["height"] - window.height)

    async def nudge(self) -> None:
        """A little up and down again: what watches for the end sees it come once more."""
        await self._call("nudge")

    async def room(self) -> tuple[float, int]:
        """How far it can be scrolled on, and how many elements its document has."""
        left, elements = await self._call("room")
        return float(left), int(elements)

    async def more(self, selector: str, wording: str, each: str, *, press: bool) -> str:
        """What the button says that brings more, pressed if so asked; empty: there is none.

        It is told by the selector, else by its words. `each` finds posts: what is in one is none.
        """
        return str(await self._call("more", selector, wording, each, press))

    async def meet(self) -> None:
        """Remember what the window shows, so that what is lost of it is noticed."""
        await self._call("meet")

    async def lost(self) -> tuple[int, int]:
        """How much of what was met the page has dropped at some time, and how much was met."""
        lost, met = await self._call("lost")
        return int(lost), int(met)

    async def unpin(self) -> float:
        """Let go what is pinned to the window; gives the height of the tallest of it."""
        tallest = float(await self._call("unpin"))
        return max(tallest, await self.outer.unpin()) if self.outer and self.apart else tallest

    async def texts(self, *, whole: bool = False) -> list[Text]:
        """The visible texts that reach into the window's scrolled part, or all of the page."""
        left, above = await self.origin()
        return [
            Text(x=x + left, y=y + above, width=width, height=height, text=text, clear=clear)
            for x, y, width, height, text, clear in await self._call("texts", whole)
        ]

    async def frames_below(self) -> bool:
        """Whether frames lie below the window: they are painted only when they are in sight."""
        return bool(await self._call("framesBelow"))

    async def others(self) -> float:
        """What other large boxes of its document hide."""
        return float(await self._call("others"))

    async def unscrolled(self, page: Page) -> int:
        """What large boxes hide that neither this nor the page's own scroll brings into sight."""
        window = await page.evaluate(_WINDOW)
        hidden = await self.others()
        for frame in page.frames:
            if frame is self.home:
                continue
            with suppress(BrowserError, TimeoutError):
                async with asyncio.timeout(_FRAME_SECONDS):
                    for one in await self._in(frame, window, self):
                        hidden += one.hidden + await one.others()
        return round(hidden)

    async def grounds(self) -> list[tuple[int, int, int]]:
        """The background colours of the page, and of the frame that scrolls in it."""
        red, green, blue = (int(value) for value in await self._call("ground"))
        above = await self.outer.grounds() if self.outer and self.apart else []
        return [*above, (red, green, blue)]

    async def restore(self) -> None:
        """Put the page back at its top and in its own style."""
        await self._call("restore")
        if self.outer:
            await self.outer.restore()

    @property
    def apart(self) -> bool:
        """Whether its document is another than the page's."""
        return self.outer is not None and self.outer.home is not self.home

    async def origin(self) -> tuple[float, float]:
        """Where in the window its document begins."""
        if self.home.parent_frame is None:
            return 0, 0
        element = await self.home.frame_element()
        box = await element.bounding_box() or {"x": 0, "y": 0}
        left, above = await element.evaluate(_INNER_EDGE)
        return box["x"] + left, box["y"] + above

    async def _place(self, told: dict[str, Any]) -> Place:
        """As the window has it."""
        place = Place(
            width=told["width"],
            top=told["top"],
            height=told["height"],
            frame=Area(**told["frame"]),
            moved=told.get("moved", False),
        )
        if self.home.parent_frame is None or self.outer is None:
            return place
        window, (left, above) = (await self.outer.place()).frame, await self.origin()
        frame = _cut(replace(place.frame, x=place.frame.x + left, y=place.frame.y + above), window)
        return replace(place, width=window.width, frame=frame)

    async def _call(self, name: str, *arguments: Any) -> Any:
        return await self._handle.evaluate(
            "(scroller, [name, given]) => scroller[name](...given)", [name, list(arguments)]
        )


def _cut(area: Area, window: Area) -> Area:
    """What of it is in the window."""
    x, y = max(0.0, area.x), max(0.0, area.y)
    right = min(area.x + area.width, window.width)
    below = min(area.y + area.height, window.height)
    return Area(x=x, y=y, width=max(0.0, right - x), height=max(0.0, below - y))
