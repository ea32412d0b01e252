"""Walls and faults: every verdict from what was seen, the surest sign first."""

from dataclasses import replace

import pytest

from capture.browser import DESKTOP, open_page
from capture.recipe import load_recipes
from capture.recipe_model import Recipe, Signs
from capture.walls import (
    EXIT_CODES,
    OK,
    RETRIED_ONCE,
    RETRYABLE,
    Judgement,
    Observation,
    Verdict,
    judge,
    observe,
    unreachable,
)
from tests.capture.conftest import Stage

TORGET = load_recipes().recipe_for("torget")
GENERIC = load_recipes().recipe_for("generic")
LONG = "Karolinska Institutet forskar om hälsa. " * 30

PROFILE = Observation(
    requested_url="https://torget.example/@ki",
    final_url="https://torget.example/@ki",
    status=200,
    headers=(("content-type", "text/html"),),
    sign_in_fields=0,
    landmarks=1,
    posts=4,
    signs=dict.fromkeys(Signs.__dataclass_fields__, 0),
    text=LONG,
    headings="KI – Torget\nKarolinska Institutet",
    content=len(LONG),
)
NO_LANDMARK = replace(PROFILE, landmarks=0, posts=0, text="Torget", headings="Torget", content=6)
UNKNOWN = replace(PROFILE, landmarks=None, posts=0)
"""A page without a recipe, with content and without posts."""


def signed(landmarks: int = 1, **signs: int) -> Observation:
    return replace(PROFILE, landmarks=landmarks, signs={**PROFILE.signs, **signs})


