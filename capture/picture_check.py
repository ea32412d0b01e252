"""The self-check of pictures: what a screenshot loses, it loses without an error (measured).

Past 110 to 140 Mpx the compositor paints white, with GL it repeats from the top, WebP and JPEG come
back empty past their limits. So every tile is decoded, its rows are looked at, and texts that the
page says it shows are looked for where they must stand.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pydantic import JsonValue

from capture.errors import PictureBroken
from capture.registration import is_plain, row_digests
from capture.scroller import Area, Text

_SAMPLES = 80
_LEAST_TEXT = (8, 6)
_BAND_PX = 2000
"""A band this tall in which no text is painted is one that the compositor left out."""
_BAND_TEXTS = 4
_BLANK_PX = 4000
"""A band of one colour this tall may be one that was left out: a tile's height."""
_POSTS = 0.9
"""The share of posts that must be more than the page's own colour."""
_FAR_PX = 1024
"""What repeats nearer than this is a pattern."""
_ALIKE = 0.1
"""The share by which what two pictures show may differ to count as the same."""
_LEAST_POST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Seam:
    """Where two pieces meet: CSS pixels from the picture's top, and the share of equal rows.

    `held` is false when nothing that both show tells how they lie to each other. Something that
    moves on its own at a seam (a film, a clock) makes rows differ, but not all of their length.
    """

    at: int
    equal: float
    held: bool

    def as_json(self) -> dict[str, JsonValue]:
        """For the manifest."""
        return {"at": self.at, "equal": round(self.equal, 3), "held": self.held}


class Doubt(StrEnum):
    """What a picture shows that may be a fault of the picture, or the page's own way."""

    BLANK = "blank"
    REPEATED = "repeated"
    UNPAINTED = "unpainted"
    LOOSE = "loose"


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Rows of a picture, in device pixels."""

    top: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What the rows of a picture show.

    `blank` is the tallest band of one colour, `repeated` the tallest that stands in the picture
    once more above. A post is painted that is not all of the page's own colour; `posts` are those
    that stand whole in the picture.
    """

    blank: Band
    repeated: Band
    repeat_px: int
    texts_looked_for: int
    texts_painted: int
    unpainted_band: bool
    posts: int
    posts_painted: int

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why the picture must be taken once more, in another way where there is one."""
        found = {
            Doubt.BLANK: self.blank.height >= _BLANK_PX,
            Doubt.REPEATED: self.repeated.height >= self.repeat_px,
            Doubt.UNPAINTED: self.unpainted_band or self.posts_painted < self.posts * _POSTS,
        }
        return tuple(doubt for doubt, there in found.items() if there)

    def band(self, doubt: Doubt) -> Band | None:
        """Where the page itself may be so: it may be blank, and it may repeat.

        What it says that it shows, and does not, is no way of a page.
        """
        return {Doubt.BLANK: self.blank, Doubt.REPEATED: self.repeated}.get(doubt)

    def confirms(self, doubt: Doubt, other: "Inspection") -> bool:
        """Whether two pictures, each taken on its own, show alike what made one doubtful."""
        one, two = self.band(doubt), other.band(doubt)
        if one is None or two is None:
            return False
        return abs(one.height - two.height) <= _ALIKE * max(one.height, two.height)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the page says it shows, in CSS pixels of the picture, of `ratio` device pixels each.

    `posts` stand whole in the picture; `grounds` are the colours where there is nothing. So many
    device pixels as `repeat_px` that stand in the picture twice make it doubtful.
    """

    texts: Sequence[Text]
    posts: Sequence[Area]
    grounds: Sequence[tuple[int, int, int]]
    ratio: float
    repeat_px: int


