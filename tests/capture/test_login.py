"""Login states: made by a person, kept encrypted, only read. A real browser against Torget."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from accounts.history import GapSeen
from accounts.model import Account, AccountId
from accounts.stockholm import civil_date
from capture.due_looks import looks_wanted
from capture.errors import BrowserBroken, LoginBroken, LoginRefused
from capture.feed import FeedSeen
from capture.feed_finding import find_posts
from capture.login import (
    LOGIN_LOST,
    Login,
    Owner,
    forget_login,
    paused,
    read_login,
    sign_in,
    write_login,
)
from capture.login_standing import login_standings
from capture.post_batch import look_at_posts
from capture.post_look import Look, Looked, Request
from capture.recipe import load_recipes
from capture.session import Captured, GapNoted, capture_profile
from examples.platform.server import Platform
from storage.archive import Archive
from storage.people import service
from storage.record import Order, OrderId, Reason, Record, new_id, today, utc_now
from storage.settings import Settings
from tests.capture.conftest import Stage
from tests.capture.reading import as_read
from tests.capture.site import Asked, Wire


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """Without the logins of other tests, and none left to them: they share a home."""
    yield settings
    shutil.rmtree(settings.home / "logins", ignore_errors=True)
    (settings.home / "secrets" / "login.key").unlink(missing_ok=True)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


async def somebody(page: Any) -> None:
    """What a person does at Torget's login wall."""
    await page.fill("input[name=email]", "exempla@ki.example")
    await page.fill("input[name=password]", "hemligt lösenord")
    await page.click("button[type=submit]")
    await page.wait_for_selector("main[data-torget=profile]")


async def nobody(page: Any) -> None:
    """A person who presses Enter without signing in."""


def made(account: Account, settings: Settings, person: Any = somebody) -> Login:
    owner = Owner(name="Exempla Provgren", email="exempla@ki.example")
    return asyncio.run(sign_in(account, owner, settings, person, window=False))


def assert_no_secret(archive: Archive, record: Record, login: Login) -> None:
    """Nothing of the login stands in the record, however it is packed; what is read is told."""
    manifest = archive.manifest(record)
    read = b"".join(as_read(archive, record)) + manifest.to_bytes()
    assert b"Cookie: " in read, "what was asked is among it"
    assert manifest.description.title.encode() in read
    assert login.secrets
    assert [value for _, value in login.secrets if value.encode() in read] == []


def order(account: Account) -> Order:
    return Order(
        order_id=OrderId(new_id()),
        account=account.id,
        reason=Reason.HALF_YEAR,
        ordered_by="schedule",
        note="",
        ordered_at=utc_now(),
    )


def test_a_login_shows_what_is_behind_the_wall_and_its_loss_pauses_the_account(
    platform: Platform,
    settings: Settings,
    archive: Archive,
    account_on: Callable[[str], Account],
) -> None:
    """CAPTURE: used read-only, checked before and after; lost → a gap, and the duty stays open."""
    account = account_on("ki_alumn")
    login = made(account, settings)
    path = write_login(settings, login)
    kept = path.read_bytes()

    def capture() -> Captured | GapNoted:
        return capture_profile(
            order(account), account, settings=settings, archive=archive, actor=service("test")
        )

    outcome = capture()
    assert isinstance(outcome, Captured)
    manifest = archive.manifest(outcome.record)
    made_by = manifest.description.provenance.signed_in
    assert manifest.description.provenance.login == "signed_in"
    assert made_by is not None
    assert (made_by.owner, made_by.made_on) == ("Exempla Provgren", civil_date(login.made_at))
    assert made_by.verified_at > login.made_at
    [standing] = login_standings(settings, archive)
    assert (standing.verified_at, standing.paused) == (made_by.verified_at, False)
    assert path.read_bytes() == kept, "a login is only read"
    assert_no_secret(archive, outcome.record, login)

    platform.sign_everybody_out()
    outcome = capture()
    assert isinstance(outcome, GapNoted)
    assert outcome.verdict == "login_wall"
    assert outcome.judgement.evidence[0].startswith(LOGIN_LOST)
    assert "insyn login ki-alumn" in outcome.judgement.evidence[0]
    [gap] = archive.gaps()
    seen = [GapSeen(account=account.id, at=gap.at, verdict=gap.verdict, gap_id=gap.gap_id)]
    assert paused(settings, seen) == {account.id}
    assert [one.paused for one in login_standings(settings, archive)] == [True]
    write_login(settings, replace(login, made_at=gap.at + timedelta(seconds=1)))
    assert paused(settings, seen) == frozenset()
    assert forget_login(settings, account.id)
    assert paused(settings, seen) == frozenset()
    assert not forget_login(settings, account.id)


