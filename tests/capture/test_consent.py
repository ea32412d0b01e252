"""Consent is refused in the words of the page, and nothing is ever accepted."""

from dataclasses import replace

import pytest

from capture.browser import DESKTOP, open_page
from capture.consent import ConsentResult, decline_offer, refuse_consent
from capture.consent_words import REFUSAL, SAVE, SETTINGS, SHORT_REFUSAL
from capture.recipe import Recipe, load_recipes
from tests.capture.conftest import Stage

TORGET = load_recipes().recipe_for("torget")
GENERIC = load_recipes().recipe_for("generic")

SCRIPT = """<script>
window.pressed = [];
document.addEventListener('click', (event) => {
  const button = event.composedPath()[0];
  const said = (button.innerText || button.value || '').trim();
  if (!said || button.type === 'checkbox') return;
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
    *("Avvisa alla", "Avvisa", "Avvisa allt", "Avvisa alla kakor", "Avvisa valfria cookies"),
    *("Neka", "Neka alla", "Neka alla cookies", "Avböj", "Nej tack", "Nej, tack!", "Tacka nej"),
    *("Avslå", "Avslå alla", "Avvisa ej nödvändiga", "Avvisa alla utom nödvändiga", "Nej"),
    *("Neka alla utom nödvändiga", "Avvisa analyskakor", "Avvisa och stäng"),
    *("Endast nödvändiga", "ENDAST NÖDVÄNDIGA KAKOR", "Bara nödvändiga", "Nödvändiga kakor"),
    *("Bara nödvändiga cookies", "Endast tekniskt nödvändiga", "Endast nödvändigt"),
    *("Tillåt endast nödvändiga cookies", "Acceptera endast nödvändiga", "Tillåt nödvändiga"),
    *("Godkänn bara nödvändiga kakor", "Använd endast nödvändiga kakor"),
    *("Acceptera nödvändiga", "Godkänn nödvändiga kakor", "Jag godkänner endast nödvändiga kakor"),
    *("Jag accepterar bara nödvändiga kakor", "Jag godkänner inte", "Nej, bara nödvändiga"),
    *("Nej, godkänn endast nödvändiga", "Nej tack, bara nödvändiga"),
    *("Fortsätt utan att acceptera", "Stäng utan att acceptera"),
    *("Reject all", "Reject", "Reject optional cookies", "Reject all non-essential cookies"),
    *("Reject all optional cookies", "Reject & close", "Reject analytics cookies"),
    *("Decline", "Decline all", "Decline optional cookies", "I decline", "Deny", "I refuse"),
    *("Refuse non-essential cookies", "Only necessary", "Necessary only", "Opt out"),
    *("Only allow essential cookies", "Accept only necessary", "Use necessary cookies only"),
    *("Accept necessary cookies", "Allow essential cookies", "Continue without accepting"),
    "No, thanks",
)
ACCEPTING = (
    *("Acceptera alla", "Acceptera", "Godkänn", "Godkänn alla", "Tillåt alla", "Jag godkänner"),
    *("Jag förstår", "OK", "Stäng", "Acceptera och stäng", "Acceptera valfria"),
    *("Godkänn alla och nödvändiga", "Acceptera alla nödvändiga och valfria"),
    *("Acceptera nödvändiga och valfria", "Godkänn nödvändiga och statistik"),
    *("Nödvändiga och statistik", "Endast nödvändiga och statistik", "Använd alla kakor"),
    *("Tillåt nödvändiga, statistik och marknadsföring", "Nej, jag godkänner"),
    *("Nej, acceptera alla", "Avvisa nödvändiga och godkänn alla", "Neka inte", "Avvisa inte"),
    *("Jag accepterar alla nödvändiga och valfria kakor", "Spara och acceptera alla"),
    *("Avvisa och godkänn", "Acceptera alla valda och valfria", "Accept", "Accept all"),
    *("Allow all", "I agree", "Got it", "Opt in", "Accept & close", "Reject nothing"),
    *("Accept necessary and optional cookies", "Accept all necessary and analytics"),
    *("Accept essential and marketing", "Allow optional cookies", "Accept analytics cookies"),
    "Save and accept all",
)
"""None of them may ever be pressed, as a refusal, as the way to the settings, or to save."""


@pytest.mark.parametrize("wording", ACCEPTING)
def test_what_accepts_is_never_taken_for_anything_else(wording: str) -> None:
    for fits in (REFUSAL, SHORT_REFUSAL, SETTINGS, SAVE):
        assert not fits.match(wording)


@pytest.mark.parametrize("ending", ["och acceptera alla", "and accept all", "och valfria"])
@pytest.mark.parametrize("wording", WORDINGS[::4])
def test_a_refusal_is_the_whole_of_a_buttons_text(wording: str, ending: str) -> None:
    assert not REFUSAL.match(f"{wording} {ending}")


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


@pytest.mark.parametrize("wording", ["Acceptera alla", "Jag förstår", "OK", "Neka inte"])
def test_a_bar_that_offers_no_choice_stands_and_is_no_wall(stage: Stage, wording: str) -> None:
    """Nothing is accepted on the authority's behalf, not even to get it away."""
    result, pressed = refused(stage, banner(f"<button>{wording}</button>", "OK"))
    assert pressed == []
    assert result == ConsentResult(found=True, pressed="", rule="no choice offered", gone=False)
    assert result.wall is None


