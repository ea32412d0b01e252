"""Hears a page's traffic while the page is looked at, and has it written exchange by exchange.

It listens to Chromium over CDP and asks it for bodies; it never intercepts, and what goes wrong
in it makes the recording partial, never the capture. The whys are in docs/recorder.md.
"""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from capture.bodies import Bodies
from capture.browser import BrowserError, CDPSession, Page, Request
from capture.chores import Chores
from capture.exchange import (
    Exchange,
    Truncation,
    is_media,
    is_web,
    may_be_endless,
    told_size,
)
from capture.in_flight import InFlight
from capture.recording import Limits, MainResponse, Recording, certificates_of, main_response
from capture.secrets import SecretReplacer
from capture.traffic import Event, Hop, Traced, Traffic
from capture.workers import Workers, answer_of, exchange_of

_T = TypeVar("_T")

_PARALLEL_FILMS = 2
_ROOM = 16 << 20
"""Bytes of bodies in flight at once; a larger one goes alone: it is in memory several times."""
_LARGE = 4 << 20
"""Bytes; what is left of such a body is cleared away at once."""
_STEP = 0.02
_STREAM_SECONDS = 1.0
"""An answer of unknown length that goes on for longer is taken for a stream."""
_DROPPED_METHODS = ("HEAD", "OPTIONS")


class Sink(Protocol):
    """Where exchanges go: a web archive, or what is held for one."""

    @property
    def path(self) -> Path: ...
    @property
    def records(self) -> int: ...
    @property
    def size(self) -> int: ...
    def has(self, url: str) -> bool: ...
    def write(self, exchange: Exchange) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


class Means:
    """What all views of a page share: limits, room in memory, and the films that were fetched."""

    def __init__(self, secrets: SecretReplacer, limits: Limits) -> None:
        self.secrets, self.limits = secrets, limits
        self.in_flight = InFlight(_ROOM)
        self.films = asyncio.Semaphore(_PARALLEL_FILMS)
        self.fetched_whole: set[str] = set()


