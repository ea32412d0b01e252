"""Pictures of a whole page: exact tiles, or a mosaic where one shot would lack something.

One shot of a tall page fails silently: past 110 to 140 Mpx the compositor paints white (measured).
Tiles of at most 4,000 device pixels are exact: they are the record, whichever way they were made,
and are checked before they count.
"""

import asyncio
import base64
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from capture.browser import MOBILE, CDPSession, Page
from capture.mosaic import MosaicPass, Sheet
from capture.picture_check import Doubt, Inspection, Inspector, Seam, Shown, decode
from capture.piercing import piercing
from capture.registration import equal_rows, holds
from capture.scroller import Scroller, Text
from capture.sight import Bounds, Sight
from capture.tiles import bands, rows_at, some_seams
from capture.waiting import pictures_in_view

TILE = 4000
"""Device pixels; never over 8,000."""
_OTHER_TILE = 3600
"""For a second look: what moves on its own at a seam is not at the others."""

_SEAM = 20
"""Rows (CSS px) on each side of a seam that are photographed once more."""
_WHITE = (255, 255, 255)
"""What the compositor paints where it has given up."""
_REPEAT_PX = 1024
_WINDOWS = 2
"""A mosaic's windows cannot repeat by themselves; a post that is pinned and stands in its place
too is less than two of them."""
_LOOKED_AT = (0.1, 0.5, 0.9)
_LEAST_SECONDS = 5.0
"""With less than this left nothing is taken once more."""

