"""Copies for viewing: what is stitched or made smaller. The tiles are the record, these are not.

Lossless WebP in pieces, because past 16,383 px it comes back empty without an error. Method 0: of
a feed of 1,280 × 13,568 px it makes 1.3 MB in 0.4 s, method 2 makes 0.7 MB in 3.6 s (measured).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops

from capture.errors import PictureBroken
from capture.picture_check import decode

_MOST_ROWS = 16_000
_THUMBNAIL = (480, 720)


def write_viewing_copies(tiles: Sequence[Path], stem: Path) -> tuple[Path, ...]:
    """Stitch tiles from the top to `{stem}-0001.webp` …, each read back and compared.

    Raises:
        PictureBroken: a tile cannot be decoded, or a copy is not what it was made from.
    """
    written = []
    for number, image in enumerate(_stitched(tiles), start=1):
        path = stem.with_name(f"{stem.name}-{number:04d}.webp")
        image.save(path, "WEBP", lossless=True, method=0)
        if ImageChops.difference(decode(path, *image.size), image).getbbox():
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