OVER = {
    "in the middle": ("position:fixed;bottom:0", "position:fixed;top:40%;left:30%"),
    "most of the window": ("position:fixed;bottom:0", "position:fixed;bottom:0;height:60%"),
    "modal": ("class=banner", "class=banner aria-modal=true"),
    "scrolling is stopped": (
        "<h1>KI</h1>",
        "<style>body {overflow: hidden}</style><h1>KI</h1><div style='height:3000px'></div>",
    ),
}


@pytest.mark.parametrize("how", OVER)
def test_a_banner_that_stands_in_the_way_and_cannot_be_refused_is_a_wall(
    stage: Stage, how: str
) -> None:
    result, pressed = refused(stage, banner("", "Jag förstår").replace(*OVER[how]))
    assert pressed == []
    assert (result.rule, result.gone) == ("no refusal offered", False)
    assert result.wall is not None
    assert result.wall.verdict == "consent_wall"


def test_a_banner_whose_settings_offer_no_refusal_is_a_wall(stage: Stage) -> None:
    result, pressed = refused(stage, banner("<button>Hantera val</button>"))
    assert pressed == ["Hantera val"]
    assert result == ConsentResult(
        found=True, pressed="Hantera val", rule="no refusal offered", gone=False
    )
    assert result.wall is not None


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


def test_an_invitation_to_sign_in_is_declined_once_and_is_no_wall(stage: Stage) -> None:
    """Platforms lay it over what they show to everybody; only the recipe's own is closed."""
    inviting = replace(GENERIC, offer="[role=dialog] [aria-label=Stäng]")
    html = """<main><h1>KI</h1></main><div role=dialog style="position:fixed;inset:0">
      <p>Logga in för att se mer</p><button aria-label=Stäng
      onclick="this.parentElement.remove()">×</button></div>"""
    stage.site.page("/", html)

    async def visit() -> list[bool]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return [await decline_offer(page, recipe) for recipe in (GENERIC, inviting, inviting)]

    assert stage.run(visit()) == [False, True, False]


LAYERS = """{script}<script>
window.opened = false;
function open_settings() {{ document.querySelector('#second').hidden = false; }}
</script><main><h1>KI</h1><article>Profilens text.</article></main>
<div class=banner id=first style="position:fixed;bottom:0;background:white">
<p>Vi använder kakor.</p><button>Godkänn alla</button>
<button onclick="open_settings()">{opener}</button></div>
<div class=banner id=second role=dialog hidden style="position:fixed;top:0;background:white">
<h2>Inställningar för kakor</h2>{second}</div>"""

