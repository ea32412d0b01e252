"""What is kept of an export: the file as it was given, or a ZIP of it without what is private.

The ZIP has one plain form: the export's members in their order, stored, all of one date. So the
same export always gives the same bytes. It is read as a stream; nothing is unpacked onto the disk.
"""

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from capture.imports.export import Understood
from storage.errors import Damaged
from storage.plain_zip import Source, write_members
from storage.record import file_sha256

_CHUNK = 1024 * 1024
_CHANGED = "{name} was changed while it was imported: try again."
_DATED = datetime(1980, 1, 1, tzinfo=UTC)
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The file that is kept, its SHA-256 and its size in bytes."""

    path: Path
    sha256: str
    size: int


def write_kept(given: Path, digest: str, read: Understood, room: Path) -> Kept:
    """Lay the file that is kept into a room; where nothing is left out, it is the one given.

    `digest` is the SHA-256 that the export had before it was read.

    Raises:
        Damaged: the export was changed since.
    """
    target = room / f"export{'.zip' if not read.whole else _suffix(given)}"
    if read.whole:
        target.symlink_to(given.resolve())
    else:
        _write(given, read, target)
    if file_sha256(given) != digest:
        raise Damaged(_CHANGED.format(name=given.name))
    return Kept(path=target, sha256=file_sha256(target), size=target.stat().st_size)


def _write(given: Path, read: Understood, target: Path) -> None:
    try:
        with target.open("wb") as file:
            write_members(file, _sources(given, read), _DATED)
    except _BROKEN as error:
        raise Damaged(_CHANGED.format(name=given.name)) from error


def _sources(given: Path, read: Understood) -> Iterator[Source]:
    for name, stream in _members(given):
        if rewritten := read.rewritten.get(name):
            data = rewritten.data
            yield Source(name=name, size=len(data), crc=zlib.crc32(data), pieces=(data,))
        elif held := read.kept.get(name):
            pieces = iter(partial(stream.read, _CHUNK), b"")
            yield Source(name=name, size=held.size, crc=held.crc, pieces=pieces)


def _members(given: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file of the export with its bytes, to be read before the next is asked for."""
    if _suffix(given) == ".zip":
        with zipfile.ZipFile(given) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    with archive.open(info) as stream:
                        yield info.filename, stream
        return
    with tarfile.open(given, mode="r|gz") as archive:
        for member in archive:
            if held := archive.extractfile(member):
                yield member.name, held


def _suffix(path: Path) -> str:
    """By the file's first bytes, as its name may say anything."""
    with path.open("rb") as file:
        return ".zip" if file.read(2) == b"PK" else ".tar.gz"
