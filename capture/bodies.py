"""Gets bodies out of Chromium and makes exchanges of them; only video is asked for again.

Knows the protocol's commands and their habits; decides nothing about what is recorded.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from capture.browser import BrowserError, CDPSession
from capture.errors import RecorderUnavailable
from capture.exchange import Exchange, Truncation, at, protocols, raw_headers, server_address
from capture.recording import Limits
from capture.traffic import Event, Hop, Traced

_PIECE = 1 << 20
_PARTIAL_SECONDS = 2
_BODILESS = (204, 205, 304)


async def keep_bodies(session: CDPSession, limits: Limits) -> None:
    """Have Chromium keep bodies, also those that the page takes away as blobs.

    Raises:
        RecorderUnavailable: it cannot.
    """
    sizes = {
        "maxTotalBufferSize": limits.buffered,
        "maxResourceBufferSize": limits.body,
    }
    try:
        await session.send("Network.configureDurableMessages", sizes)
        await session.send("Network.enable", {**sizes, "maxPostDataSize": limits.body})
    except BrowserError as error:
        raise RecorderUnavailable(
            "This Chromium cannot keep response bodies for the recorder "
            f"(Network.configureDurableMessages: {error.message}). Install Chromium 156 or later; "
            "until then captures are filed with pictures and without a WARC."
        ) from error


async def software(session: CDPSession) -> dict[str, str]:
    """What a recording is made with, for the warcinfo record."""
    told = await session.send("Browser.getVersion")
    return {
        "software": f"insyn/{version('insyn')} playwright/{version('playwright')} "
        f"warcio/{version('warcio')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/"
        "warc-1.1/",
        "http-header-user-agent": str(told["userAgent"]),
        "browser": str(told["product"]),
    }


class Bodies:
    """Bodies of one page's traffic, and the exchanges that are made with them."""

    def __init__(
        self, session: CDPSession, limits: Limits, on_fault: Callable[[str], None]
    ) -> None:
        self._session, self._limits, self._on_fault = session, limits, on_fault

    async def whole(self, traced: Traced, response: Event) -> tuple[bytes, Truncation | None]:
        """The body of a request that has ended; where it should be there and is not, a fault."""
        if response["status"] in _BODILESS:
            return b"", None
        try:
            body = await self.of(traced)
        except BrowserError as error:
            if traced.size == 0:
                return b"", None
            self._on_fault(f"{traced.last.url}: no body ({error.message})")
            return b"", "unspecified"
        if not body and traced.size:
            self._on_fault(f"{traced.last.url}: {traced.size} bytes came, none were kept")
            return b"", "unspecified"
        return body, None

    async def partial(self, traced: Traced) -> bytes:
        """What came of a request that failed on its way."""
        if traced.size == 0 or traced.size > self._limits.body:
            return b""
        with suppress(BrowserError):
            return await self.of(traced)
        return await self.so_far(traced)

    async def exchange(
        self, traced: Traced, hop: Hop, body: bytes, truncated: Truncation | None
    ) -> Exchange:
        """A hop with its raw headers, what was sent with it, and the body given."""
        response = hop.response or {}
        extra = await traced.response_extra(hop)
        status = int(response["status"])
        if extra is not None and extra["statusCode"] != status:
            # Chromium answers a 304 from its cache as a 200: its own headers then belong to that.
            if body:
                extra = None
            else:
                status = int(extra["statusCode"])
        return Exchange(
            method=hop.method,
            url=hop.url,
            request_headers=await traced.request_headers(hop),
            post=await self.sent_with(traced, hop),
            status=status,
            reason=response.get("statusText", "") if status == response["status"] else "",
            response_headers=raw_headers(extra, response.get("headers", {})),
            body=body,
            date=at(hop.sent["wallTime"]),
            address=server_address(response),
            protocols=protocols(response),
            truncated=truncated,
            fetched_by="",
        )

    async def of(self, traced: Traced) -> bytes:
        """The whole decoded body of a finished request.

        Raises:
            BrowserError: Chromium no longer has it.
        """
        reply = await self._session.send(
            "Network.getResponseBody", {"requestId": traced.request_id}
        )
        return await _decoded(reply["body"], reply["base64Encoded"], traced.last.response or {})

    async def stream(self, traced: Traced) -> None:
        """Have what comes of a request from now on told as it comes (`Traced.streamed`).

        What a page reads piece by piece is not kept anywhere: asked for at the end, it is gone.
        """
        try:
            async with asyncio.timeout(_PARTIAL_SECONDS):
                reply = await self._session.send(
                    "Network.streamResourceContent", {"requestId": traced.request_id}
                )
        except (BrowserError, TimeoutError):
            return
        traced.streamed[:0] = base64.b64decode(reply["bufferedData"])

    async def so_far(self, traced: Traced) -> bytes:
        """What has come of a request that has not ended; empty if Chromium does not tell."""
        if not traced.streamed:
            await self.stream(traced)
        return bytes(traced.streamed)

    async def sent_with(self, traced: Traced, hop: Hop) -> bytes | None:
        """The body of a request, exact to the byte; None if there is none or it is not told."""
        request = hop.sent["request"]
        if not request.get("hasPostData"):
            return None
        entries = [entry.get("bytes") for entry in request.get("postDataEntries") or []]
        if entries and all(entries):
            return b"".join(base64.b64decode(entry) for entry in entries)
        try:
            reply = await self._session.send(
                "Network.getRequestPostData", {"requestId": traced.request_id}
            )
        except BrowserError:
            return None
        text: str = reply["postData"]
        return base64.b64decode(text) if reply.get("base64Encoded") else text.encode()

    async def video(self, traced: Traced, hop: Hop, frame_id: str, size: int) -> Exchange | None:
        """Fetch a video whole through the page's own network stack; None if it cannot be had.

        Raises:
            BrowserError: the page is gone.
        """
        fetched = await self.fetched(hop.url, frame_id, size)
        if fetched is None:
            return None
        response = hop.response or {}
        headers = await traced.request_headers(hop)
        return replace(
            fetched,
            request_headers=[(n, v) for n, v in headers if n.lower() != "range"],
            address=server_address(response),
            protocols=protocols(response),
            truncated=None if len(fetched.body) == size else "unspecified",
        )

    async def fetched(self, url: str, frame_id: str, most: int) -> Exchange | None:
        """Fetch an address, at most so many bytes, through the page's own network stack.

        For what no session is told the body of: a film in parts, a service worker's script. None
        if it cannot be had. The cache answers where it can.

        Raises:
            BrowserError: the page is gone.
        """
        options = {"disableCache": False, "includeCredentials": True}
        reply = await self._session.send(
            "Network.loadNetworkResource", {"frameId": frame_id, "url": url, "options": options}
        )
        resource: Event = reply["resource"]
        if not resource.get("success") or resource.get("httpStatusCode") != 200:
            return None
        return Exchange(
            method="GET",
            url=url,
            request_headers=[],
            post=None,
            status=200,
            reason="OK",
            response_headers=raw_headers(None, resource.get("headers") or {}),
            body=await self._read(resource["stream"], most),
            date=datetime.now(UTC),
            address="",
            protocols=("http/1.1",),
            truncated=None,
            fetched_by="Network.loadNetworkResource",
        )

    async def _read(self, handle: str, size: int) -> bytes:
        """At most `size` bytes: a server that sends more than it said is cut."""
        pieces: list[bytes] = []
        left = size
        try:
            while left > 0:
                reply = await self._session.send("IO.read", {"handle": handle, "size": _PIECE})
                data: str = reply["data"]
                piece = base64.b64decode(data) if reply.get("base64Encoded") else data.encode()
                pieces.append(piece[:left])
                left -= len(piece)
                if reply["eof"]:
                    break
        finally:
            await self._session.send("IO.close", {"handle": handle})
        return b"".join(pieces)


async def _decoded(text: str, is_base64: bool, response: Mapping[str, Any]) -> bytes:
    """Text comes decoded from the response's own character set and is put back into it."""
    if is_base64:
        return await asyncio.to_thread(_in_slices, text)
    try:
        return text.encode(response.get("charset") or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return text.encode()


def _in_slices(text: str) -> bytes:
    """Base64 decoding holds the interpreter's lock: 30 MB at once stop the event loop for 0.2 s."""
    starts = range(0, len(text), _PIECE)
    return b"".join(base64.b64decode(text[start : start + _PIECE]) for start in starts)
