"""Walls and faults: every verdict from what was seen, the surest sign first."""

from dataclasses import replace

import pytest

from capture.browser import DESKTOP, open_page
from capture.recipe import load_recipes
from capture.recipe_model import Signs
from capture.walls import (
    EXIT_CODES,
    OK,
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
    password_fields=0,
    landmarks=1,
    posts=4,
    signs=dict.fromkeys(Signs.__dataclass_fields__, 0),
    text=LONG,
)
NO_LANDMARK = replace(PROFILE, landmarks=0, posts=0, text="Torget")


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
        (replace(PROFILE, password_fields=1), Verdict.OK),
        (replace(NO_LANDMARK, password_fields=1), Verdict.LOGIN_WALL),
        (replace(NO_LANDMARK, password_fields=1, text=LONG), Verdict.LOGIN_WALL),
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
        (replace(NO_LANDMARK, text=LONG + "Kontot har tagits bort"), Verdict.PARTIAL),
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
        (replace(PROFILE, landmarks=None, posts=0, password_fields=1), Verdict.LOGIN_WALL),
        (replace(PROFILE, landmarks=None, posts=3, password_fields=1), Verdict.OK),
        (replace(PROFILE, landmarks=None, text="Page not found", posts=0), Verdict.NOT_FOUND),
    ],
)
def test_a_page_without_a_recipe_is_judged_by_what_all_pages_have(
    seen: Observation, verdict: Verdict
) -> None:
    """R9"""
    assert judge(seen, GENERIC).verdict == verdict


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
    assert unreachable("no answer") == Judgement(
        verdict=Verdict.UNREACHABLE, evidence=("no answer",)
    )


def test_only_what_is_visible_is_a_sign(stage: Stage) -> None:
    """A hidden sign-in form, a template of a sign and hidden words say nothing."""
    stage.site.page(
        "/",
        """<main data-torget="profile"><h1>KI</h1>
        <article class=post data-post-id=1>Hej</article></main>
        <form hidden><input type=password></form>
        <div data-torget="private" style="display:none">Kontot är privat</div>
        <p style="display:none">Sidan finns inte</p>""",
    )

    async def look() -> Observation:
        async with open_page(stage.browser, DESKTOP) as page:
            await page.goto(f"{stage.site.url}/")
            return await observe(page, TORGET, f"{stage.site.url}/", 200, {"server": "x"})

    seen = stage.run(look())
    assert (seen.password_fields, seen.signs["private"]) == (0, 0)
    assert (seen.landmarks, seen.posts) == (1, 1)
    assert "Kontot" not in seen.text
    assert "Sidan" not in seen.text
    assert seen.headers == (("server", "x"),)
    assert judge(seen, TORGET) == OK
