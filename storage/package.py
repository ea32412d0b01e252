"""The package of a record: a WACZ 1.1.1, every member stored plain so that each is a range read.

Two-level names only (`pictures/desktop-0001.png`): the public validator looks at the last two
components of a path. The same folder gives the same bytes. Nothing here knows the store.
"""

import gzip
import hashlib
import io
import json
import mimetypes
import os
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cdxj_indexer.main import CDXJIndexer

from storage.errors import Damaged, Malformed
from storage.record import Part, sha256

WACZ_VERSION = "1.1.1"
DATAPACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
WARC = "archive/data.warc.gz"
_CHUNK = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_TYPES = {
    ".gz": "application/gzip",
    ".idx": "application/cdxj",
    ".jsonl": "application/jsonl",
    ".mhtml": "multipart/related",
    ".webp": "image/webp",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The one page that a package is of; `at` is when its main response came (UTC)."""

    url: str
    title: str
    at: datetime


def write_package(folder: Path, target: Path, *, page: Page, software: str) -> tuple[Part, ...]:
    """Make the WACZ of a folder of parts at `target`; the folder gains index and pages.

    Raises:
        Malformed: a part's name is not `folder/file`, or the web archive is missing.
    """
    _check_names(folder)
    _write_index(folder)
    _write_pages(folder, page)
    names = sorted(_names(folder), key=lambda n: (not n.startswith("archive/"), n))
    members = {name: folder / name for name in names}
    datapackage = _datapackage(members, page, software)
    digest = _datapackage_digest(datapackage)
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=True) as wacz:
        for name, path in members.items():
            _store(wacz, name, path, page.at)
        for name, data in ((DATAPACKAGE, datapackage), (DIGEST, digest)):
            wacz.writestr(_info(name, page.at), data)
    _settle(partial, target)
    return read_parts(target)


def read_parts(package: Path) -> tuple[Part, ...]:
    """Every member with its digest and the place of its first byte.

    Raises:
        Damaged: it is not a ZIP file, or a member is compressed or lies outside the file.
    """
    try:
        with zipfile.ZipFile(package) as wacz, package.open("rb") as file:
            return tuple(_part(info, file) for info in wacz.infolist())
    except (zipfile.BadZipFile, struct.error) as error:
        raise Damaged(f"{package.name} is not a whole ZIP file: {error}") from error


def read_part(package: Path, part: Part) -> bytes:
    """One part's bytes, read by its place, not by the ZIP directory."""
    with package.open("rb") as file:
        file.seek(part.offset)
        return file.read(part.size)


def part_range(part: Part) -> tuple[int, int]:
    """First and last byte of a part in its package, both included, for a range read.

    Raises:
        Malformed: the part is empty, and no range names nothing.
    """
    if part.size == 0:
        raise Malformed("An empty part has no range", [part.name])
    return part.offset, part.offset + part.size - 1


def media_type(name: str) -> str:
    """The media type of a part, by its name."""
    suffix = Path(name).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _check_names(folder: Path) -> None:
    faults = [
        f"{name}: a part lies in exactly one folder"
        for name in _names(folder)
        if name.count("/") != 1
    ]
    if not (folder / WARC).exists():
        faults.append(f"{WARC}: the web archive is missing")
    if faults:
        raise Malformed(f"These parts make no package ({folder})", faults)


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _write_index(folder: Path) -> None:
    """`indexes/index.cdx.gz` and its `index.idx`, as `wacz create` makes them."""
    (folder / "indexes").mkdir(exist_ok=True)
    lines = io.StringIO()
    CDXJIndexer(
        lines, str(folder / WARC), sort=True, fields="referrer", records="response,revisit,resource"
    ).process_all()
    body = lines.getvalue().encode()
    compressed = gzip.compress(body, mtime=0)
    (folder / "indexes" / "index.cdx.gz").write_bytes(compressed)
    first = body.split(b" {", 1)[0].decode() if body else ""
    meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    block = {
        "offset": 0,
        "length": len(compressed),
        "digest": f"sha256:{sha256(compressed)}",
        "filename": "index.cdx.gz",
    }
    idx = f"!meta 0 {json.dumps(meta)}\n{first} {json.dumps(block)}\n"
    (folder / "indexes" / "index.idx").write_text(idx)


def _write_pages(folder: Path, page: Page) -> None:
    """`pages/pages.jsonl`: a header and exactly the page that was captured."""
    (folder / "pages").mkdir(exist_ok=True)
    text = folder / "text" / "visible.txt"
    entry = {
        "id": sha256(page.url.encode())[:22],
        "url": page.url,
        "title": page.title,
        "ts": _moment(page.at),
    }
    if text.exists():
        entry["text"] = text.read_text(encoding="utf-8")
    header = {"format": "json-pages-1.0", "id": "pages", "title": "Captured page", "hasText": True}
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in (header, entry)]
    (folder / "pages" / "pages.jsonl").write_text("".join(lines), encoding="utf-8")


def _datapackage(members: Mapping[str, Path], page: Page, software: str) -> bytes:
    resources = [
        {
            "name": name.replace("/", "-").lower(),
            "path": name,
            "hash": f"sha256:{_digest(path)}",
            "bytes": path.stat().st_size,
        }
        for name, path in members.items()
    ]
    body = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": page.title,
        "created": _moment(page.at),
        "mainPageUrl": page.url,
        "mainPageDate": _moment(page.at),
        "software": software,
        "resources": resources,
    }
    return json.dumps(body, indent=2, ensure_ascii=False).encode()


def _datapackage_digest(datapackage: bytes) -> bytes:
    body = {"path": DATAPACKAGE, "hash": f"sha256:{sha256(datapackage)}"}
    return json.dumps(body, indent=2).encode()


def _store(wacz: zipfile.ZipFile, name: str, path: Path, at: datetime) -> None:
    info = _info(name, at)
    info.file_size = path.stat().st_size
    with path.open("rb") as source, wacz.open(info, "w") as member:
        while piece := source.read(_CHUNK):
            member.write(piece)


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def _settle(partial: Path, target: Path) -> None:
    """On disk before it has its name."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.rename(target)


def _part(info: zipfile.ZipInfo, file: io.BufferedReader) -> Part:
    if info.compress_type != zipfile.ZIP_STORED:
        raise Damaged(f"{info.filename} is compressed in the package: it cannot be read by range.")
    file.seek(info.header_offset)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    offset = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    file.seek(offset)
    digest, left = hashlib.sha256(), info.file_size
    while left and (piece := file.read(min(_CHUNK, left))):
        digest.update(piece)
        left -= len(piece)
    if left:
        raise Damaged(f"{info.filename} goes beyond the end of the package.")
    return Part(
        name=info.filename,
        media_type=media_type(info.filename),
        size=info.file_size,
        sha256=digest.hexdigest(),
        offset=offset,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
