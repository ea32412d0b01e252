"""Chromium is found, started, made alike, kept out of private networks, and always ended."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from capture.addresses import is_public
from capture.browser import (
    DESKTOP,
    FLAGS,
    MOBILE,
    BrowserError,
    find_chromium,
    open_browser,
    open_page,
)
from capture.errors import AddressRefused, BrowserBroken, BrowserMissing, NotSoftware
from capture.guard import guard_addresses
from storage.record import Viewport
from storage.settings import Settings
from tests.capture.conftest import Stage
from tests.capture.site import Asked, Wire
from tests.chromiums import BY_GRAPHICS_CARD

ROOT = Path(__file__).parents[2]


def test_a_configured_browser_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserMissing, match="INSYN_CHROMIUM"):
        find_chromium(tmp_path / "chromium")


def test_no_browser_at_all_tells_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.browser._NAMES", ("no-such-chromium",))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(BrowserMissing, match="apt-get install chromium"):
        find_chromium(None)


def test_a_program_that_is_no_browser_is_told(stage: Stage) -> None:
    settings = replace(stage.settings, chromium=Path("/bin/false"))

    async def start() -> None:
        async with open_browser(settings):
            pass

    with pytest.raises(BrowserBroken, match="insyn doctor"):
        stage.run(start())


@pytest.mark.parametrize("view", [DESKTOP, MOBILE])
def test_a_page_is_swedish_still_and_of_its_size(stage: Stage, view: Viewport) -> None:
    stage.site.page("/", '<meta name=viewport content="width=device-width">')

    async def look() -> list[object]:
        async with open_page(stage.browser, view) as page:
            await page.goto(stage.site.url)
            told: list[object] = await page.evaluate(
                """[innerWidth, innerHeight, devicePixelRatio, navigator.language,
                Intl.DateTimeFormat().resolvedOptions().timeZone,
                matchMedia('(prefers-reduced-motion: reduce)').matches,
                /Mobile/.test(navigator.userAgent), matchMedia('(pointer: coarse)').matches]"""
            )
            return told

    mobile = view is MOBILE
    assert stage.run(look()) == [
        view.width,
        view.height,
        view.ratio,
        "sv-SE",
        "Europe/Stockholm",
        True,
        mobile,
        mobile,
    ]


def test_popups_dialogs_and_permissions_are_refused(stage: Stage) -> None:
    stage.site.page(
        "/",
        """<button onclick="open('/popup'); location.hash = confirm('Vill du?')">b</button>""",
    )

    async def look() -> tuple[str, int, str]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(stage.site.url)
            await page.click("button")
            await asyncio.sleep(0.5)
            state: str = await page.evaluate(
                "navigator.permissions.query({name: 'geolocation'}).then(p => p.state)"
            )
            return page.url.rpartition("#")[2], len(page.context.pages), state

    assert stage.run(look()) == ("false", 1, "denied")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:801::1", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_only_public_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:9/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "data:text/html,hej",
        "http://user@10.0.0.1/",
    ],
)
def test_a_private_address_is_never_navigated_to(stage: Stage, url: str) -> None:
    strict = replace(stage.settings, allow_private=False)

    async def visit() -> None:
        async with open_page(stage.browser, DESKTOP) as page:
            guard = await guard_addresses(page, strict)
            with pytest.raises(AddressRefused):
                await guard.goto(url, 5)
            assert page.url == "about:blank"

    stage.run(visit())


def test_a_redirect_into_a_private_network_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name resolves to a public address when asked, and to loopback in the browser."""

    async def public(_: str) -> list[str]:
        return ["93.184.215.14"]

    @stage.site.route("/hop")
    async def hop(_: Asked, wire: Wire) -> None:
        await wire.answer(status="302 Found", headers=[b"Location: /inner"])

    stage.site.page("/inner", "inre")
    monkeypatch.setattr("capture.guard.resolve", public)
    strict = replace(stage.settings, allow_private=False)

    async def visit() -> None:
        async with open_page(stage.browser, DESKTOP) as page:
            guard = await guard_addresses(page, strict)
            with pytest.raises(AddressRefused, match=r"answered from 127\.0\.0\.1"):
                await guard.goto(f"{stage.site.url}/hop", 5)

    stage.run(visit())


def test_pages_are_painted_in_software(stage: Stage) -> None:
    """C33: with GL a tall picture begins again from its top at 8,192 px (measured)."""

    async def told() -> dict[str, str]:
        session = await stage.browser.new_browser_cdp_session()
        info = await session.send("SystemInfo.getInfo")
        return {name: info["gpu"]["featureStatus"][name] for name in PAINTING}

    assert stage.run(told()) == dict.fromkeys(PAINTING, "disabled_software")


