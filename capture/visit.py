"""One visit to a profile: look, judge, settle, photograph, record. Writes parts into a folder.

    load → judge → photograph the consent banner → refuse → settle → judge → tiles → data

How a page is looked at stands in `capture.look`. Knows nothing of the archive. What stands in the
way comes back as a refusal with its evidence, never as parts.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import JsonValue

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
from capture.completeness import Look, completeness
from capture.consent import ConsentResult
from capture.descent import FEED_SECONDS
from capture.dom_snapshot import dom_snapshot, snapshot_text
from capture.entrance import load
from capture.exchange import canonical
from capture.extract import (
    Extracted,
    accessibility_tree,
    extract,
    frames_text,
    mhtml,
    visible_text,
)
from capture.guard import AddressGuard, guard_addresses
from capture.login import Login
from capture.look import Looker
from capture.numbers import announced_comments
from capture.questions import Questions
from capture.recipe import Recipe
from capture.recorder import Recorder
from capture.recording import Recording, traffic_parts
from capture.refusal import Refusal, Stopped, broken_off, whole
from capture.secrets import SecretReplacer
from capture.settle import Settled
from capture.sight import Bounds, Sight
from capture.snapshot import clean_text
from capture.stages import Stages
from capture.stay import Answer, see_whole
from capture.unheard import Unheard
from capture.unrecorded import Unrecorded, record
from capture.viewing import window_of
from capture.walls import unreachable
from storage.package import WARC
from storage.record import ReplacedSecret, Viewport, utc_now
from storage.settings import Settings

_T = TypeVar("_T")
_SHARE_OF_A_PASS = 0.35
"""Of the whole deadline: for settling, and for photographing; the two views go at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A whole visit; its parts lie in the folder that was given."""

    started_at: datetime
    ended_at: datetime
    final_url: str
    title: str
    extracted: Extracted
    completeness: Mapping[str, JsonValue]
    consent: ConsentResult
    settled: Settled
    recording: Recording
    secrets_replaced: tuple[ReplacedSecret, ...]
    browser: str
    user_agent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Texts:
    visible: str
    tree: str
    mhtml: str
    snapshot: Mapping[str, Any]
    title: str
    user_agent: str


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
        self._phone = Unheard()
        for name in ("archive", "pictures", "text", "dom", "data", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def run(self) -> Visit | Refusal:
        """Both views at once, the second when the first has got through to the profile."""
        started = utc_now()
        phone = asyncio.create_task(self._visit_mobile())
        try:
            desktop = await self._visit_desktop()
            if isinstance(desktop, Refusal):
                return desktop
            try:
                mobile = await phone
            except Stopped as stopped:
                return stopped.refusal(self._url, desktop.recording)
        finally:
            await _ended(phone)
        for guard in self._guards:
            guard.raise_if_refused()
        look, extracted, texts = desktop.look, desktop.extracted, desktop.texts
        self._write_texts(extracted, texts, look.settled, desktop.recording)
        return Visit(
            started_at=started,
            ended_at=utc_now(),
            final_url=self._replacer.scrub(desktop.final_url, "address"),
            title=self._replacer.scrub(texts.title, "title"),
            extracted=self._scrubbed(extracted),
            completeness={
                **completeness(
                    look, mobile, extracted, announced_comments(texts.visible), desktop.recording
                ),
                "mobile_requests_seen": self._phone.requests,
                "mobile_addresses_not_recorded": len(self._phone.beyond(desktop.recording)),
            },
            consent=look.consent,
            settled=look.settled,
            recording=desktop.recording,
            secrets_replaced=self._replacer.replaced,
            browser=f"Chromium {self._browser.version}",
            user_agent=texts.user_agent,
        )

    async def _visit_desktop(self) -> "_Desktop | Refusal":
        """The view whose traffic is recorded and whose page is read."""
        async with self._page(DESKTOP) as page:
            recorder = await record(page, self._folder / WARC, secrets=self._replacer)
            recording: Recording | None = None
            try:
                look, extracted, texts = await self._see(page, DESKTOP, self._look_and_read)
                final_url = page.url
                await self._put_view(recorder, final_url, look)
                recording = await recorder.stop()
                whole(recording)
            except Stopped as stopped:
                recording = recording or await recorder.stop(5)
                return stopped.refusal(self._replacer.scrub(page.url, "address"), recording)
            finally:
                if recording is None:  # the deadline came: what was written is closed all the same
                    await recorder.stop(2)
            self._stages.passed("recorded", records=recording.records, status=recording.status)
        return _Desktop(
            look=look, extracted=extracted, texts=texts, final_url=final_url, recording=recording
        )

    async def _put_view(self, recorder: Recorder | Unrecorded, url: str, look: Look) -> None:
        """The window's first sight, beside the traffic, where players look for it.

        Only so much of the first tile: the tiles are the record, and are not stored twice.
        """
        window = await asyncio.to_thread(window_of, look.pictures.tiles[0], DESKTOP)
        await recorder.add_resource(f"urn:view:{canonical(url)}", "image/png", window)

    async def _visit_mobile(self) -> Look:
        """Nothing is asked of a platform a second time that refused the first.

        Its traffic is counted and not recorded.
        """
        await self._looker.let_in.wait()
        async with self._page(MOBILE) as page:
            page.on("request", self._phone.hear)
            look = await self._see(page, MOBILE, self._look)
            self._replacer.learn_cookies({**one} for one in await page.context.cookies())
            return look

    def _page(self, view: Viewport) -> AbstractAsyncContextManager[Page]:
        return open_page(self._browser, view, state=self._login.state if self._login else None)

    async def _see(
        self, page: Page, view: Viewport, see: Callable[[Sight, Answer], Awaitable[_T]]
    ) -> _T:
        """Load, and see the page as a whole; anew where it goes elsewhere meanwhile."""
        sight = Sight.of(page, view, self._recipe)
        self._questions[view] = Questions(page, view, self._recipe, self._folder / "pictures")
        return await see_whole(page, lambda: self._load(page), lambda answer: see(sight, answer))

    async def _look_and_read(self, sight: Sight, answer: Answer) -> tuple[Look, Extracted, _Texts]:
        look = await self._look(sight, answer)
        return look, *await self._read(sight.page, look)

    async def _look(self, sight: Sight, answer: Answer) -> Look:
        return await self._looker.look(sight, self._questions[sight.view], answer)

    async def _load(self, page: Page) -> Answer:
        guard = await guard_addresses(page, self._settings)
        self._guards.append(guard)
        answer = await load(guard, self._url, self._settings.capture_seconds * 0.5)
        self._stages.passed("loaded", status=answer.status)
        return answer

    async def _read(self, page: Page, look: Look) -> tuple[Extracted, _Texts]:
        """A mosaic's text was read on the way: the page no longer has all of it."""
        session = await page.context.new_cdp_session(page)
        visible = look.harvest.text() or await visible_text(page)
        framed = await frames_text(page)
        texts = _Texts(
            visible=f"{visible}\n\n{framed}" if framed else visible,
            tree=await accessibility_tree(page),
            mhtml=await mhtml(session),
            snapshot=await dom_snapshot(session),
            title=await page.title(),
            user_agent=str(await page.evaluate("() => navigator.userAgent")),
        )
        extracted = await extract(page, self._recipe, look.harvest.posts)
        self._stages.passed("read", posts=len(extracted.posts))
        return extracted, texts

    def _write_texts(
        self, extracted: Extracted, texts: _Texts, settled: Settled, recording: Recording
    ) -> None:
        """Text parts, every one with its secrets replaced."""
        clean = self._scrubbed(extracted)
        files = {
            "text/visible.txt": texts.visible,
            "text/accessibility.txt": texts.tree,
            "dom/page.mhtml": texts.mhtml,
            "dom/snapshot.json": snapshot_text(texts.snapshot, self._replacer, "dom/snapshot.json"),
            "data/profile.json": _json(dict(clean.facts)),
            "data/posts.json": _json({"posts": [dict(post) for post in clean.posts]}),
            "data/settle.json": _json(settled.as_json()),
            **traffic_parts(recording, self._phone.told(recording, self._replacer)),
            "logs/capture.jsonl": self._stages.text(),
        }
        for name, text in files.items():
            path = self._folder / name
            path.write_text(clean_text(name, text, self._replacer), encoding="utf-8", newline="")

    def _scrubbed(self, extracted: Extracted) -> Extracted:
        facts = json.loads(self._replacer.scrub(_json(dict(extracted.facts)), "facts"))
        posts = json.loads(self._replacer.scrub(_json([dict(p) for p in extracted.posts]), "posts"))
        return replace(extracted, facts=facts, posts=tuple(posts))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desktop:
    look: Look
    extracted: Extracted
    texts: _Texts
    final_url: str
    recording: Recording


async def _ended(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it is over, whatever it came to."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # told already, or of no more interest


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
