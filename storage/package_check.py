"""Our own verifier of packages. Looks only; every fault has a code of its own.

The public tools pass a truncated web archive and a missing member without a word (measured):
members, sizes, digests, and every byte between the members are looked at here.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from PIL import Image, UnidentifiedImageError

from accounts.findings import Finding
from storage.errors import Damaged
from storage.package import DATAPACKAGE, DIGEST, parts_of, read_part
from storage.package_findings import finding
from storage.plain_zip import Member, Slice, odd_places, read_members
from storage.record import Part
from storage.web_archive_check import check_web_archive

_LISTS = (DATAPACKAGE, DIGEST)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Package:
    """What the checks look at: the file and its parts by name."""

    path: Path
    parts: dict[str, Part]

    def read(self, name: str) -> bytes:
        return read_part(self.path, self.parts[name])

    def open(self, name: str) -> BinaryIO:
        part = self.parts[name]
        return cast("BinaryIO", io.BufferedReader(Slice(self.path, part.offset, part.size)))


def check_package(path: Path, parts: Sequence[Part] | None = None) -> tuple[Finding, ...]:
    """Every fault of a package; with `parts` also against what the manifest says of it."""
    try:
        members = read_members(path)
    except Damaged as error:
        return (finding("K001", path.name, str(error)),)
    found = list(_names(members))
    if any(not member.stored for member in members):
        return tuple(found)
    package = _Package(path=path, parts={p.name: p for p in parts_of(path, members)})
    found += _expected(package, parts or ())
    found += _listed(package)
    found += check_web_archive(frozenset(package.parts), package.open)
    found += _readable(package)
    changed = {f.place for f in found}
    found += [
        finding("K018", place)
        for place in odd_places(path, members)
        if place.removeprefix("checksum of ") not in changed
    ]
    return tuple(dict.fromkeys(found))


def _names(members: Sequence[Member]) -> Iterator[Finding]:
    """Names that lead out of the package or hide a part; parts that no range can read."""
    count = Counter(member.name for member in members)
    for member in members:
        name = member.name
        odd = name.startswith("/") or name.endswith("/") or "\\" in name or not name.isprintable()
        steps = any(step in {"", ".", ".."} for step in name.split("/"))
        if odd or steps or member.link or count[name] > 1:
            yield finding("K007", name)
        if not member.stored:
            yield finding("K016", name)


def _expected(package: _Package, parts: Sequence[Part]) -> Iterator[Finding]:
    """Against the manifest's parts."""
    for part in parts:
        there = package.parts.get(part.name)
        if there is None:
            yield finding("K002", part.name)
        elif (there.sha256, there.size, there.offset) != (part.sha256, part.size, part.offset):
            yield finding("K004", part.name)
    if parts:
        for name in sorted(package.parts.keys() - {part.name for part in parts}):
            yield finding("K003", name)


def _listed(package: _Package) -> Iterator[Finding]:
    """Against the package's own list (frictionless data package)."""
    missing = [name for name in _LISTS if name not in package.parts]
    if missing:
        yield from (finding("K002", name) for name in missing)
        return
    try:
        resources = json.loads(package.read(DATAPACKAGE))["resources"]
        listed = {str(r["path"]): (r["hash"], r["bytes"]) for r in resources}
        said = json.loads(package.read(DIGEST))["hash"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        yield finding("K005", DATAPACKAGE, repr(error))
        return
    if said != f"sha256:{package.parts[DATAPACKAGE].sha256}":
        yield finding("K006", DATAPACKAGE)
    for name, (digest, size) in listed.items():
        part = package.parts.get(name)
        if part is None:
            yield finding("K002", name)
        elif (digest, size) != (f"sha256:{part.sha256}", part.size):
            yield finding("K004", name)
    for name in sorted(package.parts.keys() - listed.keys() - {*_LISTS}):
        yield finding("K003", name)


def _readable(package: _Package) -> Iterator[Finding]:
    for name, part in package.parts.items():
        folder, suffix = name.partition("/")[0], PurePosixPath(name).suffix
        if folder == "pictures" or part.media_type in {"image/png", "image/webp", "image/jpeg"}:
            if not _decodes(package, name):
                yield finding("K012", name)
        elif folder == "text" or suffix == ".txt":
            if not _is_utf8(package.read(name)):
                yield finding("K013", name)
        elif suffix in {".json", ".jsonl"} and not _parses(suffix, package.read(name)):
            yield finding("K014", name)


def _decodes(package: _Package, name: str) -> bool:
    try:
        with package.open(name) as stream, Image.open(stream) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parses(suffix: str, data: bytes) -> bool:
    try:
        for line in data.splitlines() if suffix == ".jsonl" else [data]:
            json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
