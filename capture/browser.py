"""The one door to Playwright: Chromium's flags, and pages made alike.

Other modules take their Playwright types from here. Knows nothing of records, recipes or verdicts.
"""

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ElementHandle,
    Frame,
    JSHandle,
    Locator,
    Page,
    Request,
    Response,
    Route,
    Worker,
    async_playwright,
)
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeout

from capture.allocator import share_arenas
from capture.errors import BrowserBroken, BrowserMissing, NotSoftware
from storage.record import Viewport
from storage.settings import Settings

__all__ = [
    "DESKTOP",
    "LOCALE",
    "MOBILE",
    "TIMEZONE",
    "Browser",
    "BrowserContext",
    "BrowserError",
    "BrowserTimeout",
    "CDPSession",
    "ElementHandle",
    "Frame",
    "JSHandle",
    "Locator",
    "Page",
    "Request",
    "Response",
    "Route",
    "Worker",
    "add_page",
    "find_chromium",
    "first_line",
    "is_over",
    "open_browser",
    "open_context",
    "open_page",
]

DESKTOP = Viewport(name="desktop", width=1280, height=900, ratio=1)
MOBILE = Viewport(name="mobile", width=390, height=844, ratio=2)
LOCALE = "sv-SE"
TIMEZONE = "Europe/Stockholm"

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CLOSE_SECONDS = 10
_PAINTING = ("gpu_compositing", "rasterization")
_IN_SOFTWARE = ("disabled", "unavailable")

_DISABLED_FEATURES = (
    "IsolateOrigins",
    "site-per-process",
    # The last --disable-features wins, so those that Playwright 1.65 sets are repeated here.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    # The address bar's own pages, 1.5 s of CPU in each browser (measured on Chromium 156).
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(_DISABLED_FEATURES)}",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
"""CAPTURE.md; cross-site frames stay in the page's own process, where the recorder sees them."""


def find_chromium(configured: Path | None) -> Path:
    """The program to start: the setting, else the one on PATH, else Playwright's own.

    Raises:
        BrowserMissing: naming the places and what to install.
    """
    if configured is not None:
        if os.access(configured, os.X_OK) and configured.is_file():
            return configured
        raise BrowserMissing(
            f"INSYN_CHROMIUM={configured}: there is no such program. Correct the setting, or "
            "empty it to use the installed Chromium."
        )
    for name in _NAMES:
        if found := shutil.which(name, path=f"/usr/bin{os.pathsep}{os.environ.get('PATH', '')}"):
            return Path(found)
    if own := _playwrights_own():
        return own
    raise BrowserMissing(
        f"No Chromium was found ({', '.join(_NAMES)} on PATH, or Playwright's own). Install one: "
        "`apt-get install chromium fonts-noto-core fonts-noto-color-emoji`, or "
        "`playwright install chromium`."
    )


def _playwrights_own() -> Path | None:
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser()
    found = [
        path
        for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/*/*/*")
        for path in home.glob(pattern)
        if os.access(path, os.X_OK)
    ]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


@asynccontextmanager
async def open_browser(settings: Settings, *, window: bool = False) -> AsyncIterator[Browser]:
    """A Chromium, closed with all its processes when the block is left; headless without `window`.

    Raises:
        BrowserMissing: no Chromium is installed.
        BrowserBroken: it does not start.
        NotSoftware: it paints otherwise than in software; one with a `window` may.
    """
    share_arenas()
    program = find_chromium(settings.chromium)
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(
                executable_path=program,
                args=list(FLAGS),
                chromium_sandbox=os.geteuid() != 0,
                headless=not window,
            )
        except BrowserError as error:
            if window and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
                raise BrowserBroken(
                    "A browser with a window needs a screen, and there is none here (DISPLAY). "
                    "Run this where somebody can sign in."
                ) from error
            raise BrowserBroken(
                f"{program} does not start: {error.message}. Run `insyn doctor`."
            ) from error
        running = await _running(browser)
        profile = _profile_of(running)
        try:
            if not window:
                _assert_software(running, program)
            yield browser
        finally:
            with suppress(BrowserError, TimeoutError):
                await asyncio.wait_for(browser.close(), _CLOSE_SECONDS)
            if profile:
                await asyncio.to_thread(_remove, profile)


