"""A phone's view in the web archive of the desktop's: all of it, and nothing in its place."""

import json
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from capture.exchange import Exchange
from capture.recipe import load_recipes
from capture.recording import Recording
from capture.second_view import Spool, join
from capture.visit import Visit, visit
from capture.warc import WarcFile
from storage.package import WARC
from storage.web_archive_check import check_warc
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import PNG, answered
from tests.capture.site import Asked, Wire, noise

GENERIC = load_recipes().recipe_for("generic")
NOON = datetime(2026, 11, 29, 12, 0, 0, 900_000, tzinfo=UTC)
URL = "https://www.ki.example/api?b=2&a=1"


def exchange(body: bytes, seconds: float, **other: object) -> Exchange:
    """What was answered so many seconds after noon."""
    made = answered(NOON + timedelta(seconds=seconds), URL, "text/plain", body)
    return replace(made, **other)  # type: ignore[arg-type]


def none_yet(path: Path | None) -> Recording:
    return Recording(
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


@pytest.fixture
def joined(stage: Stage) -> Callable[..., tuple[Path, Recording, Recording]]:
    def made(desktop: list[Exchange], phone: list[Exchange]) -> tuple[Path, Recording, Recording]:
        path = stage.folder / "traffic.warc.gz"
        warc = WarcFile(path, stage.replacer, {})
        for one in desktop:
            warc.write(one)
        warc.close()
        with Spool(path) as spool:
            for one in phone:
                spool.write(one)
            joining = join(none_yet(path), none_yet(path), warc, spool, stage.replacer)
            first, second = stage.run(joining)
        warcs.check(path)
        return path, first, second

    return made


Joined = Callable[..., tuple[Path, Recording, Recording]]


def test_what_both_views_were_answered_alike_is_a_revisit(joined: Joined) -> None:
    """C19: before or after; its body is kept once."""
    path, first, second = joined(
        [exchange(b"same", 5)],
        [exchange(b"same", 1), exchange(b"same", 9), exchange(b"same", 9, url=f"{URL}&size=2")],
    )
    [kept] = warcs.responses(path)
    again = warcs.revisits(path)
    assert [r.fields["WARC-Refers-To-Date"] for r in again] == [kept.fields["WARC-Date"]] * 3
    assert [r.url for r in again] == [URL, URL, f"{URL}&size=2"]
    assert (first.status, first.records) == ("complete", len(warcs.read(path)))
    assert (second.records, second.not_recorded) == (6, ())


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ({"seconds": 9}, True),
        ({"seconds": 1}, False),
        ({"seconds": 5.09}, False),  # the same second: a player could not tell
        ({"seconds": 1, "url": "https://ki.example/api?a=1&b=2"}, False),  # to a player the same
        ({"seconds": 1, "url": "https://m.ki.example/api?b=2&a=1"}, True),
        ({"seconds": 1, "method": "POST", "post": b"q=1"}, True),
    ],
)
def test_what_a_player_would_give_to_the_desktop_is_left_out_and_named(
    joined: Joined, other: dict[str, object], kept: bool
) -> None:
    """C27: of one address, a player gives the answer that came first after the page was opened."""
    path, first, second = joined([exchange(b"desk", 5)], [exchange(b"phone", **other)])
    assert [r.body for r in warcs.responses(path)] == [b"desk", b"phone"][: 1 + kept]
    assert [url for url, _ in second.not_recorded] == ([] if kept else [other.get("url", URL)])
    assert first.not_recorded == ()


def test_another_redirect_of_the_same_address_is_another_answer(joined: Joined) -> None:
    def led_to(where: str, seconds: float) -> Exchange:
        headers = [("Location", where)]
        return exchange(b"", seconds, status=302, response_headers=headers)

    path, _, second = joined([led_to("/a", 5)], [led_to("/m", 1), led_to("/a", 2)])
    assert [r.header("location") for r in warcs.responses(path)] == ["/a", "/a"]
    assert [url for url, _ in second.not_recorded] == [URL]


def test_what_repeats_an_answer_that_was_left_out_is_left_out_with_it(joined: Joined) -> None:
    """C07"""
    unchanged = exchange(b"", 7, status=304)
    path, _, second = joined([exchange(b"desk", 5)], [exchange(b"phone", 1), unchanged])
    assert len(warcs.responses(path)) + len(warcs.revisits(path)) == 1
    assert [url for url, _ in second.not_recorded] == [URL, URL]
    path, _, second = joined([exchange(b"desk", 5)], [exchange(b"desk", 1), unchanged])
    assert len(warcs.revisits(path)) == 2
    assert second.not_recorded == ()