def with_header(name: str, value: str, status: int = 200) -> Observation:
    return replace(PROFILE, status=status, headers=((name, value),))


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (PROFILE, Verdict.OK),
        (replace(PROFILE, status=401), Verdict.LOGIN_WALL),
        (replace(PROFILE, status=403), Verdict.BOT_WALL),
        (replace(PROFILE, status=404), Verdict.NOT_FOUND),
        (replace(PROFILE, status=408), Verdict.UNREACHABLE),
        (replace(PROFILE, status=410), Verdict.REMOVED),
        (replace(PROFILE, status=429), Verdict.RATE_LIMITED),
        (replace(PROFILE, status=451), Verdict.REMOVED),
        (replace(PROFILE, status=500), Verdict.UNREACHABLE),
        (replace(PROFILE, status=503), Verdict.UNREACHABLE),
        (replace(PROFILE, status=999), Verdict.BOT_WALL),
        (with_header("cf-mitigated", "challenge", 503), Verdict.BOT_WALL),
        (with_header("CF-Mitigated", "challenge", 403), Verdict.BOT_WALL),
        (with_header("x-amzn-waf-action", "captcha"), Verdict.BOT_WALL),
        (with_header("cf-mitigated", "none"), Verdict.OK),
        (replace(PROFILE, final_url="https://torget.example/login?next=%2F@ki"), "login_wall"),
        (replace(PROFILE, final_url="https://torget.example/sv/login/"), Verdict.LOGIN_WALL),
        (replace(PROFILE, final_url="https://torget.example/loginfo"), Verdict.OK),
        (replace(PROFILE, final_url="https://torget.example/@ki?lang=sv"), Verdict.OK),
        (signed(removed=1), Verdict.REMOVED),
        (signed(private=1), Verdict.PRIVATE),
        (signed(not_found=1), Verdict.NOT_FOUND),
        (signed(login=1), Verdict.OK),
        (signed(bot=1), Verdict.OK),
        (signed(landmarks=0, login=1), Verdict.LOGIN_WALL),
        (signed(landmarks=0, bot=1), Verdict.BOT_WALL),
        (replace(PROFILE, sign_in_fields=1), Verdict.OK),
        (replace(NO_LANDMARK, sign_in_fields=1), Verdict.LOGIN_WALL),
        (replace(NO_LANDMARK, sign_in_fields=1, text=LONG), Verdict.LOGIN_WALL),
        (NO_LANDMARK, Verdict.PARTIAL),
        (replace(NO_LANDMARK, text=" \n "), Verdict.BLANK),
        (replace(PROFILE, text="", posts=0), Verdict.BLANK),
        (replace(NO_LANDMARK, text="Sidan finns inte"), Verdict.NOT_FOUND),
        (replace(NO_LANDMARK, text="Sorry, this page isn't available."), Verdict.NOT_FOUND),
        (replace(NO_LANDMARK, text="Kontot har tagits bort"), Verdict.REMOVED),
        (replace(NO_LANDMARK, text="This account has been suspended"), Verdict.REMOVED),
        (replace(NO_LANDMARK, text="Det här kontot är privat"), Verdict.PRIVATE),
        (replace(NO_LANDMARK, text="Logga in för att fortsätta"), Verdict.LOGIN_WALL),
        (replace(NO_LANDMARK, text="Log in to continue"), Verdict.LOGIN_WALL),
        (replace(NO_LANDMARK, text="Bekräfta att du är människa"), Verdict.BOT_WALL),
        (replace(NO_LANDMARK, text="Verify you are human"), Verdict.BOT_WALL),
        (replace(NO_LANDMARK, text=LONG + "Kontot har tagits bort", content=900), Verdict.PARTIAL),
        (replace(PROFILE, text="Kontot har tagits bort, skrev någon"), Verdict.OK),
    ],
)
def test_each_sign_gives_its_verdict_with_evidence(seen: Observation, verdict: Verdict) -> None:
    """R9: only the page itself is `ok`, and everything else says what was seen."""
    judgement = judge(seen, TORGET)
    assert judgement.verdict == verdict
    assert bool(judgement.evidence) == (verdict != Verdict.OK)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (replace(PROFILE, landmarks=None), Verdict.OK),
        (replace(PROFILE, landmarks=None, text="Välkommen hit"), Verdict.OK),
        (replace(PROFILE, landmarks=None, text=""), Verdict.BLANK),
        (replace(UNKNOWN, sign_in_fields=1), Verdict.OK),
        (replace(UNKNOWN, sign_in_fields=1, content=399), Verdict.LOGIN_WALL),
        (replace(UNKNOWN, sign_in_fields=1, headings="Logga in | Forum"), Verdict.LOGIN_WALL),
        (replace(PROFILE, landmarks=None, posts=3, sign_in_fields=1), Verdict.OK),
        (replace(UNKNOWN, text="Page not found", content=14), Verdict.NOT_FOUND),
        (replace(UNKNOWN, text=f"Page not found\n{LONG}"), Verdict.OK),
        (replace(UNKNOWN, headings="Sidan hittades inte – KI"), Verdict.NOT_FOUND),
        (replace(UNKNOWN, headings="Access denied: om stängda arkiv i Europa"), Verdict.OK),
        (replace(UNKNOWN, posts=1, text="Logga in för att fortsätta", content=99), Verdict.OK),
    ],
)
def test_a_page_without_a_recipe_is_judged_by_what_all_pages_have(
    seen: Observation, verdict: Verdict
) -> None:
    """R9"""
    assert judge(seen, GENERIC).verdict == verdict


SAID = {
    Verdict.LOGIN_WALL: (
        *("Log in or sign up to view", "Sign in to continue", "Du måste vara inloggad"),
        *("Logga in för att se mer", "Logga in eller skapa konto för att fortsätta"),
        *("You must be logged in to view this profile", "Inloggning krävs", "Login required"),
    ),
    Verdict.BOT_WALL: (
        *("Our systems have detected unusual traffic from your computer network.", "Access Denied"),
        *("Bekräfta att du inte är en robot", "Vi kontrollerar att du är en människa."),
        *("Just a moment…", "Just a moment...", "Åtkomst nekad", "Jag är inte en robot"),
        *("Confirm you’re not a robot", "Checking your browser before you go on"),
        "Vi har upptäckt ovanlig trafik från ditt nätverk",
    ),
    Verdict.NOT_FOUND: (
        *("Sidan är tyvärr inte tillgänglig", "Sorry, this page isn’t available."),
        *("Det här kontot finns inte", "This account doesn't exist", "Sidan hittades inte"),
        *("User not found", "Användaren hittades inte", "Vi kunde inte hitta sidan"),
        *("Hoppsan! Sidan finns inte", "Profilen är inte tillgänglig", "Page not found"),
        *("The page you are looking for doesn’t exist", "Couldn’t find this account"),
        *("Sidan du söker finns inte", "Den här sidan går inte att visa"),
        *("Tyvärr, sidan kunde inte hittas", "This content isn't available right now"),
    ),
    Verdict.REMOVED: (
        *("Account suspended", "Kontot är avstängt", "Kontot har stängts av"),
        *("Kontot har raderats", "Ditt konto har spärrats", "This account has been deleted"),
        *("Det här kontot har tagits bort", "Account deleted"),
    ),
    Verdict.RATE_LIMITED: ("Too many requests", "För många förfrågningar", "Rate limit exceeded"),
    Verdict.PRIVATE: (
        *("Privat konto", "This profile is private", "These posts are protected"),
        *("Det här kontot är privat", "Dessa inlägg är skyddade", "Private account"),
    ),
}


