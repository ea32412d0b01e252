"""A page that is recorded while it is seen, and what stands in where this Chromium cannot record.

The pictures count all the same (RECORDER case 1). So that the package is one that any player opens,
its web archive then holds one record: the page as it stood, without what it was made from.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from capture.bodies import software
from capture.browser import BrowserError, Page
from capture.errors import RecorderUnavailable
from capture.recorder import Recorder
from capture.recording import Recording
from capture.refusal import Refusal, Stopped, whole
from capture.second_view import Spool
from capture.secrets import SecretReplacer
from capture.warc import WarcFile

_T = TypeVar("_T")


async def record(page: Page, path: Path, *, secrets: SecretReplacer) -> "Recorder | Unrecorded":
    """A recorder that writes into `path`, or what stands in for it; call before navigating."""
    try:
        return await Recorder.start(page, path, secrets=secrets)
    except RecorderUnavailable as error:
        return Unrecorded(page, path, secrets, str(error))


async def record_second(
    first: "Recorder | Unrecorded", page: Page, spool: Spool, *, secrets: SecretReplacer
) -> "Stoppable":
    """A recorder of another view of the page that `first` records, or what stands in for it."""
    if isinstance(first, Unrecorded):
        return Unkept(page, spool.path, secrets, first.why)
    try:
        return await first.second(page, spool)
    except RecorderUnavailable as error:
        return Unkept(page, spool.path, secrets, str(error))


async def recorded(
    page: Page, recorder: "Stoppable", secrets: SecretReplacer, see: Callable[[], Awaitable[_T]]
) -> tuple[_T, Recording] | Refusal:
    """See a page from first to last while it is recorded, and end the recording whatever comes."""
    recording: Recording | None = None
    try:
        seen = await see()
        recording = await recorder.stop()
        whole(recording)
    except Stopped as stopped:
        recording = recording or await recorder.stop(5)
        return stopped.refusal(secrets.scrub(page.url, "address"), recording)
    finally:
        if recording is None:  # the deadline came: what was written is closed all the same
            await recorder.stop(2)
    return seen, recording


class Stoppable(Protocol):
    """A recorder, or what stands in for it."""

    async def stop(self, deadline_s: float = 10) -> Recording: ...


class Unrecorded:
    """Keeps the page's own text as a `resource` record when the visit ends."""

    def __init__(self, page: Page, path: Path, secrets: SecretReplacer, why: str) -> None:
        self._page, self._path, self._secrets, self.why = page, path, secrets, why
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
            self.why = f"{self.why} The page itself could not be kept: {error}"
        records, size = (kept.records, kept.size) if kept else (0, 0)
        return replace(
            _unavailable(kept.path if kept else None, self.why, self._secrets),
            records=records,
            bytes=size,
        )

    def _keep(self, made_with: dict[str, str], url: str, text: str) -> WarcFile:
        warc = WarcFile(self._path, self._secrets, made_with)
        url = self._secrets.scrub(url, "address")
        warc.add_resource(url, "text/html; charset=utf-8", text.encode("utf-8", "replace"))
        for resource in self._resources:
            warc.add_resource(*resource)
        warc.close()
        return warc


class Unkept:
    """Of a second view nothing is kept but its pictures; its cookies are secrets all the same."""

    def __init__(self, page: Page, path: Path, secrets: SecretReplacer, why: str) -> None:
        self._page, self._path, self._secrets, self._why = page, path, secrets, why

    async def stop(self, deadline_s: float = 10) -> Recording:
        """Learn the cookies, within the seconds given."""
        with suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(deadline_s):
                cookies = await self._page.context.cookies()
                self._secrets.learn_cookies({**cookie} for cookie in cookies)
        return _unavailable(self._path, self._why, self._secrets)


def _unavailable(path: Path | None, why: str, secrets: SecretReplacer) -> Recording:
    return Recording(
        path=path,
        status="unavailable",
        records=0,
        bytes=0,
        requests_seen=0,
        not_recorded=(),
        faults=(why,),
        secrets_replaced=secrets.replaced,
        main=None,
    )
