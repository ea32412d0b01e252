"""What a recorder may use and what it hands over: limits, and the recording with its gaps."""

import base64
import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import JsonValue

from capture.browser import CDPSession
from capture.exchange import Headers, canonical, protocols, raw_headers, server_address, tls
from capture.secrets import SecretReplacer
from capture.traffic import Traced
from storage.record import ReplacedSecret, sha256


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is kept, in bytes. A body over its limit is left out and its record marked."""

    body: int = 64 << 20
    video: int = 128 << 20
    buffered: int = 256 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class MainResponse:
    """How the page's own document was answered; secret headers are replaced.

    `redirects` holds each hop before it as (status, address); `tls` is empty without encryption,
    and `certificates` (DER) too: the server's own first, then those that vouch for it.
    """

    url: str
    status: int
    headers: Headers
    redirects: tuple[tuple[int, str], ...]
    server_address: str
    protocol: str
    tls: Mapping[str, str | int]
    certificates: tuple[bytes, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """The server as the manifest names it: each certificate by its SHA-256 fingerprint."""
        return {
            "address": self.server_address,
            "protocol": self.protocol,
            "tls": dict(self.tls),
            "certificates_sha256": [sha256(one) for one in self.certificates],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """The traffic of one page as it was recorded.

    `not_recorded` holds (address, why) of what is no record, much of it by design; `faults` holds
    what the recorder itself failed at, and with any the status is not `complete`. Without a
    `path` there is no web archive: it could not be written whole.
    """

    path: Path | None
    status: Literal["complete", "partial", "unavailable"]
    records: int
    bytes: int
    requests_seen: int
    not_recorded: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    secrets_replaced: tuple[ReplacedSecret, ...]
    main: MainResponse | None

    def as_json(self) -> dict[str, JsonValue]:
        """What was recorded and what not, each with its reason (`data/traffic.json`)."""
        return {
            "status": self.status,
            "records": self.records,
            "requests_seen": self.requests_seen,
            "faults": list(self.faults),
            "not_recorded": [{"url": url, "why": why} for url, why in self.not_recorded],
            "main": self.main.as_json() if self.main else None,
        }


async def main_response(
    documents: Sequence[Traced], replacer: SecretReplacer, certificates: Sequence[bytes]
) -> MainResponse | None:
    """The answer to the last document that the page's own frame asked for, secrets replaced."""
    if not documents:
        return None
    traced = documents[-1]
    hop, response = traced.last, traced.last.response or {}
    raw = raw_headers(await traced.response_extra(hop), response.get("headers", {}))
    return MainResponse(
        url=replacer.scrub(canonical(hop.url), "main address"),
        status=int(response.get("status", 0)),
        headers=replacer.headers(raw, "main header"),
        redirects=tuple(
            (
                int((each.response or {}).get("status", 0)),
                replacer.scrub(canonical(each.url), "main address"),
            )
            for each in traced.hops[:-1]
        ),
        server_address=server_address(response),
        protocol=protocols(response)[0],
        tls=tls(response.get("securityDetails") or {}),
        certificates=tuple(certificates),
    )


async def certificates_of(session: CDPSession, documents: Sequence[Traced]) -> list[bytes]:
    """The chain of certificates (DER) that the server of the page itself showed, its own first.

    Raises:
        BrowserError: the browser no longer answers.
    """
    parts = urlsplit(documents[-1].last.url if documents else "")
    if parts.scheme != "https":
        return []
    origin = {"origin": f"https://{parts.netloc}"}
    told = await session.send("Network.getCertificate", origin)
    return [base64.b64decode(one) for one in told["tableNames"]]


def traffic_parts(recording: Recording, phone: Recording | None = None) -> dict[str, str]:
    """The parts that tell of the traffic beside the web archive, by their names.

    `phone` is of a second view, whose records stand in the same web archive.
    """
    said = recording.as_json() | ({"mobile": phone.as_json()} if phone else {})
    told = json.dumps(said, ensure_ascii=False, indent=2)
    chain = recording.main.certificates if recording.main else ()
    pem = "".join(ssl.DER_cert_to_PEM_cert(one) for one in chain)
    return {"data/traffic.json": told} | ({"data/certificates.pem": pem} if pem else {})
