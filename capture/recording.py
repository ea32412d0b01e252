"""What a recorder may use and what it hands over: limits, and the recording with its gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from capture.exchange import Headers, canonical, protocols, raw_headers, server_address, tls
from capture.secrets import SecretReplacer
from capture.traffic import Traced
from storage.record import ReplacedSecret


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is kept, in bytes. A body over its limit is left out and its record marked."""

    body: int = 64 << 20
    video: int = 128 << 20
    buffered: int = 256 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class MainResponse:
    """How the page's own document was answered; secret headers are replaced.

    `redirects` holds each hop before it as (status, address); `tls` is empty without encryption.
    """

    url: str
    status: int
    headers: Headers
    redirects: tuple[tuple[int, str], ...]
    server_address: str
    protocol: str
    tls: Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """The traffic of one page as it was recorded.

    `not_recorded` holds (address, why) of what is no record, much of it by design; `faults` holds
    what the recorder itself failed at, and with any the status is not `complete`.
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

    @classmethod
    def unavailable(cls, why: str) -> "Recording":
        """What a capture holds when this browser cannot record; its pictures count all the same."""
        return cls(
            path=None,
            status="unavailable",
            records=0,
            bytes=0,
            requests_seen=0,
            not_recorded=(),
            faults=(why,),
            secrets_replaced=(),
            main=None,
        )


async def main_response(
    documents: Sequence[Traced], replacer: SecretReplacer
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
    )