def test_a_secret_of_the_phone_is_taken_out_of_what_the_desktop_had_written(
    stage: Stage, joined: Joined
) -> None:
    """C10"""
    secret = "hemlig-nyckel-0123456789"
    cookie = [("Cookie", f"session={secret}")]
    path, _, _ = joined(
        [exchange(f"the desktop saw {secret}".encode(), 1)],
        [exchange(b"phone", 5, url="https://m.ki.example/", request_headers=cookie)],
    )
    assert stage.replacer.known
    assert secret not in "".join(str(kept) for kept in warcs.read(path))
    with path.open("rb") as stream:
        assert list(check_warc(stream)) == []


def test_a_full_disk_leaves_what_the_desktop_had(stage: Stage) -> None:
    """C23"""
    path = stage.folder / "traffic.warc.gz"
    warc = WarcFile(path, stage.replacer, {})
    warc.write(exchange(b"desk", 5))
    warc.close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Spool(path) as spool:
        spool.write(exchange(noise(300_000), 9, url=f"{URL}&big"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
        try:
            joining = join(none_yet(path), none_yet(path), warc, spool, stage.replacer)
            first, _ = stage.run(joining)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (first.path, first.status) == (path, "partial")
    assert "could not be written to its end" in first.faults[0]
    warcs.check(path)
    assert [r.body for r in warcs.responses(path)] == [b"desk"]


PAGE = """<title>KI</title><main><h1>KI</h1>
<img srcset="/small.png 1x, /large.png 2x" src=/small.png width=40 height=40>
<article><time datetime=2026-11-01>1 nov</time><p>Inlägg om sömn.</p></article></main>
<script>fetch('/feed').then(r => r.text()).then(t => document.querySelector('p').append(t))</script>
"""


def is_phone(asked: Asked) -> bool:
    return "Mobile" in asked.headers["user-agent"]


def test_what_only_the_phone_asks_for_is_recorded(stage: Stage) -> None:
    """C10, C28: every answer that the site gave stands in one web archive, secrets replaced; the
    desktop's first.
    """
    answered: Counter[str] = Counter()

    @stage.site.route("/")
    async def page(asked: Asked, wire: Wire) -> None:
        secret = f"phone-secret-{noise(8).hex()}" if is_phone(asked) else "desk"
        cookie = f"Set-Cookie: session={secret}; HttpOnly".encode()
        await wire.answer(f"<!doctype html><meta charset=utf-8>{PAGE}".encode(), headers=[cookie])

    @stage.site.route("/feed")
    async def feed(asked: Asked, wire: Wire) -> None:
        await wire.answer(b"on a phone" if is_phone(asked) else b"on a desk", kind="text/plain")

    for name in ("/small.png", "/large.png"):
        stage.site.body(name, PNG + name.encode(), kind="image/png")
    settings = replace(stage.settings, capture_seconds=60)
    made = stage.run(visit(f"{stage.site.url}/", GENERIC, settings, stage.folder))
    assert isinstance(made, Visit), made
    path = stage.folder / WARC
    warcs.check(path)
    answered.update(asked.path for asked in stage.site.got)
    kept = Counter(k.url for k in warcs.read(path) if k.kind in ("response", "revisit"))
    assert kept == {f"{stage.site.url}{name}": count for name, count in answered.items()}
    assert kept[f"{stage.site.url}/large.png"] == 1
    feeds = warcs.responses(path, f"{stage.site.url}/feed")
    assert [r.body for r in sorted(feeds, key=date)] == [b"on a desk", b"on a phone"]
    assert "phone-secret" not in str(warcs.read(path))
    told = json.loads((stage.folder / "data" / "traffic.json").read_text("utf-8"))
    assert (told["status"], told["mobile"]["status"]) == ("complete", "complete")
    assert told["records"] == len(warcs.read(path)) == made.completeness["warc_records"]
    assert made.completeness["mobile_requests_seen"] == told["mobile"]["requests_seen"] > 3
    assert made.completeness["mobile_requests_not_recorded"] == 0


def date(kept: warcs.Kept) -> str:
    return kept.fields["WARC-Date"]
