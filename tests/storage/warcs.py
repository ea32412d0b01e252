"""Web archives made by hand, whole and with one thing wrong, for tests of packages."""

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def write(path: Path, add: Callable[["Writer"], None]) -> None:
    """A web archive with what `add` puts into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        add(Writer(file))


class Writer:
    def __init__(self, file: Any) -> None:
        self._warc = WARCWriter(file, gzip=True)

    def response(self, url: str, body: bytes, media_type: str = "text/html", **more: str) -> str:
        """A response; gives its record's id. `more` are further header fields."""
        fields = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
        fields += [(name.replace("_", "-"), value) for name, value in more.items()]
        head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
        return self._write(url, "response", body, http_headers=head)

    def request(self, url: str, line: str, body: bytes, media_type: str, answer: str) -> None:
        fields = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
        head = StatusAndHeaders(line, fields, is_http_request=True)
        self._write(
            url,
            "request",
            body,
            http_headers=head,
            warc_headers_dict={"WARC-Concurrent-To": answer},
        )

    def revisit(self, url: str, digest: str, first: str, date: str) -> None:
        self._warc.write_record(self._warc.create_revisit_record(url, digest, first, date))

    def info(self) -> None:
        self._warc.write_record(self._warc.create_warcinfo_record("data.warc.gz", {"a": "b"}))

    def _write(self, url: str, kind: str, body: bytes, **more: Any) -> str:
        record = self._warc.create_warc_record(url, kind, payload=io.BytesIO(body), **more)
        self._warc.write_record(record)
        record.raw_stream.close()
        return str(record.rec_headers.get_header("WARC-Record-ID"))


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the records' plain bytes; each is compressed anew, so that gzip finds nothing."""
    path.write_bytes(b"".join(_packed(change(plain)) for plain in _members(path.read_bytes())))


def _members(data: bytes) -> Iterator[bytes]:
    while data:
        stream = zlib.decompressobj(31)
        yield stream.decompress(data)
        data = stream.unused_data


def _packed(plain: bytes) -> bytes:
    stream = zlib.compressobj(wbits=31)
    return stream.compress(plain) + stream.flush()
