"""Scores of the capture bench: a picture by its pixels, a web archive by the server's own log.

Reads files and runs nothing; knows no tool, so that each is judged alike.
"""

import gzip
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from examples.platform.access_log import Logged
from examples.platform.bench.truth import (
    HEADER_COLOUR,
    PICTURE_COLUMN,
    PICTURE_SIZE,
    PINNED_COLUMN,
    SPINE_COLUMN,
    BenchPage,
)

Image.MAX_IMAGE_PIXELS = None  # 150,000 px in one picture is what is asked for, not an attack

_LOOSE = 2
"""Rows (CSS px) that rounding at a seam or an edge may cost."""

_TWICE = 8
"""Rows too many (CSS px) from which on a post counts as painted twice, in part at least."""

_SHORTEST_RUN = 8
_NOT_RECORDED_METHODS = {"HEAD", "OPTIONS"}
"""Left out of web archives on purpose (RECORDER.md, case 21)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Painted:
    """What a picture shows. `wrong_rows` in CSS pixels, None where no row is told by the truth."""

    posts: int
    twice: int
    pictures: int
    headers: int
    wrong_rows: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """How many of the requests that the server answered are in the archive, and which are not."""

    found: int
    asked: int
    missing: tuple[str, ...]


NOTHING = Painted(posts=0, twice=0, pictures=0, headers=0, wrong_rows=None)


def score_picture(page: BenchPage, tiles: Sequence[Path], ratio: int) -> Painted:
    """Score a picture, given as tiles from its top, taken at the device pixel `ratio`."""
    pinned, spines, pictures = _columns(tiles, (PINNED_COLUMN, SPINE_COLUMN, PICTURE_COLUMN), ratio)
    rows, seen = Counter(spines), Counter(pictures)
    least = (PICTURE_SIZE[1] - _LOOSE) * ratio
    return Painted(
        posts=sum(rows[_rgb(p.colour)] >= (p.height - _LOOSE) * ratio for p in page.posts),
        twice=sum(rows[_rgb(p.colour)] > (p.height + _TWICE) * ratio for p in page.posts),
        pictures=sum(seen[_rgb(p.picture)] >= least for p in page.posts if p.picture),
        headers=_runs(pinned, _rgb(HEADER_COLOUR), _SHORTEST_RUN * ratio),
        wrong_rows=_wrong_rows(page, spines, ratio) if page.exact else None,
    )


def recall(log: Iterable[Logged], package: Path) -> Recall:
    """Compare the server's log with the WARC records of a WACZ, every answered request counted.

    So many answers as the server gave of a method, address and status must be recorded, each with
    a body where one was sent: whole, unless its record says that it was cut off (WARC-Truncated).
    A film that the recorder fetched whole stands for all its parts (206), and for itself as it was
    asked for by the page and by the recorder; nothing else stands for two.
    """
    kept = _kept(package)
    missing, asked = [], 0
    for entry in sorted(log, key=lambda one: -one.size):
        if entry.method not in _NOT_RECORDED_METHODS:
            asked += 1
            target = entry.path + (f"?{entry.query}" if entry.query else "")
            if not _take(kept, (entry.method, target, entry.status), entry.size):
                missing.append(f"{entry.method} {target} ({entry.status})")
    return Recall(found=asked - len(missing), asked=asked, missing=tuple(missing))


def secrets_in(stored: Iterable[bytes], secrets: Iterable[str]) -> int:
    """How often a secret stands in stored bytes: in them, in their members, in what is packed."""
    wanted = [secret.encode() for secret in secrets]
    return sum(
        layer.count(secret) for data in stored for layer in _layers(data) for secret in wanted
    )


def _columns(tiles: Sequence[Path], middles: Sequence[int], ratio: int) -> list[list[bytes]]:
    """The colours of each column, row by row, over all tiles."""
    found: list[list[bytes]] = [[] for _ in middles]
    for tile in tiles:
        with Image.open(tile) as image:
            for column, middle in zip(found, middles, strict=True):
                left = middle * ratio
                if left < image.width:
                    line = image.crop((left, 0, left + 1, image.height)).convert("RGB").tobytes()
                    column.extend(line[n : n + 3] for n in range(0, len(line), 3))
    return found


def _runs(column: Sequence[bytes], colour: bytes, shortest: int) -> int:
    """How many unbroken runs of a colour there are."""
    runs = length = 0
    for row in (*column, b""):
        if row == colour:
            length += 1
            continue
        runs += length >= shortest
        length = 0
    return runs


def _wrong_rows(page: BenchPage, spines: Sequence[bytes], ratio: int) -> int:
    """Rows that do not show the post that belongs there, missing and surplus rows with them."""
    wanted = [_rgb(post.colour) for post in page.posts for _ in range(post.height * ratio)]
    wrong = sum(seen != due for seen, due in zip(spines, wanted, strict=False))
    return round((wrong + abs(len(wanted) - len(spines))) / ratio)


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


_Key = tuple[str, str, int]
"""Method, address on its server, and status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Body:
    size: int
    exact: bool
    """Whether its size must be that of the bytes sent: neither unpacked nor cut off."""
    film: bool
    """Whether the recorder fetched it whole, in the place of its parts."""

    def holds(self, size: int) -> bool:
        return self.size >= size if self.exact else bool(self.size) or not size


def _take(kept: Mapping[_Key, list[_Body]], key: _Key, size: int) -> bool:
    """Whether an answer that counts for this one is there; it counts for no other then."""
    method, target, status = key
    whole = kept.get((method, target, 200), []) if status == 206 else []
    if any(body.film and body.holds(size) for body in (*kept.get(key, []), *whole)):
        return True
    found = next((body for body in kept.get(key, []) if body.holds(size)), None)
    if found is not None:
        kept[key].remove(found)
    return found is not None


def _kept(package: Path) -> Mapping[_Key, list[_Body]]:
    """Every answer in the WARC, the fullest first."""
    found: dict[_Key, list[_Body]] = defaultdict(list)
    with zipfile.ZipFile(package) as members:
        for name in members.namelist():
            if name.startswith("archive/"):
                for key, body in _answers(members.read(name)):
                    found[key].append(body)
    for bodies in found.values():
        bodies.sort(key=lambda body: -body.size)
    return found


def _answers(warc: bytes) -> Iterator[tuple[_Key, _Body]]:
    """Each answer with the method of the request that is recorded with it."""
    methods, answers = {}, []
    for record in ArchiveIterator(io.BytesIO(warc)):
        if record.http_headers is None:
            continue
        if record.rec_type == "request":
            answer = record.rec_headers.get_header("WARC-Concurrent-To")
            methods[answer] = record.http_headers.protocol
        elif record.rec_type in ("response", "revisit"):
            answers.append((record.rec_headers.get_header("WARC-Record-ID"), *_answer(record)))
    return iter(
        ((methods.get(name, "no request"), target, status), body)
        for name, target, status, body in answers
    )


def _answer(record: ArcWarcRecord) -> tuple[str, int, _Body]:
    field = record.rec_headers.get_header
    parts = urlsplit(field("WARC-Target-URI"))
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    # A revisit's body is another record's, compared there by its digest.
    is_copy = record.rec_type == "revisit"
    size = (1 << 62) if is_copy else len(record.content_stream().read())
    packed = record.http_headers.get_header("x-orig-content-encoding")
    exact = not (packed or field("WARC-Truncated"))
    film = field("Insyn-Fetched-By") == "Network.loadNetworkResource"
    status = int(record.http_headers.get_statuscode())
    return target, status, _Body(size=size, exact=exact, film=film)


def _layers(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            for name in members.namelist():
                yield from _layers(members.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
