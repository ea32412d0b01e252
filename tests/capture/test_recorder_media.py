"""Films and sound: fetched whole once, and whatever else is asked for at their address."""

import asyncio
import hashlib

import pytest

from capture.recorder import Limits
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script
from tests.capture.site import Asked, Wire, noise


def wav(seconds: int) -> bytes:
    size = 8000 * seconds
    head = (
        b"fmt " + (16).to_bytes(4, "little") + b"\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0"
    )
    data = b"data" + size.to_bytes(4, "little") + noise(size)
    return b"RIFF" + (len(head) + len(data) + 4).to_bytes(4, "little") + b"WAVE" + head + data


def test_what_is_posted_for_at_a_films_address_is_kept_each_time(stage: Stage) -> None:
    """C08, C14: two posts and a question to one address are three exchanges."""
    count = iter(range(10))

    @stage.site.route("/seg")
    async def seg(asked: Asked, wire: Wire) -> None:
        said = f"{next(count)} {asked.method} {asked.body.decode()}".encode()
        await wire.answer(said, kind="video/mp4", headers=[b"Cache-Control: no-store"])

    stage.site.page(
        "/",
        script(
            """for (const body of ['a', 'b'])
              await (await fetch('/seg', {method: 'POST', body})).arrayBuffer();
            await (await fetch('/seg')).arrayBuffer()"""
        ),
    )
    made, path = recorded(stage)
    url = f"{stage.site.url}/seg"
    kept = sorted(k.body for k in warcs.responses(path, url))
    assert kept == [b"0 POST a", b"1 POST b", b"2 GET "]
    assert sorted(r.body for r in warcs.requests(path, url)) == [b"", b"a", b"b"]
    assert len(stage.site.asked("/seg")) == 3, "and none was asked for a second time"
    assert made.status == "complete", made.faults


@pytest.mark.parametrize("kind", ["text/html", "video/mp4"])
def test_a_film_that_is_refused_is_recorded_as_the_refusal(stage: Stage, kind: str) -> None:
    """C14, C21: the player hangs up on a refusal; what had not come by then is told as cut."""
    stage.site.body("/gone.mp4", b"borta", status="404 Not Found", kind=kind)
    stage.site.page(
        "/",
        "<video id=v preload=auto></video>"
        + script("await new Promise(r => { v.onerror = r; v.src = '/gone.mp4' })"),
    )
    made, path = recorded(stage)
    url = f"{stage.site.url}/gone.mp4"
    (kept,) = warcs.responses(path, url)
    cut = (url, "cut: net::ERR_ABORTED") in made.not_recorded
    assert kept.status == "404 Not Found"
    assert kept.body == b"borta" or (cut and kept.body == b"")
    assert kept.fields.get("WARC-Truncated") == ("disconnect" if cut else None)
    assert (made.status, made.faults) == ("complete", ())
    assert len(stage.site.asked("/gone.mp4")) == 1


def test_media_asked_for_in_ranges_is_kept_whole_once(stage: Stage) -> None:
    """C14"""
    sound = wav(40)

    stage.site.ranged("/sound.wav", sound, "audio/wav")

    @stage.site.route("/live")
    async def live(_: Asked, wire: Wire) -> None:
        await wire.answer(sound[:60_000], kind="audio/wav", length=False)
        await asyncio.sleep(30)

    stage.site.page(
        "/",
        "<audio id=a src=/sound.wav preload=auto></audio>"
        "<audio id=b src=/live preload=auto></audio>"
        + script(
            """const once = (on, name) => new Promise(r => on.addEventListener(name, r));
            if (a.readyState < 1) await once(a, 'loadedmetadata');
            a.currentTime = 35; await once(a, 'seeked')"""
        ),
    )
    made, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/sound.wav")
    assert kept.status == "200 OK"
    assert hashlib.sha256(kept.body).digest() == hashlib.sha256(sound).digest()
    assert kept.fields["Insyn-Fetched-By"] == "Network.loadNetworkResource"
    assert (f"{stage.site.url}/live", "live stream") in made.not_recorded
    assert len(stage.site.asked("/live")) == 1


def film_with_its_index_last() -> bytes:
    """An MP4 whose player must go to its end first, for what it needs to begin stands there."""

    def box(name: bytes, content: bytes) -> bytes:
        return (len(content) + 8).to_bytes(4, "big") + name + content

    header = bytes(12) + (1000).to_bytes(4, "big") + bytes(80)
    film = box(b"mdat", noise(3 << 20))
    return box(b"ftyp", b"isom\0\0\2\0isommp42") + film + box(b"moov", box(b"mvhd", header))


@pytest.mark.parametrize("small", [False, True], ids=["index-last", "one-part-is-the-whole"])
def test_a_film_is_kept_whole_whatever_parts_it_came_in(stage: Stage, small: bool) -> None:
    """C14: the last part asked for before the rest, and one part that is all of it."""
    film = wav(1) if small else film_with_its_index_last()
    kind = "audio/wav" if small else "video/mp4"
    asked_for_its_end = asyncio.Event()

    @stage.site.route("/film")
    async def parts(asked: Asked, wire: Wire) -> None:
        span = asked.headers.get("range", "")
        if not span:
            await wire.answer(film, kind=kind, headers=[b"Accept-Ranges: bytes"])
            return
        low = int(span.removeprefix("bytes=").partition("-")[0])
        told = f"Content-Range: bytes {low}-{len(film) - 1}/{len(film)}".encode()
        begin = film[low : low + 60_000]
        head = [told, f"Content-Length: {len(film) - low}".encode()]
        part = "206 Partial Content"
        await wire.answer(begin, status=part, kind=kind, headers=head, length=False)
        if low == 0 and not small:
            await asked_for_its_end.wait()  # as over a slow line
        else:
            asked_for_its_end.set()
        await wire.raw(film[low + 60_000 :])

    stage.site.page(
        "/",
        "<video id=v preload=auto></video>"
        + script("await new Promise(r => { v.onerror = v.oncanplay = r; v.src = '/film' })"),
    )
    made, path = recorded(stage)
    begins = [a.headers["range"] for a in stage.site.asked("/film") if "range" in a.headers]
    assert "bytes=0-" in begins
    assert small == (len(begins) == 1), begins
    (kept,) = warcs.responses(path, f"{stage.site.url}/film")
    assert kept.status == "200 OK"
    assert hashlib.sha256(kept.body).digest() == hashlib.sha256(film).digest()
    assert made.status == "complete", made.faults


def test_a_film_over_the_cap_has_a_record_that_says_so(stage: Stage) -> None:
    """C11, C14"""
    stage.site.body("/film", wav(4), kind="audio/wav")
    stage.site.page(
        "/",
        "<audio id=a preload=auto></audio>"
        + script("await new Promise(r => { a.oncanplay = r; a.src = '/film' })"),
    )
    made, path = recorded(stage, limits=Limits(video=20_000))
    (cut,) = warcs.responses(path, f"{stage.site.url}/film")
    assert (cut.fields["WARC-Truncated"], cut.body) == ("length", b"")
    assert cut.header("x-orig-content-length") == str(len(wav(4)))
    why = dict(made.not_recorded)[f"{stage.site.url}/film"]
    assert why == f"video of {len(wav(4))} bytes, over the limit of 20000"
    assert len(stage.site.asked("/film")) == 1
    assert made.status == "complete", made.faults