class Listener:
    """Hears one page's traffic, from `listen` to `stop`, and has it written into a sink."""

    def __init__(self, page: Page, session: CDPSession, sink: Sink, means: Means) -> None:
        self._page, self._session, self._sink = page, session, sink
        self._means, self._replacer, self._limits = means, means.secrets, means.limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warc")
        self._not_recorded: list[tuple[str, str]] = []
        self._faults: list[str] = []
        self._bodies = Bodies(session, means.limits, self._faults.append)
        self._chores = Chores(self._faults.append)
        self._media: set[str] = set()
        self._documents: list[Traced] = []
        self._frame = ""
        self._traffic = Traffic(
            on_redirect=lambda t, h: self._chores.start(self._redirect(t, h), h.url),
            on_response=self._on_response,
            on_end=lambda t: self._chores.start(self._ended(t), t.last.url),
            on_fault=self._faults.append,
        )
        self._workers = Workers(self._traffic, self._on_playwright)

    async def listen(self) -> None:
        """Hear what the page asks for from now on; call before navigating."""
        tree = await self._session.send("Page.getFrameTree")
        self._frame = tree["frameTree"]["frame"]["id"]
        self._traffic.listen(self._session)
        self._workers.listen(self._page)

    async def stop(self, deadline_s: float = 10) -> Recording:
        """End the recording: wait for what is under way, cut what never ends, scrub, close.

        Takes at most `deadline_s` seconds and the time to read the file through once. Never
        raises for the page's sake: a browser that died gives a partial recording.
        """
        end = asyncio.get_running_loop().time() + deadline_s
        await self._catch_up(deadline_s * 0.1)
        await self._chores.drain(end - deadline_s * 0.5)
        self._traffic.listening = False
        self._workers.end(self._page)
        for traced in self._traffic.unfinished:
            self._chores.start(self._cut(traced), traced.last.url)
        await self._chores.drain(end - deadline_s * 0.2)
        await self._chores.give_up()
        certificates = await self._last_questions(deadline_s * 0.1)
        main = await main_response(self._documents, self._replacer, certificates)
        closed = await self._close()
        return self._recording(closed, main)

    async def _catch_up(self, seconds: float) -> None:
        """The ends of requests that are just ending are still on their way here."""
        with suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._session.send("Page.getFrameTree")
        for _ in range(int(seconds / _STEP)):
            if all(self._is_known(traced) for traced in self._traffic.unfinished):
                return
            await asyncio.sleep(_STEP)

    def _is_known(self, traced: Traced) -> bool:
        hop = traced.last
        return traced.request_id in self._media or self._workers.have(hop.method, hop.url)

    def _on_response(self, traced: Traced) -> None:
        hop = traced.last
        response = hop.response or {}
        if traced.kind == "Document" and hop.sent.get("frameId") == self._frame:
            self._documents.append(traced)
        if may_be_endless(traced.kind, response):
            wait = 0 if traced.kind == "EventSource" else _STREAM_SECONDS
            asyncio.get_running_loop().call_later(wait, self._stream, traced)
        if is_media(traced.kind, hop.method, response):
            self._media.add(traced.request_id)
            if hop.url not in self._means.fetched_whole:
                self._means.fetched_whole.add(hop.url)
                self._chores.start(self._record_media(traced, hop), hop.url)

    def _stream(self, traced: Traced) -> None:
        """What a page reads piece by piece must be asked for while it comes."""
        if traced.state == "open" and self._traffic.listening:
            self._chores.start(self._bodies.stream(traced), f"stream of {traced.last.url}")

    async def _redirect(self, traced: Traced, hop: Hop) -> None:
        await self._write_hop(traced, hop, b"", None)

    async def _ended(self, traced: Traced) -> None:
        hop, response = traced.last, traced.last.response
        if traced.request_id in self._media:
            return
        if hop.method in _DROPPED_METHODS:
            self._list(hop.url, f"{hop.method}: has no content, never replayed")
        elif response is None:
            self._list(hop.url, traced.failure or "ended without a response")
        elif traced.state == "failed":
            self._list(hop.url, f"cut: {traced.failure}")
            await self._write_hop(traced, hop, await self._bodies.partial(traced), "disconnect")
        else:
            await self._record(traced, hop, response)

    async def _record(self, traced: Traced, hop: Hop, response: Event) -> None:
        extra = await traced.response_extra(hop)
        unchanged = (extra or {}).get("statusCode") == 304
        if traced.cached or unchanged:
            await self._chores.earlier()
        if (traced.cached or unchanged) and hop.method == "GET" and self._sink.has(hop.url):
            if unchanged:
                await self._write_hop(traced, hop, b"", None)
            return
        if traced.size > self._limits.body:
            self._list(hop.url, f"over the limit of {self._limits.body} bytes")
            await self._write_hop(traced, hop, b"", "length")
            return
        async with self._means.in_flight.room(traced.size):
            body, truncated = await self._bodies.whole(traced, response)
            await self._write_hop(traced, hop, body, truncated)
            if len(body) > _LARGE:
                del body
                gc.collect()  # Playwright's answer lives on in a cycle

    async def _cut(self, traced: Traced) -> None:
        """A request that has not ended when the recording does."""
        hop = traced.last
        if self._is_known(traced):
            return
        if hop.response is None:
            self._list(hop.url, "no answer before the recording ended")
            return
        self._list(hop.url, "still running when the recording ended")
        await self._write_hop(traced, hop, await self._bodies.so_far(traced), "time")

    async def _record_media(self, traced: Traced, hop: Hop) -> None:
        response = hop.response or {}
        size = told_size(response)
        if size is None:
            self._list(hop.url, "live stream")
            return
        if size > self._limits.video:
            self._list(hop.url, f"video of {size} bytes, over the limit of {self._limits.video}")
            await self._write_hop(traced, hop, b"", "length")
            return
        frame_id = hop.sent.get("frameId", self._frame)
        async with self._means.films:
            video = await self._bodies.video(traced, hop, frame_id, size)
            if video is None:
                self._faults.append(f"{hop.url}: the video could not be fetched whole")
                return
            await self._write(lambda: self._sink.write(video))

    async def _write_hop(
        self, traced: Traced, hop: Hop, body: bytes, truncated: Truncation | None
    ) -> None:
        exchange = await self._bodies.exchange(traced, hop, body, truncated)
        await self._write(lambda: self._sink.write(exchange))

    def _on_playwright(self, request: Request) -> None:
        if is_web(request.url) and request.method not in _DROPPED_METHODS:
            self._chores.start(self._unseen(request), request.url)

    async def _unseen(self, request: Request) -> None:
        if not await self._workers.is_unseen(request):
            return
        response = await answer_of(request)
        if response is None:
            await self._untold(request)
            return
        async with self._means.in_flight.room(told_size({"headers": response.headers}) or 0):
            found = await exchange_of(response)
            await self._write(lambda: self._sink.write(found))

    async def _untold(self, request: Request) -> None:
        if request.method == "GET":
            await self._script(request.url)
        else:
            self._faults.append(f"{request.url}: what was answered was not told")

    async def _write(self, job: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    def _list(self, url: str, why: str) -> None:
        self._not_recorded.append((url, why))

    async def _last_questions(self, seconds: float) -> list[bytes]:
        """All cookies, HttpOnly too, and the shared workers, which nobody can listen to.

        Gives the certificates of the server that the page itself came from.
        """
        certificates: list[bytes] = []
        try:
            async with asyncio.timeout(max(seconds, 1)):
                self._replacer.learn_cookies(
                    {**cookie} for cookie in await self._page.context.cookies()
                )
                targets = await self._session.send("Target.getTargets")
                for target in targets["targetInfos"]:
                    if target["type"] == "shared_worker":
                        self._list(target["url"], "shared worker: its requests are not seen")
                    elif target["type"] == "service_worker":
                        await self._script(target["url"])
                for url in self._workers.unheard:
                    self._faults.append(f"{url}: what this worker asked for first was not heard")
                    await self._script(url)
                certificates = await certificates_of(self._session, self._documents)
                await self._session.detach()
        except (BrowserError, TimeoutError) as error:
            self._faults.append(f"The browser no longer answered at the end: {error}")
        for url in self._traffic.sockets:
            self._list(url, "WebSocket")
        return certificates

    async def _script(self, url: str) -> None:
        """A worker's own script, which the browser fetches for itself or did not tell of."""
        if not is_web(url) or self._sink.has(url):
            return
        script = await self._bodies.fetched(url, self._frame, self._limits.body)
        if script is None:
            self._list(url, "a worker's script that could not be fetched")
            return
        await self._write(lambda: self._sink.write(script))

    async def _close(self) -> bool:
        try:
            await self._write(self._sink.close)
        except OSError as error:
            self._faults.append(f"{self._sink.path} could not be closed: {error}")
            self._sink.abandon()
            return False
        finally:
            self._thread.shutdown(wait=False)
        return True

    def _recording(self, closed: bool, main: MainResponse | None) -> Recording:
        status: Literal["complete", "partial"] = "partial" if self._faults else "complete"
        path = self._sink.path if closed else None
        scrub = self._replacer.scrub
        return Recording(
            path=path,
            status=status,
            records=self._sink.records,
            bytes=self._sink.size if closed else 0,
            requests_seen=self._traffic.sent,
            not_recorded=tuple((scrub(url, "list"), why) for url, why in self._not_recorded),
            faults=tuple(scrub(fault, "list") for fault in self._faults),
            secrets_replaced=self._replacer.replaced,
            main=main,
        )
