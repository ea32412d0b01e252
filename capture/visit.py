"""One visit to a profile: look, judge, settle, photograph, record. Writes parts into a folder.

    load → judge → photograph the consent banner → refuse → settle → judge → tiles → data

How a page is looked at stands in `capture.look`. Knows nothing of the archive. What stands in the
way comes back as a refusal with its evidence, never as parts.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from capture.browser import (
    DESKTOP,
    MOBILE,
    Browser,
    BrowserError,
    Page,
    is_over,
    open_browser,
    open_page,
)
from capture.completeness import Look, asked_numbers, completeness, recorded_numbers
from capture.descent import FEED_SECONDS
from capture.entrance import load
from capture.exchange import canonical
from capture.extract import Extracted
from capture.guard import AddressGuard, guard_addresses
from capture.login import Login
from capture.look import Looker
from capture.numbers import announced_comments
from capture.questions import Questions
from capture.reading import Read, read
from capture.recipe import Recipe
from capture.recorder import Recorder
from capture.recording import Recording, traffic_parts
from capture.refusal import Refusal, Stopped, broken_off, whole
from capture.second_view import Spool, next_second
from capture.secrets import SecretReplacer
from capture.sight import Bounds, Sight
from capture.stages import Stages
from capture.stay import Answer, see_whole
from capture.unrecorded import Unrecorded, record, record_second, recorded
from capture.viewing import window_of
from capture.visited import Visited, make_folders, write_texts
from capture.walls import unreachable
from storage.package import WARC
from storage.record import Viewport, utc_now
from storage.settings import Settings

_T = TypeVar("_T")
_SHARE_OF_A_PASS = 0.35
"""Of the whole deadline: for settling, and for photographing; the two views go at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit(Visited):
    """A whole visit to a profile, in both views."""

    extracted: Extracted


async def visit(
    url: str, recipe: Recipe, settings: Settings, folder: Path, login: Login | None = None
) -> Visit | Refusal:
    """Visit a profile within the settings' deadline; parts are left in `folder`.

    Without a login it is seen as the public sees it. A page or a browser that dies on the way ends
    in a refusal, as one that does not answer does.

    Raises:
        AddressRefused: the address is private, and the settings do not allow it.
        BrowserMissing, BrowserBroken: there is no browser to visit with.
    """
    try:
        async with asyncio.timeout(settings.capture_seconds), open_browser(settings) as browser:
            one = _Visit(
                browser, url=url, recipe=recipe, settings=settings, folder=folder, login=login
            )
            return await one.run()
    except TimeoutError:
        why = f"no whole visit within {settings.capture_seconds} s"
        return Stopped(unreachable(why)).refusal(url)
    except BrowserError as error:
        if not is_over(error):
            raise
        return broken_off(error).refusal(url)


