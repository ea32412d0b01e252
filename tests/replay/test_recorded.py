"""What our own recorder kept plays in a player that is not ours, without the net."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from capture.browser import DESKTOP, Browser, open_browser, open_page
from capture.recorder import Recorder
from capture.secrets import SecretReplacer
from storage.package import WARC, Page, write_package
from storage.settings import Settings
from tests.capture import warcs
from tests.capture.film import SECONDS as FILM_SECONDS
from tests.capture.film import film
from tests.capture.site import Site, serving
from tests.capture.test_recorder_media import wav
from tests.replay.test_replay import Seen, shown

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


_FILM_PLAYS = """async () => {
  const film = document.querySelector('video'), seen = [];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 240];
  const drawn = canvas.getContext('2d', {willReadFrequently: true});
  film.muted = true;
  await film.play();
  while (!film.ended) {
    drawn.drawImage(film, 0, 0);
    seen.push([...drawn.getImageData(80, 120, 1, 1).data.slice(0, 3)]);
    await new Promise(r => setTimeout(r, 100));
  }
  return [film.videoWidth, film.videoHeight, film.currentTime, seen];
}"""
_PART = 150_000
"""Bytes that the site gives of the film at a time."""


async def _record(folder: Path, fill: Callable[[Browser, Site], Awaitable[str]]) -> str:
    """Record a page of our own that plays `fill`'s medium; gives its address."""
    settings = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
    async with serving() as site, open_browser(settings) as browser:
        ready = await fill(browser, site)
        async with open_page(browser, DESKTOP) as page:
            recorder = await Recorder.start(page, folder / WARC, secrets=SecretReplacer(b"k"))
            await page.goto(site.url)
            await page.wait_for_function(ready)
            made = await recorder.stop()
        assert made.status == "complete", made.faults
        return f"{site.url}/"


def _replayed(
    folder: Path, fill: Callable[[Browser, Site], Awaitable[str]]
) -> AbstractContextManager[Seen]:
    parts, at = folder / "parts", datetime.now(UTC)
    (parts / "archive").mkdir(parents=True)
    url = asyncio.run(_record(parts, fill))
    wacz = folder / "capture.wacz"
    write_package(parts, wacz, page=Page(url=url, title="Radio", at=at), software="insyn test")
    return shown(wacz, url, at)


def test_a_sound_that_was_recorded_plays_and_can_be_wound_on(tmp_path: Path) -> None:
    """C14, C27"""

    async def sound(_: Browser, site: Site) -> str:
        site.ranged("/sound.wav", wav(_SECONDS), "audio/wav")
        site.page("/", "<h1>Radio</h1><audio src=/sound.wav preload=auto></audio>")
        return "document.querySelector('audio').readyState > 0"

    with _replayed(tmp_path, sound) as seen:
        duration, reached = seen.page.evaluate(_PLAYS)
        assert duration == _SECONDS
        assert reached > 35
        assert seen.elsewhere == []


def test_a_film_that_was_recorded_in_parts_plays_to_its_end(tmp_path: Path) -> None:
    """C14, C27: it is in the web archive once and whole, and a player paints all of it."""
    made, where = b"", Site()

    async def moving(browser: Browser, site: Site) -> str:
        nonlocal made, where
        where, made = site, await film(browser)
        site.ranged("/film.webm", made, "video/webm", most=_PART)
        site.page("/", "<h1>Film</h1><video src=/film.webm preload=auto muted autoplay></video>")
        return "document.querySelector('video').ended"

    with _replayed(tmp_path, moving) as seen:
        width, height, reached, colours = seen.page.evaluate(_FILM_PLAYS)
        assert (width, height) == (320, 240)
        assert reached > FILM_SECONDS * 0.8
        first, last = colours[0], colours[-1]
        assert (first[0] > 200, first[2] < 60) == (True, True), "red"
        assert (last[0] < 60, last[2] > 200) == (True, True), "blue"
        assert seen.elsewhere == []
    [kept] = warcs.responses(tmp_path / "parts" / WARC, f"{where.url}/film.webm")
    assert (kept.status, kept.body) == ("200 OK", made)
    assert sum("range" in asked.headers for asked in where.asked("/film.webm")) > len(made) / _PART
