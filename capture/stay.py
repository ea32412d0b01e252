"""Whether a page stays where it is while it is looked at, and a second look where it does not.

A page may load itself anew (many do when the cookie banner is answered) or lead on by script. What
was seen of the document before is then no part of the capture: it is looked at from the beginning.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self, TypeVar

from capture.browser import BrowserError, Frame, Page, Response
from capture.refusal import Stopped
from capture.walls import partial

_T = TypeVar("_T")
_DOCUMENTS = 4
"""So many documents are looked at before a page is said to stay nowhere."""
_ARRIVAL_SECONDS = 5
_NO_DOCUMENT = (204, 205)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How a document was answered."""

    response: Response
    status: int
    headers: dict[str, str]

    @classmethod
    async def of(cls, response: Response) -> Self:
        """The answer with its headers as they were sent."""
        headers = await response.all_headers()
        return cls(response=response, status=response.status, headers=headers)


async def see_whole(
    page: Page, load: Callable[[], Awaitable[Answer]], see: Callable[[Answer], Awaitable[_T]]
) -> _T:
    """See a page from first to last in one document; where it goes elsewhere, anew there.

    What `see` raises counts only if the page stayed.

    Raises:
        Stopped: the page does not stay anywhere.
        BrowserError: it was not there to be seen, though it stayed.
    """
    stay = _Stay(page)
    answer = await load()
    stay.at(answer.response)
    for _ in range(_DOCUMENTS):
        if stay.left:
            answer = await stay.arrive()
        try:
            seen = await see(answer)
        except (BrowserError, Stopped):
            if not stay.left:
                raise
        else:
            if not stay.left:
                return seen
    why = f"the page went elsewhere {_DOCUMENTS} times while it was looked at, last to {page.url}"
    raise Stopped(partial(why), answer.status)


class _Stay:
    """Listens for the documents that a page's own frame is answered with."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._here: Response | None = None
        self._latest: Response | None = None
        self._committed = asyncio.Event()
        page.on("response", self._on_response)
        page.on("framenavigated", self._on_navigated)

    @property
    def left(self) -> bool:
        """Whether the page has gone on from where it was said to be."""
        return self._latest is not self._here

    def at(self, response: Response) -> None:
        """The page is at this document now."""
        self._here = response
        self._latest = self._latest or response

    async def arrive(self) -> Answer:
        """The document that the page went to, once it is there."""
        with suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(_ARRIVAL_SECONDS):
                await self._committed.wait()
                await self._page.wait_for_load_state("domcontentloaded")
        assert self._latest is not None  # noqa: S101  # it left
        self.at(latest := self._latest)
        return await Answer.of(latest)

    def _on_response(self, response: Response) -> None:
        request, status = response.request, response.status
        if not request.is_navigation_request() or 300 <= status < 400 or status in _NO_DOCUMENT:
            return
        if request.frame == self._page.main_frame:
            self._committed.clear()
            self._latest = response

    def _on_navigated(self, frame: Frame) -> None:
        if frame == self._page.main_frame:
            self._committed.set()
