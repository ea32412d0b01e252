"""What our own recorder kept plays in a player that is not ours, without the net."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from capture.browser import DESKTOP, open_browser, open_page
from capture.recorder import Recorder
from capture.secrets import SecretReplacer
from storage.package import WARC, Page, write_package
from storage.settings import Settings
from tests.capture.site import serving
from tests.capture.test_recorder_media import wav
from tests.replay.test_replay import shown

_SECONDS = 40
_PLAYS = """async () => {
  const sound = document.querySelector('audio');
  const once = name => new Promise((r, no) => {
    sound.addEventListener(name, r); sound.addEventListener('error', no) });
  if (sound.readyState < 1) await once('loadedmetadata');
  sound.currentTime = 35;
  await once('seeked');
  sound.muted = true;
  await sound.play();
  if (sound.currentTime < 35.2) await once('timeupdate');
  return [sound.duration, sound.currentTime];
}"""


async def _record(folder: Path) -> str:
    settings = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
    async with serving() as site, open_browser(settings) as browser:
        site.body("/sound.wav", wav(_SECONDS), kind="audio/wav", headers=[b"Accept-Ranges: bytes"])
        site.page("/", "<h1>Radio</h1><audio src=/sound.wav preload=auto></audio>")
        async with open_page(browser, DESKTOP) as page:
            recorder = await Recorder.start(page, folder / WARC, secrets=SecretReplacer(b"k"))
            await page.goto(site.url)
            await page.wait_for_function("document.querySelector('audio').readyState > 0")
            made = await recorder.stop()
        assert made.status == "complete", made.faults
        return f"{site.url}/"


def test_a_sound_that_was_recorded_plays_and_can_be_wound_on(tmp_path: Path) -> None:
    """C14, C27"""
    parts = tmp_path / "parts"
    (parts / "archive").mkdir(parents=True)
    at = datetime.now(UTC)
    url = asyncio.run(_record(parts))
    wacz = tmp_path / "capture.wacz"
    page = Page(url=url, title="Radio", at=at)
    write_package(parts, wacz, page=page, software="insyn test")
    with shown(wacz, url, at) as seen:
        duration, reached = seen.page.evaluate(_PLAYS)
        assert duration == _SECONDS
        assert reached > 35
        assert seen.elsewhere == []
