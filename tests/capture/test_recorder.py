"""The recorder against a loopback site; `Cnn` is the corner case of docs/recorder.md."""

import asyncio
import base64
import gzip
import hashlib
import time
import zlib

import pytest

from capture.browser import DESKTOP, Page, open_page
from capture.recorder import Recorder
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import PNG, recorded, script
from tests.capture.site import Asked, Wire, deflated, noise

TEXT = "Räksmörgås på brotli. ".encode() * 40
BROTLI = base64.b64decode("Gw8EACwO7Abfa0W+WcqPYJRSa3IJcjaXpKW25QLXw2ltbNMRhErLolILfZ8WP6TDXlQ=")


def zstd(data: bytes) -> bytes:
    """A zstd frame of one raw block."""
    block = (len(data) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\x60" + (len(data) - 256).to_bytes(2, "little") + block + data


def test_a_body_that_the_page_takes_as_a_blob_or_never_reads_is_kept(stage: Stage) -> None:
    """C02"""
    bodies = {f"/{how}": noise(70_000, how.encode()) for how in ("fetch", "xhr", "unread")}
    for path, data in bodies.items():
        stage.site.body(path, data, kind="application/octet-stream")
    stage.site.page(
        "/",
        script(
            """await (await fetch('/fetch')).blob(); await fetch('/unread');
            await new Promise(ready => { const x = new XMLHttpRequest(); x.responseType = 'blob';
              x.onload = ready; x.open('GET', '/xhr'); x.send() })"""
        ),
    )
    made, path = recorded(stage)
    kept = {k.url.removeprefix(stage.site.url): k.body for k in warcs.responses(path)}
    for name, data in bodies.items():
        assert hashlib.sha256(kept[name]).digest() == hashlib.sha256(data).digest()
    assert (made.status, made.faults) == ("complete", ())
    assert made.records == len(warcs.read(path))
    assert made.bytes == path.stat().st_size


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("gzip", deflated(TEXT, 31)),
        ("deflate", zlib.compress(TEXT)),
        ("br", BROTLI),
        ("zstd", zstd(TEXT)),
    ],
)
def test_an_encoded_body_is_stored_decoded_with_a_true_length(
    stage: Stage, coding: str, wire: bytes
) -> None:
    """C03"""
    stage.site.body("/coded", wire, headers=[f"Content-Encoding: {coding}".encode()])
    stage.site.page("/", script("await (await fetch('/coded')).text()"))
    _, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/coded")
    assert kept.body == TEXT
    assert kept.header("x-orig-content-encoding") == coding
    assert kept.header("content-encoding") is None
    assert kept.header("content-length") == str(len(TEXT))
    assert kept.header("x-orig-content-length") == str(len(wire))


def test_each_hop_of_a_redirect_is_a_record_with_its_own_headers(stage: Stage) -> None:
    """C04, C05"""
    hops = [("/a", "303 See Other", "/b"), ("/b", "302 Found", "/c"), ("/k", "307 Keep", "/l")]
    for path, status, to in hops:
        stage.site.body(
            path,
            b"",
            status=status,
            headers=[f"Location: {to}".encode(), f"X-Hop: {path}".encode(), b"Set-Cookie: h=1"],
        )
    stage.site.body("/c", b"end", headers=[b"X-Hop: /c"])
    stage.site.body("/l", b"kept", headers=[b"X-Hop: /l"])
    stage.site.page(
        "/",
        script(
            """await (await fetch('/a', {method: 'POST', body: 'once'})).text();
            await (await fetch('/k', {method: 'POST', body: 'twice'})).text()"""
        ),
    )
    made, path = recorded(stage)
    url = stage.site.url
    for hop in ("/a", "/b", "/c", "/k", "/l"):
        (kept,) = warcs.responses(path, f"{url}{hop}")
        assert kept.header("x-hop") == hop
    sent = {r.url.removeprefix(url): (r.protocol, r.body) for r in warcs.requests(path)}
    assert sent["/a"] == ("POST", b"once")
    assert (sent["/b"], sent["/c"]) == (("GET", b""), ("GET", b""))
    assert (sent["/k"], sent["/l"]) == (("POST", b"twice"), ("POST", b"twice"))
    assert made.requests_seen >= 6


