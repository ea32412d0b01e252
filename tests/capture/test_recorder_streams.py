"""What never ends, and what no session is told of: streams, and a service worker's own script."""

import asyncio
import base64
import hashlib
import time

import pytest

from capture.browser import Page
from capture.recorder import Recorder
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script
from tests.capture.site import Asked, Wire


async def echo(asked: Asked, wire: Wire) -> None:
    """A WebSocket that says again the first short text that it is told (RFC 6455)."""
    key = asked.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest())
    await wire.raw(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    _, length = await wire.reader.readexactly(2)
    mask = await wire.reader.readexactly(4)
    masked = await wire.reader.readexactly(length & 0x7F)
    told = bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))
    await wire.raw(bytes([0x81, len(told)]) + told)
    await asyncio.sleep(60)


def test_what_never_ends_is_cut_and_stop_is_bounded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C11, C12: and no more than so much of it is held in memory."""
    monkeypatch.setattr("capture.traffic._MOST_STREAMED", 1000)
    much, sent = asyncio.Event(), 0

    def endless(piece: bytes, kind: str) -> object:
        async def route(_: Asked, wire: Wire) -> None:
            nonlocal sent
            await wire.answer(b"", kind=kind, length=False)
            while True:
                await wire.raw(piece)
                sent += 1
                if sent == 120:
                    much.set()
                await asyncio.sleep(0.05)

        return route

    stage.site.routes["/stream"] = endless(b"x" * 100, "text/plain")  # type: ignore[assignment]
    stage.site.routes["/sse"] = endless(b"data: hej\n\n", "text/event-stream")  # type: ignore[assignment]
    stage.site.route("/ws")(echo)
    stage.site.page(
        "/",
        script(
            """fetch('/stream').then(r => r.text());
            const s = new WebSocket('ws://' + location.host + '/ws');
            s.onopen = () => s.send('hej');
            window.said = (await new Promise(r => s.onmessage = r)).data;
            await new Promise(r => new EventSource('/sse').onmessage = r)"""
        ),
    )
    took = 0.0

    async def act(page: Page, recorder: Recorder) -> None:
        nonlocal took
        assert await page.evaluate("said") == "hej", "the page is not affected"
        await much.wait()  # only an answer that goes on is taken for a stream
        took = time.monotonic()

    made, path = recorded(stage, act, deadline_s=4)
    assert time.monotonic() - took < 6
    for name, piece in (("stream", b"x" * 100), ("sse", b"data: hej\n\n")):
        (kept,) = warcs.responses(path, f"{stage.site.url}/{name}")
        assert kept.fields["WARC-Truncated"] == "time"
        assert kept.body.count(piece) > 3, "what had come is kept"
        assert kept.body.replace(piece, b"") == b""
    (held,) = warcs.responses(path, f"{stage.site.url}/stream")
    assert held.body.count(b"x" * 100) < 30, "the later half is not"
    assert (f"ws://{stage.site.url.removeprefix('http://')}/ws", "WebSocket") in made.not_recorded
    assert made.status == "complete"


def test_an_answer_of_unknown_length_that_ends_is_kept_whole(stage: Stage) -> None:
    """It was taken for a stream while it came; its whole body is asked for at its end."""

    @stage.site.route("/slowly")
    async def slowly(_: Asked, wire: Wire) -> None:
        await wire.answer(b"", kind="text/plain", length=False)
        for number in range(16):
            await wire.raw(b"%02d" % number)
            await asyncio.sleep(0.1)

    stage.site.page("/", script("await (await fetch('/slowly')).text()"))
    _, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/slowly")
    assert kept.body == b"".join(b"%02d" % number for number in range(16))
    assert "WARC-Truncated" not in kept.fields


def test_a_service_workers_own_script_is_kept(stage: Stage) -> None:
    """The browser fetches it for itself, and no session sees it: it is fetched once more."""
    code = b"self.onfetch = (event) => event.respondWith(fetch(event.request));"
    stage.site.body("/worker.js", code, kind="text/javascript")
    stage.site.page(
        "/",
        script(
            "const us = navigator.serviceWorker; await us.register('/worker.js'); await us.ready"
        ),
    )
    made, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/worker.js")
    assert kept.body == code
    assert kept.fields["WARC-Target-URI"].endswith("/worker.js")
    assert made.status == "complete", made.faults