class _Visit:
    """The steps of one visit, sharing what they look with."""

    def __init__(
        self,
        browser: Browser,
        *,
        url: str,
        recipe: Recipe,
        settings: Settings,
        folder: Path,
        login: Login | None,
    ) -> None:
        self._browser = browser
        self._login = login
        self._url = url
        self._recipe = recipe
        self._settings = settings
        self._folder = folder
        self._replacer = SecretReplacer(secrets.token_bytes(32))
        for name, value in login.secrets if login else ():
            self._replacer.learn(value, name)
        bounds = Bounds(
            height=settings.most_height,
            posts=settings.most_posts,
            seconds=settings.capture_seconds * _SHARE_OF_A_PASS,
            watch_s=FEED_SECONDS,
        )
        self._stages = Stages()
        self._looker = Looker(
            url,
            recipe=recipe,
            login=login,
            bounds=bounds,
            pictures=folder / "pictures",
            stages=self._stages,
        )
        self._questions: dict[Viewport, Questions] = {}
        self._guards: list[AddressGuard] = []
        self._recorder: Recorder | Unrecorded | None = None
        make_folders(folder)

    async def run(self) -> Visit | Refusal:
        """Both views at once, the second when the first has got through to the profile."""
        started = utc_now()
        with Spool(self._folder / WARC) as spool:
            beside = asyncio.create_task(self._visit_mobile(spool))
            try:
                desktop = await self._visit_desktop()
                phone = desktop if isinstance(desktop, Refusal) else await beside
            finally:
                await _ended(beside)
            if isinstance(desktop, Refusal):
                return desktop
            if isinstance(phone, Refusal):
                return phone
            for guard in self._guards:
                guard.raise_if_refused()
            return await self._joined(started, desktop, phone, spool)

    async def _joined(
        self, started: datetime, desktop: "_Desktop", phone: tuple[Look, Recording], spool: Spool
    ) -> Visit | Refusal:
        """Both views as one visit, their traffic in one web archive."""
        (look, read), (mobile, of_phone) = (desktop.look, desktop.read), phone
        recording = desktop.recording
        if isinstance(self._recorder, Recorder):
            recording, of_phone = await self._recorder.joined(recording, of_phone, spool)
        try:
            whole(recording)
        except Stopped as stopped:
            return stopped.refusal(self._url, recording)
        self._stages.passed("joined", records=recording.records, status=recording.status)
        settled = json.dumps(look.settled.as_json(), ensure_ascii=False, indent=2)
        texts = {
            **read.parts(self._replacer),
            "data/settle.json": settled,
            **traffic_parts(recording, of_phone),
            "logs/capture.jsonl": self._stages.text(),
        }
        write_texts(self._folder, texts, self._replacer)
        announced = announced_comments(read.visible)
        return Visit(
            started_at=started,
            ended_at=utc_now(),
            final_url=self._replacer.scrub(desktop.final_url, "address"),
            title=self._replacer.scrub(read.title, "title"),
            extracted=read.clean(self._replacer),
            completeness={
                **completeness(look, mobile, read.extracted, announced),
                **recorded_numbers(recording),
                **{f"mobile_{name}": n for name, n in asked_numbers(of_phone).items()},
            },
            consent=look.consent,
            settled=look.settled,
            recording=recording,
            secrets_replaced=self._replacer.replaced,
            browser=f"Chromium {self._browser.version}",
            user_agent=read.user_agent,
        )

    async def _visit_desktop(self) -> "_Desktop | Refusal":
        """The view whose page is read."""
        async with self._page(DESKTOP) as page:
            recorder = await record(page, self._folder / WARC, secrets=self._replacer)
            self._recorder = recorder

            async def see() -> tuple[Look, Read, str]:
                look, texts = await self._see(page, DESKTOP, self._look_and_read)
                final_url = page.url
                await self._put_view(recorder, final_url, look)
                return look, texts, final_url

            seen = await recorded(page, recorder, self._replacer, see)
        if isinstance(seen, Refusal):
            return seen
        (look, texts, final_url), recording = seen
        self._stages.passed("recorded", records=recording.records, status=recording.status)
        return _Desktop(look=look, read=texts, final_url=final_url, recording=recording)

    async def _put_view(self, recorder: Recorder | Unrecorded, url: str, look: Look) -> None:
        """The window's first sight, beside the traffic, where players look for it.

        Only so much of the first tile: the tiles are the record, and are not stored twice.
        """
        window = await asyncio.to_thread(window_of, look.pictures.tiles[0], DESKTOP)
        await recorder.add_resource(f"urn:view:{canonical(url)}", "image/png", window)

    async def _visit_mobile(self, spool: Spool) -> tuple[Look, Recording] | Refusal:
        """Nothing is asked of a platform a second time that refused the first."""
        await self._looker.let_in.wait()
        await next_second()
        async with self._page(MOBILE) as page:
            assert self._recorder is not None  # noqa: S101  # who let in was recorded
            recorder = await record_second(self._recorder, page, spool, secrets=self._replacer)
            return await recorded(
                page, recorder, self._replacer, lambda: self._see(page, MOBILE, self._look)
            )

    def _page(self, view: Viewport) -> AbstractAsyncContextManager[Page]:
        return open_page(self._browser, view, state=self._login.state if self._login else None)

    async def _see(
        self, page: Page, view: Viewport, see: Callable[[Sight, Answer], Awaitable[_T]]
    ) -> _T:
        """Load, and see the page as a whole; anew where it goes elsewhere meanwhile."""
        sight = Sight.of(page, view, self._recipe)
        self._questions[view] = Questions(
            page,
            view,
            self._recipe,
            self._folder / "pictures",
            first_sight=view is DESKTOP,  # a gap shows how the page stood
        )
        return await see_whole(page, lambda: self._load(page), lambda answer: see(sight, answer))

    async def _look_and_read(self, sight: Sight, answer: Answer) -> tuple[Look, Read]:
        look = await self._look(sight, answer)
        texts = await read(sight.page, self._recipe, look)
        self._stages.passed("read", posts=len(texts.extracted.posts))
        return look, texts

    async def _look(self, sight: Sight, answer: Answer) -> Look:
        return await self._looker.look(sight, self._questions[sight.view], answer)

    async def _load(self, page: Page) -> Answer:
        guard = await guard_addresses(page, self._settings)
        self._guards.append(guard)
        answer = await load(guard, self._url, self._settings.capture_seconds * 0.5)
        self._stages.passed("loaded", status=answer.status)
        return answer


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desktop:
    look: Look
    read: Read
    final_url: str
    recording: Recording


async def _ended(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it is over, whatever it came to."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # told already, or of no more interest
