"""How a WARC record becomes a gzip member: raw heads, SHA-256 digests, one flush a record.

The door to warcio's writer; knows nothing of exchanges or secrets.
"""

import zlib
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter


class HttpHead(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """Headers written as they came, in Latin-1; warcio would percent-encode them."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text: str = self.to_str(filter_func)
        return text.encode("latin-1", "replace") + b"\r\n"


class Members:
    """A file-like sink that makes each record a gzip member; packed media is barely compressed."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.level = 6
        self._gzip: Any = None

    def write(self, data: bytes) -> None:
        if self._gzip is None:
            self._gzip = zlib.compressobj(self.level, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self._out.write(self._gzip.compress(data))

    def flush(self) -> None:
        """The end of a record (warcio flushes once a record)."""
        if self._gzip is not None:
            self._out.write(self._gzip.flush())
            self._gzip = None
        self._out.flush()

    def abandon(self) -> None:
        self._gzip = None


class RecordWriter(WARCWriter):  # type: ignore[misc] # warcio has no types
    """warcio's writer with SHA-256 digests."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def payload_digest(body: bytes) -> str:
    """A payload's digest as WARC fields have it: `sha256:` and base 32."""
    digester = Digester("sha256")
    digester.update(body)
    return str(digester)
