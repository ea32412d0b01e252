"""A post through its versions: what each later record says otherwise, in words and in pictures.

Reads records and compares them; decides nothing and stores nothing.
"""

import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from capture.post import Post
from capture.post_record import recorded_post
from storage.archive import Archive
from storage.posts import KnownPost
from storage.record import Record, Status

_GUTTER, _GROUND, _MARK = 24, (120, 120, 120), (200, 0, 60)
_CELL = 16
"""Regions are told in squares of so many pixels."""
_MOST_ROWS = 16_000
_TOLERANCE = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A record of a post; `post` is None once the record is disposed of."""

    record: Record
    post: Post | None


def versions(archive: Archive, post: KnownPost) -> list[Version]:
    """Every record of a post, oldest first, by what was journaled of it."""
    ids = dict.fromkeys(seen.record_id for seen in archive.posts.sightings(post))
    records = [archive.record(each) for each in ids]
    return [
        Version(
            record=record,
            post=recorded_post(archive, record) if _is_open(record) else None,
        )
        for record in records
    ]


def _is_open(record: Record) -> bool:
    """Whether it is here, and not kept apart for secrecy."""
    return record.status is Status.ACTIVE and not record.restricted


def text_difference(before: Post, after: Post, hidden: str = "[hidden]") -> list[str]:
    """A unified difference of the post and its dialogue as lines; empty where none differs.

    `hidden` stands for the text of a comment that the platform says is hidden.
    """
    first, second = list(_lines(before, hidden)), list(_lines(after, hidden))
    found = list(difflib.unified_diff(first, second, lineterm="", n=1))[2:]  # without its two heads
    return [line for line in found if not line.startswith("@@")]


def side_by_side(archive: Archive, before: Record, after: Record, path: Path) -> int:
    """Write both pictures beside each other (PNG), changed regions framed; gives how many.

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
    for top, bottom, first, last in boxes:
        for offset in (0, size[0] + _GUTTER):
            pen.rectangle((offset + first, top, offset + last, bottom), outline=_MARK, width=4)
    sheet.save(path, "PNG")
    return len(boxes)


def _lines(post: Post, hidden: str) -> Iterator[str]:
    """The post as a reader meets it: each comment with its author, indented below its parent."""
    yield from (post.text or "").splitlines()
    depth = {post.id: 0}
    for comment in post.comments or ():
        depth[comment.id] = depth.get(comment.parent or "", 0) + 1
        who = comment.author.name or comment.author.handle or "?"
        said = hidden if comment.hidden else comment.text or ""
        yield f"{'  ' * depth[comment.id]}{who}: {said}"


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


def _changed(before: Image.Image, after: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left and right of each run of rows that differ."""
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
            yield first * _CELL, (last + 1) * _CELL - 1, box[0] * _CELL, box[2] * _CELL - 1


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
