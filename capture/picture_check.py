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
            opened.load()
            image = opened if opened.mode == "RGB" else opened.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureBroken(f"{path.name} cannot be decoded: {error}") from error
    if width is not None and image.size != (width, height):
        raise PictureBroken(
            f"{path.name} is {image.width} × {image.height} pixels where {width} × {height} were "
            "asked for."
        )
    return image


class Inspector:
    """Decodes each tile once, from the top on, and keeps what its rows, texts and edges show.

    `texts` are in CSS pixels of the picture, `ratio` device pixels each; `edge` is how many device
    rows of a tile's top and bottom are kept for its seams.
    """

    def __init__(self, width: int, texts: Sequence[Text], ratio: float, edge: int = 0) -> None:
        self._width, self._ratio, self._edge = width, ratio, edge
        self._samples = list(_sampled(texts))
        self._rows: list[int] = []
        self._painted: list[tuple[float, bool]] = []
        self.edges: list[tuple[Image.Image, Image.Image]] = []

    def add(self, path: Path, height: int | None = None) -> None:
        """Look at the next tile, which must be this high if that is known.

        Raises:
            PictureBroken: it is empty, of the wrong size, or cannot be decoded.
        """
        image = decode(path, self._width if height else None, height)
        self._painted += _painted(image, len(self._rows), self._samples, self._ratio)
        self._rows += row_digests(image)
        edge = min(self._edge, image.height)
        head, tail = (0, 0, image.width, edge), (0, image.height - edge, *image.size)
        self.edges.append((image.crop(head), image.crop(tail)))

    def inspection(self) -> Inspection:
        """What was seen in all of them."""
        return Inspection(
            blank_px=_longest_blank(self._rows),
            repeated_px=_longest_repeat(self._rows),
            texts_looked_for=len(self._painted),
            texts_painted=sum(there for _, there in self._painted),
            unpainted_band=_has_band(self._painted),
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
