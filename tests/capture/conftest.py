"""One browser and one loopback site a test module, and the imitation platform with accounts."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from accounts.model import Account, AccountId, Person, PlatformId, Reach, Status
from capture.browser import (
    DESKTOP,
    Browser,
    BrowserTimeout,
    Page,
    open_browser,
    open_page,
)
from capture.recorder import Limits, Recorder, Recording
from capture.secrets import SecretReplacer
from examples.platform.server import Platform
from storage.settings import Settings
from tests.capture.site import Site, serving
from tests.chromiums import an_old_chromium

T = TypeVar("T")
Act = Callable[[Page, Recorder], Awaitable[None]]


@dataclass(kw_only=True)
class Stage:
    runner: asyncio.Runner
    browser: Browser
    site: Site
    settings: Settings
    folder: Path
    replacer: SecretReplacer

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def record(self, act: Act | None = None, **options: Any) -> Recording:
        """Record a visit to `/`; a page that holds the word `done` says so in its title."""
        return self.run(self.recording(act, **options))

    async def recording(
        self,
        act: Act | None = None,
        *,
        limits: Limits | None = None,
        deadline_s: float = 5,
        until: str = "done",
    ) -> Recording:
        async with open_page(self.browser, DESKTOP) as page:
            recorder = await Recorder.start(
                page, self.folder / "traffic.warc.gz", secrets=self.replacer, limits=limits
            )
            await page.goto(f"{self.site.url}/", wait_until="domcontentloaded")
            if until and until in await page.content():
                with suppress(BrowserTimeout):
                    await page.wait_for_function(
                        "word => document.title.includes(word)", arg=until, timeout=8000
                    )
            else:
                await page.wait_for_load_state("load")
            if act is not None:
                await act(page, recorder)
            return await recorder.stop(deadline_s)


@pytest.fixture(scope="module")
def opened() -> Iterator[Stage]:
    settings = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        site = runner.run(stack.enter_async_context(serving()))
        browser = runner.run(stack.enter_async_context(open_browser(settings)))
        yield Stage(
            runner=runner,
            browser=browser,
            site=site,
            settings=settings,
            folder=Path(),
            replacer=SecretReplacer(b""),
        )
        runner.run(stack.aclose())


@pytest.fixture
def stage(opened: Stage, tmp_path: Path) -> Iterator[Stage]:
    opened.site.routes.clear()
    opened.site.got.clear()
    opened.site.body("/favicon.ico", b"", status="204 No Content", kind="")
    opened.folder = tmp_path
    opened.replacer = SecretReplacer(b"a key of this test")
    yield opened
    for left in tmp_path.glob("*.warc.gz*"):
        left.unlink()


@pytest.fixture
def old_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chromium that does not know how to keep bodies."""
    an_old_chromium(monkeypatch)


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Torget, running."""
    with Platform() as running:
        yield running


@pytest.fixture
def account_on(platform: Platform) -> Callable[[str], Account]:
    """An account of the register whose page is HANDLE's on Torget."""

    def made(handle: str) -> Account:
        someone = Person(name="Exempla Provgren", title="Chef", email="e@ki.example", until=None)
        return Account(
            id=AccountId(handle.strip("_").replace("_", "-").lower()),
            platform=PlatformId("torget"),
            handle=handle,
            url=f"{platform.url}/@{handle}",
            name=handle,
            language="sv",
            purpose_sv="Prov",
            purpose_en="Test",
            unit="Provenheten",
            reach=Reach.UNIT,
            status=Status.ACTIVE,
            approving_manager=someone,
            approved_on=date(2025, 1, 1),
            director_approved_on=None,
            responsible=(someone,),
            registration_number="1-1/2025",
            opened_on=date(2025, 1, 1),
            wind_up_declared_on=None,
            closed_on=None,
            last_published_on=None,
        )

    return made