def test_headers_from_the_cache_are_not_awaited(stage: Stage) -> None:
    """C05, C07: an answer that has just come from the cache holds up no end by a second."""
    stage.site.body("/p.png", PNG, kind="image/png", headers=[b"Cache-Control: max-age=600"])
    stage.site.page(
        "/",
        "<img src=/p.png><img src=/p.png>"
        + script("await new Promise(r => addEventListener('load', r))"),
    )
    again = """async () => { for (const n of [1, 2, 3]) await (await fetch('/p.png')).blob();
      const i = new Image(); i.src = '/p.png'; await i.decode() }"""

    async def seconds_to_stop() -> float:
        async with open_page(stage.browser, DESKTOP) as page:
            path = stage.folder / "t.warc.gz"
            recorder = await Recorder.start(page, path, secrets=stage.replacer)
            await page.goto(stage.site.url)
            await page.evaluate(again)
            begun = time.monotonic()
            await recorder.stop()
            took = time.monotonic() - begun
        assert len(warcs.responses(path, f"{stage.site.url}/p.png")) == 1
        return took

    took = [stage.run(seconds_to_stop()) for _ in range(4)]
    assert len(stage.site.asked("/p.png")) == len(took), "each has a cache of its own"
    assert min(took) < 1, took  # the best, as the machine may be busy


def test_duplicate_and_latin_1_headers_are_kept_and_nothing_is_injected(stage: Stage) -> None:
    """C06"""
    stage.site.page(
        "/",
        "Hej",
        headers=[
            b"Set-Cookie: one=first-value-1",
            b"Set-Cookie: two=second-value-2",
            b"X-Name: \xc5ke \xd6berg",
            b"X-Break: a\x0bContent-Type: b\x85Evil: yes",
        ],
    )
    _, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/")
    cookies = [v for n, v in kept.headers if n == "Set-Cookie"]
    assert [c.partition("=")[0] for c in cookies] == ["one", "two"]
    raw = gzip.decompress(path.read_bytes())
    assert b"X-Name: \xc5ke \xd6berg\r\n" in raw
    assert not any(name.lower() == "evil" for name, _ in kept.headers)
    assert kept.header("content-type") == "text/html; charset=utf-8"


def test_a_not_modified_answer_is_a_revisit_of_the_first(stage: Stage) -> None:
    """C07"""

    @stage.site.route("/tagged")
    async def tagged(asked: Asked, wire: Wire) -> None:
        headers = [b'ETag: "1"', b"Cache-Control: no-cache"]
        if asked.headers.get("if-none-match") == '"1"':
            await wire.answer(status="304 Not Modified", kind="", headers=headers, length=False)
        else:
            await wire.answer(b"the same" * 400_000, headers=headers)

    stage.site.page("/", script("for (const n of [1, 2]) await (await fetch('/tagged')).text()"))
    _, path = recorded(stage)
    url = f"{stage.site.url}/tagged"
    (first,) = warcs.responses(path, url)
    (second,) = warcs.revisits(path, url)
    assert [a.headers.get("if-none-match") for a in stage.site.asked("/tagged")] == [None, '"1"']
    assert first.body == b"the same" * 400_000
    assert second.status.startswith("304")
    assert second.fields["WARC-Profile"].endswith("server-not-modified")
    assert second.fields["WARC-Refers-To-Target-URI"] == url
    assert second.fields["WARC-Refers-To-Date"] == first.fields["WARC-Date"]


def test_equal_addresses_with_different_bodies_are_all_kept(stage: Stage) -> None:
    """C08"""
    count = iter(range(10))

    @stage.site.route("/graphql")
    async def graphql(asked: Asked, wire: Wire) -> None:
        await wire.answer(f"{next(count)} {asked.body.decode()}".encode(), kind="text/plain")

    stage.site.page(
        "/",
        script(
            """for (const q of ['{"q":1}', '{"q":2}'])
              await (await fetch('/graphql', {method: 'POST', body: q})).text();
            for (const n of [1, 2]) await (await fetch('/graphql', {cache: 'no-store'})).text()"""
        ),
    )
    _, path = recorded(stage)
    url = f"{stage.site.url}/graphql"
    assert {k.body for k in warcs.responses(path, url)} == {
        b'0 {"q":1}',
        b'1 {"q":2}',
        b"2 ",
        b"3 ",
    }
    assert sorted(r.body for r in warcs.requests(path, url)) == [b"", b"", b'{"q":1}', b'{"q":2}']


