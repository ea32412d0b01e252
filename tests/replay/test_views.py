"""Two views in one web archive: the desktop's is replayed as it was, the phone's pictures too."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import ViewportSize

from capture.exchange import Exchange
from capture.recording import Recording
from capture.second_view import Spool, join
from capture.secrets import SecretReplacer
from capture.warc import WarcFile
from storage.package import WARC, Page, write_package
from tests.capture.recording import answered
from tests.replay.test_replay import png, shown

SITE = "https://torget.example"
URL = f"{SITE}/@ki"
HTML = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>KI</title><h1>KI</h1><picture>
<source media="(max-width: 500px)" srcset="/phone.png"><img src="/desk.png" alt=""></picture>
<script>
for (const name of ["early", "late"]) fetch(`/${name}`).then(a => a.text()).then(text =>
  document.body.append(Object.assign(document.createElement("p"), {textContent: text})))
</script>"""
PHONE: ViewportSize = {"width": 390, "height": 844}


def two_views(parts: Path, at: datetime) -> None:
    """A page that asks for two things, one of them first as a phone."""

    def view(name: str, page: float, early: float, late: float) -> list[Exchange]:
        def after(seconds: float) -> datetime:
            return at + timedelta(seconds=seconds)

        return [
            answered(after(page), URL, "text/html; charset=utf-8", HTML.encode()),
            answered(after(page), f"{SITE}/{name}.png", "image/png", png("red")),
            answered(after(early), f"{SITE}/early", "text/plain", f"early as {name}".encode()),
            answered(after(late), f"{SITE}/late", "text/plain", f"late as {name}".encode()),
        ]

    path, secrets = parts / WARC, SecretReplacer(b"k")
    path.parent.mkdir(parents=True)
    warc = WarcFile(path, secrets, {})
    for exchange in view("desk", page=1, early=2, late=30):
        warc.write(exchange)
    warc.close()
    none = Recording(
        path=path,
        status="complete",
        records=0,
        bytes=0,
        requests_seen=0,
        not_recorded=(),
        faults=(),
        secrets_replaced=(),
        main=None,
    )
    with Spool(path) as spool:
        for exchange in view("phone", page=5, early=6, late=7):
            spool.write(exchange)
        first, second = asyncio.run(join(none, none, warc, spool, secrets))
    assert first.status == "complete", first.faults
    assert [url for url, _ in second.not_recorded] == [f"{SITE}/late"]


def test_the_desktop_is_replayed_as_it_was_and_the_phones_pictures_are_there(
    tmp_path: Path,
) -> None:
    """C27: what only a phone loads is seen in a window of its size."""
    at = datetime.now(UTC)
    two_views(tmp_path / "parts", at)
    wacz = tmp_path / "capture.wacz"
    write_package(
        tmp_path / "parts", wacz, page=Page(url=URL, title="KI", at=at), software="insyn test"
    )
    with shown(wacz, URL, at) as seen:
        seen.page.wait_for_function("() => document.querySelectorAll('p').length === 2")
        assert "early as desk" in seen.text
        assert "late as desk" in seen.text
        assert seen.images == {"desk.png": 40}
        seen.page.set_viewport_size(PHONE)
        [loaded] = seen.page.evaluate("""async () => {
          const image = document.querySelector('img');
          while (!image.currentSrc.includes('phone')) await new Promise(r => setTimeout(r, 20));
          await image.decode();
          return [image.naturalWidth] }""")
        assert loaded == 40
        assert seen.elsewhere == []
