"""The package of a record: a WACZ 1.1.1, every member stored plain so that each is a range read.

Two-level names only (`pictures/desktop-0001.png`): the public validator looks at the last two
components of a path. The same folder gives the same bytes. Nothing here knows the store.
"""

import hashlib
import io
import json
import mimetypes
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cdxj_indexer.main import CDXJIndexer
from warcio.exceptions import ArchiveLoadFailed

from storage.errors import Damaged, Malformed
from storage.plain_zip import Member, pieces, read_members, write_zip
from storage.record import Part, file_sha256, sha256

WACZ_VERSION = "1.1.1"
DATAPACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
WARC = "archive/data.warc.gz"
INDEX = "indexes/index.cdx.gz"
INDEX_BLOCKS = "indexes/index.idx"
PAGES = "pages/pages.jsonl"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*/[A-Za-z0-9_-][A-Za-z0-9._-]*")
_UNREADABLE = (
    ArchiveLoadFailed,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What the indexer lets out of a web archive, or a posted body, that is not what it says."""
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
        Damaged: the web archive cannot be indexed, or the file read back is not what was written.
    """
    _check_names(folder)
    _write_index(folder)
    _write_pages(folder, page)
    names = sorted(_names(folder), key=lambda n: (not n.startswith("archive/"), n))
    members: dict[str, Path | bytes] = {name: folder / name for name in names}
    resources = [_resource(name, folder / name) for name in names]
    members[DATAPACKAGE] = datapackage = _datapackage(resources, page, software)
    members[DIGEST] = _datapackage_digest(datapackage)
    _write_whole(target, members, page.at.astimezone(UTC))
    parts = read_parts(target)
    if [f"sha256:{part.sha256}" for part in parts[:-2]] != [r["hash"] for r in resources]:
        raise Damaged(f"{target.name} was read back with other bytes: look at the disk; try again.")
    return parts


def read_parts(package: Path) -> tuple[Part, ...]:
    """Every member with its digest and the place of its first byte.

    Raises:
        Damaged: it is not a ZIP file, or a member is compressed or lies outside the file.
    """
    members = read_members(package)
    for member in members:
        if not member.stored:
            raise Damaged(f"{member.name} is compressed in the package: no range can be read.")
    return parts_of(package, members)


def parts_of(package: Path, members: tuple[Member, ...]) -> tuple[Part, ...]:
    """The members as parts: their bytes as they lie in the file, digested."""
    with package.open("rb") as file:
        return tuple(_part(member, file) for member in members)


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
    faults = [f"{name}: {why}" for name in _names(folder) if (why := _name_fault(folder, name))]
    alike = Counter(_resource_name(name) for name in _names(folder))
    faults += [f"{name}: two parts have this name" for name, count in alike.items() if count > 1]
    if not (folder / WARC).exists():
        faults.append(f"{WARC}: the web archive is missing")
    if faults:
        raise Malformed(f"These parts make no package ({folder})", faults)


def _name_fault(folder: Path, name: str) -> str:
    if name.count("/") != 1:
        return "a part lies in exactly one folder"
    if not _NAME.fullmatch(name):
        return "a part's name has only letters a to z, digits, hyphens, underscores and full stops"
    if (folder / name).is_symlink():
        return "a part is a file of its own, not a link"
    return ""


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _resource_name(name: str) -> str:
    """A name as a data package allows it: lower case, without a slash."""
    return name.replace("/", "-").lower()


def _write_index(folder: Path) -> None:
    """`indexes/index.cdx.gz` and its `index.idx`, as `wacz create` makes them, without cookies.

    A page may post a body that is not what its type says; what was posted is then left out of the
    index, so that the rest is found (`wacz create` crashes).
    """
    (folder / "indexes").mkdir(exist_ok=True)
    try:
        blocks = _index(folder, with_posted=True)
    except _UNREADABLE:
        try:
            blocks = _index(folder, with_posted=False)
        except _UNREADABLE as error:
            raise Damaged(f"{WARC} cannot be indexed: {error}") from error
    (folder / INDEX_BLOCKS).write_text(blocks, encoding="utf-8")


def _index(folder: Path, *, with_posted: bool) -> str:
    blocks = io.StringIO()
    with (folder / INDEX).open("wb") as index:
        CDXJIndexer(
            blocks,
            str(folder / WARC),
            sort=True,
            post_append=with_posted,
            compress=index,
            data_out_name=Path(INDEX).name,
            digest_records=True,
            fields="referrer",
            records="response,revisit,resource",
        ).process_all()
    return blocks.getvalue()


def _write_pages(folder: Path, page: Page) -> None:
    """`pages/pages.jsonl`: a header and exactly the page that was captured."""
    (folder / PAGES).parent.mkdir(exist_ok=True)
    text = folder / "text" / "visible.txt"
    entry = {
        "id": sha256(f"{_moment(page.at)} {page.url}".encode())[:22],
        "url": page.url,
        "title": page.title,
        "ts": _moment(page.at),
    }
    if text.exists():
        entry["text"] = text.read_text(encoding="utf-8")
    header = {
        "format": "json-pages-1.0",
        "id": "pages",
        "title": "Captured page",
        "hasText": "text" in entry,
    }
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in (header, entry)]
    (folder / PAGES).write_bytes("".join(lines).encode("utf-8", "replace"))


def _resource(name: str, path: Path) -> dict[str, str | int]:
    digest, size = file_sha256(path), path.stat().st_size
    return {"name": _resource_name(name), "path": name, "hash": f"sha256:{digest}", "bytes": size}


def _datapackage(resources: list[dict[str, str | int]], page: Page, software: str) -> bytes:
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
    return json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "replace")


def _datapackage_digest(datapackage: bytes) -> bytes:
    body = {"path": DATAPACKAGE, "hash": f"sha256:{sha256(datapackage)}"}
    return json.dumps(body, indent=2).encode()


def _write_whole(target: Path, members: Mapping[str, Path | bytes], at: datetime) -> None:
    """On disk before it has its name; nothing is left of one that failed."""
    partial = target.with_name(target.name + ".part")
    try:
        with partial.open("wb") as file:
            write_zip(file, members, at)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _part(member: Member, file: BinaryIO) -> Part:
    digest = hashlib.sha256()
    file.seek(member.offset)
    for piece in pieces(file, member.size):
        digest.update(piece)
    return Part(
        name=member.name,
        media_type=media_type(member.name),
        size=member.size,
        sha256=digest.hexdigest(),
        offset=member.offset,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
