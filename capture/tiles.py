"""A picture in tiles: where each begins, which of their seams are looked at, rows across them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from capture.picture_check import decode

_SEAMS = 8


def rows_at(tiles: Sequence[Path], top: int, height: int) -> Image.Image:
    """Rows of a picture that is in tiles."""
    pieces, above = [], 0
    for path in tiles:
        tile = decode(path)
        first, last = max(top, above) - above, min(top + height, above + tile.height) - above
        if first < last:
            pieces.append((above + first - top, tile.crop((0, first, tile.width, last))))
        above += tile.height
    rows = Image.new("RGB", (pieces[0][1].width if pieces else 1, height))
    for at, piece in pieces:
        rows.paste(piece, (0, at))
    return rows


def some_seams(tiles: int) -> Sequence[int]:
    """Which seams are looked at once all is photographed: a page that has moved shows at any."""
    return range(1, tiles, max(1, (tiles - 1) // _SEAMS)) if tiles > 1 else ()


def bands(height: int, step: int) -> Iterator[tuple[int, int]]:
    """Top and height of each tile, in CSS pixels."""
    for top in range(0, max(height, 1), step):
        yield top, min(step, max(height, 1) - top)
