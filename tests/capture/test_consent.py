"""Consent is refused in the words of the page, and nothing is ever accepted."""

import pytest

from capture.browser import DESKTOP, open_page
from capture.consent import ConsentResult, refuse_consent
from capture.recipe import Recipe, load_recipes
from tests.capture.conftest import Stage

TORGET = load_recipes().recipe_for("torget")
GENERIC = load_recipes().recipe_for("generic")

SCRIPT = """<script>
window.pressed = [];
document.addEventListener('click', (event) => {
  const button = event.composedPath()[0];
  const said = (button.innerText || button.value || '').trim();
  if (!said) return;
  (window.top.pressed ||= []).push(said);
  event.preventDefault();
  for (const box of event.composedPath())
    if (box.matches?.('.banner')) box.style.display = 'none';
});
</script>"""

BANNER = """{script}<h1>KI</h1><p>Profilens text.</p>
<div class=banner style="position:fixed;bottom:0;left:0;right:0;background:white">
<p>Vi använder kakor (cookies) för att förbättra webbplatsen.</p>
<button>{accept}</button> {reject}</div>"""


def banner(reject: str, accept: str = "Acceptera alla") -> str:
    return BANNER.format(script=SCRIPT, reject=reject, accept=accept)


def refused(
    stage: Stage, html: str, recipe: Recipe = GENERIC, wait_ms: int = 0
) -> tuple[ConsentResult, list[str]]:
    """What was done, and every button that the page says was pressed."""
    stage.site.page("/", html)

    async def visit() -> tuple[ConsentResult, list[str]]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/", wait_until="load")
            await page.wait_for_timeout(wait_ms)
            result = await refuse_consent(page, recipe)
            return result, await page.evaluate("() => window.pressed || []")

    return stage.run(visit())


WORDINGS = (
    "Avvisa alla",
    "Avvisa",
    "Avvisa allt",
    "Avvisa alla kakor",
    "Avvisa valfria cookies",
    "Neka",
    "Neka alla",
    "Neka alla cookies",
    "Avböj",
    "Nej tack",
    "Nej, tack!",
    "Endast nödvändiga",
    "ENDAST NÖDVÄNDIGA KAKOR",
    "Bara nödvändiga",
    "Bara nödvändiga cookies",
    "Tillåt endast nödvändiga cookies",
    "Acceptera endast nödvändiga",
    "Godkänn bara nödvändiga kakor",
    "Använd endast nödvändiga kakor",
    "Jag godkänner inte",
    "Fortsätt utan att acceptera",
    "Reject all",
    "Reject",
    "Reject optional cookies",
    "Decline",
    "Decline all",
    "Decline optional cookies",
    "Deny",
    "Refuse non-essential cookies",
    "Only necessary",
    "Necessary only",
    "Only allow essential cookies",
    "Accept only necessary",
    "Use necessary cookies only",
    "Continue without accepting",
    "No, thanks",
)


def test_every_wording_is_refused(stage: Stage) -> None:
    """One page through all wordings, Swedish and English, as generic scripts miss them."""
    stage.site.page("/", "<h1>KI</h1>")

    async def visit() -> list[tuple[str, ConsentResult, list[str]]]:
        found = []
        async with open_page(stage.browser, DESKTOP) as page:
            for wording in WORDINGS:
                await page.set_content(banner(f"<button>{wording}</button>"))
                result = await refuse_consent(page, GENERIC)
                found.append((wording, result, await page.evaluate("() => window.pressed")))
        return found

    for wording, result, pressed in stage.run(visit()):
        assert pressed == [wording]
        assert result == ConsentResult(found=True, pressed=wording, rule="generic", gone=True)


@pytest.mark.parametrize(
    "button",
    [
        '<a href="/x">Neka</a>',
        "<div role=button tabindex=0>Neka</div>",
        '<input type=button value="Neka">',
        "<button><span>Neka</span></button>",
    ],
)
def test_every_kind_of_button_is_pressed(stage: Stage, button: str) -> None:
    result, pressed = refused(stage, banner(button))
    assert (result.pressed, result.gone, pressed) == ("Neka", True, ["Neka"])


@pytest.mark.parametrize(
    "wording",
    [
        "Acceptera alla",
        "Godkänn",
        "Jag förstår",
        "OK",
        "Accept all",
        "Tillåt alla",
        "Nödvändiga och statistik",
        "Endast nödvändiga och statistik",
        "Hantera val",
        "Neka inte",
    ],
)
def test_a_banner_without_a_refusal_is_left_standing(stage: Stage, wording: str) -> None:
    """Nothing is accepted on the authority's behalf, not even to get the banner away."""
    result, pressed = refused(stage, banner(f"<button>{wording}</button>"))
    assert pressed == []
    assert result == ConsentResult(found=True, pressed="", rule="no refusal offered", gone=False)


