"""What a record holds, as somebody would read it who unpacks everything."""

import email
import gzip
from collections.abc import Iterator

from storage.archive import Archive
from storage.record import Record


def as_read(archive: Archive, record: Record) -> Iterator[bytes]:
    """Every part, both as it is stored and unpacked from whatever it is wrapped in."""
    for part in archive.manifest(record).parts:
        data = archive.read_part(record, part.name)
        yield data
        if part.name.endswith(".gz"):
            yield gzip.decompress(data)
        elif part.name.endswith(".mhtml"):
            for piece in email.message_from_bytes(data).walk():
                unpacked = piece.get_payload(decode=True)
                yield unpacked if isinstance(unpacked, bytes) else b""
