"""A mosaic: the page window by window, each pasted where its content really stands.

For feeds that drop what is off screen, pages that scroll an inner box, and frames further down: one
shot of them lacks what is not in sight (4 of 80 posts, measured). How far the content moved is told
by the pixels that two windows have in common, and where they overlap, their rows are compared.
"""

import io
import math
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from capture.descent import Descent
from capture.picture_check import Seam
from capture.registration import SAME, equal_rows, is_plain, offset
from capture.scroller import Area, Place, Scroller
from capture.sight import Bounds, Sight
from capture.waiting import dom_quiet, pictures_in_view

_OVERLAP = 0.2
"""The least share of the window that two neighbours have in common."""
_WINDOW_SECONDS = 3.0
_ROOM = 2
"""CSS pixels from which on there is more of the page below."""
_QUIET_MS = 120
_LONG_QUIET_MS = 500

Box = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mosaic:
    """The tiles of a mosaic, its height in CSS pixels, its seams, and why it ended.

    `ratio` has the device pixels of a CSS pixel, as they came out.
    """

    tiles: tuple[Path, ...]
    height: int
    ratio: float
    seams: tuple[Seam, ...]
    stopped_by: str


class Sheet:
    """Rows of a picture as they come, written as tiles; what lies above a paste is final."""

    def __init__(self, stem: Path, width: int, tile: int, ground: tuple[int, int, int]) -> None:
        self._stem, self._tile, self._ground = stem, tile, ground
        self._rows = Image.new("RGB", (width, 0))
        self._base = 0
        self.bottom = 0
        self.tiles: list[Path] = []

    def paste(self, piece: Image.Image, left: int, top: int) -> float:
        """Put a piece at its place; gives the share of rows that agree with what was there.

        Rows that are written already stay as they are.
        """
        if top < self._base:
            piece = piece.crop((0, min(self._base - top, piece.height), *piece.size))
            top = self._base
        while top - self._base >= self._tile:
            self._write(self._tile)
        both = min(self.bottom, top + piece.height) - top
        bottom = max(self.bottom, top + piece.height)
        self._grow(bottom - self._base)
        box = (left, top - self._base, left + piece.width, top - self._base + both)
        equal = equal_rows(self._rows.crop(box), piece) if both > 0 else 1.0
        self._rows.paste(piece, (left, top - self._base))
        self.bottom = bottom
        return equal

    def finish(self) -> tuple[Path, ...]:
        """Write what is left."""
        while self.bottom > self._base:
            self._write(min(self._tile, self.bottom - self._base))
        return tuple(self.tiles)

    def _grow(self, height: int) -> None:
        if height > self._rows.height:
            grown = Image.new("RGB", (self._rows.width, height), self._ground)
            grown.paste(self._rows, (0, 0))
            self._rows = grown

    def _write(self, height: int) -> None:
        path = self._stem.with_name(f"{self._stem.name}-{len(self.tiles) + 1:04d}.png")
        width = self._rows.width
        self._rows.crop((0, 0, width, height)).save(path, "PNG", compress_level=1)
        self._rows = self._rows.crop((0, height, width, self._rows.height))
        self._base += height
        self.tiles.append(path)