@pytest.mark.parametrize(
    ("said", "verdict"), [(said, v) for v, all_ in SAID.items() for said in all_]
)
def test_a_page_without_content_is_what_its_words_say(said: str, verdict: Verdict) -> None:
    """R9: as a line among a menu's others, in other letters, and as the page's heading."""
    for text in (said, f"Torget\nHem\n{said}\nOm Torget", f"\t{said.upper()}"):
        assert judge(replace(UNKNOWN, text=text, content=len(text)), GENERIC).verdict == verdict
    page = replace(PROFILE, text=said, content=len(said))
    assert judge(page, TORGET) == OK, "the landmark goes before words"
    assert judge(replace(page, landmarks=None), GENERIC) == OK, "posts go before words"


@pytest.mark.parametrize(
    "said",
    [
        "Vi fick “Access denied” av servern i går. Nu fungerar webbplatsen igen.",
        "“Access denied” stod det på skärmen.",
        "Nytt avsnitt: hur du märker att kontot är kapat.",
        "KI\nForskning om hälsa\nInlägg ett\nLogga in för att se fler inlägg",
        "KI\nResearch on health\nLog in to see more posts",
        "Forskarna visar att sidan inte är den bästa källan.",
        "Vår app för att logga in är ny.",
        "Möt våra privata konton i panelen om integritet.",
        "Kontot finns inte bara för studenter.",
        "Just a moment of peace, med musik i aulan.",
        "En studie om för många förfrågningar till vården",
    ],
)
def test_a_short_profile_that_speaks_of_walls_is_none(said: str) -> None:
    assert judge(replace(UNKNOWN, text=said, content=len(said)), GENERIC) == OK


def test_status_goes_before_words() -> None:
    seen = replace(NO_LANDMARK, status=429, text="Sidan finns inte")
    assert judge(seen, TORGET).evidence == ("status 429",)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((("retry-after", "30"),), 30),
        ((("Retry-After", " 120 "),), 120),
        ((), None),
        ((("retry-after", "soon"),), None),
        (
            (
                ("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
                ("retry-after", "Mon, 23 Nov 2026 12:05:00 GMT"),
            ),
            300,
        ),
        ((("retry-after", "Mon, 23 Nov 2026 12:05:00 GMT"),), None),
        (
            (
                ("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
                ("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT"),
            ),
            0,
        ),
    ],
)
def test_a_rate_limit_tells_when_to_come_back(
    headers: tuple[tuple[str, str], ...], seconds: int | None
) -> None:
    """Seconds or an HTTP date (RFC 9110, 10.2.3), which counts from the answer's own clock."""
    seen = replace(PROFILE, status=429, headers=headers)
    assert judge(seen, TORGET).retry_after_s == seconds


def test_every_verdict_has_an_exit_code_of_its_own() -> None:
    assert list(EXIT_CODES) == list(Verdict)
    assert sorted(EXIT_CODES.values()) == [0, *range(10, 20)]


