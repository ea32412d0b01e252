"""The ledger of Chromium's network events: requests, their hops, and the raw headers of each.

The raw headers (`…ExtraInfo`) come on their own, before or after the event they belong to, in
order: the n-th belongs to the n-th hop that has any. Knows nothing of bodies or files.
"""

import asyncio
import base64
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from capture.browser import CDPSession
from capture.exchange import Headers, canonical, header, is_web, raw_headers

Event = dict[str, Any]

_EXTRA_SECONDS = 1.0
_EXTRA_STEP = 0.02

_EMPTY_CHUNKS = len("0\r\n\r\n")
_MOST_STREAMED = 16 << 20
"""Bytes that are held of an answer that goes on and on; what comes later is not kept."""
_HTTP2_HEADERS = 4096
"""Bytes that compressed headers surely do not exceed: their size is not told."""


@dataclass(kw_only=True, slots=True)
class Hop:
    """One request on the wire and its response; a redirect makes a further hop."""

    sent: Event
    response: Event | None = None
    has_extra: bool = False

    @property
    def method(self) -> str:
        """GET, POST and so on."""
        return str(self.sent["request"]["method"])

    @property
    def url(self) -> str:
        """The address as Chromium tells it, without its fragment."""
        return str(self.sent["request"]["url"])


@dataclass(kw_only=True, slots=True)
class Traced:
    """A request with all its hops, as far as it has come. `received` counts decoded bytes, and is
    0 for what a page takes as a blob; `on_wire` counts bytes with their headers, at the end;
    `streamed` has what came since a stream was asked for.
    """

    request_id: str
    hops: list[Hop] = field(default_factory=list)
    request_extras: list[Event] = field(default_factory=list)
    response_extras: list[Event] = field(default_factory=list)
    kind: str = ""
    received: int = 0
    on_wire: int = 0
    streamed: bytearray = field(default_factory=bytearray)
    cached: bool = False
    state: Literal["open", "finished", "failed"] = "open"
    failure: str = ""

    @property
    def last(self) -> Hop:
        """The hop that is not redirected."""
        return self.hops[-1]

    @property
    def size(self) -> int:
        """How many bytes of body came, as far as it is known; 0 if none did."""
        if self.received:
            return self.received
        headers = (self.last.response or {}).get("headers", {})
        told = header(list(headers.items()), "content-length")
        if told.isascii() and told.isdigit():
            return int(told)
        heads = sum(len(extra.get("headersText", "")) for extra in self.response_extras)
        return max(0, self.on_wire - (heads + _EMPTY_CHUNKS if heads else _HTTP2_HEADERS))

    async def response_extra(self, hop: Hop) -> Event | None:
        """The raw response headers of a hop, awaited for at most a second if they were promised."""
        return await self._extra(hop, self.response_extras)

    async def request_headers(self, hop: Hop) -> Headers:
        """The request headers of a hop as they were sent, cookies too."""
        extra = await self._extra(hop, self.request_extras)
        return raw_headers(extra, hop.sent["request"]["headers"])

    async def _extra(self, hop: Hop, extras: list[Event]) -> Event | None:
        if not hop.has_extra:
            return None
        index = sum(1 for each in self.hops[: self.hops.index(hop)] if each.has_extra)
        for _ in range(int(_EXTRA_SECONDS / _EXTRA_STEP)):
            if len(extras) > index:
                return extras[index]
            await asyncio.sleep(_EXTRA_STEP)
        return extras[index] if len(extras) > index else None