class Inspector:
    """Decodes each tile once, from the top on, and keeps what its rows, texts and edges show.

    `edge` is how many device rows of a tile's top and bottom are kept for its seams.
    """

    def __init__(self, width: int, shown: Shown, edge: int = 0) -> None:
        self._width, self._shown, self._edge = width, shown, edge
        self._samples = list(_sampled(shown.texts))
        self._posts: set[int] = set()
        self._rows: list[int] = []
        self._painted: list[tuple[float, bool]] = []
        self.edges: list[tuple[Image.Image, Image.Image]] = []

    def add(self, path: Path, height: int | None = None) -> None:
        """Look at the next tile, which must be this high if that is known.

        Raises:
            PictureBroken: it is empty, of the wrong size, or cannot be decoded.
        """
        image = decode(path, self._width if height else None, height)
        self._painted += _painted(image, len(self._rows), self._samples, self._shown.ratio)
        self._posts |= set(_posts_painted(image, len(self._rows), self._shown))
        self._rows += row_digests(image)
        edge = min(self._edge, image.height)
        head, tail = (0, 0, image.width, edge), (0, image.height - edge, *image.size)
        self.edges.append((image.crop(head), image.crop(tail)))

    def inspection(self) -> Inspection:
        """What was seen in all of them; of the posts, those that they reach to the end of."""
        below = len(self._rows) + _LEAST_POST
        reached = {
            number
            for number, post in enumerate(self._shown.posts)
            if _box(post, self._shown.ratio, 0)[3] <= below
        }
        return Inspection(
            blank=_longest_blank(self._rows),
            repeated=_longest_repeat(self._rows),
            repeat_px=self._shown.repeat_px,
            texts_looked_for=len(self._painted),
            texts_painted=sum(there for _, there in self._painted),
            unpainted_band=_has_band(self._painted),
            posts=len(reached),
            posts_painted=len(reached & self._posts),
        )


def _longest_blank(rows: Sequence[int]) -> Band:
    longest, run, before = Band(top=0, height=0), 0, 0
    for at, row in enumerate(rows):
        run = 0 if row >= 0 else run + 1 if row == before else 1
        before = row
        if run > longest.height:
            longest = Band(top=at + 1 - run, height=run)
    return longest


def _longest_repeat(rows: Sequence[int]) -> Band:
    """The longest run of rows that stand in the picture once more, far above."""
    longest, run, offset = Band(top=0, height=0), 0, 0
    last: dict[int, int] = {}
    for at, row in enumerate(rows):
        if row < 0:
            run += bool(run)
            continue
        back = at - last.get(row, at)
        run = run + 1 if back == offset else 1
        offset = back
        last[row] = at
        if offset >= _FAR_PX and run > longest.height:
            longest = Band(top=at + 1 - run, height=run)
    return longest


def _sampled(texts: Sequence[Text]) -> Iterator[Text]:
    """Some of the texts that are large enough to be seen, evenly over the page."""
    width, height = _LEAST_TEXT
    able = sorted(
        (
            text
            for text in texts
            if text.clear
            and (text.width >= width and text.height >= height)
            and (text.x >= 0 and text.y >= 0)
        ),
        key=lambda text: text.y,
    )
    step = max(1, len(able) // _SAMPLES)
    return iter(able[::step])


def _painted(
    image: Image.Image, above: int, samples: Sequence[Text], ratio: float
) -> Iterator[tuple[float, bool]]:
    """For each text within this tile: its height in the picture, and whether it is there."""
    for text in samples:
        box = _box(text, ratio, above)
        if box[1] >= 0 and box[3] <= image.height and box[2] <= image.width:
            yield above + box[1], not is_plain(image.crop(box))


def _posts_painted(image: Image.Image, above: int, shown: Shown) -> Iterator[int]:
    """The numbers of the posts of which this tile shows more than the page's own colour.

    One without any height is there as soon as its place is.
    """
    for number, post in enumerate(shown.posts):
        left, top, right, below = _box(post, shown.ratio, above)
        if below - top < _LEAST_POST or right - left < _LEAST_POST:
            if 0 <= top <= image.height:
                yield number
            continue
        box = (max(0, left), max(0, top), min(image.width, right), min(image.height, below))
        if box[0] < box[2] and box[1] < box[3]:
            piece = image.crop(box)
            if not is_plain(piece) or piece.getpixel((0, 0)) not in shown.grounds:
                yield number


def _box(what: Text | Area, ratio: float, above: int) -> tuple[int, int, int, int]:
    """In device pixels of a tile that begins `above` pixels down the picture."""
    return (
        round(what.x * ratio),
        round(what.y * ratio) - above,
        round((what.x + what.width) * ratio),
        round((what.y + what.height) * ratio) - above,
    )


def _has_band(painted: Sequence[tuple[float, bool]]) -> bool:
    """Whether texts are missing one after the other over a whole band."""
    run: list[float] = []
    for at, there in painted:
        run = [] if there else [*run, at]
        if len(run) >= _BAND_TEXTS and run[-1] - run[0] >= _BAND_PX:
            return True
    return False
