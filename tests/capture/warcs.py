"""Reads a WARC as a test wants to judge it, and lets `warcio check` judge it too."""

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    kind: str
    url: str
    fields: dict[str, str]
    protocols: list[str]
    status: str
    protocol: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name), None)


def read(path: Path) -> list[Kept]:
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> list[Kept]:
    with io.BytesIO(data) as stream:
        return [
            Kept(
                kind=record.rec_type,
                url=record.rec_headers.get_header("WARC-Target-URI") or "",
                fields=dict(record.rec_headers.headers),
                protocols=[v for n, v in record.rec_headers.headers if n == "WARC-Protocol"],
                status=record.http_headers.statusline if record.http_headers else "",
                protocol=record.http_headers.protocol if record.http_headers else "",
                headers=record.http_headers.headers if record.http_headers else [],
                body=record.raw_stream.read(),
            )
            for record in ArchiveIterator(stream)
        ]


def responses(path: Path, url: str = "") -> list[Kept]:
    return _of(path, url, "response")


def requests(path: Path, url: str = "") -> list[Kept]:
    return _of(path, url, "request")


def revisits(path: Path, url: str = "") -> list[Kept]:
    return _of(path, url, "revisit")


def _of(path: Path, url: str, kind: str) -> list[Kept]:
    return [k for k in read(path) if k.kind == kind and (not url or k.url == url)]


def check(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
