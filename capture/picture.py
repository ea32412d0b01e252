"""Pictures: exact tiles of the whole page, each decoded before it counts, and a thumbnail.

One shot of a tall page fails silently: past 110 to 140 Mpx the compositor paints white (measured).
Tiles of at most 4,000 device pixels are exact: they are the record.
"""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from capture.browser import MOBILE, CDPSession, Page
from capture.errors import PictureBroken
from storage.record import Viewport

TILE = 4000
"""Device pixels; never over 8,000."""

_MOST_HEIGHT = 160_000
_THUMBNAIL = (480, 720)

_STILL = """() => {
  const style = document.createElement('style');
  style.id = 'insyn-still';
  style.textContent = '*,*::before,*::after{animation-play-state:paused!important;' +
    'transition:none!important;caret-color:transparent!important}';
  document.documentElement.append(style);
  document.getAnimations().forEach(a => { try { a.finish(); } catch { a.cancel(); } });
}"""
_RESTORE = "() => document.getElementById('insyn-still')?.remove()"


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSet:
    """The pictures of one view: files, and the whole page's size in CSS pixels."""

    tiles: tuple[Path, ...]
    blank_tiles: int
    width: int
    height: int
    cut_at: int | None


async def photograph(page: Page, view: Viewport, folder: Path) -> PictureSet:
    """Tiles of the whole page from its top, as `{view}-0001.png` … in `folder`.

    Raises:
        PictureBroken: a tile is empty, of the wrong size, or cannot be decoded.
    """
    session = await page.context.new_cdp_session(page)
    metrics = await session.send("Page.getLayoutMetrics")
    size = metrics["cssContentSize"]
    # Beyond the viewport Chromium forgets the ratio of an emulated phone: the scale brings it back.
    scale = view.ratio if view.name == MOBILE.name else 1
    height = min(int(size["height"]), int(_MOST_HEIGHT / view.ratio))
    await page.evaluate(_STILL)
    tiles, blank = [], 0
    try:
        for number, (top, tall) in enumerate(_bands(height, view.ratio), start=1):
            path = folder / f"{view.name}-{number:04d}.png"
            clip = {"x": 0, "y": top, "width": view.width, "height": tall, "scale": scale}
            path.write_bytes(await _shot(session, clip))
            blank += _checked(path, round(view.width * view.ratio), round(tall * view.ratio))
            tiles.append(path)
    finally:
        await page.evaluate(_RESTORE)
        await session.detach()
    cut = height if height < int(size["height"]) else None
    return PictureSet(
        tiles=tuple(tiles), blank_tiles=blank, width=view.width, height=height, cut_at=cut
    )


async def photograph_window(page: Page, path: Path) -> None:
    """The window as a visitor sees it now.

    Raises:
        PictureBroken: the picture cannot be decoded.
    """
    data = await page.screenshot(type="png", animations="disabled", caret="hide")
    path.write_bytes(data)  # noqa: ASYNC240  # one capture, one loop: nothing else waits
    _checked(path, None, None)


def write_thumbnail(tile: Path, path: Path) -> None:
    """A small picture of the page's top, for lists."""
    with Image.open(tile) as opened:
        image = opened.convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, image.width * 3 // 2)))
    image.thumbnail(_THUMBNAIL)
    image.save(path, "WEBP", quality=82, method=4)


async def _shot(session: CDPSession, clip: dict[str, Any]) -> bytes:
    answer = await session.send(
        "Page.captureScreenshot",
        {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": clip},
    )
    return base64.b64decode(answer["data"])


def _bands(height: int, ratio: float) -> Iterator[tuple[int, int]]:
    """Top and height of each tile, in CSS pixels."""
    step = int(TILE / ratio)
    for top in range(0, max(height, 1), step):
        yield top, min(step, max(height, 1) - top)


def _checked(path: Path, width: int | None, height: int | None) -> bool:
    """Decode a picture whole; True when it is all of one colour."""
    try:
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            image.load()
            size, extrema = image.size, image.convert("RGB").getextrema()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureBroken(f"{path.name} cannot be decoded: {error}") from error
    if width is not None and size != (width, height):
        raise PictureBroken(
            f"{path.name} is {size[0]} × {size[1]} pixels where {width} × {height} were asked for."
        )
    return all(low == high for low, high in extrema)  # type: ignore[misc]  # three bands, so pairs