def test_only_what_time_may_cure_is_tried_again() -> None:
    assert {Verdict.RATE_LIMITED, Verdict.UNREACHABLE} == RETRYABLE
    assert {Verdict.PARTIAL, Verdict.BLANK} == RETRIED_ONCE
    assert unreachable("no answer") == Judgement(
        verdict=Verdict.UNREACHABLE, evidence=("no answer",)
    )


def observed(stage: Stage, recipe: Recipe) -> Observation:
    async def look() -> Observation:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return await observe(page, recipe, f"{stage.site.url}/", 200, {"server": "x"})

    return stage.run(look())


MENU = "<nav>" + "<a href=/a>Forskning och utbildning</a> " * 20 + "</nav>"
FORM = "<form><h2>Logga in</h2><input name=u><input type=password><button>Logga in</button></form>"
FEED = "<article><time datetime=2026-11-01>i dag</time> Hej</article>" * 2
WALLS = {
    "an e-mail alone": (
        "<h1>Log in or sign up to view</h1><form><input type=email><button>Next</button></form>",
        "login_wall",
    ),
    "a name alone": ("<h1>KI</h1><form><input autocomplete=username></form>", "login_wall"),
    "a menu and a form": (f"{MENU}<main><h1>KI</h1>{FORM}</main>", "login_wall"),
    "a long text beside a form": (
        f"<title>Inloggning – KI</title><p>{LONG}</p>{FORM}",
        "login_wall",
    ),
    "a form round the page": (f"<form id=aspnet>{FORM[6:-7]}<p>Kort.</p></form>", "login_wall"),
    "an article": ("<article><h1>Sidan hittades inte</h1></article>", "not_found"),
    "a long menu": (f"{MENU}<main><p>Sidan är tyvärr inte tillgänglig</p></main>", "not_found"),
    "a long list below": (f"<h1>Sidan finns inte</h1><p>{LONG}</p>", "not_found"),
}
PAGES = {
    "a form in a sidebar": f"<main><h1>KI</h1><p>{LONG}</p></main><aside>{FORM}</aside>",
    "a form in the head": f"<header>{FORM}</header><h1>KI</h1><p>{LONG}</p>",
    "a form round the page": f"<form id=aspnet><h1>KI</h1><p>{LONG}</p>{FORM[6:-7]}</form>",
    "a feed and a form": f"<h1>KI</h1>{FEED}<aside>{FORM}</aside>",
    "a feed that ends": f"<h1>KI</h1>{FEED}<p>Logga in för att fortsätta</p>",
    "a letter by mail": f"<h1>KI</h1><p>{LONG}</p><form>Nyhetsbrev <input type=email></form>",
    "a quotation": f"<h1>KI</h1>{FEED.replace('Hej', 'Access denied')}",
}


@pytest.mark.parametrize("kind", WALLS)
def test_a_wall_is_known_on_a_page_without_a_recipe(stage: Stage, kind: str) -> None:
    html, verdict = WALLS[kind]
    stage.site.page("/", html)
    assert judge(observed(stage, GENERIC), GENERIC).verdict == verdict


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_with_content_is_no_wall_for_what_stands_beside_it(stage: Stage, kind: str) -> None:
    stage.site.page("/", PAGES[kind])
    assert judge(observed(stage, GENERIC), GENERIC) == OK


def test_only_what_is_visible_is_a_sign(stage: Stage) -> None:
    """A hidden sign-in form, a template of a sign and hidden words say nothing."""
    stage.site.page(
        "/",
        """<main data-torget="profile"><h1>KI</h1>
        <article class=post data-post-id=1><time datetime=2026-11-01>i dag</time> Hej</article>
        <article class=post data-post-id=2>Utan tid och adress</article></main>
        <form hidden><input type=password></form>
        <div data-torget="private" style="display:none">Kontot är privat</div>
        <p style="display:none">Sidan finns inte</p>""",
    )

    seen = observed(stage, TORGET)
    assert (seen.sign_in_fields, seen.signs["private"]) == (0, 0)
    assert (seen.landmarks, seen.posts) == (1, 1)
    assert "Kontot" not in seen.text
    assert "Sidan" not in seen.text
    assert seen.headers == (("server", "x"),)
    assert judge(seen, TORGET) == OK