def test_a_page_without_a_banner_is_left_alone(stage: Stage) -> None:
    result, pressed = refused(stage, SCRIPT + "<h1>KI</h1><button>Neka</button><p>Hej</p>")
    assert pressed == []
    assert result == ConsentResult(found=False, pressed="", rule="", gone=True)


def test_a_refusal_about_something_else_is_not_pressed(stage: Stage) -> None:
    """A friend request stands on many pages whose foot speaks of cookies."""
    html = f"""{SCRIPT}<div id=app><h1>KI</h1><main><article><p>Solna vill följa dig</p>
    <button>Avböj</button></article><div><p>Vill du se notiser?</p><button>Neka</button></div>
    </main><footer><a href="/c">Om kakor och integritet</a></footer></div>"""
    result, pressed = refused(stage, html)
    assert pressed == []
    assert not result.found


def test_a_hidden_banner_is_no_banner(stage: Stage) -> None:
    html = banner("<button>Neka</button>").replace("position:fixed", "display:none")
    result, pressed = refused(stage, html)
    assert (result.found, pressed) == (False, [])


def test_a_banner_in_a_frame_is_refused_and_its_frame_may_go_with_it(stage: Stage) -> None:
    inner = """Om kakor: vi använder cookies.<button onclick="top.pressed = ['Neka alla'];
      frameElement.remove()">Neka alla</button><button>Godkänn alla</button>"""
    stage.site.page("/cmp", inner)
    result, pressed = refused(
        stage, '<h1>KI</h1><iframe src="/cmp" style="position:fixed;bottom:0"></iframe>'
    )
    assert pressed == ["Neka alla"]
    assert result == ConsentResult(found=True, pressed="Neka alla", rule="generic", gone=True)


def test_a_banner_in_a_cross_site_frame_is_refused(stage: Stage) -> None:
    inner = """<p>Samtycke till cookies</p><button onclick="document.body.innerHTML = ''">
      Avvisa alla</button>"""
    stage.site.page("/cmp", inner)
    result, _ = refused(stage, f'<h1>KI</h1><iframe src="{stage.site.other}/cmp"></iframe>')
    assert (result.pressed, result.gone) == ("Avvisa alla", True)


@pytest.mark.parametrize("wrapped", ["{}", "<section>{}</section>"])
def test_a_banner_in_a_shadow_tree_is_refused(stage: Stage, wrapped: str) -> None:
    inside = wrapped.format("<p>Vi använder kakor</p><button>Avvisa alla</button>")
    html = f"""{SCRIPT}<h1>KI</h1><div class=banner id=host></div><script>
      host.attachShadow({{mode: 'open'}}).innerHTML = `{inside}`;</script>"""
    result, pressed = refused(stage, html)
    assert (result.pressed, result.gone, pressed) == ("Avvisa alla", True, ["Avvisa alla"])


def test_a_refusal_that_leads_on_to_the_page_is_a_refusal(stage: Stage) -> None:
    """Some platforms ask on a page of their own."""
    stage.site.page(
        "/",
        "<h1>Innan du fortsätter</h1><p>Vi använder cookies.</p>"
        "<form action=/profil><button>Avvisa alla</button></form>",
    )
    stage.site.page("/profil", "<h1>KI</h1>")

    async def visit() -> tuple[ConsentResult, str]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            result = await refuse_consent(page, GENERIC)
            return result, await page.locator("h1").inner_text()

    result, heading = stage.run(visit())
    assert (result.pressed, result.gone, heading) == ("Avvisa alla", True, "KI")


def test_the_recipes_own_button_goes_first(stage: Stage) -> None:
    html = f"""{SCRIPT}<div class="consent banner"><p>Kakor</p><button>Neka</button>
      <button data-choice=necessary>Det som behövs</button></div>"""
    result, pressed = refused(stage, html, TORGET)
    assert pressed == ["Det som behövs"]
    assert result.rule == "recipe"


def test_a_banner_that_the_recipe_does_not_know_is_refused_all_the_same(stage: Stage) -> None:
    """A recipe grows old; its banner may have been exchanged for a bought one."""
    result, pressed = refused(stage, banner("<button>Neka</button>"), TORGET)
    assert (pressed, result.rule, result.gone) == (["Neka"], "generic", True)


def test_a_recipes_banner_whose_button_was_renamed_is_refused_by_its_words(stage: Stage) -> None:
    html = f"""{SCRIPT}<div class="consent banner"><p>Kakor</p>
      <button>Endast nödvändiga</button></div>"""
    result, pressed = refused(stage, html, TORGET)
    assert (pressed, result.rule) == (["Endast nödvändiga"], "generic")


def test_a_banner_that_stays_is_said_to_stay(stage: Stage) -> None:
    html = banner("<button>Neka</button>").replace("class=banner", "class=stays")
    result, pressed = refused(stage, html)
    assert (result.found, result.gone, pressed) == (True, False, ["Neka"])
