"""Copies for viewing: what is stitched or made smaller. The tiles are the record, these are not.

JPEG of full colour resolution in pieces: 0.07 s and 1.6 MB for a feed of 1,280 × 13,568 px, where
lossless WebP took 3.6 s for 0.7 MB or 0.4 s for 1.3 MB (measured), and each is decoded once more
whenever the record is verified. Past 65,535 px JPEG, past 16,383 px WebP comes back empty.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops

from capture.errors import PictureBroken
from capture.picture_check import decode
from storage.record import Viewport

_MOST_ROWS = 16_000
_QUALITY = 85
_CELL = 8
_TOLERANCE = 24
"""Levels of 255 by which a cell of 8 × 8 px may differ from its tile: 6 were seen at most."""
_THUMBNAIL = (480, 720)


def write_viewing_copies(tiles: Sequence[Path], stem: Path) -> tuple[Path, ...]:
    """Stitch tiles from the top to `{stem}-0001.jpg` …, each read back and compared.

    Raises:
        PictureBroken: a tile cannot be decoded, or a copy is not what it was made from.
    """
    written = []
    for number, image in enumerate(_stitched(tiles), start=1):
        path = stem.with_name(f"{stem.name}-{number:04d}.jpg")
        image.save(path, "JPEG", quality=_QUALITY, subsampling="4:4:4")
        if not _alike(decode(path, *image.size), image):
            raise PictureBroken(f"{path.name} is not the picture that it was made from.")
        written.append(path)
    return tuple(written)


def write_thumbnail(tile: Path, path: Path) -> None:
    """A small picture of the page's top, for lists.

    Raises:
        PictureBroken: the tile cannot be decoded.
    """
    image = decode(tile)
    image = image.crop((0, 0, image.width, min(image.height, image.width * 3 // 2)))
    image.thumbnail(_THUMBNAIL)
    image.save(path, "WEBP", quality=82, method=4)


def window_of(tile: Path, view: Viewport) -> bytes:
    """What the window shows of the page's top, as PNG: the tile's own pixels, to the window's end.

    Raises:
        PictureBroken: the tile cannot be decoded.
    """
    image, made = decode(tile), io.BytesIO()
    tall = min(image.height, round(view.height * view.ratio))
    image.crop((0, 0, image.width, tall)).save(made, "PNG", compress_level=1)
    return made.getvalue()


def _alike(copy: Image.Image, image: Image.Image) -> bool:
    difference = ImageChops.difference(copy.reduce(_CELL), image.reduce(_CELL))
    extremes = difference.getextrema()
    return all(most <= _TOLERANCE for _, most in extremes)  # type: ignore[misc]  # RGB: pairs


def _stitched(tiles: Sequence[Path]) -> Iterator[Image.Image]:
    """The tiles under each other, as many as one copy holds."""
    held: list[Image.Image] = []
    for tile in tiles:
        image = decode(tile)
        if held and sum(each.height for each in held) + image.height > _MOST_ROWS:
            yield _under_each_other(held)
            held = []
        held.append(image)
    if held:
        yield _under_each_other(held)


def _under_each_other(images: Sequence[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (images[0].width, sum(image.height for image in images)))
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole
