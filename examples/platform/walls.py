"""Handles that stand for a wall or a fault, for tests of what must never become a record.

`_blank` an empty page; `_alltid429` always limited; `_503`; `_403`; `_bot` a challenge; `_privat` a
private account; `_langsam` twenty seconds before the first byte; `_trasig` a page whose script
fails and that lacks its landmark.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import HTMLResponse, Response

from examples.platform.pages import Pages

SLOW_SECONDS = 20.0
_STEP_SECONDS = 0.1


class Walls:
    """The special handles of one server; `stopping` says that it wants to end."""

    def __init__(self, pages: Pages, stopping: Callable[[], bool]) -> None:
        self._pages = pages
        self._stopping = stopping
        self._answers: dict[str, Callable[[], Awaitable[Response]]] = {
            "_blank": self._blank,
            "_alltid429": self._always_limited,
            "_503": self._unavailable,
            "_403": self._forbidden,
            "_bot": self._bot,
            "_privat": self._private,
            "_langsam": self._slow,
            "_trasig": self._broken,
        }

    @property
    def handles(self) -> frozenset[str]:
        """Every special handle."""
        return frozenset(self._answers)

    async def answer(self, handle: str) -> Response:
        """What a visitor of the special handle gets."""
        return await self._answers[handle]()

    async def _blank(self) -> Response:
        return HTMLResponse('<!doctype html><html lang="sv"><title></title><body></body></html>')

    async def _always_limited(self) -> Response:
        return self._pages.too_many(30)

    async def _unavailable(self) -> Response:
        return self._pages.message(
            "Torget vilar en stund", "Vi arbetar med ett tillfälligt fel. Försök igen senare.", 503
        )

    async def _forbidden(self) -> Response:
        return self._pages.message("Åtkomst nekad", "Du har inte behörighet till sidan.", 403)

    async def _bot(self) -> Response:
        text = "Vi kontrollerar att du är en människa. Det tar oftast några sekunder."
        return self._pages.message("Ett ögonblick …", text, 403, cf_mitigated="challenge")

    async def _private(self) -> Response:
        return self._pages.private("_privat")

    async def _slow(self) -> Response:
        waited = 0.0
        while waited < SLOW_SECONDS and not self._stopping():
            await asyncio.sleep(_STEP_SECONDS)
            waited += _STEP_SECONDS
        return await self._blank()

    async def _broken(self) -> Response:
        return self._pages.broken()
