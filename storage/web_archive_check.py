"""Verifies a package's web archive: whole to its last byte, digests true, index and page agreeing.

`warcio check` ends with 0 on a file that is cut in the middle of a record; this does not. Reads a
little at a time, and no body is decoded, so no decompressor is needed. Looks only.
"""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.timeutils import iso_date_to_timestamp

from accounts.findings import Finding
from storage.package import INDEX, INDEX_BLOCKS, PAGES, WARC
from storage.package_findings import finding
from storage.record import sha256

_CHUNK = 1024 * 1024
_INDEXED = ("response", "revisit", "resource")
_ALGORITHMS = ("sha256", "sha1", "sha512", "md5")
_UNREADABLE = (ArchiveLoadFailed, EOFError, OSError, TypeError, ValueError, zlib.error)
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

Open = Callable[[str], BinaryIO]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A record as the index should have it."""

    url: str
    timestamp: str
    length: int
    indexed: bool


def check_web_archive(names: frozenset[str], opened: Open) -> Iterator[Finding]:
    """Every fault of `archive/data.warc.gz`, its index and `pages/pages.jsonl`.

    `opened` gives a seekable stream of a part's bytes.
    """
    missing = [name for name in (WARC, INDEX, INDEX_BLOCKS, PAGES) if name not in names]
    yield from (finding("K002", name) for name in missing)
    if WARC in missing:
        return
    kept: dict[int, Kept] = {}
    with opened(WARC) as stream:
        found = list(check_warc(stream, kept))
    yield from found
    if "K008" in {one.code for one in found}:
        return
    if not any(record.indexed for record in kept.values()):
        yield finding("K010", WARC)
    if INDEX not in missing and INDEX_BLOCKS not in missing:
        yield from _index(opened, kept)
    if PAGES not in missing:
        yield from _page(opened, kept)


def check_warc(stream: BinaryIO, kept: dict[int, Kept] | None = None) -> Iterator[Finding]:
    """Every fault of a web archive by itself; its records are put into `kept`, by their places.

    One that ends early, between two records, is whole by itself: its index tells what is missing.
    """
    try:
        _whole(stream)
        stream.seek(0)
        yield from _records(stream, {} if kept is None else kept)
    except _UNREADABLE as error:
        yield finding("K008", WARC, str(error))


def _whole(stream: BinaryIO) -> None:
    """Every compressed record ends properly, and nothing else follows the last."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    while data := stream.read(_CHUNK // 16):
        while data:
            begun = True
            member.decompress(data)
            data = member.unused_data
            if member.eof:
                member, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
    if begun:
        raise EOFError("the last compressed record is cut off")


def _records(stream: BinaryIO, kept: dict[int, Kept]) -> Iterator[Finding]:
    """Read every record into `kept`, by its place; find those whose bytes are not as they say."""
    archive = ArchiveIterator(stream, no_record_parse=True)
    for record in archive:
        headers = record.rec_headers
        url = headers.get_header("WARC-Target-URI") or ""
        place = f"{WARC} {url or record.rec_type}"
        told = _Digests(record)
        for piece in iter(lambda: record.raw_stream.read(_CHUNK), b""):  # noqa: B023  # read out within the turn
            told.update(piece)
        yield from (finding(code, place, detail) for code, detail in told.faults())
        kept[archive.get_record_offset()] = Kept(
            url=url,
            timestamp=iso_date_to_timestamp(headers.get_header("WARC-Date") or ""),
            length=archive.get_record_length(),
            indexed=record.rec_type in _INDEXED,
        )
    if archive.err_count:
        raise ArchiveLoadFailed("a record is longer than it says")


class _Digests:
    """A record's block and payload as they are read, against what its headers say of them."""

    def __init__(self, record: Any) -> None:
        header = record.rec_headers.get_header
        self._block = header("WARC-Block-Digest") or ""
        is_revisit = record.rec_type == "revisit"  # its payload lies in another record
        self._payload = "" if is_revisit else header("WARC-Payload-Digest") or ""
        self._length = int(header("Content-Length") or 0)
        self._read = 0
        self._block_hash = _hash(self._block)
        self._payload_hash = _hash(self._payload)
        media = header("Content-Type") or ""
        self._head: bytes | None = b"" if media.startswith("application/http") else None

    def update(self, piece: bytes) -> None:
        self._read += len(piece)
        self._block_hash.update(piece)
        if self._head is not None:
            head, end, piece = (self._head + piece).partition(b"\r\n\r\n")
            self._head = None if end else head
        self._payload_hash.update(piece)

    def faults(self) -> Iterator[tuple[str, str]]:
        if self._read != self._length:
            yield "K009", f"{self._read} bytes, not {self._length}"
        for name, told, digest in (
            ("block", self._block, self._block_hash),
            ("payload", self._payload, self._payload_hash),
        ):
            if told and told.partition(":")[2] not in _spellings(digest.digest()):
                yield "K009", name
        if not self._block and not self._payload:
            yield "K017", ""


def _hash(told: str) -> Any:
    algorithm = told.partition(":")[0].lower()
    return hashlib.new(algorithm if algorithm in _ALGORITHMS else "sha256", usedforsecurity=False)


def _spellings(digest: bytes) -> tuple[str, ...]:
    return base64.b32encode(digest).decode(), digest.hex(), digest.hex().upper()


def _index(opened: Open, kept: Mapping[int, Kept]) -> Iterator[Finding]:
    """Each line leads to a record that is so, and each record to be found has a line."""
    listed = set()
    try:
        with opened(INDEX) as stream, gzip.open(stream, "rt", encoding="utf-8") as lines:
            for line in lines:
                _, timestamp, fields = line.split(" ", 2)
                entry = json.loads(fields)
                at = int(entry["offset"])
                listed.add(at)
                told = (entry["url"], timestamp, int(entry["length"]))
                record = kept.get(at)
                if record is None or told != (record.url, record.timestamp, record.length):
                    yield finding("K011", f"{INDEX} {entry['url']}")
        yield from _blocks(opened)
    except (*_UNREADABLE, *_MALFORMED) as error:
        yield finding("K011", INDEX, str(error))
        return
    for at, record in kept.items():
        if record.indexed and at not in listed:
            yield finding("K011", f"{INDEX} {record.url}")


def _blocks(opened: Open) -> Iterator[Finding]:
    """The blocks of the index, told in `index.idx`, cover it and have their digests."""
    with opened(INDEX_BLOCKS) as stream:
        lines = stream.read().decode("utf-8").splitlines()
    end = 0
    with opened(INDEX) as index:
        for line in lines:
            block = json.loads(line[line.index("{") :])
            if line.startswith("!meta"):
                continue
            data = index.read(block["length"])
            if block["offset"] != end or block["digest"] != f"sha256:{sha256(data)}":
                yield finding("K011", INDEX_BLOCKS)
            end += len(data)
        if index.read(1):
            yield finding("K011", INDEX_BLOCKS)


def _page(opened: Open, kept: Mapping[int, Kept]) -> Iterator[Finding]:
    """Exactly one page, whose address is in the web archive."""
    with opened(PAGES) as stream:
        _, *lines = stream.read().split(b"\n")
    try:
        pages = [json.loads(line)["url"] for line in lines if line]
    except _MALFORMED as error:
        yield finding("K014", PAGES, str(error))
        return
    if len(pages) != 1:
        yield finding("K014", PAGES, f"{len(pages)} pages")
    known = {record.url for record in kept.values() if record.indexed}
    for url in pages:
        if str(url).partition("#")[0] not in known:
            yield finding("K015", f"{PAGES} {url}")