class MosaicPass:
    """One pass down a page, window by window.

    Where a box or a frame scrolls in the page, the page is scrolled until it is in sight, then the
    box to its end, then the page to its own.
    """

    def __init__(self, sight: Sight, scroller: Scroller) -> None:
        self._sight, self._page, self._view = sight, sight.page, sight.view
        self._scroller, self._underway, self._harvest = scroller, sight.underway, sight.harvest
        self._seams: list[Seam] = []
        self._ratio = self._view.ratio
        self._down = 0
        """Device pixels that the content of the window lies below where it began."""

    async def paint(self, sheet: Sheet, bounds: Bounds) -> Mosaic:
        """Paint down to the page's end, or to a bound."""
        end = time.monotonic() + bounds.seconds
        place = await self._scroller.rewind()
        self._ratio = (await self._shot()).width / place.width
        outer, stopped = self._scroller.outer, ""
        if outer and (reach := await self._scroller.reach()):
            stopped = await self._walk(outer, sheet, bounds, end, reach)
        if stopped in ("", "end"):
            stopped = await self._walk(self._scroller, sheet, bounds, end)
        if outer and stopped in ("end", "button") and (await outer.room())[0] > _ROOM:
            rest = await self._walk(outer, sheet, bounds, end)
            stopped = stopped if rest == "end" else rest
        height = round(sheet.bottom / self._ratio)
        return Mosaic(
            tiles=sheet.finish(),
            height=height,
            ratio=self._ratio,
            seams=tuple(self._seams),
            stopped_by=stopped,
        )

    async def _walk(
        self, scroller: Scroller, sheet: Sheet, bounds: Bounds, end: float, most: float = math.inf
    ) -> str:
        """Paint from where it stands to its end, to `most` or to a bound; gives which it was."""
        descent = Descent(scroller, self._underway, self._sight.recipe, bounds.watch_s)
        place, window = await scroller.place(), await self._shot()
        frame = _in_pixels(place.frame, self._ratio)
        sheet.paste(window.crop((0, 0, window.width, frame[3])), 0, self._down)
        await self._gather(scroller.outer or scroller)
        await self._gather(scroller)
        piece, stopped = window.crop(frame), ""
        while not stopped and not (stopped := self._bound(bounds, end)):
            on = await self._on(descent, scroller, place, most, end)
            if not on.moved:
                stopped = descent.stopped_by
                break
            guess = min(max(0, round((on.top - place.top) * self._ratio)), piece.height)
            before, piece, down = piece, *await self._next(scroller, piece, frame, guess)
            self._down, place = self._down + (guess if down is None else down), on
            top = frame[1] + self._down
            equal = sheet.paste(piece, frame[0], top)
            plain = (is_plain(before) or is_plain(piece)) and equal >= SAME
            held = down is not None or plain
            self._seams.append(Seam(at=round(top / self._ratio), equal=equal, held=held))
            await self._gather(scroller)
        if frame[3] < window.height:
            window = await self._shot()
            sheet.paste(window.crop((0, frame[3], *window.size)), 0, sheet.bottom)
        return stopped

    async def _on(
        self, descent: Descent, scroller: Scroller, place: Place, most: float, end: float
    ) -> Place:
        """Scroll on by less than a window, once more when the next batch has come."""
        pinned, height = await self._scroller.unpin(), place.frame.height
        step = int(height - min(max(pinned + 20, height * _OVERLAP), height * 0.6))
        if most < math.inf:
            return await scroller.by(min(step, max(0, most - place.top)))
        return await descent.on(step, max(0.0, end - time.monotonic()))

    async def _next(
        self, scroller: Scroller, before: Image.Image, frame: Box, guess: int
    ) -> tuple[Image.Image, int | None]:
        """The window as it stands now, and how far below the one before it lies."""
        for quiet_ms in (_QUIET_MS, _LONG_QUIET_MS):
            await self._rest(scroller, quiet_ms)
            await self._scroller.unpin()
            piece = (await self._shot()).crop(frame)
            down = offset(before, piece, guess)
            if down is not None:
                break
        return piece, down

    def _bound(self, bounds: Bounds, end: float) -> str:
        """Which bound is reached, if any."""
        if time.monotonic() > end:
            return "time"
        if self._down / self._ratio + self._view.height > bounds.height:
            return "height"
        return "posts" if len(self._harvest.ids) >= bounds.posts else ""

    async def _rest(self, scroller: Scroller, quiet_ms: int) -> None:
        home = scroller.home
        await pictures_in_view(home)
        if not await dom_quiet(home, quiet_ms, 0.5) or self._underway.awaited:
            await self._underway.rest(_WINDOW_SECONDS)
            await pictures_in_view(home)

    async def _gather(self, scroller: Scroller) -> None:
        down = self._down / self._ratio
        await self._harvest.place(self._scroller, down)
        await self._harvest.read(self._scroller, await scroller.texts(), down)

    async def _shot(self) -> Image.Image:
        data = await self._page.screenshot(type="png", animations="disabled", caret="hide")
        with Image.open(io.BytesIO(data)) as opened:
            return opened.convert("RGB")


def _in_pixels(frame: Area, ratio: float) -> Box:
    left, top = round(frame.x * ratio), round(frame.y * ratio)
    return left, top, left + round(frame.width * ratio), top + round(frame.height * ratio)
