"""A page that goes elsewhere while it is looked at: it is seen whole in one document, or not."""

import json
from dataclasses import replace

import pytest

from capture.browser import DESKTOP, BrowserError, open_page
from capture.recipe import load_recipes
from capture.refusal import Stopped
from capture.stay import Answer, see_whole
from capture.visit import Visit, visit
from capture.walls import Verdict
from storage.package import WARC
from tests.capture import warcs
from tests.capture.conftest import Stage

_ON = "<h1>Här</h1><script>setTimeout(() => location.href = '{}', 100)</script>"
_REST = "() => new Promise(done => setTimeout(done, 600))"
_BANNER = """<title>Två</title><main><h1>Biblioteket</h1><article>Öppet till åtta i kväll.</article>
</main><script>
if (!sessionStorage.no) document.body.insertAdjacentHTML('beforeend', `<div role=dialog id=cookies>
  Vi använder kakor. <button onclick="sessionStorage.no = 1; location.reload()">Avvisa alla</button>
</div>`)</script>"""


def seen(stage: Stage, script: str = _REST) -> list[tuple[str, int]]:
    """The documents that `see_whole` began to see, each with its status; `script` sees one.

    Raises:
        Stopped, BrowserError: as it does.
    """
    begun: list[tuple[str, int]] = []

    async def look() -> None:
        async with open_page(stage.browser, DESKTOP) as page:

            async def load() -> Answer:
                response = await page.goto(stage.site.url, wait_until="domcontentloaded")
                assert response is not None
                return await Answer.of(response)

            async def see(answer: Answer) -> None:
                begun.append((page.url.removeprefix(stage.site.url), answer.status))
                await page.evaluate(script)

            await see_whole(page, load, see)

    stage.run(look())
    return begun


def test_a_profile_that_leads_on_and_loads_itself_anew_is_captured_in_its_last_document(
    stage: Stage,
) -> None:
    """C23: the recording holds both pages; picture, text and data are of the last."""
    stage.site.page("/", "<title>Ett</title><script>location.replace('/b')</script>")
    stage.site.page("/b", _BANNER)
    pictures = stage.folder / "pictures"
    pictures.mkdir()
    (pictures / "desktop-0009.png").write_bytes(b"of an earlier look")
    settings = replace(stage.settings, capture_seconds=60)
    recipe = load_recipes(settings.recipes).recipe_for("generic")
    made = stage.run(visit(f"{stage.site.url}/", recipe, settings, stage.folder))
    assert isinstance(made, Visit), made
    assert (made.title, made.final_url) == ("Två", f"{stage.site.url}/b")
    assert (made.consent.pressed, made.consent.gone) == ("Avvisa alla", True)
    assert (pictures / "desktop-before-consent.png").exists()
    assert [one.name for one in pictures.glob("desktop-0*")] == ["desktop-0001.png"]
    assert "kakor" not in (stage.folder / "text" / "visible.txt").read_text("utf-8")
    steps = (stage.folder / "logs" / "capture.jsonl").read_text("utf-8").splitlines()
    looks = [one for one in map(json.loads, steps) if one.get("view") == "desktop"]
    assert sum("found" in one for one in looks) >= 2, "looked at anew"
    kept = {k.url.removeprefix(stage.site.url): k for k in warcs.responses(stage.folder / WARC)}
    assert b"location.replace" in kept["/"].body
    assert "Öppet till åtta".encode() in kept["/b"].body
    assert made.recording.main is not None
    assert made.recording.main.url == f"{stage.site.url}/b"
    assert made.recording.status == "complete"


def test_a_page_that_goes_elsewhere_is_judged_by_how_that_was_answered(stage: Stage) -> None:
    """C23"""
    stage.site.page("/", _ON.format("/gone"))
    stage.site.page("/gone", "<h1>Finns inte</h1>", status="404 Not Found")
    assert seen(stage)[-1] == ("/gone", 404)  # on a busy machine, the first is never seen at all


def test_a_page_that_stays_nowhere_is_partial(stage: Stage) -> None:
    """C23"""
    stage.site.page("/", _ON.format("/"))
    with pytest.raises(Stopped) as stopped:
        seen(stage)
    assert stopped.value.judgement.verdict is Verdict.PARTIAL
    assert "went elsewhere 4 times" in stopped.value.judgement.evidence[0]
    assert len(stage.site.asked("/")) in (5, 6)  # a busy machine leaves it one more turn


def test_an_address_that_only_changes_or_leads_to_no_document_is_no_leaving(stage: Stage) -> None:
    stage.site.body("/none", b"", status="204 No Content", kind="")
    stage.site.page("/in", "<p>inne</p>")
    stage.site.page(
        "/",
        """<iframe></iframe><script>history.pushState(0, '', '/x');
        setTimeout(() => location.href = '/none', 100);
        setTimeout(() => document.querySelector('iframe').src = '/in', 250)</script>""",
    )
    assert seen(stage) == [("/x", 200)]


def test_what_goes_wrong_on_a_page_that_stays_is_told(stage: Stage) -> None:
    stage.site.page("/", "<h1>Hej</h1>")
    with pytest.raises(BrowserError, match="broken"):
        seen(stage, "() => { throw Error('broken') }")
