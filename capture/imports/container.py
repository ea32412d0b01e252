"""The file that an export comes in, looked through from first byte to last before it is believed.

ZIP or tar.gz, told by its bytes. Nothing is ever unpacked onto the disk: data files are held in
memory within bounds, all other members are read once for their digest. All faults are told.
"""

import hashlib
import io
import re
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from accounts.findings import Finding
from capture.imports.codes import finding

_CHUNK = 1024 * 1024
_DATA = frozenset({".json", ".js", ".csv", ".html", ".txt"})
_SMALL = 16 * _CHUNK
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    OSError,
    zlib.error,
    NotImplementedError,
    ValueError,
    RuntimeError,
    IndexError,
)
"""What the standard library lets out of archives with changed bytes."""
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What is taken at most: bytes, members, times that a member may grow when it is unpacked.

    The ratio counts only for what is larger than 16 MiB unpacked: short text repeats itself.
    """

    size: int = 200 * 1024**3
    members: int = 500_000
    ratio: int = 200
    data: int = 512 * 1024**2


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """A member as it was read: its size in bytes, its SHA-256, its CRC-32."""

    size: int
    sha256: str
    crc: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """An export's members by name, in the export's order; the bytes of its data files."""

    members: Mapping[str, Unpacked]
    data: Mapping[str, bytes]
    findings: tuple[Finding, ...]

    def without(self, names: Collection[str]) -> "Container":
        """The same with some members left out."""
        return Container(
            members={name: one for name, one in self.members.items() if name not in names},
            data={name: one for name, one in self.data.items() if name not in names},
            findings=self.findings,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Member:
    name: str
    size: int
    packed: int | None
    plain: bool
    locked: bool


def open_container(path: Path, bounds: Bounds) -> Container:
    """Read an export through; what is wrong stands in `findings`."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start.startswith(b"PK"):
                return _zip(file, bounds, path.name)
            if start.startswith(b"\x1f\x8b"):
                return _tar(file, bounds, path)
    except OSError as error:
        return _refused(finding("I001", path.name, why=error.strerror or error))
    return _refused(finding("I002", path.name, why=f"it begins with {start.hex()}"))


def _refused(*found: Finding) -> Container:
    return Container(members={}, data={}, findings=found)


