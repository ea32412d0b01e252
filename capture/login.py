"""Login state of accounts that a platform shows to signed-in visitors only.

A person signs in, once, in a browser with a window; what the platform gave (cookies, local
storage) is kept encrypted under INSYN_HOME/logins and only ever read. The public, logged-out view
is the default: an account without a file here is visited as anybody would.
"""

import json
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken

from accounts.history import GapSeen
from accounts.model import Account, AccountId
from accounts.stockholm import civil_date
from capture.browser import DESKTOP, open_browser, open_page
from capture.entrance import come_in, load
from capture.errors import LoginBroken, LoginRefused
from capture.guard import guard_addresses
from capture.recipe import load_recipes
from capture.refusal import Stopped
from capture.stay import Answer, see_whole
from capture.walls import OK, Judgement, Verdict
from storage.record import SignedIn, utc_now
from storage.settings import Settings

LOGIN_LOST = "the login is no longer accepted"
"""How the evidence of a gap begins that came of a lost login: the account pauses."""

_LONG_VALUE = 16
"""Characters from which on a value of local storage counts as a secret."""
_PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Who answers for a login, and at what address they are told of it."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """An account's login state: whose it is, when it was made, and what the browser is given.

    `email` is where its owner is told that it is lost; it leaves no record.
    """

    account: AccountId
    owner: str
    email: str
    made_at: datetime
    state: Mapping[str, Any] = field(repr=False)

    @property
    def told(self) -> str:
        """What a gap says of it: no secret."""
        return f"signed in by {self.owner} on {civil_date(self.made_at)}"

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        """Names and values that must never enter the archive."""
        stored = [
            (item["name"], item["value"])
            for origin in self.state.get("origins", ())
            for item in origin.get("localStorage", ())
            if len(item["value"]) >= _LONG_VALUE
        ]
        return [*((c["name"], c["value"]) for c in self.state.get("cookies", ())), *stored]

    def held_at(self, verified_at: datetime) -> SignedIn:
        """What provenance says of it: no secret."""
        made_on = civil_date(self.made_at)
        return SignedIn(owner=self.owner, made_on=made_on, verified_at=verified_at)

    def lost(self, cookies: Collection[Mapping[str, Any]], url: str) -> tuple[str, ...]:
        """The session cookies (HttpOnly) that the browser no longer holds: signed out.

        Those that are sent to the address count. One that ends by its own date was not taken back,
        unless it was the last.
        """
        given = [c for c in self.state.get("cookies", ()) if c["httpOnly"] and _sent_to(url, c)]
        held = {c["name"] for c in cookies if _sent_to(url, c)}
        gone = [c for c in given if c["name"] not in held]
        if len(gone) < len(given):
            gone = [c for c in gone if not 0 < c["expires"] <= time.time()]
        return tuple(c["name"] for c in gone)

    def refused(self, *evidence: str) -> Judgement:
        """The platform no longer takes it: its owner is to sign in anew."""
        said = f"{LOGIN_LOST}: {self.told}; sign in anew: insyn login {self.account}"
        return Judgement(verdict=Verdict.LOGIN_WALL, evidence=(said, *evidence))


def read_login(settings: Settings, account: AccountId) -> Login | None:
    """An account's login state; None: it is visited as the public sees it.

    Raises:
        LoginBroken: there is one that cannot be used: another key, another account, or damaged.
    """
    path = _path(settings, account)
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_bytes())
        opened = json.loads(Fernet(_key(settings)).decrypt(kept["sealed"]))
    except FileNotFoundError as error:
        raise LoginBroken(
            f"{path.name} cannot be read: its key, {_key_path(settings)}, is missing. Put it back, "
            f"or sign in anew: insyn login {account}"
        ) from error
    except (InvalidToken, ValueError, KeyError, TypeError) as error:
        raise LoginBroken(
            f"{path.name} cannot be read: it is damaged, or was made with another key than "
            f"{_key_path(settings)}. Sign in anew: insyn login {account}"
        ) from error
    if opened["account"] != account:
        raise LoginBroken(f"{path.name} is the login of {opened['account']}, not of {account}.")
    return Login(
        account=account,
        owner=opened["owner"],
        email=opened.get("email", ""),  # not asked for at first
        made_at=datetime.fromisoformat(opened["made_at"]),
        state=opened["state"],
    )


def write_login(settings: Settings, login: Login) -> Path:
    """Keep a login state, encrypted, readable by us alone; an earlier one is replaced whole."""
    path = _path(settings, login.account)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = {
        "account": login.account,
        "owner": login.owner,
        "email": login.email,
        "made_at": login.made_at.isoformat(),
        "state": login.state,
    }
    sealed = Fernet(_key(settings, make=True)).encrypt(json.dumps(opened).encode()).decode()
    told = {"owner": login.owner, "made_at": login.made_at.isoformat(), "sealed": sealed}
    beside = path.with_suffix(".part")
    _write(beside, json.dumps(told, indent=2).encode())
    beside.replace(path)
    return path


def forget_login(settings: Settings, account: AccountId) -> bool:
    """Remove an account's login state; False when it had none."""
    path = _path(settings, account)
    had = path.exists()
    path.unlink(missing_ok=True)
    return had


