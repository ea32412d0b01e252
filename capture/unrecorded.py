"""What stands in for the recorder where this Chromium cannot record (RECORDER case 1).

The pictures count all the same. So that the package is one that any player opens, its web archive
holds one record: the page as it stood, without what it was made from.
"""

import asyncio
from pathlib import Path

from capture.bodies import software
from capture.browser import BrowserError, Page
from capture.errors import RecorderUnavailable
from capture.recorder import Recorder
from capture.recording import Recording
from capture.secrets import SecretReplacer
from capture.warc import WarcFile


async def record(page: Page, path: Path, *, secrets: SecretReplacer) -> "Recorder | Unrecorded":
    """A recorder that writes into `path`, or what stands in for it; call before navigating."""
    try:
        return await Recorder.start(page, path, secrets=secrets)
    except RecorderUnavailable as error:
        return Unrecorded(page, path, secrets, str(error))


class Unrecorded:
    """Keeps the page's own text as a `resource` record when the visit ends."""

    def __init__(self, page: Page, path: Path, secrets: SecretReplacer, why: str) -> None:
        self._page, self._path, self._secrets, self._why = page, path, secrets, why
        self._resources: list[tuple[str, str, bytes]] = []

    async def add_resource(self, uri: str, media_type: str, body: bytes) -> None:
        """Keep something of our own beside the page, such as a picture (`urn:view:…`)."""
        self._resources.append((uri, media_type, body))

    async def stop(self, deadline_s: float = 10) -> Recording:
        """Keep the page as it stands, if it still does within the seconds given."""
        kept: WarcFile | None = None
        try:
            async with asyncio.timeout(deadline_s):
                session = await self._page.context.new_cdp_session(self._page)
                made_with = await software(session)
                cookies = await self._page.context.cookies()
                self._secrets.learn_cookies({**cookie} for cookie in cookies)
                page = (self._page.url, await self._page.content())
            kept = await asyncio.to_thread(self._keep, made_with, *page)
        except (BrowserError, TimeoutError, OSError) as error:
            self._why = f"{self._why} The page itself could not be kept: {error}"
        return Recording(
            path=kept.path if kept else None,
            status="unavailable",
            records=kept.records if kept else 0,
            bytes=kept.size if kept else 0,
            requests_seen=0,
            not_recorded=(),
            faults=(self._why,),
            secrets_replaced=self._secrets.replaced,
            main=None,
            asked=frozenset(),
        )

    def _keep(self, made_with: dict[str, str], url: str, text: str) -> WarcFile:
        warc = WarcFile(self._path, self._secrets, made_with)
        url = self._secrets.scrub(url, "address")
        warc.add_resource(url, "text/html; charset=utf-8", text.encode("utf-8", "replace"))
        for resource in self._resources:
            warc.add_resource(*resource)
        warc.close()
        return warc