def test_posted_bodies_are_kept_to_the_byte(stage: Stage) -> None:
    """C09"""
    stage.site.body("/post", b"ok", kind="text/plain")
    stage.site.page(
        "/",
        script(
            """const post = body => fetch('/post', {method: 'POST', body}).then(r => r.text());
            await post(new Uint8Array([0, 255, 13, 10, 128, 7]));
            await post('å'.repeat(500000));
            const form = new FormData(); form.set('namn', 'Åsa');
            form.set('fil', new Blob([new Uint8Array([0, 1, 254, 255])]), 'b.bin');
            await post(form); await post(new Blob(['klick', new Uint8Array([0, 200])]))"""
        ),
    )
    _, path = recorded(stage)
    sent = {r.body for r in warcs.requests(path, f"{stage.site.url}/post")}
    came = {asked.body for asked in stage.site.asked("/post")}
    assert bytes([0, 255, 13, 10, 128, 7]) in sent
    assert "å".encode() * 500_000 in sent
    assert sent == came
    for request in warcs.requests(path, f"{stage.site.url}/post"):
        kind = request.header("content-type") or ""
        assert request.body or not kind.startswith("multipart/")


def test_broken_and_refused_answers_are_listed_and_harm_nothing(stage: Stage) -> None:
    """C13"""

    @stage.site.route("/before")
    async def before(_: Asked, wire: Wire) -> None:
        wire.reset()

    @stage.site.route("/after")
    async def after(_: Asked, wire: Wire) -> None:
        await wire.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n")
        await wire.raw(b"half")
        await asyncio.sleep(0.2)
        wire.reset()

    begun = asyncio.Event()

    @stage.site.route("/slow")
    async def slow(_: Asked, wire: Wire) -> None:
        await wire.answer(b"", kind="text/plain", headers=[b"Content-Length: 99"], length=False)
        await wire.raw(b"a few bytes")
        begun.set()
        await asyncio.sleep(30)

    @stage.site.route("/begun")
    async def has_begun(_: Asked, wire: Wire) -> None:
        await begun.wait()
        await wire.answer(b"", kind="text/plain")

    stage.site.body("/cors", b"other's", kind="text/plain")
    stage.site.body("/opaque", b"unread by any script", kind="text/plain")
    stage.site.body("/orb", b'{"a": 1}', kind="application/json")
    stage.site.page(
        "/",
        f"<img src={stage.site.other}/orb>"
        + script(
            f"""const stop = new AbortController(), quiet = () => 0;
            for (const u of ['/before', '/after', '{stage.site.other}/cors'])
              await fetch(u).then(r => r.text()).catch(quiet);
            const opaque = await fetch('{stage.site.other}/opaque', {{mode: 'no-cors'}});
            if (opaque.type !== 'opaque') throw opaque.type;
            const late = fetch('/slow', {{signal: stop.signal}});
            await fetch('/begun'); await late; stop.abort()"""
        ),
    )
    made, path = recorded(stage)
    listed = {url.removeprefix(stage.site.url): why for url, why in made.not_recorded}
    assert "net::ERR" in listed["/before"]
    assert listed["/after"].startswith("cut: net::ERR")
    assert listed["/slow"] == "cut: net::ERR_ABORTED"
    other = stage.site.other
    assert "CORS" in listed[f"{other}/cors"].upper() or "Origin" in listed[f"{other}/cors"]
    assert "net::ERR_BLOCKED_BY_ORB" in listed[f"{other}/orb"]
    for name, kept in (("/after", b"half"), ("/slow", b"")):  # Chromium lets go what a page drops
        (cut,) = warcs.responses(path, stage.site.url + name)
        assert (cut.fields["WARC-Truncated"], cut.body) == ("disconnect", kept), name
    assert warcs.responses(path, f"{stage.site.url}/before") == []
    assert len(warcs.requests(path, f"{stage.site.url}/begun")) == 1
    (opaque,) = warcs.responses(path, f"{other}/opaque")
    assert opaque.body == b"unread by any script"
    assert made.status == "complete", made.faults


