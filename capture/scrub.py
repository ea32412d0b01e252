"""Goes through a finished WARC again for the secrets that were learnt after they were written."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders

from capture.members import HttpHead, Members, RecordWriter, payload_digest
from capture.secrets import SecretReplacer


def scrub_warc(path: Path, replacer: SecretReplacer) -> bool:
    """Replace secrets that were learnt after they had been written; whether any was found.

    Lengths and digests are made anew, revisits follow the record they refer to. The file is
    exchanged at once or not at all.
    """
    if not any(_is_dirty(record, body, replacer) for record, body in _records(path)):
        return False
    fresh = path.with_name(f"{path.name}.scrub")
    digests: dict[str, str] = {}
    with fresh.open("wb") as out:
        members = Members(out)
        writer = RecordWriter(members, gzip=False, warc_version="WARC/1.1")
        for record, body in _records(path):
            writer.write_record(_rewritten(writer, record, body, replacer, digests))
        os.fsync(out.fileno())
    fresh.replace(path)
    return True


def _records(path: Path) -> Iterator[tuple[Any, bytes]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield record, record.raw_stream.read()


def _is_dirty(record: Any, body: bytes, replacer: SecretReplacer) -> bool:
    head = record.http_headers.to_str() if record.http_headers else ""
    return replacer.found(body) or replacer.found(record.rec_headers.to_str() + head)


def _rewritten(
    writer: RecordWriter,
    record: Any,
    body: bytes,
    replacer: SecretReplacer,
    digests: dict[str, str],
) -> Any:
    kind = record.rec_type
    where = {"response": "response", "revisit": "response"}.get(kind, kind)
    clean = replacer.scrub(body, f"{where} body")
    old = record.rec_headers.get_header("WARC-Payload-Digest")
    fields = [
        (name, replacer.scrub(value, "address"))
        for name, value in record.rec_headers.headers
        if name not in ("WARC-Block-Digest", "Content-Length")
        and not (name == "WARC-Payload-Digest" and kind != "revisit")
    ]
    warc_headers = StatusAndHeaders("", fields, protocol="WARC/1.1")
    if kind == "revisit" and old:
        warc_headers.replace_header("WARC-Payload-Digest", digests.get(old, old))
    elif old:
        digests[old] = payload_digest(clean)
        warc_headers.add_header("WARC-Payload-Digest", digests[old])
    head = None
    if record.http_headers:
        head = _rewritten_head(record.http_headers, replacer, where, len(body), len(clean))
    return writer.create_warc_record(
        record.rec_headers.get_header("WARC-Target-URI"),
        kind,
        payload=BytesIO(clean),
        length=len(clean),
        warc_headers=warc_headers,
        http_headers=head,
    )


def _rewritten_head(
    old: Any, replacer: SecretReplacer, where: str, before: int, after: int
) -> HttpHead:
    headers = [
        (name, str(after) if name.lower() == "content-length" and before != after else value)
        for name, value in old.headers
    ]
    return HttpHead(
        replacer.scrub(old.statusline, "address"),
        replacer.headers(headers, f"{where} header"),
        protocol=old.protocol,
    )