_STILL = piercing("""() => {
  for (const root of roots(document)) {
    const style = document.createElement('style');
    style.className = 'insyn-still';
    style.textContent = '*,*::before,*::after{animation-play-state:paused!important;' +
      'transition:none!important;caret-color:transparent!important}';
    (root.documentElement ?? root).append(style);
  }
  document.getAnimations().forEach(a => { try { a.finish(); } catch { a.cancel(); } });
}""")
_RESTORE = piercing("() => all('style.insyn-still').forEach(style => style.remove())")


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSet:
    """The pictures of one view: files, the size in CSS pixels, and what the check found.

    `made` is `tiles` or `mosaic`; `stopped_by` is `end`, or the bound that was reached. `taken`
    times were pictures made until these. `confirmed` are doubts that two of them share, so that the
    page itself is so; `unscrolled` CSS pixels lie in boxes that no picture shows scrolled.
    """

    tiles: tuple[Path, ...]
    made: str
    width: int
    height: int
    stopped_by: str
    seams: tuple[Seam, ...]
    inspection: Inspection
    taken: int = 1
    confirmed: tuple[Doubt, ...] = ()
    unscrolled: int = 0

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What the check leaves open."""
        loose = () if all(seam.held for seam in self.seams) else (Doubt.LOOSE,)
        found = (*self.inspection.doubts, *loose)
        return tuple(doubt for doubt in found if doubt not in self.confirmed)

    def after(self, before: "PictureSet") -> "PictureSet":
        """These pictures, taken anew because the others were doubtful: which doubts both share."""
        return replace(
            self,
            taken=before.taken + 1,
            confirmed=tuple(
                doubt
                for doubt in self.inspection.doubts
                if self.inspection.confirms(doubt, before.inspection)
            ),
        )


class Photographer:
    """Takes the pictures of one page that has settled, in one view."""

    def __init__(self, sight: Sight, scroller: Scroller, folder: Path) -> None:
        self._page, self._view, self._harvest = sight.page, sight.view, sight.harvest
        self._sight, self._scroller, self._folder = sight, scroller, folder

    async def photograph(self, bounds: Bounds, *, virtualised: bool) -> PictureSet:
        """The whole page from its top, as `{view}-0001.png` …; the page is put back afterwards.

        Raises:
            PictureBroken: a tile is empty, of the wrong size, or cannot be decoded.
        """
        began = time.monotonic()
        try:
            taken = await self._first(bounds, virtualised=virtualised)
            if taken.doubts:
                taken = await self._again(taken, bounds, time.monotonic() - began)
            return replace(taken, unscrolled=await self._scroller.unscrolled(self._page))
        finally:
            await self._scroller.restore()

    async def _first(self, bounds: Bounds, *, virtualised: bool) -> PictureSet:
        """Tiles where they are exact, a second time where the page moved meanwhile; or a mosaic."""
        shrunk = (await self._scroller.place()).width != self._view.width
        below = await self._scroller.frames_below()
        if virtualised or self._scroller.inner or shrunk or below:
            return await self._mosaic(bounds)
        taken = await self._tiles(bounds, TILE)
        if Doubt.LOOSE not in taken.doubts:
            return taken
        return replace(await self._tiles(bounds, _OTHER_TILE), taken=2)

    async def _again(self, taken: PictureSet, bounds: Bounds, spent: float) -> PictureSet:
        """Where tiles are doubtful the page is looked at once more, in its window: it may be so.

        Else all is taken once more, window by window, if there is time.
        """
        if taken.made == "tiles":
            doubts = [doubt for doubt in taken.doubts if await self._is_so(taken, doubt)]
            taken = replace(taken, confirmed=tuple(doubts))
        left, least = bounds.seconds - spent, _LEAST_SECONDS
        if taken.made == "mosaic":
            least = max(least, spent)  # a second one takes as long, and half of it is no better
        if not taken.doubts or left < least:
            return taken
        await self._scroller.restore()
        return (await self._mosaic(replace(bounds, seconds=left))).after(taken)

    async def _is_so(self, taken: PictureSet, doubt: Doubt) -> bool:
        """Whether the window shows what tiles show where they are doubtful, at three places."""
        if (band := taken.inspection.band(doubt)) is None:
            return False
        await self._scroller.unpin()
        for share in _LOOKED_AT:
            middle = (band.top + band.height * share) / self._view.ratio
            place = await self._scroller.to(middle - self._view.height / 2)
            await pictures_in_view(self._page)
            data = await self._page.screenshot(type="png", animations="disabled", caret="hide")
            with Image.open(io.BytesIO(data)) as opened:
                window = opened.convert("RGB")
            above = round(place.top * self._view.ratio)
            top = max(band.top, above) - above
            below = min(band.top + band.height, above + window.height) - above
            seen = window.crop((0, top, window.width, below))
            if not holds(rows_at(taken.tiles, above + top, seen.height), seen):
                return False
        return True

    def _clear(self) -> None:
        """Take away the tiles of an earlier look, of which there may have been more."""
        for tile in self._folder.glob(f"{self._view.name}-[0-9]*.png"):
            tile.unlink()

    async def _mosaic(self, bounds: Bounds) -> PictureSet:
        self._clear()
        stem, width = self._folder / self._view.name, round(self._view.width * self._view.ratio)
        grounds = await self._scroller.grounds()
        sheet = Sheet(stem, width, TILE, grounds[0])
        made = await MosaicPass(self._sight, self._scroller).paint(sheet, bounds)
        shown = self._shown(self._harvest.texts, made.height, grounds, made.ratio)
        shown = replace(shown, repeat_px=round(_WINDOWS * self._view.height * made.ratio))
        inspector = Inspector(width, shown)
        for tile in made.tiles:
            await asyncio.to_thread(inspector.add, tile)
        return PictureSet(
            tiles=made.tiles,
            made="mosaic",
            width=self._view.width,
            height=made.height,
            stopped_by=made.stopped_by,
            seams=made.seams,
            inspection=await asyncio.to_thread(inspector.inspection),
        )

    def _shown(
        self,
        texts: Sequence[Text],
        height: int,
        grounds: Sequence[tuple[int, int, int]],
        ratio: float,
    ) -> Shown:
        posts = tuple(self._harvest.within(height).values())
        return Shown(
            texts=tuple(texts),
            posts=posts,
            grounds=(*grounds, _WHITE),
            ratio=ratio,
            repeat_px=_REPEAT_PX,
        )

    async def _tiles(self, bounds: Bounds, tile: int) -> PictureSet:
        """Clips of the page as it stands, its top at the window's top."""
        self._clear()
        ratio, end = self._view.ratio, time.monotonic() + bounds.seconds
        session = await self._page.context.new_cdp_session(self._page)
        metrics = await session.send("Page.getLayoutMetrics")
        whole = int(metrics["cssContentSize"]["height"])
        stopped, height = ("end", whole) if whole <= bounds.height else ("height", bounds.height)
        await self._harvest.place(self._scroller, 0)
        texts, grounds = await self._scroller.texts(whole=True), await self._scroller.grounds()
        shown = self._shown(texts, height, grounds, ratio)
        inspector = Inspector(round(self._view.width * ratio), shown, edge=round(_SEAM * ratio))
        await self._page.evaluate(_STILL)
        tiles: list[Path] = []
        try:
            for top, tall in bands(height, int(tile / ratio)):
                if time.monotonic() > end:
                    stopped, height = "time", top
                    break
                path = self._folder / f"{self._view.name}-{len(tiles) + 1:04d}.png"
                path.write_bytes(await self._clip(session, top, tall))
                await asyncio.to_thread(inspector.add, path, round(tall * ratio))
                tiles.append(path)
            seams = [
                await self._seam(session, inspector, number, number * int(tile / ratio))
                for number in some_seams(len(tiles))
            ]
        finally:
            await self._page.evaluate(_RESTORE)
            await session.detach()
        return PictureSet(
            tiles=tuple(tiles),
            made="tiles",
            width=self._view.width,
            height=height,
            stopped_by=stopped,
            seams=tuple(seams),
            inspection=await asyncio.to_thread(inspector.inspection),
        )

    async def _clip(self, session: CDPSession, top: float, height: float) -> bytes:
        # Beyond the window Chromium forgets an emulated phone's ratio: the scale brings it back.
        scale = self._view.ratio if self._view.name == MOBILE.name else 1
        width = self._view.width
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale}
        asked: dict[str, Any] = {"format": "png", "optimizeForSpeed": True, "clip": clip}
        answer = await session.send(
            "Page.captureScreenshot", {**asked, "captureBeyondViewport": True}
        )
        return base64.b64decode(answer["data"])

    async def _seam(self, session: CDPSession, inspector: Inspector, number: int, top: int) -> Seam:
        """Photograph the rows about a seam once more: they must still be those of both tiles."""
        (_, tail), (head, _) = inspector.edges[number - 1 : number + 1]
        rows = head.height
        tall = rows / self._view.ratio
        with Image.open(io.BytesIO(await self._clip(session, top - tall, 2 * tall))) as opened:
            strip = opened.convert("RGB")
        both = Image.new("RGB", (head.width, 2 * rows))
        both.paste(tail, (0, rows - tail.height))
        both.paste(head, (0, rows))
        return Seam(at=top, equal=equal_rows(both, strip), held=holds(both, strip))


async def photograph_window(page: Page, path: Path) -> None:
    """The window as a visitor sees it now.

    Raises:
        PictureBroken: the picture cannot be decoded.
    """
    data = await page.screenshot(type="png", animations="disabled", caret="hide")
    path.write_bytes(data)  # noqa: ASYNC240  # one capture, one loop: nothing else waits
    decode(path)