class Traffic:
    """Listens to a page's network events and tells when a hop or a request has ended."""

    def __init__(
        self,
        *,
        on_redirect: Callable[[Traced, Hop], None],
        on_response: Callable[[Traced], None],
        on_end: Callable[[Traced], None],
        on_fault: Callable[[str], None],
    ) -> None:
        self._on_redirect = on_redirect
        self._on_response = on_response
        self._on_end = on_end
        self._on_fault = on_fault
        self._traced: dict[str, Traced] = {}
        self.sent = 0
        self.ended: Counter[tuple[str, str]] = Counter()
        self.sockets: list[str] = []
        self.listening = True

    def listen(self, session: CDPSession) -> None:
        """Take part in the session's events from now on."""
        for name, handler in {
            "requestWillBeSent": self._sent,
            "requestWillBeSentExtraInfo": self._sent_extra,
            "requestServedFromCache": self._from_cache,
            "responseReceived": self._response,
            "responseReceivedExtraInfo": self._response_extra,
            "dataReceived": self._data,
            "loadingFinished": self._finished,
            "loadingFailed": self._failed,
            "webSocketCreated": self._socket,
        }.items():
            session.on(f"Network.{name}", self._safely(name, handler))

    @property
    def unfinished(self) -> list[Traced]:
        """Web requests that are still open."""
        return [t for t in self._traced.values() if t.state == "open" and _recordable(t)]

    def _safely(self, name: str, handler: Callable[[Event], None]) -> Callable[[Event], None]:
        """An event of an unknown form is a fault of the recording, never of the page."""

        def handle(event: Event) -> None:
            if not self.listening:
                return
            try:
                handler(event)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                self._on_fault(f"Network.{name} could not be read: {error!r}")

        return handle

    def _of(self, event: Event) -> Traced:
        request_id = event["requestId"]
        return self._traced.setdefault(request_id, Traced(request_id=request_id))

    def _sent(self, event: Event) -> None:
        traced = self._of(event)
        if traced.hops and (redirect := event.get("redirectResponse")):
            hop = traced.last
            hop.response = redirect
            hop.has_extra = bool(event.get("redirectHasExtraInfo"))
            if _recordable(traced):
                self.ended[hop.method, canonical(hop.url)] += 1
                self._on_redirect(traced, hop)
        traced.kind = event.get("type", traced.kind)
        traced.hops.append(Hop(sent=event))
        self.sent += is_web(event["request"]["url"])

    def _sent_extra(self, event: Event) -> None:
        self._of(event).request_extras.append(event)

    def _response_extra(self, event: Event) -> None:
        self._of(event).response_extras.append(event)

    def _from_cache(self, event: Event) -> None:
        self._of(event).cached = True

    def _response(self, event: Event) -> None:
        traced = self._of(event)
        if not traced.hops:
            return
        traced.kind = event.get("type", traced.kind)
        traced.last.response = event["response"]
        traced.last.has_extra = bool(event.get("hasExtraInfo"))
        traced.cached = traced.cached or bool(event["response"].get("fromDiskCache"))
        if _recordable(traced):
            self._on_response(traced)

    def _data(self, event: Event) -> None:
        traced = self._of(event)
        traced.received += int(event["dataLength"])
        if (data := event.get("data")) and len(traced.streamed) < _MOST_STREAMED:
            traced.streamed += base64.b64decode(data)

    def _finished(self, event: Event) -> None:
        traced = self._of(event)
        traced.on_wire = int(event.get("encodedDataLength", 0))
        traced.streamed.clear()  # its whole body is there to be asked for
        self._end(traced, "finished")

    def _failed(self, event: Event) -> None:
        traced = self._of(event)
        cors = (event.get("corsErrorStatus") or {}).get("corsError", "")
        why = [event.get("blockedReason", ""), cors, event.get("errorText", "")]
        traced.failure = " ".join(word for word in why if word) or "failed"
        self._end(traced, "failed")

    def _end(self, traced: Traced, state: Literal["finished", "failed"]) -> None:
        traced.state = state
        if _recordable(traced):
            self.ended[traced.last.method, canonical(traced.last.url)] += 1
            self._on_end(traced)

    def _socket(self, event: Event) -> None:
        self.sockets.append(event["url"])


def _recordable(traced: Traced) -> bool:
    return bool(traced.hops) and is_web(traced.last.url)