def read_logins(settings: Settings) -> Sequence[Login]:
    """Every login that is kept, by account.

    Raises:
        LoginBroken: one of them cannot be used.
    """
    kept = (path.stem for path in sorted((settings.home / "logins").glob("*.json")))
    found = (read_login(settings, AccountId(account)) for account in kept)
    return [login for login in found if login is not None]


def paused(settings: Settings, gaps: Iterable[GapSeen]) -> frozenset[AccountId]:
    """The accounts whose login was refused since it was made: nothing is tried until it is anew."""
    found = {gap.account: gap.at for gap in gaps if gap.verdict == Verdict.LOGIN_WALL}
    logins = ((account, at, read_login(settings, account)) for account, at in found.items())
    return frozenset(account for account, at, login in logins if login and at > login.made_at)


async def sign_in(
    account: Account,
    owner: Owner,
    settings: Settings,
    person: Callable[[Any], Awaitable[None]],
    *,
    window: bool = True,
) -> Login:
    """Open the account's page for a person to sign in; they are done when `person` returns.

    What they got is tried at once, in a browser of its own, and is a login only if that is let in.

    Raises:
        LoginRefused: with it, the page is still not shown; the evidence says what is seen.
        BrowserBroken: no window can be opened here.
        AddressRefused: as for a capture.
    """
    async with (
        open_browser(settings, window=window) as browser,
        open_page(browser, DESKTOP) as page,
    ):
        guard = await guard_addresses(page, settings)
        await guard.goto(account.url, _PATIENCE_S)
        await person(page)
        state: Mapping[str, Any] = await page.context.storage_state()
    login = Login(
        account=account.id, owner=owner.name, email=owner.email, made_at=utc_now(), state=state
    )
    await _try(login, account, settings)
    return login


async def _try(login: Login, account: Account, settings: Settings) -> None:
    """See that it is let in, as a capture comes in: by script, by way of a question of consent."""
    recipe = load_recipes(settings.recipes).recipe_for(account.platform)
    async with (
        open_browser(settings) as browser,
        open_page(browser, DESKTOP, state=login.state) as page,
    ):
        guard = await guard_addresses(page, settings)

        async def see(answer: Answer) -> tuple[Judgement, tuple[str, ...]]:
            judgement, _ = await come_in(page, recipe, account.url, answer)
            return judgement, login.lost(await page.context.cookies(), account.url)

        try:
            judgement, lost = await see_whole(
                page, lambda: load(guard, account.url, _PATIENCE_S), see
            )
        except Stopped as stopped:
            judgement, lost = stopped.judgement, ()
        guard.raise_if_refused()
    if judgement != OK:
        told = "; ".join(judgement.evidence)
        raise LoginRefused(f"Signed in, {account.url} is still {judgement.verdict}: {told}.")
    if lost or not login.secrets:
        raise LoginRefused(
            f"The platform kept no login for {account.id}: sign in before you go on here."
        )


def _sent_to(url: str, cookie: Mapping[str, Any]) -> bool:
    """Whether a cookie's host is the address's, or one that stands for all below it (RFC 6265)."""
    host, domain = urlsplit(url).hostname or "", cookie["domain"].lstrip(".")
    return host == domain or (cookie["domain"].startswith(".") and host.endswith(f".{domain}"))


def _path(settings: Settings, account: AccountId) -> Path:
    return settings.home / "logins" / f"{account}.json"


def _key_path(settings: Settings) -> Path:
    return settings.login_key or settings.home / "secrets" / "login.key"


def _key(settings: Settings, *, make: bool = False) -> bytes:
    path = _key_path(settings)
    if make and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, Fernet.generate_key())
    return path.read_bytes().strip()


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(data)