async def _running(browser: Browser) -> Mapping[str, Any]:
    """How this Chromium runs: its command line, and what paints."""
    session = await browser.new_browser_cdp_session()
    told: dict[str, Any] = await session.send("SystemInfo.getInfo")
    await session.detach()
    return told


def _assert_software(running: Mapping[str, Any], program: Path) -> None:
    status = running["gpu"].get("featureStatus", {})
    told = {name: str(status.get(name, "not told")) for name in _PAINTING}
    if not all(how.startswith(_IN_SOFTWARE) for how in told.values()):
        how = ", ".join(f"{name}: {how}" for name, how in told.items())
        raise NotSoftware(
            f"{program} does not paint in software ({how}), so that tall pictures would be wrong "
            "without an error. Take away what turns the graphics card on: flags in "
            "/etc/chromium.d or in a script that stands in for Chromium."
        )


def _profile_of(running: Mapping[str, Any]) -> Path | None:
    """The folder in which this Chromium keeps cookies and cache while it runs."""
    found = re.search(r"--user-data-dir=(.+?)(?= --|$)", running["commandLine"])
    return Path(found[1]) if found else None


def _remove(profile: Path) -> None:
    """Playwright does so, but not when the browser was killed and its helpers still write."""
    end = time.monotonic() + _CLOSE_SECONDS
    while profile.exists() and time.monotonic() < end:
        shutil.rmtree(profile, ignore_errors=True)


@asynccontextmanager
async def open_page(
    browser: Browser, view: Viewport, *, state: Mapping[str, Any] | None = None
) -> AsyncIterator[Page]:
    """A page in a fresh context: Swedish, still, without downloads, permissions or popups.

    Dialogs are dismissed (Playwright's way when nobody listens). A login's `state` is given to it
    and never read back.
    """
    context = await browser.new_context(**_context_options(browser, view, state))
    try:
        page = await context.new_page()
        context.on("page", _close_popup)
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        # Blocking service workers hangs a page that awaits serviceWorker.ready (RECORDER.md).
        await session.send("Network.setBypassServiceWorker", {"bypass": True})
        yield page
    finally:
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(context.close(), _CLOSE_SECONDS)


@asynccontextmanager
async def open_context(
    browser: Browser, view: Viewport, *, state: Mapping[str, Any] | None = None
) -> AsyncIterator[BrowserContext]:
    """A fresh context like a page's own, for several pages of one visitor (`add_page`)."""
    context = await browser.new_context(**_context_options(browser, view, state))
    try:
        yield context
    finally:
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(context.close(), _CLOSE_SECONDS)


@asynccontextmanager
async def add_page(context: BrowserContext) -> AsyncIterator[Page]:
    """One more page of a context, without cache, so that what it shows is asked for anew."""
    page = await context.new_page()
    try:
        page.on("popup", _close_popup)
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        await session.send("Network.setBypassServiceWorker", {"bypass": True})
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield page
    finally:
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(page.close(), _CLOSE_SECONDS)


def _context_options(
    browser: Browser, view: Viewport, state: Mapping[str, Any] | None
) -> dict[str, Any]:
    mobile = view.name == MOBILE.name
    options: dict[str, Any] = {
        "viewport": {"width": view.width, "height": view.height},
        "device_scale_factor": view.ratio,
        "is_mobile": mobile,
        "has_touch": mobile,
        "locale": LOCALE,
        "timezone_id": TIMEZONE,
        "reduced_motion": "reduce",
        "color_scheme": "light",
        "accept_downloads": False,
        "permissions": [],
    }
    if mobile:
        options["user_agent"] = (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{browser.version.split('.')[0]}.0.0.0 Mobile Safari/537.36"
        )
    if state is not None:
        options["storage_state"] = dict(state)
    return options


_OVER = re.compile(
    r"crashed|has been closed|Connection closed|context was destroyed|was detached|Target closed"
)
"""How Playwright says it, for it has no class of errors for it."""


def is_over(error: BrowserError) -> bool:
    """Whether what was asked is no more: its page crashed, went elsewhere, or the browser died."""
    return _OVER.search(error.message) is not None


def first_line(error: BrowserError) -> str:
    """What went wrong, without Playwright's call log."""
    return error.message.splitlines()[0]


async def _close_popup(page: Page) -> None:
    with suppress(BrowserError):
        await page.close()
