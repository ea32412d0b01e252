"""What of a page really scrolls, driven from Python: see scroller.js beside this file.

Some sites scroll an inner box while the document stays one window high. Writes nothing into the
page's globals; what it changes of the page's style, `restore` puts back.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from capture.browser import JSHandle, Page

_SCRIPT = Path(__file__).with_name("scroller.js").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Where the scrolled part lies in the window, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How far down the page stands, and how tall what scrolls is, in CSS pixels.

    `width` is the window's: a page that is not made for phones takes more than the phone has, and
    is shown smaller.
    """

    width: float
    top: float
    height: float
    frame: Frame
    moved: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text and its box, in CSS pixels from the window's left and top."""

    x: float
    y: float
    width: float
    height: float
    text: str


class Scroller:
    """A page's scroll. Every span is in CSS pixels."""

    def __init__(self, handle: JSHandle, *, inner: bool) -> None:
        self._handle = handle
        self.inner = inner

    @classmethod
    async def find(cls, page: Page) -> Self:
        """Find what scrolls on the page as it is now: the document, or a box in it."""
        handle = await page.evaluate_handle(_SCRIPT)
        place = await handle.evaluate("s => s.place()")
        return cls(handle, inner=place["inner"])

    async def place(self) -> Place:
        """Where the page stands."""
        return _place(await self._call("place"))

    async def to(self, top: float) -> Place:
        """Scroll to a place, at once."""
        return _place(await self._call("to", top))

    async def by(self, pixels: float) -> Place:
        """Scroll on, at once; `moved` is false at the end."""
        return _place(await self._call("by", pixels))

    async def marks(self) -> list[str]:
        """What the window shows, in short texts and picture addresses."""
        found: list[str] = await self._call("marks")
        return found

    async def gone(self, marks: list[str]) -> list[str]:
        """Which of the marks the page no longer has at all."""
        found: list[str] = await self._call("gone", marks)
        return found

    async def unpin(self) -> float:
        """Let go what is pinned to the window; gives the height of the tallest of it."""
        return float(await self._call("unpin"))

    async def texts(self, *, whole: bool = False) -> list[Text]:
        """The visible texts that reach into the window's scrolled part, or all of the page."""
        return [
            Text(x=x, y=y, width=width, height=height, text=text)
            for x, y, width, height, text in await self._call("texts", whole)
        ]

    async def frames_below(self) -> bool:
        """Whether frames lie below the window: they are painted only when they are in sight."""
        return bool(await self._call("framesBelow"))

    async def ground(self) -> tuple[int, int, int]:
        """The page's own background colour."""
        red, green, blue = (int(value) for value in await self._call("ground"))
        return red, green, blue

    async def restore(self) -> None:
        """Put the page back at its top and in its own style."""
        await self._call("restore")

    async def _call(self, name: str, *arguments: Any) -> Any:
        return await self._handle.evaluate(
            "(scroller, [name, given]) => scroller[name](...given)", [name, list(arguments)]
        )


def _place(told: dict[str, Any]) -> Place:
    return Place(
        width=told["width"],
        top=told["top"],
        height=told["height"],
        frame=Frame(**told["frame"]),
        moved=told.get("moved", False),
    )