def test_posts_behind_a_wall_are_seen_signed_in_and_told_when_the_login_is_lost(
    platform: Platform,
    settings: Settings,
    archive: Archive,
    account_on: Callable[[str], Account],
) -> None:
    """CAPTURE: the same login, read-only; a wall before a post is a gap and takes no post away."""
    account, quick = account_on("ki_alumn"), replace(settings, post_pace_seconds=0)

    def find() -> FeedSeen:
        return find_posts(account, settings=quick, archive=archive)

    def look(looks: list[Look]) -> list[Looked]:
        request = Request(account=account, reason=Reason.POSTS, ordered_by="schedule", note="")
        return look_at_posts(
            looks, request, settings=quick, archive=archive, actor=service("post_capture")
        )

    assert find().judgement.verdict == "login_wall"
    login = made(account, settings)
    write_login(settings, login)
    feed = find()
    truth = [f"torget:{post['id']}" for post in platform.truth("ki_alumn")["posts"]]
    assert [found.post for found in feed.posts] == truth
    first, second = looks_wanted([], feed, account, quick, today())[:2]
    [done] = look([first])
    assert done.outcome == "captured"
    assert done.record is not None
    manifest = archive.manifest(done.record)
    assert manifest.description.provenance.signed_in is not None
    assert_no_secret(archive, done.record, login)

    platform.sign_everybody_out()
    [done] = look([second])
    assert done.outcome == "login_wall"
    [gap] = archive.gaps()
    assert gap.gap_id == done.gap_id
    assert archive.gap_report(gap).evidence[0].startswith(LOGIN_LOST)


def test_a_login_that_opens_nothing_is_refused(
    settings: Settings, account_on: Callable[[str], Account]
) -> None:
    with pytest.raises(LoginRefused, match="still login_wall"):
        made(account_on("ki_alumn"), settings, nobody)


def cookie(name: str, value: str = "v", **told: Any) -> dict[str, Any]:
    given = {"domain": "ki.example", "expires": -1, "httpOnly": True}
    return {"name": name, "value": value, **given, **told}


@pytest.fixture
def login() -> Login:
    stored = {"name": "token", "value": "another-long-s3cret"}
    state = {"cookies": [cookie("sid", "s3cret-s3cret")], "origins": [{"localStorage": [stored]}]}
    return Login(
        account=AccountId("ki"),
        owner="Eva Ek",
        email="eva.ek@ki.example",
        made_at=utc_now(),
        state=state,
    )


def test_a_login_is_kept_encrypted_and_for_us_alone(settings: Settings, login: Login) -> None:
    path = write_login(settings, login)
    assert read_login(settings, login.account) == login
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert b"s3cret" not in path.read_bytes()
    assert b"eva.ek@" not in path.read_bytes()
    assert json.loads(path.read_bytes())["owner"] == "Eva Ek"
    assert "s3cret" not in repr(login)
    assert read_login(settings, AccountId("ki-mmi")) is None


def test_a_login_that_cannot_be_read_says_why(settings: Settings, login: Login) -> None:
    path = write_login(settings, login)
    path.with_name("ki-mmi.json").write_bytes(path.read_bytes())
    with pytest.raises(LoginBroken, match="the login of ki, not of ki-mmi"):
        read_login(settings, AccountId("ki-mmi"))
    key = settings.home / "other.key"
    with pytest.raises(LoginBroken, match=r"other\.key, is missing"):
        read_login(replace(settings, login_key=key), login.account)
    key.write_bytes(Fernet.generate_key())
    with pytest.raises(LoginBroken, match="another key"):
        read_login(replace(settings, login_key=key), login.account)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(LoginBroken, match="damaged"):
        read_login(settings, login.account)


