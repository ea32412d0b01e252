"""What the page's session is blind to: requests of dedicated workers, seen by Playwright alone.

Of a worker's own script the page's session sees the beginning and never the end. A worker that a
worker starts may run before Playwright hears it: the end of its script is then never told, nor
what it asked for first.

Both channels are counted by method and address, so that each exchange is written once.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from capture.browser import Page, Request, Response, Worker
from capture.exchange import Exchange, Headers, at, canonical
from capture.traffic import Traffic

_LAG_SECONDS = 0.3
"""How long the page's session may lag behind Playwright's events before it counts as blind."""

_STEP = 0.02
_ANSWER_SECONDS = 1.0
_HEARD = ("http://", "https://", "blob:")
"""Where the end of a worker's script is told."""


class Workers:
    """Tells which of Playwright's requests the page's session has not seen."""

    def __init__(self, traffic: Traffic, on_finished: Callable[[Request], None]) -> None:
        self._traffic, self._on_finished = traffic, on_finished
        self._played: Counter[tuple[str, str]] = Counter()
        self._unseen: Counter[tuple[str, str]] = Counter()
        self._began: list[str] = []
        self._ended: set[str] = set()

    def listen(self, page: Page) -> None:
        """Hear what Playwright tells of the page and its workers."""
        page.on("worker", self._worker)
        page.on("requestfinished", self._finished)

    def end(self, page: Page) -> None:
        """Hear no more."""
        page.remove_listener("worker", self._worker)
        page.remove_listener("requestfinished", self._finished)

    def _worker(self, worker: Worker) -> None:
        self._began.append(canonical(worker.url))

    def _finished(self, request: Request) -> None:
        self._ended.add(canonical(request.url))
        self._on_finished(request)

    @property
    def unheard(self) -> list[str]:
        """Scripts of workers that had begun before Playwright heard them."""
        known = (url for url in dict.fromkeys(self._began) if url not in self._ended)
        return [url for url in known if url.startswith(_HEARD)]

    async def is_unseen(self, request: Request) -> bool:
        """Ask once for each finished request; waits a moment for the page's session."""
        key = (request.method, canonical(request.url))
        self._played[key] += 1
        turn = self._played[key]
        for _ in range(int(_LAG_SECONDS / _STEP)):
            if self._traffic.ended[key] + self._unseen[key] >= turn:
                return False
            await asyncio.sleep(_STEP)
        self._unseen[key] += 1
        return True

    def have(self, method: str, url: str) -> bool:
        """Whether such a request was found here, whose end the page's session does not see."""
        return self._unseen[method, canonical(url)] > 0


async def answer_of(request: Request) -> Response | None:
    """What a finished request was answered; None where Playwright does not tell.

    Of the script of a worker's worker it is sometimes told that it ended and never what it was.
    """
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await request.response()
    except TimeoutError:
        return None


async def exchange_of(response: Response) -> Exchange:
    """The exchange as Playwright knows it.

    Raises:
        BrowserError: the worker or the page is gone, and the body with it.
    """
    request, server = response.request, await response.server_addr()
    return Exchange(
        method=request.method,
        url=request.url,
        request_headers=_pairs(await request.headers_array()),
        post=request.post_data_buffer,
        status=response.status,
        reason=response.status_text,
        response_headers=_pairs(await response.headers_array()),
        body=await response.body(),
        date=at(request.timing["startTime"] / 1000),
        address=server["ipAddress"] if server else "",
        protocols=("http/1.1",),
        truncated=None,
        fetched_by="Playwright",
    )


def _pairs(headers: list[Any]) -> Headers:
    return [(h["name"], h["value"]) for h in headers if not h["name"].startswith(":")]
