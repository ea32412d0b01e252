"""A loopback site for the recorder's tests: raw HTTP/1.1, every byte as a test wants it.

A route is an async function of (Asked, Wire); `Site.got` keeps the requests that came in.
"""

import asyncio
import contextlib
import hashlib
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Wire:
    """Writes an answer; the connection closes after it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        kind: str = "text/html; charset=utf-8",
        headers: list[bytes] | None = None,
        length: bool = True,
    ) -> None:
        lines = [f"HTTP/1.1 {status}".encode(), b"Connection: close"]
        if kind:
            lines.append(f"Content-Type: {kind}".encode())
        if length:
            lines.append(f"Content-Length: {len(body)}".encode())
        lines += headers or []
        await self.raw(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def reset(self) -> None:
        self.writer.transport.abort()


Route = Callable[[Asked, Wire], Awaitable[None]]


@dataclass(kw_only=True)
class Site:
    url: str = ""
    other: str = ""
    """The same server under another site's name (cross-site)."""
    routes: dict[str, Route] = field(default_factory=dict)
    got: list[Asked] = field(default_factory=list)

    def page(self, path: str, html: str, **answer: object) -> None:
        self.body(path, f"<!doctype html><meta charset=utf-8>{html}".encode(), **answer)

    def body(self, path: str, data: bytes, **answer: object) -> None:
        async def route(_: Asked, wire: Wire) -> None:
            await wire.answer(data, **answer)  # type: ignore[arg-type]

        self.routes[path] = route

    def ranged(self, path: str, data: bytes, kind: str, most: int = 1 << 30) -> None:
        """Media: the parts that are asked for, each of at most so many bytes, or the whole."""

        async def route(asked: Asked, wire: Wire) -> None:
            span = asked.headers.get("range", "")
            if not span:
                await wire.answer(data, kind=kind, headers=[b"Accept-Ranges: bytes"])
                return
            first, _, last = span.removeprefix("bytes=").partition("-")
            low = int(first)
            high = min(int(last or len(data) - 1), low + most - 1)
            told = [f"Content-Range: bytes {low}-{high}/{len(data)}".encode()]
            part = data[low : high + 1]
            await wire.answer(part, status="206 Partial Content", kind=kind, headers=told)

        self.routes[path] = route

    def route(self, path: str) -> Callable[[Route], Route]:
        def add(route: Route) -> Route:
            self.routes[path] = route
            return route

        return add

    def asked(self, path: str) -> list[Asked]:
        return [each for each in self.got if each.path.partition("?")[0] == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, target, _ = first.split(" ", 2)
            headers = {n.lower(): v.strip() for n, _, v in (x.partition(":") for x in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            asked = Asked(method=method, path=target, headers=headers, body=body)
            self.got.append(asked)
            route = self.routes.get(target.partition("?")[0], _missing)
            await route(asked, Wire(reader, writer))
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _missing(_: Asked, wire: Wire) -> None:
    await wire.answer(b"<h1>Finns inte</h1>", status="404 Not Found")


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    site = Site()
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await site.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            running.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 22)
    port = server.sockets[0].getsockname()[1]
    site.url, site.other = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    try:
        yield site
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def apart() -> Iterator[Site]:
    """The site in a thread of its own, for what runs a loop of its own."""
    ready, sites = threading.Event(), list[Site]()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def stand() -> None:
        async with serving() as site:
            sites.append(site)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    assert ready.wait(10), "the site did not start"
    try:
        yield sites[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


def noise(size: int, seed: bytes = b"x") -> bytes:
    """Bytes that do not compress, the same for the same seed."""
    return hashlib.shake_256(seed).digest(size)


def deflated(data: bytes, how: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, how)
    return packer.compress(data) + packer.flush()
