"""The passive recorder: writes a page's traffic as WARC while the page is looked at.

A second view of the page, at the same time, goes into the same web archive (`second_view`). The
whys are in docs/recorder.md.
"""

import asyncio
from pathlib import Path

from capture.bodies import keep_bodies, software
from capture.browser import CDPSession, Page
from capture.listening import Listener, Means
from capture.recording import Limits, MainResponse, Recording
from capture.second_view import Spool, join
from capture.secrets import SecretReplacer
from capture.warc import WarcFile

__all__ = ["Limits", "MainResponse", "Recorder", "Recording"]


class Recorder(Listener):
    """Records one page from `start` to `stop`."""

    def __init__(self, page: Page, session: CDPSession, warc: WarcFile, means: Means) -> None:
        super().__init__(page, session, warc, means)
        self._warc = warc

    @classmethod
    async def start(
        cls, page: Page, path: Path, *, secrets: SecretReplacer, limits: Limits | None = None
    ) -> "Recorder":
        """Begin to record into `path` (`*.part` until it is closed); call before navigating.

        Raises:
            RecorderUnavailable: this Chromium does not keep bodies; the pictures can be taken.
        """
        means = Means(secrets, limits or Limits())
        session = await _keeping(page, means.limits)
        warc = await asyncio.to_thread(WarcFile, path, secrets, await software(session))
        recorder = cls(page, session, warc, means)
        await recorder.listen()
        return recorder

    async def second(self, page: Page, spool: Spool) -> Listener:
        """Begin to record a second view; what it hears is held until both are over (`joined`).

        Raises:
            RecorderUnavailable: this Chromium does not keep bodies.
        """
        session = await _keeping(page, self._means.limits)
        listener = Listener(page, session, spool, self._means)
        await listener.listen()
        return listener

    async def joined(
        self, first: Recording, second: Recording, spool: Spool
    ) -> tuple[Recording, Recording]:
        """Both views in one web archive, once both have stopped: what each of them came to."""
        return await join(first, second, self._warc, spool, self._replacer)

    async def add_resource(self, uri: str, media_type: str, body: bytes) -> None:
        """Put something of our own beside the traffic, such as a picture (`urn:view:…`)."""
        try:
            await self._write(lambda: self._warc.add_resource(uri, media_type, body))
        except OSError as error:
            self._faults.append(f"{uri} was not written: {error}")


async def _keeping(page: Page, limits: Limits) -> CDPSession:
    session = await page.context.new_cdp_session(page)
    await keep_bodies(session, limits)
    return session
