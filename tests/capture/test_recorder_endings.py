"""Recordings that never begin, or end otherwise than they should."""

import asyncio
import resource

import pytest

from capture.browser import DESKTOP, Page, open_browser, open_page
from capture.errors import RecorderUnavailable
from capture.recorder import Recorder, Recording
from capture.refusal import Stopped, whole
from capture.walls import Verdict
from storage.web_archive_check import check_warc
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script
from tests.capture.site import noise


@pytest.mark.usefixtures("old_chromium")
def test_without_durable_messages_recording_is_refused_and_the_page_lives(stage: Stage) -> None:
    """C01"""
    stage.site.page("/", "<h1>Hej</h1>")

    async def visit() -> bytes:
        async with open_page(stage.browser, DESKTOP) as page:
            with pytest.raises(RecorderUnavailable, match="Install Chromium"):
                await Recorder.start(page, stage.folder / "t.warc.gz", secrets=stage.replacer)
            await page.goto(stage.site.url)
            return await page.screenshot()

    assert stage.run(visit()).startswith(b"\x89PNG")
    assert not list(stage.folder.iterdir())


def test_a_crashed_renderer_leaves_what_was_recorded(stage: Stage) -> None:
    """C23"""
    stage.site.page("/", "Hej")

    async def act(page: Page, _: Recorder) -> None:
        session = await page.context.new_cdp_session(page)
        crash = asyncio.create_task(session.send("Page.crash"))
        await asyncio.sleep(0.5)
        crash.cancel()
        await asyncio.gather(crash, return_exceptions=True)

    made, path = recorded(stage, act, deadline_s=3)
    assert warcs.responses(path, f"{stage.site.url}/")
    assert made.status in ("complete", "partial")


def test_a_browser_that_is_gone_gives_a_partial_recording(stage: Stage) -> None:
    """C23"""
    stage.site.page("/", "Hej")

    async def visit() -> Recording:
        async with open_browser(stage.settings) as browser, open_page(browser, DESKTOP) as page:
            recorder = await Recorder.start(
                page, stage.folder / "t.warc.gz", secrets=stage.replacer
            )
            await page.goto(stage.site.url)
            await asyncio.sleep(0.3)
            await browser.close()
            return await recorder.stop(3)

    made = stage.run(visit())
    assert made.status == "partial"
    assert made.path is not None
    warcs.check(made.path)
    assert warcs.responses(made.path, f"{stage.site.url}/")


def test_a_full_disk_makes_it_partial_and_leaves_no_torn_record(stage: Stage) -> None:
    """C23"""
    stage.site.body("/big", noise(200_000), kind="application/octet-stream")
    stage.site.page("/", script("await (await fetch('/big')).blob()"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def act(page: Page, _: Recorder) -> None:
        await asyncio.sleep(0.3)

    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        made = stage.record(act)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert made.status == "partial"
    assert any("/big" in fault for fault in made.faults)
    assert made.path is not None
    warcs.check(made.path)
    assert len(warcs.read(made.path)) == made.records


def test_a_recording_that_cannot_be_closed_is_no_web_archive_and_ends_in_a_gap(
    stage: Stage,
) -> None:
    """C23: what was written stays a `.part`; the reason is told."""
    stage.site.page("/", "Hej")
    in_the_way = stage.folder / "traffic.warc.gz"

    async def act(_: Page, __: Recorder) -> None:
        in_the_way.mkdir()

    made = stage.record(act)
    in_the_way.rmdir()
    assert (made.path, made.status, made.bytes) == (None, "partial", 0)
    with pytest.raises(Stopped) as stopped:
        whole(made)
    assert stopped.value.judgement.verdict is Verdict.PARTIAL
    assert "could not be closed" in stopped.value.judgement.evidence[0]
    assert (stage.folder / "traffic.warc.gz.part").exists()


def test_a_file_cut_in_a_record_is_found_though_warcio_finds_nothing(stage: Stage) -> None:
    """C24"""
    stage.site.page("/", "<p>Hej</p>" * 500)
    _, path = recorded(stage)
    whole = path.read_bytes()

    def found() -> list[str]:
        with path.open("rb") as stream:
            return [f"{one.code} {one.en}" for one in check_warc(stream)]

    assert found() == []
    path.write_bytes(whole[:-40])
    warcs.check(path)
    assert "the last compressed record is cut off" in found()[0]
    path.write_bytes(whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:])
    assert "incorrect data check" in found()[0]


def test_a_page_that_goes_elsewhere_leaves_both_in_the_recording(stage: Stage) -> None:
    """C23: the document that is shown last is the main one."""
    stage.site.page("/", "<p>Först</p>")
    stage.site.page("/sedan", "<p>Sedan</p><img src=/bild>")
    stage.site.body("/bild", noise(500), kind="image/png")

    async def act(page: Page, _: Recorder) -> None:
        await page.evaluate("() => setTimeout(() => location.assign('/sedan'), 0)")
        await page.wait_for_url("**/sedan", wait_until="load")

    made, path = recorded(stage, act)
    assert made.status == "complete", made.faults
    for name, said in (("/", "Först"), ("/sedan", "Sedan")):
        (kept,) = warcs.responses(path, stage.site.url + name)
        assert said in kept.body.decode()
    assert warcs.responses(path, f"{stage.site.url}/bild")[0].body == noise(500)
    assert made.main is not None
    assert made.main.url == f"{stage.site.url}/sedan"
