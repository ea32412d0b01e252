"""A record is looked at again years later, in a player we did not write, without the net."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page as Shown
from playwright.sync_api import Route

from storage.package import Page, write_package
from tests.replay.browser import page_offline
from tests.replay.replay import replay
from tests.storage import warcs

SITE = "https://torget.example"
URL = f"{SITE}/@ki"

HTML = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>KI</title>
<link rel="stylesheet" href="/style.css">
<h1>Räksmörgås och forskningsinfrastruktur</h1>
<img src="/avatar.png" alt=""><img src="https://cdn.example/b.png" alt="">
<script src="/feed.js"></script>"""
CSS = 'h1 { color: rgb(79, 4, 51) } body { background: url("https://cdn.example/tile.png") }'
FEED = """for (const question of ["ett", "tva"])
  fetch("/graphql", {method: "POST", body: JSON.stringify({question}),
                     headers: {"Content-Type": "application/json"}})
    .then(answer => answer.json())
    .then(data => document.body.append(
      Object.assign(document.createElement("p"), {textContent: data.answer})))"""


@dataclass(kw_only=True)
class Seen:
    """The replayed page, and what it asked for that is not the player's."""

    page: Shown
    elsewhere: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    @property
    def images(self) -> dict[str, int]:
        """The natural width of each image by its file name."""
        widths: list[tuple[str, int]] = self.page.evaluate(
            "() => [...document.images].map(i => [i.src, i.naturalWidth])"
        )
        return {src.rpartition("/")[2]: width for src, width in widths}


@contextmanager
def shown(wacz: Path, url: str, at: datetime) -> Iterator[Seen]:
    """Replay a page of a package in a real browser; all that is not the player is refused."""
    with replay(wacz, wacz.parent / "player") as player, page_offline() as page:
        seen = Seen(page=page)
        host = urlsplit(player.base).netloc

        def refuse(route: Route) -> None:
            seen.elsewhere.append(route.request.url)
            route.abort()

        seen.page.route(lambda address: urlsplit(address).netloc != host, refuse)
        seen.page.goto(player.address(url, at), wait_until="load")
        yield seen


def read_down(page: Shown) -> None:
    """Scroll as a reader does, so that lazy images are asked for, and wait until they are there."""
    page.wait_for_selector("h1", timeout=10_000)
    for step in range(60):
        page.evaluate("step => window.scrollTo(0, step * 600)", step)
        page.wait_for_timeout(40)
    loaded = """() => [...document.images].filter(image => !image.hidden)
      .every(image => image.complete && image.src)"""
    page.wait_for_function(loaded, timeout=20_000)


def png(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


def by_hand(folder: Path, pictures: Sequence[str]) -> tuple[Path, datetime]:
    """A web archive of a page with style, pictures and two questions posted to one address."""

    def add(writer: warcs.Writer) -> None:
        # As the recorder keeps it: the body plain, the encoding it came in under another name.
        writer.response(
            URL, HTML.encode(), "text/html; charset=utf-8", X_Orig_Content_Encoding="gzip"
        )
        writer.response(f"{SITE}/style.css", CSS.encode(), "text/css", X_Orig_Content_Encoding="br")
        writer.response(f"{SITE}/feed.js", FEED.encode(), "text/javascript")
        if "avatar.png" in pictures:
            writer.response(f"{SITE}/avatar.png", png("red"), "image/png")
        if "b.png" in pictures:
            writer.response("https://cdn.example/b.png", png("blue"), "image/png")
        writer.response("https://cdn.example/tile.png", png("white"), "image/png")
        for question, answer in (("ett", "Första svaret"), ("tva", "Andra svaret")):
            body = json.dumps({"answer": answer}).encode()
            record = writer.response(f"{SITE}/graphql", body, "application/json")
            asked = json.dumps({"question": question}, separators=(",", ":")).encode()
            line = "POST /graphql HTTP/1.1"
            writer.request(f"{SITE}/graphql", line, asked, "application/json", record)

    warcs.write(folder / "parts" / "archive" / "data.warc.gz", add)
    at = datetime.now(UTC)
    wacz = folder / "capture.wacz"
    write_package(
        folder / "parts", wacz, page=Page(url=URL, title="KI", at=at), software="insyn test"
    )
    return wacz, at


def test_a_package_replays_with_text_style_pictures_and_what_was_posted(tmp_path: Path) -> None:
    """C27, C03: posted questions to one address each get their own answer."""
    wacz, at = by_hand(tmp_path, pictures=["avatar.png", "b.png"])
    with shown(wacz, URL, at) as seen:
        seen.page.wait_for_selector("text=Andra svaret", timeout=10_000)
        assert seen.page.inner_text("h1") == "Räksmörgås och forskningsinfrastruktur"
        assert "Första svaret" in seen.text
        assert seen.images == {"avatar.png": 40, "b.png": 40}
        colour = seen.page.evaluate("() => getComputedStyle(document.querySelector('h1')).color")
        assert colour == "rgb(79, 4, 51)"
        assert seen.elsewhere == []


def test_a_picture_that_was_not_recorded_is_seen_to_be_missing(tmp_path: Path) -> None:
    """The judge can fail, and the live web never fills a gap."""
    wacz, at = by_hand(tmp_path, pictures=["avatar.png"])
    with shown(wacz, URL, at) as seen:
        assert seen.page.inner_text("h1") == "Räksmörgås och forskningsinfrastruktur"
        assert seen.images == {"avatar.png": 40, "b.png": 0}
        assert seen.elsewhere == []
