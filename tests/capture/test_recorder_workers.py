"""Workers: what they ask for is recorded once, and what the browser does not tell is said."""

import asyncio

import pytest

from capture.browser import Page, Request, Response
from capture.recorder import Recorder
from capture.workers import Workers, answer_of
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script


def _unheard(url: str) -> str:
    return f"{url}: what this worker asked for first was not heard"


async def _after_a_second(_: Page, __: Recorder) -> None:
    """Chromium tells of a nested worker's script by the way, later than the page has its answer."""
    await asyncio.sleep(1)


def test_requests_of_dedicated_workers_are_recorded_once(stage: Stage) -> None:
    """C16, C18: what a worker's worker asks before the browser has told of it is said to lack."""
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
    made, path = recorded(stage, _after_a_second)
    late = made.faults == (_unheard(f"{stage.site.url}/n.js"),)
    assert late or (made.status, made.faults) == ("complete", ())
    for name in ("/file", "/blob", "/nested", "/w.js", "/n.js", "/outer.js"):
        url = f"{stage.site.url}{name}"
        if not (late and name == "/nested"):
            assert len(warcs.responses(path, url)) == 1, name
            assert len(warcs.requests(path, url)) == 1, name
    for name in ("/", "/both"):
        sent = warcs.requests(path, f"{stage.site.url}{name}")
        lacking = len(stage.site.asked(name)) - len(sent)
        assert lacking == 0 or (late and name == "/both" and lacking == 1), name
    assert any("shared worker" in why for _, why in made.not_recorded)
    unanswered = {url for url, why in made.not_recorded if "no answer" in why}
    assert unanswered <= {f"{stage.site.url}/s.js"}


@pytest.fixture
def nested(stage: Stage) -> Stage:
    """A page with a worker that starts a worker, which posts something."""
    outer = b"const n = new Worker('/n.js'); n.onmessage = e => postMessage(e.data)"
    inner = b"fetch('/nested', {method: 'POST', body: 'x'}).then(r => r.text()).then(postMessage)"
    stage.site.body("/outer.js", outer, kind="text/javascript")
    stage.site.body("/n.js", inner, kind="text/javascript")
    stage.site.body("/nested", b"data", kind="text/plain")
    stage.site.page("/", script("await new Promise(r => new Worker('/outer.js').onmessage = r)"))
    return stage


def test_a_worker_that_began_unheard_is_said_and_its_script_fetched(
    nested: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: as when a worker's worker runs before the browser has told of it."""
    heard = Workers._finished

    def deaf(workers: Workers, request: Request) -> None:
        if not request.url.endswith(("/n.js", "/nested")):
            heard(workers, request)

    monkeypatch.setattr(Workers, "_finished", deaf)
    made, path = recorded(nested, _after_a_second)
    url = f"{nested.site.url}/n.js"
    assert (made.status, made.faults) == ("partial", (_unheard(url),))
    (kept,) = warcs.responses(path, url)
    assert b"/nested" in kept.body


def test_what_is_answered_untold_is_fetched_where_it_was_only_got(
    nested: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: nothing is posted a second time."""

    async def mute(request: Request) -> Response | None:
        untold = request.url.endswith(("/n.js", "/nested"))
        return None if untold else await answer_of(request)

    monkeypatch.setattr("capture.listening.answer_of", mute)
    made, path = recorded(nested, _after_a_second)
    (kept,) = warcs.responses(path, f"{nested.site.url}/n.js")
    assert b"/nested" in kept.body
    assert made.faults == (f"{nested.site.url}/nested: what was answered was not told",)
    assert len(nested.site.asked("/nested")) == 1
