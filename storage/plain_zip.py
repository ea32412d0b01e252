"""A ZIP file in one plain form: members stored one after the other, nothing between or behind.

The form is fixed here (APPNOTE 6.3.10, sections 4.3 and 4.4), not by a library's version, so that
the same members always give the same bytes and a single changed byte outside the members is seen.
Knows nothing of what the members are.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISLNK
from typing import Any, BinaryIO

from storage.errors import Damaged

_CHUNK = 1024 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LIMIT = 0xFFFFFFFF
_MANY = 0xFFFF
_PLAIN, _WITH_64 = 20, 45
_UNIX = 3 << 8
_REGULAR_FILE = 0o100644 << 16
_UTF8 = 0x800


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member as the ZIP's directory has it; `offset` is its first byte, sizes are in bytes."""

    name: str
    offset: int
    size: int
    crc: int
    date: tuple[int, int]
    stored: bool
    link: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A member to be written: its size in bytes and CRC-32, and its bytes, a little at a time."""

    name: str
    size: int
    crc: int
    pieces: Iterable[bytes]


def write_zip(target: BinaryIO, members: Mapping[str, Path | bytes], at: datetime) -> None:
    """Write the members in the order given, all dated `at`. Reads each twice, holds none.

    Raises:
        Damaged: a file was changed while it was read.
    """
    write_members(target, (_source(name, source) for name, source in members.items()), at)


def write_members(target: BinaryIO, sources: Iterable[Source], at: datetime) -> None:
    """Write members as they come, all dated `at`; each is taken whole before the next is asked for.

    Raises:
        Damaged: a member has another size or checksum than it was said to have.
    """
    date = _packed(at.timetuple()[:6])
    written = []
    for source in sources:
        member = Member(
            name=source.name,
            offset=target.tell(),
            size=source.size,
            crc=source.crc,
            date=date,
            stored=True,
            link=False,
        )
        target.write(_local(member))
        size = crc = 0
        for piece in source.pieces:
            target.write(piece)
            size, crc = size + len(piece), zlib.crc32(piece, crc)
        if (size, crc) != (source.size, source.crc):
            raise Damaged(f"{source.name} was changed while it was read: try again.")
        written.append(member)
    target.write(_directory(written))


def read_members(path: Path) -> tuple[Member, ...]:
    """The members that the directory lists, in their order.

    Raises:
        Damaged: it is no whole ZIP file, or a member lies outside it.
    """
    try:
        with zipfile.ZipFile(path) as file, path.open("rb") as data:
            return tuple(_member(info, data) for info in file.infolist())
    # zipfile lets all of these out of a directory with changed bytes (seen by changing each).
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise Damaged(f"{path.name} is not a whole ZIP file: {error}") from error


def odd_places(path: Path, members: Sequence[Member]) -> Iterator[str]:
    """Where the file differs from the one plain form of these members, in words."""
    dates = {member.date for member in members}
    with path.open("rb") as file:
        for member in members:
            head = _local(member)
            if file.read(len(head)) != head or len(dates) > 1:
                yield f"before {member.name}"
                return
            if _crc(pieces(file, member.size)) != member.crc:
                yield f"checksum of {member.name}"
        if file.read() != _directory(members):
            yield "directory"


class Slice(io.RawIOBase):
    """Some bytes of a file, as a stream of their own."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        self._file = path.open("rb")
        self._offset, self._size, self._at = offset, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._offset + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a file, a little at a time; fewer where it ends."""
    while size and (piece := file.read(min(_CHUNK, size))):
        size -= len(piece)
        yield piece


def _source(name: str, source: Path | bytes) -> Source:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return Source(name=name, size=size, crc=_crc(_pieces(source)), pieces=_pieces(source))


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _member(info: zipfile.ZipInfo, data: BinaryIO) -> Member:
    data.seek(info.header_offset)
    *_, name_length, extra_length = _LOCAL.unpack(data.read(_LOCAL.size))
    offset = info.header_offset + _LOCAL.size + name_length + extra_length
    data.seek(0, 2)
    if offset + info.compress_size > data.tell():
        raise zipfile.BadZipFile(f"{info.filename} goes beyond the end of the file")
    return Member(
        name=info.orig_filename,
        offset=offset,
        size=info.compress_size,
        crc=info.CRC,
        date=_packed(info.date_time),
        stored=info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size,
        link=S_ISLNK(info.external_attr >> 16),
    )


def _local(member: Member) -> bytes:
    name, flags = _name(member)
    big = member.size >= _LIMIT
    extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if big else b""
    size = _LIMIT if big else member.size
    version = _WITH_64 if big else _PLAIN
    head = (b"PK\3\4", version, flags, 0, *member.date, member.crc, size, size)
    return _LOCAL.pack(*head, len(name), len(extra)) + name + extra


def _central(member: Member, at: int) -> bytes:
    name, flags = _name(member)
    wide = [member.size, member.size] if member.size >= _LIMIT else []
    if at >= _LIMIT:
        wide.append(at)
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = _WITH_64 if wide else _PLAIN
    size = min(member.size, _LIMIT)
    head = (b"PK\1\2", _UNIX | version, version, flags, 0, *member.date, member.crc, size, size)
    tail = (len(name), len(extra), 0, 0, 0, _REGULAR_FILE, min(at, _LIMIT))
    return _CENTRAL.pack(*head, *tail) + name + extra


def _directory(members: Sequence[Member]) -> bytes:
    """The central directory and what ends the file."""
    at, entries = 0, b""
    for member in members:
        entries += _central(member, at)
        at += len(_local(member)) + member.size
    count, size = len(members), len(entries)
    wide = b""
    if count >= _MANY or size >= _LIMIT or at >= _LIMIT:
        versions = (_UNIX | _WITH_64, _WITH_64)
        wide = _END_64.pack(b"PK\6\6", 44, *versions, 0, 0, count, count, size, at)
        wide += _LOCATOR.pack(b"PK\6\7", 0, at + size, 1)
    count, size, at = min(count, _MANY), min(size, _LIMIT), min(at, _LIMIT)
    return entries + wide + _END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)


def _name(member: Member) -> tuple[bytes, int]:
    if member.name.isascii():
        return member.name.encode(), 0
    return member.name.encode("utf-8", "surrogateescape"), _UTF8


def _packed(date: Sequence[int]) -> tuple[int, int]:
    """Time and date as MS-DOS has them, in steps of two seconds."""
    year, month, day, hour, minute, second = date
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _crc(parts: Iterator[bytes]) -> int:
    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return crc
