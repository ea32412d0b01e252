"""The self-check of pictures: what a screenshot loses, it loses without an error (measured).

Past 110 to 140 Mpx the compositor paints white, with GL it repeats from the top, WebP and JPEG come
back empty past their limits. So every tile is decoded, its rows are looked at, and texts that the
page says it shows are looked for where they must stand.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pydantic import JsonValue

from capture.errors import PictureBroken
from capture.registration import is_plain, row_digests
from capture.scroller import Text

_SAMPLES = 80
_LEAST_TEXT = (8, 6)
_BAND_PX = 2000
"""A band this tall in which no text is painted is one that the compositor left out."""
_BAND_TEXTS = 4
_REPEAT_PX = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Seam:
    """Where two pieces meet: CSS pixels from the picture's top, and the share of equal rows.

    `held` is false when the pieces have nothing in common that tells how they lie to each other.
    """

    at: int
    equal: float
    held: bool

    def as_json(self) -> dict[str, JsonValue]:
        """For the manifest."""
        return {"at": self.at, "equal": round(self.equal, 3), "held": self.held}


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What the rows of a picture show; heights in device pixels."""

    blank_px: int
    repeated_px: int
    texts_looked_for: int
    texts_painted: int
    unpainted_band: bool

    @property
    def doubtful(self) -> bool:
        """Whether the picture must be taken again in another way."""
        return self.unpainted_band or self.repeated_px >= _REPEAT_PX


def decode(path: Path, width: int | None = None, height: int | None = None) -> Image.Image:
    """A picture, decoded whole.

    Raises:
        PictureBroken: it is empty, of another size, or cannot be decoded.
    """
    try:
        with Image.open(io.BytesIO(path.read_bytes())) as opened:
            image = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureBroken(f"{path.name} cannot be decoded: {error}") from error
    if width is not None and image.size != (width, height):
        raise PictureBroken(
            f"{path.name} is {image.width} × {image.height} pixels where {width} × {height} were "
            "asked for."
        )
    return image


def inspect(
    tiles: Sequence[Path], width: int, heights: Sequence[int], texts: Sequence[Text], ratio: float
) -> Inspection:
    """Decode every tile and look at its rows, and at `texts` in the picture's coordinates.

    Raises:
        PictureBroken: a tile is empty, of the wrong size, or cannot be decoded.
    """
    rows: list[int] = []
    painted: list[tuple[float, bool]] = []
    samples = list(_sampled(texts))
    for path, height in zip(tiles, heights, strict=True):
        image = decode(path, width, height)
        painted += _painted(image, len(rows), samples, ratio)
        rows += row_digests(image)
    return Inspection(
        blank_px=_longest_blank(rows),
        repeated_px=_longest_repeat(rows),
        texts_looked_for=len(painted),
        texts_painted=sum(there for _, there in painted),
        unpainted_band=_has_band(painted),
    )


def _longest_blank(rows: Sequence[int]) -> int:
    longest = run = 0
    for row in rows:
        run = 0 if row else run + 1
        longest = max(longest, run)
    return longest


def _longest_repeat(rows: Sequence[int]) -> int:
    """The longest run of rows that stand in the picture once more, far above."""
    longest = run = offset = 0
    last: dict[int, int] = {}
    for at, row in enumerate(rows):
        if not row:
            run += bool(run)
            continue
        back = at - last.get(row, at)
        run = run + 1 if back == offset else 1
        offset = back
        last[row] = at
        if offset >= _REPEAT_PX:
            longest = max(longest, run)
    return longest


def _sampled(texts: Sequence[Text]) -> Iterator[Text]:
    """Some of the texts that are large enough to be seen, evenly over the page."""
    width, height = _LEAST_TEXT
    able = sorted(
        (t for t in texts if t.width >= width and t.height >= height and t.x >= 0 and t.y >= 0),
        key=lambda text: text.y,
    )
    step = max(1, len(able) // _SAMPLES)
    return iter(able[::step])


def _painted(
    image: Image.Image, above: int, samples: Sequence[Text], ratio: float
) -> Iterator[tuple[float, bool]]:
    """For each text within this tile: its height in the picture, and whether it is there."""
    for text in samples:
        box = (
            round(text.x * ratio),
            round(text.y * ratio) - above,
            round((text.x + text.width) * ratio),
            round((text.y + text.height) * ratio) - above,
        )
        if box[1] >= 0 and box[3] <= image.height and box[2] <= image.width:
            yield above + box[1], not is_plain(image.crop(box))


def _has_band(painted: Sequence[tuple[float, bool]]) -> bool:
    """Whether texts are missing one after the other over a whole band."""
    run: list[float] = []
    for at, there in painted:
        run = [] if there else [*run, at]
        if len(run) >= _BAND_TEXTS and run[-1] - run[0] >= _BAND_PX:
            return True
    return False
