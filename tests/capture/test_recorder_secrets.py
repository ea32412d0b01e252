"""What a recording must not hold: secrets, wherever they stand and whenever they are learnt."""

import gzip

from capture.browser import DESKTOP, Page, open_page
from capture.recorder import Recorder, Recording
from capture.unrecorded import Unrecorded
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import PNG, recorded, script


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
        assert secret not in repr(made), secret
    marker = stage.replacer.marker(cookie).encode()
    assert raw.count(marker) >= 4
    assert b"Set-Cookie: sid=" + marker + b"; Path=/" in raw
    assert b"Bearer [replaced:hmac-sha256:" in raw
    names = {each.name for each in made.secrets_replaced}
    assert {"sid", "h", "authorization", "x-api-key"} <= names
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


def test_a_resource_is_scrubbed_of_what_is_learnt_after_it(stage: Stage) -> None:
    """C10, C28"""
    stage.site.page("/", "Hej")

    async def act(_: Page, recorder: Recorder) -> None:
        await recorder.add_resource("urn:text:/", "text/plain", b"says hidden-value-1")
        await recorder.add_resource("urn:view:/", "image/png", PNG)
        stage.replacer.learn("hidden-value-1")

    _, path = recorded(stage, act)
    kept = {k.url: k for k in warcs.read(path) if k.kind == "resource"}
    assert kept["urn:text:/"].body == b"says " + stage.replacer.marker("hidden-value-1").encode()
    assert kept["urn:view:/"].body == PNG
    assert kept["urn:view:/"].fields["Content-Type"] == "image/png"


def test_a_page_kept_without_a_recorder_is_scrubbed_of_its_cookies(stage: Stage) -> None:
    """C01, C10"""
    secret = "sid-3f8a77c1e0"
    stage.site.page(
        "/", f"<p>{secret}</p>", headers=[f"Set-Cookie: sid={secret}; HttpOnly".encode()]
    )

    async def visit() -> Recording:
        async with open_page(stage.browser, DESKTOP) as page:
            path = stage.folder / "t.warc.gz"
            stands_in = Unrecorded(page, path, stage.replacer, "no recorder")
            await page.goto(stage.site.url)
            return await stands_in.stop()

    made = stage.run(visit())
    assert (made.status, made.records, made.faults) == ("unavailable", 2, ("no recorder",))
    assert made.path is not None
    (page,) = [kept for kept in warcs.read(made.path) if kept.kind == "resource"]
    assert stage.replacer.marker(secret).encode() in page.body
    assert secret.encode() not in gzip.decompress(made.path.read_bytes())
    assert secret not in repr(made)
    assert "sid" in {each.name for each in made.secrets_replaced}