def test_a_login_that_the_platform_took_back_is_seen_by_its_cookies(login: Login) -> None:
    assert login.lost([cookie("sid")], URL) == ()
    assert login.lost([cookie("other")], URL) == ("sid",)
    assert login.lost([cookie("sid", domain="other.example")], URL) == ("sid",)


URL = "https://ki.example/@ki"
PAST, LATER = 1_600_000_000, 4_000_000_000


@pytest.mark.parametrize(
    ("also", "lost"),
    [
        (cookie("ad", domain="ads.example"), ()),
        (cookie("ad", domain=".ads.example", expires=PAST), ()),
        (cookie("sso", domain="sso.ki.example"), ()),
        (cookie("short", expires=PAST), ()),
        (cookie("seen", httpOnly=False), ()),
        (cookie("long", expires=LATER), ("long",)),
        (cookie("all", domain=".ki.example"), ("all",)),
        (cookie("session"), ("session",)),
    ],
)
def test_only_what_the_platform_took_back_of_its_own_is_lost(
    login: Login, also: dict[str, Any], lost: tuple[str, ...]
) -> None:
    """A cookie that ended by its date, or that another host gave, signs nobody out."""
    both = replace(login, state={"cookies": [cookie("sid"), also]})
    assert both.lost([cookie("sid")], URL) == lost


def test_the_last_of_its_cookies_is_lost_when_it_ends(login: Login) -> None:
    ended = replace(login, state={"cookies": [cookie("sid", expires=PAST)]})
    assert ended.lost([], URL) == ("sid",)


LATE = """<script>document.cookie; setTimeout(() => {
  document.body.innerHTML = '<main data-torget=profile><h1>KI</h1></main>'; }, 800)</script>"""


@pytest.mark.parametrize("asks", [False, True])
def test_a_login_is_tried_on_pages_that_are_made_by_script_or_ask_first(
    stage: Stage, settings: Settings, account_on: Callable[[str], Account], *, asks: bool
) -> None:
    given = [b"Set-Cookie: sid=a-long-s3cret; HttpOnly; Path=/"]
    recipe = load_recipes().recipe_for("torget")
    assert recipe.landmark == 'main[data-torget="profile"]'

    @stage.site.route("/@ki")
    async def _(asked: Asked, wire: Wire) -> None:
        if asks and "answered" not in asked.headers.get("cookie", ""):
            await wire.answer(status="302 Found", headers=[*given, b"Location: /consent"])
        else:
            body = f"<!doctype html><body>{LATE}</body>".encode()
            await wire.answer(body, headers=given)

    stage.site.page(
        "/consent", "<p>Kakor?</p><form action=/choice><button>Avvisa alla</button></form>"
    )

    @stage.site.route("/choice")
    async def _(asked: Asked, wire: Wire) -> None:
        answered = [b"Set-Cookie: answered=1; Path=/", b"Location: /@ki"]
        await wire.answer(status="303 See Other", headers=answered)

    account = replace(account_on("ki"), url=f"{stage.site.url}/@ki")
    login = stage.run(sign_in_there(account, settings))
    assert "a-long-s3cret" in [value for _, value in login.secrets]


async def sign_in_there(account: Account, settings: Settings) -> Login:
    owner = Owner(name="Eva Ek", email="")
    return await sign_in(account, owner, settings, nobody, window=False)


def test_without_a_screen_no_window_is_opened_and_that_is_said(
    settings: Settings, account_on: Callable[[str], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    owner = Owner(name="Eva Ek", email="eva.ek@ki.example")
    with pytest.raises(BrowserBroken, match="needs a screen"):
        asyncio.run(sign_in(account_on("ki"), owner, settings, nobody))