SWITCHES = """<label><input type=checkbox checked disabled>Nödvändiga</label>
<label><input type=checkbox checked>Statistik</label>
<label><input type=checkbox>Annonser</label>
<button role=switch aria-checked=true onclick="this.ariaChecked='false'"></button>
<button>Godkänn alla</button><button>Spara och acceptera alla</button><button>{save}</button>"""
STATES = """() => [...document.querySelectorAll('input, [role=switch]')]
  .map(n => n.checked ?? n.ariaChecked === 'true')"""


OPENERS = (
    *("Inställningar", "Hantera kakor", "Egna inställningar", "Gör egna val", "Mina val"),
    *("Välj själv", "Ställ in", "Justera", "Mer information", "Manage preferences"),
    *("Let me choose", "Customise"),
)
SAVERS = (
    *("Spara mina val", "Spara", "Acceptera valda", "Godkänn valda", "Godkänn urval"),
    *("Spara kakinställningar", "Save and exit", "Confirm my choices", "Accept selected"),
    "Accept selection",
)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_refusal_in_the_second_layer_is_found(stage: Stage, opener: str) -> None:
    """CAPTURE: many banners hide the refusal behind their settings."""
    second = "<button>Godkänn alla</button><button>Neka alla</button>"
    html = LAYERS.format(script=SCRIPT, opener=opener, second=second)
    result, pressed = refused(stage, html)
    assert pressed == [opener, "Neka alla"]
    assert result == ConsentResult(
        found=True, pressed=f"{opener} → Neka alla", rule="generic, second layer", gone=True
    )


@pytest.mark.parametrize("save", SAVERS)
def test_without_a_refusal_all_is_switched_off_and_that_is_saved(stage: Stage, save: str) -> None:
    html = LAYERS.format(script=SCRIPT, opener="Anpassa", second=SWITCHES.format(save=save))
    stage.site.page("/", html)

    async def visit() -> tuple[ConsentResult, list[str], list[bool]]:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/", wait_until="load")
            result = await refuse_consent(page, GENERIC)
            pressed = await page.evaluate("() => window.pressed")
            return result, pressed, await page.evaluate(STATES)

    result, pressed, states = stage.run(visit())
    assert states == [True, False, False, False]
    assert pressed == ["Anpassa", save]
    assert result.rule == "switched off and saved, second layer"
    assert result.gone


def test_a_group_of_the_settings_that_is_named_like_a_refusal_is_not_pressed(stage: Stage) -> None:
    groups = """<button aria-expanded=false>Endast nödvändiga</button>
      <button>Nödvändiga kakor</button>"""
    html = LAYERS.format(
        script=SCRIPT, opener="Anpassa", second=groups + SWITCHES.format(save="Spara mina val")
    )
    result, pressed = refused(stage, html)
    assert pressed == ["Anpassa", "Spara mina val"]
    assert result.gone


def test_settings_without_a_refusal_or_a_switch_are_left(stage: Stage) -> None:
    second = "<p>Läs mer i policyn.</p><button>Spara</button><button>Godkänn alla</button>"
    html = LAYERS.format(script=SCRIPT, opener="Inställningar", second=second)
    result, pressed = refused(stage, html)
    assert pressed == ["Inställningar"]
    assert (result.found, result.gone, result.rule) == (True, False, "no refusal offered")


def test_a_link_to_the_policy_is_not_followed(stage: Stage) -> None:
    """What is photographed is the profile, not the page about cookies."""
    result, pressed = refused(stage, banner("<a href=/policy>Inställningar för kakor</a>"))
    assert (pressed, result.rule) == ([], "no choice offered")