def _zip(file: IO[bytes], bounds: Bounds, name: str) -> Container:
    """The directory is judged before a byte is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            members = [_zipped(info) for info in infos if not info.is_dir()]
            found = list(_judged(members, bounds, name))
            if found:
                return _refused(*found)
            reading = _Reading(bounds, name)
            for info in (one for one in infos if not one.is_dir()):
                with reading.member(info.filename), archive.open(info) as stream:
                    reading.take(info.filename, stream)
            return reading.done()
    except _BROKEN as error:
        return _refused(finding("I002", name, why=error))


def _zipped(info: zipfile.ZipInfo) -> _Member:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return _Member(
        name=info.orig_filename,
        size=info.file_size,
        packed=info.compress_size,
        plain=kind in (0, stat.S_IFREG),
        locked=bool(info.flag_bits & 1),
    )


def _tar(file: IO[bytes], bounds: Bounds, path: Path) -> Container:
    """A tar has no directory to judge beforehand: it is read as a stream, within bounds."""
    name, packed = path.name, path.stat().st_size
    reading, members = _Reading(bounds, name), []
    most = min(bounds.size, max(_SMALL, packed * bounds.ratio))
    try:
        with tarfile.open(fileobj=file, mode="r|gz") as archive:
            for info in archive:
                if info.isdir():
                    continue
                members.append(
                    _Member(
                        name=info.name,
                        size=info.size,
                        packed=None,
                        plain=info.isreg(),
                        locked=False,
                    )
                )
                if sum(one.size for one in members) > most:
                    size = sum(one.size for one in members)
                    return _refused(
                        finding("I003", name, size=size, most=bounds.size)
                        if size > bounds.size
                        else finding("I004", name, ratio=size // packed, most=bounds.ratio)
                    )
                if len(members) > bounds.members:
                    break
                if info.isreg() and (stream := archive.extractfile(info)):
                    with reading.member(info.name):
                        reading.take(info.name, stream)
        _to_the_end(file)
    except _BROKEN as error:
        return _refused(*_judged(members, bounds, name), finding("I002", name, why=error))
    found = tuple(_judged(members, bounds, name))
    return _refused(*found) if found else reading.done()


def _to_the_end(file: IO[bytes]) -> None:
    """A tar is over before its gzip is: the last bytes are the checksum, so they are read too."""
    file.seek(0)
    unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while piece := file.read(_CHUNK):
        while piece:
            unpacked.decompress(piece, _CHUNK)
            piece = unpacked.unconsumed_tail
    if not unpacked.eof:
        raise EOFError("the last bytes are missing")


class _Reading:
    """Members as they are read: digests, and the bytes of data files."""

    def __init__(self, bounds: Bounds, place: str) -> None:
        self._bounds, self._place = bounds, place
        self._members: dict[str, Unpacked] = {}
        self._data: dict[str, bytes] = {}
        self._held = 0
        self._found: list[Finding] = []

    def member(self, name: str) -> "_Guard":
        return _Guard(self._found, name)

    def take(self, name: str, stream: IO[bytes]) -> None:
        digest, kept, crc = hashlib.sha256(), io.BytesIO(), 0
        wanted, size = PurePosixPath(name).suffix.lower() in _DATA, 0
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            if wanted and self._held + size <= self._bounds.data:
                kept.write(piece)
        self._members[name] = Unpacked(size=size, sha256=digest.hexdigest(), crc=crc)
        if not wanted:
            return
        if self._held + size > self._bounds.data:
            self._found.append(finding("I016", name, size=size, most=self._bounds.data))
            return
        self._held += size
        self._data[name] = kept.getvalue()

    def done(self) -> Container:
        return Container(members=self._members, data=self._data, findings=tuple(self._found))


class _Guard:
    """A member that cannot be read is a finding, and the next is looked at."""

    def __init__(self, found: list[Finding], name: str) -> None:
        self._found, self._name = found, name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        if not isinstance(error, _BROKEN):
            return False
        self._found.append(finding("I010", self._name, why=error))
        return True


def _judged(members: list[_Member], bounds: Bounds, place: str) -> Iterator[Finding]:
    """Every fault that names, kinds and sizes show."""
    if len(members) > bounds.members:
        yield finding("I005", place, count=len(members), most=bounds.members)
    size = sum(member.size for member in members)
    if size > bounds.size:
        yield finding("I003", place, size=size, most=bounds.size)
    packed = sum(member.packed or 0 for member in members)
    if all(member.packed is not None for member in members) and size > max(
        _SMALL, packed * bounds.ratio
    ):
        yield finding("I004", place, ratio=size // max(1, packed), most=bounds.ratio)
    seen: set[str] = set()
    for member in members:
        shown = repr(member.name) if not member.name.isprintable() else member.name
        if _leads_out(member.name):
            yield finding("I006", shown)
        if not member.plain:
            yield finding("I007", shown)
        if member.locked:
            yield finding("I009", shown)
        alike = unicodedata.normalize("NFC", member.name).casefold()
        if alike in seen:
            yield finding("I008", shown)
        seen.add(alike)
        if member.packed is not None and member.size > max(_SMALL, member.packed * bounds.ratio):
            ratio = member.size // max(1, member.packed)
            yield finding("I004", shown, ratio=ratio, most=bounds.ratio)


def _leads_out(name: str) -> bool:
    steps = any(step in {"", ".", ".."} for step in name.removeprefix("./").split("/"))
    return steps or "\\" in name or not name.isprintable() or bool(_DRIVE.match(name))
