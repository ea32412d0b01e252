"""How two pictures of a page lie to each other, told by their rows alone.

A feed corrects its scroll position while it measures its posts, and uses its nodes again for other
posts: neither the position nor an element says how far the content moved. The pixels do.
"""

import zlib
from collections import Counter
from collections.abc import Iterator

from PIL import Image, ImageChops

SAME = 0.98
"""The share of rows from which on two pictures count as one: a clock or a caret may differ."""

_STRIPS = 6
_TRIED = 8


def offset(above: Image.Image, below: Image.Image, guess: int) -> int | None:
    """How many rows `below` begins under the top of `above`; None when nothing tells it.

    The guess (the scroll position's) is tried first, then what rows say that occur once in both
    pictures: each of six strips votes, so that what moves on its own in one (a film, a clock)
    leaves the others their say. An answer counts only when the rows in common then agree.
    """
    if _agree(above, below, guess):
        return guess
    votes: Counter[int] = Counter()
    for left, right in _strips(above.width):
        first = _once(above.crop((left, 0, right, above.height)))
        second = _once(below.crop((left, 0, right, below.height)))
        votes.update(at - second[row] for row, at in first.items() if row in second)
    likely = (down for down, _ in votes.most_common(_TRIED) if down >= 0)
    return next((down for down in likely if _agree(above, below, down)), None)


def _agree(above: Image.Image, below: Image.Image, down: int) -> bool:
    """Whether the two show the same where they overlap, and more than a single colour."""
    if not 0 <= down < above.height:
        return False
    common = above.crop((0, down, *above.size))
    return not is_plain(common) and equal_rows(common, below) >= SAME


def holds(above: Image.Image, below: Image.Image) -> bool:
    """Whether two pictures of the same place lie alike: as a whole, or in a strip with a say."""
    if equal_rows(above, below) >= SAME:
        return True
    return any(
        not is_plain(one := above.crop((left, 0, right, above.height)))
        and equal_rows(one, below.crop((left, 0, right, below.height))) >= SAME
        for left, right in _strips(above.width)
    )


def equal_rows(above: Image.Image, below: Image.Image) -> float:
    """The share of rows that two pictures have alike, from the top on."""
    below = below.crop((0, 0, *above.size))
    if ImageChops.difference(above, below).getbbox() is None:
        return 1.0
    pairs = zip(_raw(above), _raw(below), strict=True)
    return sum(first == second for first, second in pairs) / above.height


def row_digests(image: Image.Image) -> Iterator[int]:
    """A number for each row; of a row of a single colour it is below 0, and the colour's own."""
    for row in _raw(image):
        yield -1 - int.from_bytes(row[:3]) if row[3:] == row[:-3] else zlib.crc32(row)


def is_plain(image: Image.Image) -> bool:
    """Whether a picture is of a single colour."""
    return all(low == high for low, high in image.getextrema())  # type: ignore[misc]  # RGB: pairs


def _strips(width: int) -> Iterator[tuple[int, int]]:
    step = max(1, width // _STRIPS)
    return ((left, min(width, left + step)) for left in range(0, width, step))


def _once(image: Image.Image) -> dict[int, int]:
    """The rows that occur just once, with their place."""
    places: dict[int, int] = {}
    for at, row in enumerate(row_digests(image)):
        places[row] = -1 if row in places else at
    return {row: at for row, at in places.items() if row >= 0 and at >= 0}


def _raw(image: Image.Image) -> Iterator[bytes]:
    data, width = image.tobytes(), image.width * 3
    return (data[start : start + width] for start in range(0, len(data), width))