def test_a_banner_in_a_frame_that_offers_no_refusal_is_seen_to_stand(stage: Stage) -> None:
    stage.site.page("/inner", "<p>Vi använder kakor.</p><button>Godkänn</button>")
    over = '<iframe src=/inner style="position:fixed;bottom:0;width:100%"></iframe>'
    result, _ = refused(stage, f"<main>KI</main>{over}", wait_ms=300)
    assert result == ConsentResult(found=True, pressed="", rule="no choice offered", gone=False)
    beside, _ = refused(stage, "<main>KI</main><iframe src=/inner></iframe>", wait_ms=300)
    assert not beside.found


COMMON = {
    "OneTrust": """<div id="onetrust-banner-sdk" class="banner otFlat bottom" role="region"
      style="position:fixed;bottom:0"><p id="onetrust-policy-text">We use cookies.</p>
      <button id="onetrust-pc-btn-handler">Cookie Settings</button>
      <button id="onetrust-reject-all-handler">Reject All</button>
      <button id="onetrust-accept-btn-handler">Accept All Cookies</button></div>""",
    "Cookiebot": """<div id="CybotCookiebotDialog" class="banner" role="dialog"
      style="position:fixed;bottom:0"><h2>Den här webbplatsen använder cookies</h2>
      <a id="CybotCookiebotDialogBodyButtonDecline" href="#">Avvisa</a>
      <a id="CybotCookiebotDialogBodyLevelButtonCustomize" href="#">Anpassa</a>
      <a id="CybotCookiebotDialogBodyLevelButtonAcceptAll" href="#">Tillåt alla</a></div>""",
    "Usercentrics": """<div id="usercentrics-root" class="banner"></div><script>
      document.querySelector('#usercentrics-root').attachShadow({mode: 'open'}).innerHTML =
      `<div role="dialog" style="position:fixed;bottom:0"><p>Vi använder kakor.</p>
       <button data-testid="uc-customize-button">Fler inställningar</button>
       <button data-testid="uc-deny-all-button">Neka</button>
       <button data-testid="uc-accept-all-button">Acceptera alla</button></div>`;</script>""",
    "Didomi": """<div id="didomi-host"><div class="banner didomi-popup" role="dialog"
      style="position:fixed;bottom:0"><span class="didomi-continue-without-agreeing" role="button"
      tabindex="0">Continue without agreeing</span><p>We and our partners use cookies.</p>
      <button id="didomi-notice-learn-more-button">Learn more</button>
      <button id="didomi-notice-agree-button">Agree &amp; close</button></div></div>""",
    "Quantcast": """<div class="banner qc-cmp2-container" style="position:fixed;bottom:0">
      <p>We value your privacy: cookies.</p><button mode="secondary">MORE OPTIONS</button>
      <button mode="secondary">DISAGREE</button><button mode="primary">AGREE</button></div>""",
    "Cookie Information": """<div id="cookie-information-template-wrapper" class="banner"
      style="position:fixed;bottom:0"><p>Vi använder cookies.</p>
      <button id="declineButton">Endast nödvändiga</button><button>Visa detaljer</button>
      <button>Godkänn alla</button></div>""",
}


def test_the_common_banners_are_refused(stage: Stage) -> None:
    """CAPTURE: six products that most Swedish and international sites use, by their markup."""

    async def visit() -> dict[str, tuple[bool, list[str]]]:
        seen = {}
        async with open_page(stage.browser, DESKTOP) as page:
            for name in COMMON:
                await page.goto(f"{stage.site.url}/{name.replace(' ', '')}", wait_until="load")
                result = await refuse_consent(page, GENERIC)
                seen[name] = (result.gone, await page.evaluate("() => window.pressed || []"))
        return seen

    for name, html in COMMON.items():
        stage.site.page(f"/{name.replace(' ', '')}", f"{SCRIPT}<main><h1>KI</h1></main>{html}")
    assert stage.run(visit()) == {
        "OneTrust": (True, ["Reject All"]),
        "Cookiebot": (True, ["Avvisa"]),
        "Usercentrics": (True, ["Neka"]),
        "Didomi": (True, ["Continue without agreeing"]),
        "Quantcast": (True, ["DISAGREE"]),
        "Cookie Information": (True, ["Endast nödvändiga"]),
    }
