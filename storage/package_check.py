"""Our own verifier of packages and web archives. Looks only; every fault has a code of its own.

The public tools pass a truncated WARC and a missing member without a word (measured): members,
sizes, digests and records are counted here.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from accounts.findings import Finding, Severity
from storage.errors import Damaged
from storage.package import DATAPACKAGE, DIGEST, WARC, read_part, read_parts
from storage.record import Part

_TEXTS = {
    "K001": ("Paketet är ingen hel ZIP-fil", "The package is not a whole ZIP file"),
    "K002": ("En del saknas i paketet", "A part is missing from the package"),
    "K003": ("En del finns i paketet men nämns inte", "A part is in the package but not listed"),
    "K004": (
        "En del är ändrad: kontrollsumman skiljer sig",
        "A part was changed: its digest differs",
    ),
    "K005": ("Paketets förteckning går inte att läsa", "The list of the package cannot be read"),
    "K006": ("Paketets förteckning är ändrad", "The list of the package was changed"),
    "K007": ("En del har ett otillåtet namn", "A part has a name that is not allowed"),
    "K008": ("Webbarkivet är avhugget eller trasigt", "The web archive is cut off or broken"),
    "K009": ("En post i webbarkivet är ändrad", "A record of the web archive was changed"),
    "K010": ("Webbarkivet har inga poster", "The web archive has no records"),
    "K011": ("Registret stämmer inte med webbarkivet", "The index disagrees with the web archive"),
    "K012": ("En bild går inte att avkoda", "A picture cannot be decoded"),
    "K013": ("En text är inte giltig UTF-8", "A text is not valid UTF-8"),
    "K014": ("En datafil går inte att tolka", "A data file cannot be parsed"),
}

_PICTURES = (".png", ".webp", ".jpg")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Package:
    """What the checks look at: each part by name, and how to read it."""

    parts: dict[str, Part]
    read: Callable[[str], bytes]


def check_package(path: Path, parts: Sequence[Part] | None = None) -> tuple[Finding, ...]:
    """Every fault of a package; with `parts` also against what the manifest says of it."""
    try:
        found = read_parts(path)
    except Damaged as error:
        return (_fault("K001", path.name, str(error)),)
    names = [part.name for part in found]
    by_name = {part.name: part for part in found}
    package = _Package(parts=by_name, read=lambda name: read_part(path, by_name[name]))
    return (
        *_names(names),
        *_expected(package, parts or ()),
        *_listed(package),
        *_web_archive(package),
        *_readable(package),
    )


def _names(names: list[str]) -> Iterator[Finding]:
    for name in names:
        odd = name.startswith("/") or "\\" in name or ".." in name.split("/") or name.endswith("/")
        if odd or names.count(name) > 1:
            yield _fault("K007", name)


def _expected(package: _Package, parts: Sequence[Part]) -> Iterator[Finding]:
    """Against the manifest's parts."""
    for part in parts:
        there = package.parts.get(part.name)
        if there is None:
            yield _fault("K002", part.name)
        elif (there.sha256, there.size, there.offset) != (part.sha256, part.size, part.offset):
            yield _fault("K004", part.name)
    if parts:
        for name in package.parts.keys() - {part.name for part in parts}:
            yield _fault("K003", name)


def _listed(package: _Package) -> Iterator[Finding]:
    """Against the package's own list (frictionless data package)."""
    missing = [name for name in (DATAPACKAGE, DIGEST) if name not in package.parts]
    if missing:
        yield from (_fault("K002", name) for name in missing)
        return
    try:
        resources = json.loads(package.read(DATAPACKAGE))["resources"]
        listed = {r["path"]: (r["hash"], r["bytes"]) for r in resources}
        said = json.loads(package.read(DIGEST))["hash"]
    except (ValueError, KeyError, TypeError) as error:
        yield _fault("K005", DATAPACKAGE, repr(error))
        return
    if said != f"sha256:{package.parts[DATAPACKAGE].sha256}":
        yield _fault("K006", DATAPACKAGE)
    for name, (digest, size) in listed.items():
        part = package.parts.get(name)
        if part is None:
            yield _fault("K002", name)
        elif (digest, size) != (f"sha256:{part.sha256}", part.size):
            yield _fault("K004", name)
    for name in package.parts.keys() - listed.keys() - {DATAPACKAGE, DIGEST}:
        yield _fault("K003", name)


def _web_archive(package: _Package) -> Iterator[Finding]:
    if WARC not in package.parts:
        yield _fault("K002", WARC)
        return
    data = package.read(WARC)
    try:
        _whole_gzip(data)
        records, wrong = _records(data)
    except (zlib.error, EOFError, OSError, ArchiveLoadFailed) as error:
        yield _fault("K008", WARC, str(error))
        return
    yield from (_fault("K009", f"{WARC} {url}") for url in wrong)
    if not records:
        yield _fault("K010", WARC)
    yield from _index(package, records)


def _whole_gzip(data: bytes) -> None:
    """Every member ends properly: `warcio check` says nothing of a cut one."""
    while data:
        stream = zlib.decompressobj(wbits=31)
        stream.decompress(data)
        if not stream.eof:
            raise EOFError("the last compressed record is cut off")
        data = stream.unused_data


def _records(data: bytes) -> tuple[dict[int, str], list[str]]:
    """Offset and address of each record, and the addresses whose digest is wrong."""
    places, wrong = {}, []
    archive = ArchiveIterator(io.BytesIO(data), check_digests=True)
    for record in archive:
        record.content_stream().read()
        url = record.rec_headers.get_header("WARC-Target-URI") or record.rec_type
        places[archive.get_record_offset()] = url
        if record.digest_checker.passed is False:
            wrong.append(url)
    return places, wrong


def _index(package: _Package, records: dict[int, str]) -> Iterator[Finding]:
    name = "indexes/index.cdx.gz"
    if name not in package.parts:
        yield _fault("K002", name)
        return
    try:
        lines = gzip.decompress(package.read(name)).decode().splitlines()
        entries = [json.loads(line[line.index("{") :]) for line in lines]
        disagree = [e["url"] for e in entries if records.get(int(e["offset"])) != e["url"]]
    except (OSError, EOFError, ValueError, KeyError, zlib.error) as error:
        yield _fault("K011", name, str(error))
        return
    yield from (_fault("K011", f"{name} {url}") for url in disagree)
    if records and not entries:
        yield _fault("K011", name)


def _readable(package: _Package) -> Iterator[Finding]:
    for name in package.parts:
        folder, _, _ = name.partition("/")
        if name.endswith(_PICTURES) and not _decodes(package.read(name)):
            yield _fault("K012", name)
        elif folder == "text" and not _is_utf8(package.read(name)):
            yield _fault("K013", name)
        elif name.endswith((".json", ".jsonl")) and not _parses(name, package.read(name)):
            yield _fault("K014", name)


def _decodes(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
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


def _parses(name: str, data: bytes) -> bool:
    lines = data.splitlines() if name.endswith(".jsonl") else [data]
    try:
        for line in lines:
            json.loads(line)
    except ValueError:
        return False
    return True


def _fault(code: str, place: str, detail: str = "") -> Finding:
    sv, en = (text + (f": {detail}" if detail else ".") for text in _TEXTS[code])
    return Finding(code=code, severity=Severity.FAULT, place=place, sv=sv, en=en)
