"""One exchange of the traffic: a request and the response to it, as values.

Also how Chromium's protocol spells headers, addresses and protocols. Knows nothing of WARC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

Headers = list[tuple[str, str]]

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""WARC-Truncated: over the cap, still running, cut by the server, or for a reason unknown."""

_BY_SCRIPT = frozenset({"Fetch", "XHR"})

_LEGAL = "!#$%&'()*+,/:;=?@[]~-._"
"""What stands unescaped in an address; `|`, spaces and non-ASCII do not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """A request and its response, the body decoded; `date` is when the request was sent."""

    method: str
    url: str
    request_headers: Headers
    post: bytes | None
    status: int
    reason: str
    response_headers: Headers
    body: bytes
    date: datetime
    address: str
    protocols: tuple[str, ...]
    truncated: Truncation | None
    fetched_by: str

    @property
    def target(self) -> str:
        """Path and query, as the request line has them."""
        parts = urlsplit(self.url)
        return urlunsplit(("", "", parts.path or "/", parts.query, ""))

    @property
    def media_type(self) -> str:
        """The response's type without its parameters, in lower case."""
        return header(self.response_headers, "content-type").partition(";")[0].strip().lower()


def header(headers: Sequence[tuple[str, str]], name: str) -> str:
    """The first header of that name, or an empty text."""
    return next((value for key, value in headers if key.lower() == name), "")


def canonical(url: str) -> str:
    """The address as it is archived: no fragment, no user and password, legal characters only."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    plain = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
    return quote(plain, safe=_LEGAL)


def is_web(url: str) -> bool:
    """Whether the address is fetched over the network (no `data:`, `blob:`, `chrome:`)."""
    return url.startswith(("http://", "https://"))


def raw_headers(extra: Mapping[str, Any] | None, fallback: Mapping[str, str]) -> Headers:
    """Headers as they were on the wire, duplicates apart, pseudo headers (HTTP/2) dropped.

    Chromium joins duplicates by a line feed and sorts. The order is taken from `headersText`, if
    there is one, but not the values: that text loses every byte that is no UTF-8.
    """
    found = extra["headers"] if extra is not None else fallback
    values = {name: joined.split("\n") for name, joined in found.items()}
    return [
        (name, _one_line(values[name].pop(0)))
        for name in _order(extra, values)
        if not name.startswith(":")
    ]


def _order(extra: Mapping[str, Any] | None, values: Mapping[str, list[str]]) -> list[str]:
    plain = [name for name, each in values.items() for _ in each]
    lines = ((extra or {}).get("headersText") or "").split("\r\n")[1:]
    told = [line.partition(":")[0].strip() for line in lines if ":" in line]
    return told if sorted(told) == sorted(plain) else plain


def _one_line(value: str) -> str:
    return " ".join(value.replace("\0", " ").splitlines()).strip()


def stored_headers(headers: Headers, length: int) -> Headers:
    """Response headers that agree with a decoded body of so many bytes.

    What was said of the encoded body is kept under `x-orig-…`.
    """
    kept: Headers = []
    for name, value in headers:
        lower = name.lower()
        if lower in ("content-encoding", "transfer-encoding"):
            kept.append((f"x-orig-{lower}", value))
        elif lower == "content-length":
            if value != str(length):
                kept.append(("x-orig-content-length", value))
        else:
            kept.append((name, value))
    return [*kept, ("Content-Length", str(length))]


def reason_phrase(status: int, said: str) -> str:
    """The phrase of the status line; HTTP/2 sends none."""
    if said:
        return _one_line(said)
    known = {each.value: each.phrase for each in HTTPStatus}
    return known.get(status, "Unknown")


def protocols(response: Mapping[str, Any]) -> tuple[str, ...]:
    """For WARC-Protocol: the HTTP version and, if encrypted, the TLS version."""
    http = {"http/1.0": "http/1.0", "http/1.1": "http/1.1", "h2": "h2", "h3": "h3"}.get(
        response.get("protocol", "").lower(), "http/1.1"
    )
    tls = (response.get("securityDetails") or {}).get("protocol", "")
    return (http, tls.lower().replace(" ", "/")) if tls else (http,)


def server_address(response: Mapping[str, Any]) -> str:
    """The IP address that answered, without brackets; empty when there was none (cache)."""
    return str(response.get("remoteIPAddress", "")).strip("[]")


def at(wall_time: float) -> datetime:
    """Chromium's seconds since 1970 as an aware time."""
    return datetime.fromtimestamp(wall_time, UTC)


def is_media(kind: str, method: str, response: Mapping[str, Any]) -> bool:
    """Whether it is a film or sound that came, which Chromium asks for in ranges and does not keep.

    Not what a script took whole, what was posted for, or a refusal: their bodies are there.
    """
    status, named = response.get("status"), str(response.get("mimeType", ""))
    if method != "GET" or status not in {200, 206}:
        return False
    media = kind == "Media" or named.startswith(("video/", "audio/"))
    return status == 206 or (media and kind not in _BY_SCRIPT)


def may_be_endless(kind: str, response: Mapping[str, Any]) -> bool:
    """Whether its script may read it for ever: an event source, or an answer of unknown length."""
    length = header(list(response.get("headers", {}).items()), "content-length")
    return kind == "EventSource" or (kind in _BY_SCRIPT and not length)


def told_size(response: Mapping[str, Any]) -> int | None:
    """The whole length in bytes, if the server tells it; a live stream has none."""
    headers: Headers = list(response.get("headers", {}).items())
    total = header(headers, "content-range").rpartition("/")[2] or header(headers, "content-length")
    return int(total) if total.isascii() and total.isdigit() else None


def tls(details: Mapping[str, Any]) -> dict[str, str | int]:
    """Who vouched for the server, and how the connection was encrypted."""
    names = ("protocol", "cipher", "subjectName", "issuer", "validFrom", "validTo")
    return {name: details[name] for name in names if name in details}