def test_a_chromium_that_paints_otherwise_is_refused_at_its_start(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C33"""
    monkeypatch.setattr("capture.browser.FLAGS", BY_GRAPHICS_CARD)

    async def started() -> None:
        async with open_browser(stage.settings):
            pytest.fail("it was let through")

    before = {p.pid for p in psutil.Process().children(recursive=True)}
    with pytest.raises(NotSoftware, match="gpu_compositing: enabled"):
        stage.run(started())
    assert {p.pid for p in psutil.Process().children(recursive=True)} <= before


PAINTING = ("gpu_compositing", "rasterization")
INWARD = (
    '<img src="{0}/img"><iframe src="{0}/frame"></iframe><script>fetch("{0}/fetch");'
    'new WebSocket("{0}/ws".replace("http", "ws"));new Worker("{0}/worker")</script>'
)


def test_a_public_page_asks_nothing_of_a_private_network(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CAPTURE: pictures, frames, scripts' requests; the page counts as public, its target not."""
    reached: list[bytes] = []

    async def inner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if line := await reader.readline():  # a connection is opened and dropped
            reached.append(line)
        writer.close()

    async def visit(public: bool) -> None:
        server = await asyncio.start_server(inner, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        stage.site.page("/", INWARD.format(f"http://127.0.0.1:{port}"))
        address = stage.site.url.removeprefix("http://")
        counts = f"--ip-address-space-overrides={address}=public"
        monkeypatch.setattr("capture.browser.FLAGS", (*FLAGS, counts) if public else FLAGS)
        async with (
            server,
            open_browser(stage.settings) as browser,
            open_page(browser, DESKTOP) as page,
        ):
            await page.goto(f"{stage.site.url}/")
            await page.wait_for_timeout(1000)

    stage.run(visit(public=False))
    assert {line.split()[1] for line in reached} >= {b"/img", b"/frame", b"/fetch"}
    reached.clear()
    stage.run(visit(public=True))
    assert reached == []


def test_an_answer_from_a_private_network_is_noticed_in_any_part(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the browser to let a frame or picture in, there would be no record of the visit."""
    outside = asyncio.Event()
    monkeypatch.setattr("capture.guard.is_public", lambda _: not outside.is_set())
    stage.site.page("/", "<img src=/picture>")

    @stage.site.route("/picture")
    async def picture(_: Asked, wire: Wire) -> None:
        await outside.wait()
        await wire.answer(b"", kind="image/png")

    strict = replace(stage.settings, allow_private=False)

    async def public(_: str) -> list[str]:
        return ["93.184.215.14"]

    monkeypatch.setattr("capture.guard.resolve", public)

    async def visit() -> None:
        async with open_page(stage.browser, DESKTOP) as page:
            guard = await guard_addresses(page, strict)
            await guard.goto(f"{stage.site.url}/", 5)
            outside.set()
            await page.wait_for_load_state("networkidle")
            with pytest.raises(AddressRefused, match="/picture is answered from"):
                guard.raise_if_refused()

    stage.run(visit())


def test_a_guard_that_allows_private_addresses_lets_the_demo_through(stage: Stage) -> None:
    stage.site.page("/", "Hej")

    async def visit() -> int | None:
        async with open_page(stage.browser, DESKTOP) as page:
            guard = await guard_addresses(page, stage.settings)
            answer = await guard.goto(stage.site.url, 5)
            return answer and answer.status

    assert stage.run(visit()) == 200


def test_a_cancelled_visit_leaves_no_browser_behind(stage: Stage) -> None:
    before = _below(os.getpid())
    begun: list[psutil.Process] = []
    open_now = asyncio.Event()

    async def visit() -> None:
        async with open_browser(stage.settings) as browser, open_page(browser, DESKTOP):
            begun.extend(p for p in _below(os.getpid()) if p not in before)
            open_now.set()
            await asyncio.sleep(60)

    async def cut() -> None:
        visiting = asyncio.create_task(visit())
        await open_now.wait()
        visiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await visiting

    stage.run(cut())
    assert len(begun) > 2
    assert _gone(begun)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_capture_leaves_a_readable_part_and_no_process(
    stage: Stage, how: signal.Signals
) -> None:
    """C23"""
    from tests.capture import warcs

    stage.site.page("/", "<p>Hej</p>")
    begun: list[psutil.Process] = []
    program = f"""
import asyncio
from pathlib import Path
from capture.browser import DESKTOP, open_browser, open_page
from capture.recorder import Recorder
from capture.secrets import SecretReplacer
from storage.settings import Settings

async def main():
    settings = Settings.from_environment({{"INSYN_ALLOW_PRIVATE": "yes"}})
    async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
        await Recorder.start(
            page, Path({str(stage.folder / "t.warc.gz")!r}), secrets=SecretReplacer(b"k"))
        await page.goto({stage.site.url!r})
        await asyncio.sleep(0.5)
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""

    async def run() -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        assert await asyncio.wait_for(child.stdout.readline(), 30) == b"ready\n"
        begun.extend(_below(child.pid))
        os.kill(child.pid, how)
        await child.wait()

    stage.run(run())
    part = stage.folder / "t.warc.gz.part"
    warcs.check(part)
    assert warcs.responses(part, f"{stage.site.url}/")
    assert not (stage.folder / "t.warc.gz").exists()
    assert len(begun) > 2
    assert _gone(begun)


def test_a_browser_error_is_what_the_package_catches(stage: Stage) -> None:
    async def visit() -> None:
        async with open_page(stage.browser, DESKTOP) as page:
            with pytest.raises(BrowserError):
                await page.goto("http://127.0.0.1:1/")

    stage.run(visit())


def _below(pid: int) -> list[psutil.Process]:
    """A process's descendants."""
    return psutil.Process(pid).children(recursive=True)


def _gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=10)
    return all(p.status() == psutil.STATUS_ZOMBIE for p in alive if p.is_running())


def test_settings_without_private_addresses_are_the_default() -> None:
    assert Settings.from_environment({}).allow_private is False