def test_frames_of_other_sites_are_recorded_in_the_pages_own_process(stage: Stage) -> None:
    """C15"""
    stage.site.page("/inner", "<p>inner</p><img src=/i.png>")
    stage.site.page("/outer", f"<iframe src={stage.site.url}/inner></iframe>")
    stage.site.body("/i.png", PNG, kind="image/png")
    stage.site.page(
        "/",
        f"<iframe src={stage.site.other}/outer></iframe>"
        f'<iframe srcdoc="<img src={stage.site.other}/i.png>"></iframe>',
    )
    kinds: list[str] = []

    async def act(page: Page, _: Recorder) -> None:
        session = await page.context.new_cdp_session(page)
        targets = await session.send("Target.getTargets")
        kinds.extend(target["type"] for target in targets["targetInfos"])

    _, path = recorded(stage, act)
    urls = {k.url for k in warcs.responses(path)}
    assert {f"{stage.site.other}/outer", f"{stage.site.url}/inner"} <= urls
    assert {f"{stage.site.url}/i.png", f"{stage.site.other}/i.png"} <= urls | {
        k.url for k in warcs.revisits(path)
    }
    assert "iframe" not in kinds


def test_a_page_that_awaits_its_service_worker_is_not_hung(stage: Stage) -> None:
    """C17"""
    stage.site.body(
        "/sw.js",
        b"onfetch = e => e.respondWith(new Response('made up')); onactivate = e => clients.claim()",
        kind="text/javascript",
    )
    stage.site.body("/real", b"real", kind="text/plain")
    stage.site.page(
        "/",
        script(
            """navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready;
            await new Promise(r => setTimeout(r, 200)); await (await fetch('/real')).text()"""
        ),
    )
    _, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/real")
    assert kept.body == b"real"


def test_only_a_whole_payload_that_is_not_empty_is_referred_to(stage: Stage) -> None:
    """C19: what was cut off refers to nothing, and nothing to it."""
    for name in ("/cut1", "/cut2"):
        stage.site.routes[name] = _half
    for name in ("/one", "/two"):
        stage.site.body(name, b"twice the same", kind="text/plain")
    for name in ("/empty1", "/empty2"):
        stage.site.body(name, b"", kind="text/plain")
    stage.site.body("/whole1", HALF + b" /cut1", kind="text/plain")
    stage.site.body("/whole2", HALF + b" /cut2", kind="text/plain")
    stage.site.page(
        "/",
        script(
            """const rest = ['/whole1', '/cut1', '/cut2', '/whole2'];
            for (const u of ['/one', '/two', '/empty1', '/empty2', ...rest])
              await fetch(u).then(r => r.text()).catch(() => 0)"""
        ),
    )
    _, path = recorded(stage)
    url = stage.site.url
    one, two = sorted(
        (
            k
            for k in warcs.read(path)
            if k.url in (f"{url}/one", f"{url}/two") and k.kind != "request"
        ),
        key=lambda k: k.kind,
        reverse=True,
    )
    assert (one.kind, two.kind) == ("revisit", "response")
    assert one.fields["WARC-Refers-To-Target-URI"] == two.url
    assert one.fields["WARC-Refers-To-Date"] == two.fields["WARC-Date"]
    assert one.fields["WARC-Payload-Digest"] == two.fields["WARC-Payload-Digest"]
    assert len(warcs.responses(path, f"{url}/empty1")) == 1
    assert len(warcs.responses(path, f"{url}/empty2")) == 1
    for number in (1, 2):  # the whole one before, and after
        for name, kind in ((f"/cut{number}", "disconnect"), (f"/whole{number}", None)):
            (kept,) = warcs.responses(path, url + name)
            assert kept.fields.get("WARC-Truncated") == kind
            assert kept.body == HALF + f" /cut{number}".encode()


