"""A post through its versions: what each later record says otherwise, in words and in pictures.

Reads records and compares them; decides nothing and stores nothing.
"""

import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from capture.post import MediaKind, Post, Writing
from capture.post_record import readable_post
from storage.archive import Archive
from storage.errors import NotFound
from storage.posts import KnownPost
from storage.record import Record

_GUTTER, _GROUND, _MARK = 24, (120, 120, 120), (200, 0, 60)
_CELL = 16
"""Regions are told in squares of so many pixels."""
_MOST_ROWS = 16_000
_TOLERANCE = 24
_DIGITS = 8
"""Of a digest, as many as a reader can tell apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A record of a post; `post` is None once the record is disposed of."""

    record: Record
    post: Post | None


def versions(archive: Archive, post: KnownPost) -> list[Version]:
    """Every record of a post, oldest first, by what was journaled of it."""
    ids = dict.fromkeys(seen.record_id for seen in archive.posts.sightings(post))
    records = [archive.record(each) for each in ids]
    return [Version(record=record, post=readable_post(archive, record)) for record in records]


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """Where two pictures differ, in pixels from their left and top; its edges are in it."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """The words that stand for what is no text: of a hidden comment, of media, of a link."""

    hidden: str
    image: str
    video: str
    audio: str
    other: str
    link: str


def text_difference(before: Post, after: Post, marks: Marks) -> list[str]:
    """A unified difference of the post and its dialogue as lines; empty where none differs."""
    first, second = list(_lines(before, marks)), list(_lines(after, marks))
    found = list(difflib.unified_diff(first, second, lineterm="", n=1))[2:]  # without its two heads
    return [line for line in found if not line.startswith("@@")]


def pair_of(found: Sequence[Version], before: int, after: int) -> tuple[Version, Version]:
    """Two versions by their numbers, from 1; 0: the newest, and the one before the other.

    Raises:
        NotFound: there is no such pair.
    """
    last = after or len(found)
    first = before or last - 1
    if not 1 <= first < last <= len(found):
        told = f"There are {len(found)} versions: give --from and --to of two, the earlier first"
        raise NotFound(f"{told} (not {first} and {last}).")
    return found[first - 1], found[last - 1]


def side_by_side(archive: Archive, before: Record, after: Record, path: Path) -> list[Region]:
    """Write both pictures beside each other (PNG), changed regions framed; gives the regions.

    A dialogue that grew moves what is below it, and all that moved counts as changed.

    Raises:
        NotFound: a record has no picture. Damaged: a picture was changed.
    """
    left, right = _picture(archive, before), _picture(archive, after)
    size = (max(left.width, right.width), max(left.height, right.height))
    boxes = list(_changed(_padded(left, size), _padded(right, size)))
    sheet = Image.new("RGB", (2 * size[0] + _GUTTER, size[1]), _GROUND)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (size[0] + _GUTTER, 0))
    pen = ImageDraw.Draw(sheet)
    for one in boxes:
        for offset in (0, size[0] + _GUTTER):
            frame = (offset + one.left, one.top, offset + one.right, one.bottom)
            pen.rectangle(frame, outline=_MARK, width=4)
    sheet.save(path, "PNG")
    return boxes


def _lines(post: Post, marks: Marks) -> Iterator[str]:
    """The post as a reader meets it: each comment with its author, indented below its parent."""
    yield from (post.text or "").splitlines()
    yield from _beside(post, marks)
    depth = {post.id: 0}
    for comment in post.comments or ():
        depth[comment.id] = depth.get(comment.parent or "", 0) + 1
        who = comment.author.name or comment.author.handle or "?"
        said = f"[{marks.hidden}]" if comment.hidden else comment.text or ""
        indent = "  " * depth[comment.id]
        yield f"{indent}{who}: {said}"
        yield from (f"{indent}{line}" for line in _beside(comment, marks))


def _beside(writing: Writing, marks: Marks) -> Iterator[str]:
    """Media by their alt text and the beginning of their digest, and links."""
    names = {
        MediaKind.IMAGE: marks.image,
        MediaKind.VIDEO: marks.video,
        MediaKind.AUDIO: marks.audio,
        MediaKind.OTHER: marks.other,
    }
    for one in writing.media or ():
        told = " ".join(part for part in ((one.sha256 or "")[:_DIGITS], one.alt) if part)
        yield f"[{names[one.kind]}: {told}]"
    for link in writing.links or ():
        yield f"[{marks.link}: {link}]"


def _picture(archive: Archive, record: Record) -> Image.Image:
    """The tiles of the desktop under each other, as far as one sheet holds them."""
    parts = archive.manifest(record).parts
    names = sorted(p.name for p in parts if p.name.startswith("pictures/desktop-0"))
    tiles = []
    for name in names:
        with Image.open(io.BytesIO(archive.read_part(record, name))) as opened:
            tiles.append(opened.convert("RGB"))
        if sum(tile.height for tile in tiles) > _MOST_ROWS:
            break
    sheet = Image.new("RGB", (tiles[0].width, sum(tile.height for tile in tiles)), _GROUND)
    top = 0
    for tile in tiles:
        sheet.paste(tile, (0, top))
        top += tile.height
    return sheet.crop((0, 0, sheet.width, min(sheet.height, _MOST_ROWS)))


def _padded(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    sheet = Image.new("RGB", size, _GROUND)
    sheet.paste(image, (0, 0))
    return sheet


def _changed(before: Image.Image, after: Image.Image) -> Iterator[Region]:
    """A region for each run of rows that differ."""
    differs = (
        ImageChops.difference(before, after)
        .convert("L")
        .point(lambda level: 255 if level > _TOLERANCE else 0)
    )
    cells = differs.reduce(_CELL).point(lambda level: 255 if level else 0)
    rows = (cells.crop((0, y, cells.width, y + 1)) for y in range(cells.height))
    for first, last in _runs([row.getbbox() is not None for row in rows]):
        box = cells.crop((0, first, cells.width, last + 1)).getbbox()
        if box:
            yield Region(
                left=box[0] * _CELL,
                top=first * _CELL,
                right=box[2] * _CELL - 1,
                bottom=(last + 1) * _CELL - 1,
            )


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last of each run of true ones; runs that all but touch are one."""
    start, last = None, -3
    for number, flag in enumerate(flags):
        if not flag:
            continue
        if start is not None and number - last > 2:
            yield start, last
            start = number
        start, last = number if start is None else start, number
    if start is not None:
        yield start, last
