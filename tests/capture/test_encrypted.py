"""A page over TLS and HTTP/2: how it came, and who vouched for the server, are kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypercorn.asyncio import serve
from hypercorn.config import Config

from capture.browser import DESKTOP, open_page
from capture.recorder import Recorder
from capture.recording import Recording, traffic_parts
from storage.record import sha256
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.certificates import Certified

PAGE = "<!doctype html><title>KI</title><h1>Räksmörgås</h1>".encode()


def certify(folder: Path) -> list[bytes]:
    """The chain of a server at localhost, its own first (DER); `key.pem`, `chain.pem` in folder."""
    here = (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
    root = Certified.issue("Provrot", (x509.BasicConstraints(ca=True, path_length=None), True))
    leaf = x509.BasicConstraints(ca=False, path_length=None)
    own = Certified.issue("Torget", (leaf, True), here, by=root)
    own.write_key(folder / "key.pem")
    (folder / "chain.pem").write_bytes(own.pem + root.pem)
    return [own.der, root.der]


async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """One page, for whatever is asked."""
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})


@asynccontextmanager
async def encrypted(folder: Path) -> AsyncIterator[str]:
    """The app over HTTP/2 and TLS; gives its address."""
    config = Config()
    config.bind, config.errorlog = ["localhost:0"], None
    config.certfile, config.keyfile = f"{folder}/chain.pem", f"{folder}/key.pem"
    sockets = config.create_sockets()
    over = asyncio.Event()
    config.create_sockets = lambda: sockets  # type: ignore[method-assign]  # its port is known now
    serving = asyncio.create_task(serve(app, config, shutdown_trigger=over.wait))  # type: ignore[arg-type]
    yield f"https://localhost:{sockets.secure_sockets[0].getsockname()[1]}/"
    over.set()
    await serving


def test_an_encrypted_page_tells_its_protocol_and_its_certificates(stage: Stage) -> None:
    """C22: HTTP/2 and TLS are named in the record; its headers are plain, none begins with `:`."""
    chain = certify(stage.folder)

    async def visit() -> tuple[Recording, str]:
        async with encrypted(stage.folder) as url, open_page(stage.browser, DESKTOP) as page:
            session = await page.context.new_cdp_session(page)
            await session.send("Security.setIgnoreCertificateErrors", {"ignore": True})
            path = stage.folder / "t.warc.gz"
            recorder = await Recorder.start(page, path, secrets=stage.replacer)
            await page.goto(url)
            return await recorder.stop(5), url

    made, url = stage.run(visit())
    assert made.status == "complete"
    assert made.path is not None
    (kept,) = warcs.responses(made.path, url)
    assert kept.body == PAGE
    assert not any(name.startswith(":") for name, _ in kept.headers)
    assert kept.protocols == ["h2", "tls/1.3"]
    assert made.main is not None
    assert (made.main.protocol, made.main.server_address) == ("h2", "127.0.0.1")
    assert made.main.tls["subjectName"] == "Torget"
    assert made.main.tls["issuer"] == "Provrot"
    assert list(made.main.certificates) == chain
    assert made.main.as_json()["certificates_sha256"] == [sha256(one) for one in chain]
    pem = traffic_parts(made)["data/certificates.pem"].encode()
    assert [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem)] == chain


def test_a_page_without_encryption_has_no_certificates(stage: Stage) -> None:
    stage.site.page("/", "Hej")
    made = stage.record()
    assert made.main is not None
    assert made.main.as_json()["certificates_sha256"] == []
    assert list(traffic_parts(made)) == ["data/traffic.json"]
