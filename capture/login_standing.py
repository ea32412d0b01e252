"""How each login stands: whose it is, when it was made, when it last held, whether it is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.model import AccountId
from capture.login import Login, paused, read_logins
from capture.orders import history
from storage.archive import Archive
from storage.record import FINAL_CAPTURE, OWN_POST, PROFILE_CAPTURE
from storage.settings import Settings

_SEEN_BY = (PROFILE_CAPTURE, FINAL_CAPTURE, OWN_POST)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginStanding:
    """A login without its secrets; `paused`: it was refused since, and its account waits."""

    account: AccountId
    owner: str
    made_at: datetime
    verified_at: datetime
    paused: bool


def login_standings(settings: Settings, archive: Archive) -> Sequence[LoginStanding]:
    """All logins, by account.

    Raises:
        LoginBroken: one of them cannot be read.
    """
    lost = paused(settings, history(archive).gaps)
    return [
        LoginStanding(
            account=login.account,
            owner=login.owner,
            made_at=login.made_at,
            verified_at=_verified_at(archive, login),
            paused=login.account in lost,
        )
        for login in read_logins(settings)
    ]


def _verified_at(archive: Archive, login: Login) -> datetime:
    """When it was tried as it was made, or held to the end of the newest capture since."""
    newest = archive.latest(login.account, _SEEN_BY)
    if newest is None:
        return login.made_at
    by = archive.manifest(newest).description.provenance.signed_in
    return max(login.made_at, by.verified_at) if by else login.made_at
