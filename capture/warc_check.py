"""Judges a finished WARC: whole to its last byte, its digests true, its records all there.

`warcio check` ends with 0 on a file that is cut in the middle of a record; this does not.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

_PIECE = 1 << 20


def warc_faults(path: Path, records: int) -> tuple[str, ...]:
    """What is wrong with the file, in words; empty if nothing is. `records` is what it must hold.

    Raises:
        OSError: it cannot be read.
    """
    return tuple(dict.fromkeys([*_gzip_faults(path), *_record_faults(path, records)]))


def _gzip_faults(path: Path) -> Iterator[str]:
    """Every member must end, and nothing may follow the last."""
    member = zlib.decompressobj(zlib.MAX_WBITS + 16)
    begun = False
    try:
        with path.open("rb") as stream:
            for piece in iter(lambda: stream.read(_PIECE), b""):
                data = piece
                while data:
                    begun = True
                    member.decompress(data)
                    data = member.unused_data
                    if member.eof:
                        member, begun = zlib.decompressobj(zlib.MAX_WBITS + 16), False
    except zlib.error as error:
        yield f"{path.name} is no whole gzip file: {error}"
        return
    if begun:
        yield f"{path.name} ends in the middle of a record"


def _record_faults(path: Path, records: int) -> Iterator[str]:
    found = 0
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                found += 1
                body = record.raw_stream.read()
                told = record.rec_headers.get_header("WARC-Payload-Digest")
                if told and record.rec_type != "revisit" and told != _digest(body):
                    yield f"{record.rec_headers.get_header('WARC-Target-URI')}: wrong digest"
    except (ArchiveLoadFailed, EOFError, zlib.error) as error:
        yield f"{path.name} cannot be read after {found} records: {error}"
    if found != records:
        yield f"{path.name} holds {found} records, not {records}"


def _digest(body: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode()
