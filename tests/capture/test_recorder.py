"""The recorder against a loopback site; `Cnn` is the corner case of docs/recorder.md."""

import asyncio
import base64
import gzip
import hashlib
import resource
import time
import zlib
from pathlib import Path

import pytest

from capture.browser import DESKTOP, CDPSession, Page, open_browser, open_page
from capture.errors import RecorderUnavailable
from capture.recorder import Limits, Recorder, Recording
from storage.web_archive_check import check_warc
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.site import Asked, Wire, deflated, noise

TEXT = "Räksmörgås på brotli. ".encode() * 40
BROTLI = base64.b64decode("Gw8EACwO7Abfa0W+WcqPYJRSa3IJcjaXpKW25QLXw2ltbNMRhErLolILfZ8WP6TDXlQ=")


def zstd(data: bytes) -> bytes:
    """A zstd frame of one raw block."""
    block = (len(data) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\x60" + (len(data) - 256).to_bytes(2, "little") + block + data


def script(body: str) -> str:
    return f"<script type=module>{body}; document.title = 'done'</script>"


def recorded(stage: Stage, act: object = None, **options: object) -> tuple[Recording, Path]:
    """A recording that `warcio check` has nothing against."""
    made = stage.record(act, **options)  # type: ignore[arg-type]
    assert made.path is not None
    warcs.check(made.path)
    return made, made.path


def test_without_durable_messages_recording_is_refused_and_the_page_lives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C01"""
    send = CDPSession.send

    async def as_an_old_chromium(self: CDPSession, method: str, params: object = None) -> object:
        if method == "Network.configureDurableMessages":
            method = "Network.wasNotFoundInThisVersion"
        return await send(self, method, params)  # type: ignore[arg-type]

    monkeypatch.setattr(CDPSession, "send", as_an_old_chromium)
    stage.site.page("/", "<h1>Hej</h1>")

    async def visit() -> bytes:
        async with open_page(stage.browser, DESKTOP) as page:
            with pytest.raises(RecorderUnavailable, match="Install Chromium"):
                await Recorder.start(page, stage.folder / "t.warc.gz", secrets=stage.replacer)
            await page.goto(stage.site.url)
            return await page.screenshot()

    assert stage.run(visit()).startswith(b"\x89PNG")
    assert not list(stage.folder.iterdir())


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
    """C05, C07"""
    stage.site.body("/p.png", _PNG, kind="image/png", headers=[b"Cache-Control: max-age=600"])
    stage.site.page(
        "/",
        "<img src=/p.png><img src=/p.png>"
        + script(
            """await new Promise(r => addEventListener('load', r));
            await (await fetch('/p.png')).blob(); const i = new Image(); i.src = '/p.png';
            await i.decode()"""
        ),
    )
    begun = time.monotonic()
    _, path = recorded(stage)
    assert time.monotonic() - begun < 5
    assert len(warcs.responses(path, f"{stage.site.url}/p.png")) == 1
    assert len(stage.site.asked("/p.png")) == 1


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


def test_no_secret_stands_anywhere_in_the_warc(stage: Stage) -> None:
    """C10"""
    early, cookie, token = "token-known-late-7f3a9c", "sid-3f8a77c1e0", "csrf/9d2e+41b7=="
    hidden, bearer, password = "http-only-55aa77bb", "bearer-0123456789", "hemligt lösen 1"
    stage.site.body("/early", f'{{"t": "{early}"}}'.encode(), kind="application/json")
    stage.site.body("/api", b"{}", headers=[f"X-CSRF-Token: {token}".encode()])
    stage.site.page(
        "/",
        f"<p>{cookie} {hidden} {token}</p>"
        + script(
            f"""await (await fetch('/early')).text();
            await (await fetch('/api?sid={cookie}&csrf_token=' + encodeURIComponent('{token}'), {{
              method: 'POST', headers: {{Authorization: 'Bearer {bearer}', 'X-Api-Key': '{early}'}},
              body: JSON.stringify({{password: '{password}', echo: '{cookie}'}})}})).text()"""
        ),
        headers=[
            f"Set-Cookie: sid={cookie}; Path=/".encode(),
            f"Set-Cookie: h={hidden}; HttpOnly".encode(),
            b"Set-Cookie: cookie_consent=endast-nodvandiga",
        ],
    )
    made, path = recorded(stage)
    raw = gzip.decompress(path.read_bytes())
    for secret in (early, cookie, token, hidden, bearer, password, "csrf%2F9d2e"):
        assert secret.encode() not in raw, secret
    marker = stage.replacer.marker(cookie).encode()
    assert raw.count(marker) >= 4
    assert b"Set-Cookie: sid=" + marker + b"; Path=/" in raw
    assert b"Bearer [replaced:hmac-sha256:" in raw
    names = {each.name for each in made.secrets_replaced}
    assert {"sid", "h", "authorization", "x-api-key"} <= names
    assert "no secret" not in repr(made.secrets_replaced)
    for kept in warcs.responses(path):
        assert kept.header("content-length") == str(len(kept.body))


def test_a_consent_choice_is_no_secret_outside_its_header(stage: Stage) -> None:
    """C10"""
    stage.site.page(
        "/", "<p>endast-nodvandiga</p>", headers=[b"Set-Cookie: consent=endast-nodvandiga"]
    )
    _, path = recorded(stage)
    (kept,) = warcs.responses(path, f"{stage.site.url}/")
    assert b"<p>endast-nodvandiga</p>" in kept.body


def test_a_body_of_30_mb_is_kept_and_one_over_the_cap_is_marked(stage: Stage) -> None:
    """C11, C26: the event loop stays awake while it is written."""
    big = noise(30 << 20)
    stage.site.body("/big", big, kind="application/octet-stream")
    stage.site.body("/over", big[: 2 << 20], kind="application/octet-stream")
    stage.site.page("/", script("await (await fetch('/big')).blob()"))
    _, path = recorded(stage, limits=Limits(body=31 << 20))
    (kept,) = warcs.responses(path, f"{stage.site.url}/big")
    assert hashlib.sha256(kept.body).digest() == hashlib.sha256(big).digest()

    stage.site.page("/", script("await (await fetch('/over')).blob()"))
    made, path = recorded(stage, limits=Limits(body=1 << 20))
    (cut,) = warcs.responses(path, f"{stage.site.url}/over")
    assert cut.fields["WARC-Truncated"] == "length"
    assert cut.body == b""
    assert any("over the limit" in why for _, why in made.not_recorded)


def test_the_event_loop_stays_awake_while_30_mb_are_written(stage: Stage) -> None:
    """C26"""
    stage.site.page("/", "Hej")
    big = noise(30 << 20)
    of_the_loop = of_all = 0.0

    async def act(_: Page, recorder: Recorder) -> None:
        nonlocal of_the_loop, of_all
        loop, every = time.thread_time(), time.process_time()
        await recorder.add_resource("urn:t:1", "text/plain", big)
        of_the_loop, of_all = time.thread_time() - loop, time.process_time() - every

    _, path = recorded(stage, act)
    assert of_the_loop < of_all / 2  # CPU time, so that a busy machine is no fault
    assert [k.body for k in warcs.read(path) if k.url == "urn:t:1"] == [big]


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

    stage.site.body("/cors", b"other's", kind="text/plain")
    stage.site.body("/orb", b'{"a": 1}', kind="application/json")
    stage.site.page(
        "/",
        f"<img src={stage.site.other}/orb>"
        + script(
            f"""const stop = new AbortController(), quiet = () => 0;
            for (const u of ['/before', '/after', '{stage.site.other}/cors'])
              await fetch(u).then(r => r.text()).catch(quiet);
            const late = fetch('/slow', {{signal: stop.signal}}).catch(quiet);
            stop.abort(); await late"""
        ),
    )
    made, path = recorded(stage)
    listed = {url.rpartition("/")[2] for url, _ in made.not_recorded}
    assert {"before", "after", "cors"} <= listed
    (half,) = warcs.responses(path, f"{stage.site.url}/after")
    assert half.fields["WARC-Truncated"] == "disconnect"
    assert made.status == "complete", made.faults


def wav(seconds: int) -> bytes:
    size = 8000 * seconds
    head = (
        b"fmt " + (16).to_bytes(4, "little") + b"\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0"
    )
    data = b"data" + size.to_bytes(4, "little") + noise(size)
    return b"RIFF" + (len(head) + len(data) + 4).to_bytes(4, "little") + b"WAVE" + head + data


def test_media_asked_for_in_ranges_is_kept_whole_once(stage: Stage) -> None:
    """C14"""
    sound = wav(40)

    @stage.site.route("/sound.wav")
    async def ranged(asked: Asked, wire: Wire) -> None:
        span = asked.headers.get("range", "")
        if not span:
            await wire.answer(sound, kind="audio/wav", headers=[b"Accept-Ranges: bytes"])
            return
        first, _, last = span.removeprefix("bytes=").partition("-")
        low, high = int(first), int(last or len(sound) - 1)
        told = f"Content-Range: bytes {low}-{high}/{len(sound)}".encode()
        await wire.answer(
            sound[low : high + 1], status="206 Partial Content", kind="audio/wav", headers=[told]
        )

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


def test_frames_of_other_sites_are_recorded_in_the_pages_own_process(stage: Stage) -> None:
    """C15"""
    stage.site.page("/inner", "<p>inner</p><img src=/i.png>")
    stage.site.page("/outer", f"<iframe src={stage.site.url}/inner></iframe>")
    stage.site.body("/i.png", _PNG, kind="image/png")
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


def test_requests_of_dedicated_workers_are_recorded_once(stage: Stage) -> None:
    """C16, C18"""
    for name in ("/file", "/blob", "/nested"):
        stage.site.body(name, f"data of {name}".encode(), kind="text/plain")
    stage.site.body("/both", b"asked for by page and worker", headers=[b"Cache-Control: no-store"])
    ask = (
        "fetch('{}').then(r => r.text()).then(() => fetch(origin + '/both')).then(r => r.text())"
        ".then(() => postMessage('{}'))"
    )
    nested = "const n = new Worker('/n.js'); n.onmessage = e => postMessage(e.data)"
    js = {"kind": "text/javascript"}
    stage.site.body("/w.js", ask.format("/file", "file").encode(), **js)
    stage.site.body("/n.js", ask.format("/nested", "nested").encode(), **js)
    stage.site.body("/outer.js", nested.encode(), **js)
    stage.site.body("/s.js", b"onconnect = () => fetch('/shared')", **js)
    blob = ask.format("${location.origin}/blob", "blob")
    stage.site.page(
        "/",
        script(
            f"""new SharedWorker('/s.js');
            const said = w => new Promise(r => w.onmessage = r);
            const blob = URL.createObjectURL(new Blob([`{blob}`]));
            await (await fetch('/both')).text();
            for (const src of ['/w.js', blob, '/outer.js']) await said(new Worker(src))"""
        ),
    )
    made, path = recorded(stage)
    for name in ("/file", "/blob", "/nested", "/w.js", "/n.js", "/outer.js"):
        url = f"{stage.site.url}{name}"
        assert len(warcs.responses(path, url)) == 1, name
        assert len(warcs.requests(path, url)) == 1, name
    for name in ("/", "/both"):
        sent = warcs.requests(path, f"{stage.site.url}{name}")
        assert len(sent) == len(stage.site.asked(name)), name
    assert any("shared worker" in why for _, why in made.not_recorded)
    unanswered = {url for url, why in made.not_recorded if "no answer" in why}
    assert unanswered <= {f"{stage.site.url}/s.js"}


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
    """C19"""
    for name in ("/one", "/two"):
        stage.site.body(name, b"twice the same", kind="text/plain")
    for name in ("/empty1", "/empty2"):
        stage.site.body(name, b"", kind="text/plain")
    stage.site.page(
        "/",
        script(
            """for (const u of ['/one', '/two', '/empty1', '/empty2'])
              await (await fetch(u)).text()"""
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


def test_addresses_are_canonical_and_inner_ones_are_no_records(stage: Stage) -> None:
    """C20"""
    stage.site.body("/r%C3%A4k", b"1", kind="text/plain")
    stage.site.body("/p|q", b"2", kind="text/plain")
    stage.site.body("/p%7Cq", b"2", kind="text/plain")
    stage.site.page(
        "/",
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        + script(
            """for (const u of ['/räk#del', '/p|q?a=|'])
              await (await fetch(u)).text();
            await (await fetch(URL.createObjectURL(new Blob(['b'])))).text()"""
        ),
    )
    _, path = recorded(stage)
    urls = {k.url for k in warcs.read(path) if k.url}
    url = stage.site.url
    assert {f"{url}/r%C3%A4k", f"{url}/p%7Cq?a=%7C"} <= urls
    assert all(each.startswith("http://") for each in urls)
    assert not any("#" in each for each in urls)


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


def test_brotli_is_kept_out_of_the_environment() -> None:
    """C25: with PyPI's brotli 1.2, warcio 1.8.1 crashes on brotli records."""
    from importlib.util import find_spec

    assert find_spec("brotli") is None


def test_a_secret_that_is_learnt_late_is_taken_out_of_earlier_records(stage: Stage) -> None:
    """C10: revisits follow the record that was changed."""
    late = "known-only-at-the-end"
    for name in ("/one", "/two"):
        stage.site.body(name, f"says {late}".encode(), kind="text/plain")
    stage.site.page(
        "/",
        script(
            f"""for (const u of ['/one', '/two', '/one?x={late}']) await (await fetch(u)).text()"""
        ),
    )

    async def act(page: Page, recorder: Recorder) -> None:
        await page.wait_for_function("document.title === 'done'")
        url = stage.site.url
        await page.context.add_cookies([{"name": "k", "value": late, "url": url, "httpOnly": True}])

    _, path = recorded(stage, act)
    assert late.encode() not in gzip.decompress(path.read_bytes())
    said = b"says " + stage.replacer.marker(late).encode()
    (one,) = [kept for kept in warcs.responses(path) if kept.body == said]
    again = warcs.revisits(path)
    addresses = {kept.url.partition("?")[0] for kept in (one, *again)}
    assert addresses == {f"{stage.site.url}/one", f"{stage.site.url}/two"}  # whichever came first
    digest = "WARC-Payload-Digest"
    assert {kept.fields[digest] for kept in again} == {one.fields[digest]}
    assert one.header("content-length") == str(len(one.body))


_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def test_a_resource_is_scrubbed_of_what_is_learnt_after_it(stage: Stage) -> None:
    """C10, C28"""
    stage.site.page("/", "Hej")

    async def act(_: Page, recorder: Recorder) -> None:
        await recorder.add_resource("urn:text:/", "text/plain", b"says hidden-value-1")
        await recorder.add_resource("urn:view:/", "image/png", _PNG)
        stage.replacer.learn("hidden-value-1")

    _, path = recorded(stage, act)
    kept = {k.url: k for k in warcs.read(path) if k.kind == "resource"}
    assert kept["urn:text:/"].body == b"says " + stage.replacer.marker("hidden-value-1").encode()
    assert kept["urn:view:/"].body == _PNG
    assert kept["urn:view:/"].fields["Content-Type"] == "image/png"


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
