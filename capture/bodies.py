"""Gets bodies out of Chromium; only video, which comes in parts, is asked for again.

Knows the protocol's commands and their habits; decides nothing about what is recorded.
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capture.browser import BrowserError, CDPSession, Page
from capture.traffic import Event, Hop, Traced

_PIECE = 1 << 20
_PARTIAL_SECONDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A resource that was fetched whole; `complete` is false when the cap cut it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    complete: bool


class Bodies:
    """Bodies of one page's traffic."""

    def __init__(self, session: CDPSession, page: Page) -> None:
        self._session = session
        self._page = page

    async def of(self, traced: Traced) -> bytes:
        """The whole decoded body of a finished request.

        Raises:
            BrowserError: Chromium no longer has it.
        """
        reply = await self._session.send(
            "Network.getResponseBody", {"requestId": traced.request_id}
        )
        return await _decoded(reply["body"], reply["base64Encoded"], traced.last.response or {})

    async def so_far(self, traced: Traced) -> bytes:
        """What has come of a request that has not ended; empty if Chromium does not tell."""
        try:
            async with asyncio.timeout(_PARTIAL_SECONDS):
                reply = await self._session.send(
                    "Network.streamResourceContent", {"requestId": traced.request_id}
                )
        except (BrowserError, TimeoutError):
            return b""
        return base64.b64decode(reply["bufferedData"])

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

    async def whole(self, url: str, frame_id: str, cap: int) -> Fetched | None:
        """Fetch a resource through the page's own network stack; None if it cannot be had.

        Raises:
            BrowserError: the page is gone.
        """
        reply = await self._session.send(
            "Network.loadNetworkResource",
            {
                "frameId": frame_id,
                "url": url,
                "options": {"disableCache": False, "includeCredentials": True},
            },
        )
        resource: Event = reply["resource"]
        if not resource.get("success") or "stream" not in resource:
            return None
        body, complete = await self._read(resource["stream"], cap)
        return Fetched(
            status=int(resource.get("httpStatusCode", 0)),
            headers=_joined(resource.get("headers") or {}),
            body=body,
            complete=complete,
        )

    async def _read(self, handle: str, cap: int) -> tuple[bytes, bool]:
        pieces: list[bytes] = []
        size = 0
        try:
            while size <= cap:
                reply = await self._session.send("IO.read", {"handle": handle, "size": _PIECE})
                data: str = reply["data"]
                piece = base64.b64decode(data) if reply.get("base64Encoded") else data.encode()
                pieces.append(piece)
                size += len(piece)
                if reply["eof"]:
                    return b"".join(pieces), True
            return b"", False
        finally:
            await self._session.send("IO.close", {"handle": handle})


async def _decoded(text: str, is_base64: bool, response: Mapping[str, Any]) -> bytes:
    """Text comes decoded from the response's own character set and is put back into it."""
    if is_base64:
        return await asyncio.to_thread(base64.b64decode, text)
    try:
        return text.encode(response.get("charset") or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return text.encode()


def _joined(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in headers.items() for value in str(values).split("\n")]
