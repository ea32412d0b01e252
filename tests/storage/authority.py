"""A time-stamping authority of the tests' own: `openssl ts` behind HTTP on loopback."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.certificates import Certified

_CONFIG = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.crt
certs = {folder}/tsa.crt
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


@dataclass
class Authority:
    """Where it answers, its certificate, and what it answers instead where that is set."""

    url: str
    certificate: Path
    instead: bytes | None = None
    asked: int = 0


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """A running authority, its key and serial in a folder."""
    _make_key(folder)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked += 1
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            body = made.instead if made.instead is not None else _reply(folder, query)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = Authority(
            url=f"http://127.0.0.1:{server.server_address[1]}/", certificate=folder / "tsa.crt"
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


def verified(token: Path, digest: str, certificate: Path) -> bool:
    """Whether plain openssl, offline, finds the token to be of this digest."""
    words = ["-verify", "-digest", digest, "-in", str(token), "-CAfile", str(certificate)]
    done = subprocess.run(["openssl", "ts", *words], capture_output=True, text=True, check=False)
    return "Verification: OK" in done.stdout + done.stderr


def _reply(folder: Path, query: Path) -> bytes:
    words = ["-reply", "-queryfile", str(query), "-config", str(folder / "tsa.cnf")]
    out = folder / "reply.tsr"
    subprocess.run(
        ["openssl", "ts", *words, "-section", "tsa", "-out", str(out)],
        check=True,
        capture_output=True,
    )
    return out.read_bytes()


def _make_key(folder: Path) -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = Certified.issue("prov", (usage, True))
    (folder / "tsa.crt").write_bytes(made.pem)
    made.write_key(folder / "tsa.key")