HALF = b"as far as it came"


async def _half(asked: Asked, wire: Wire) -> None:
    body = HALF + f" {asked.path}".encode()
    await wire.answer(body, kind="text/plain", headers=[b"Content-Length: 999"], length=False)
    await asyncio.sleep(0.3)
    wire.reset()


def test_addresses_are_canonical_and_inner_ones_are_no_records(stage: Stage) -> None:
    """C20"""
    stage.site.body("/r%C3%A4k", b"1", kind="text/plain")
    stage.site.body("/p|q", b"2", kind="text/plain")
    stage.site.body("/p%7Cq", b"2", kind="text/plain")
    stage.site.body("/mine", b"3", kind="text/plain")
    stage.site.page(
        "/",
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        + script(
            """for (const u of ['/räk#del', '/p|q?a=|'])
              await (await fetch(u)).text();
            await (await fetch(URL.createObjectURL(new Blob(['b'])))).text()"""
        ),
    )

    async def act(page: Page, _: Recorder) -> None:
        await page.goto(stage.site.url.replace("//", "//anna:hemligt-17@") + "/mine")

    _, path = recorded(stage, act)
    urls = {k.url for k in warcs.read(path) if k.url}
    url = stage.site.url
    assert {f"{url}/r%C3%A4k", f"{url}/p%7Cq?a=%7C"} <= urls
    assert all(each.startswith("http://") for each in urls)
    assert not any("#" in each for each in urls)
    assert f"{url}/mine" in urls, "without the user and the password"
    raw = gzip.decompress(path.read_bytes())
    assert not any(secret in raw for secret in (b"anna", b"hemligt-17", b"YW5uYTpoZW1saWd0LTE3"))


def test_error_pages_keep_their_bodies_and_head_is_dropped(stage: Stage) -> None:
    """C21"""
    stage.site.page("/404", "finns inte", status="404 Not Found")
    stage.site.page("/500", "trasig", status="500 Internal Server Error")
    stage.site.body("/204", b"", status="204 No Content", kind="", length=False)
    stage.site.body("/head", b"", kind="text/plain")
    stage.site.page(
        "/",
        script(
            """for (const u of ['/404', '/500', '/204']) await (await fetch(u)).text();
            await fetch('/head', {method: 'HEAD'}); await fetch('/head', {method: 'OPTIONS'})"""
        ),
    )
    made, path = recorded(stage)
    url = stage.site.url
    for name, text in (("404", b"finns inte"), ("500", b"trasig")):
        (kept,) = warcs.responses(path, f"{url}/{name}")
        assert kept.status.startswith(name)
        assert text in kept.body
    assert warcs.responses(path, f"{url}/204")[0].body == b""
    assert warcs.responses(path, f"{url}/head") == []
    assert {why.partition(":")[0] for u, why in made.not_recorded if u.endswith("/head")} == {
        "HEAD",
        "OPTIONS",
    }


def test_protocol_and_server_are_told_and_the_main_answer_is_summed_up(stage: Stage) -> None:
    """C22"""
    stage.site.body("/", b"", status="302 Found", headers=[b"Location: /profil"])
    stage.site.page("/profil", "Hej", headers=[b"Set-Cookie: sid=0123456789abcdef"])
    made, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/profil")
    assert kept.fields["WARC-Protocol"] == "http/1.1"
    assert kept.fields["WARC-IP-Address"] == "127.0.0.1"
    assert not any(n.startswith(":") for k in warcs.read(path) for n, _ in k.headers)
    assert made.main is not None
    assert (made.main.status, made.main.url) == (200, f"{stage.site.url}/profil")
    assert made.main.redirects == ((302, f"{stage.site.url}/"),)
    assert made.main.server_address == "127.0.0.1"
    assert "0123456789abcdef" not in repr(made)


def test_brotli_is_kept_out_of_the_environment() -> None:
    """C25: with PyPI's brotli 1.2, warcio 1.8.1 crashes on brotli records."""
    from importlib.util import find_spec

    assert find_spec("brotli") is None
