"""`insyn login`: who answers for a login, and how the logins stand."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from accounts.model import AccountId
from accounts.register import read_register
from capture.login import Login, write_login
from storage.settings import Settings
from tests.desk.conftest import REGISTER, Insyn

ACCOUNT = read_register(REGISTER).accounts[0]


@pytest.fixture
def kept(settings: Settings) -> Iterator[Login]:
    login = Login(
        account=AccountId(ACCOUNT.id),
        owner="Maj Ek",
        email="maj.ek@ki.example",
        made_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        state={"cookies": [], "origins": []},
    )
    write_login(settings, login)
    yield login
    shutil.rmtree(settings.home / "logins")


def test_logins_are_listed_with_owner_and_days_and_without_address_or_secret(
    insyn: Insyn, kept: Login
) -> None:
    told = insyn("login", "--list")
    assert told.code == 0
    for word in (kept.account, "Maj Ek", "2026-11-02", "2026-11-02 10:00"):
        assert word in told.out
    assert "@" not in told.out
    [one] = insyn("login", "--list", "--json").json
    assert one == {
        "account": kept.account,
        "owner": "Maj Ek",
        "made_at": "2026-11-02T09:00:00Z",
        "verified_at": "2026-11-02T09:00:00Z",
        "paused": False,
    }


def test_without_logins_that_is_said(insyn: Insyn) -> None:
    assert "No logins" in insyn("login", "--list").out


def test_an_owner_whom_the_register_does_not_know_gives_an_address(insyn: Insyn) -> None:
    """Nobody signs in who could not be told that the login is lost."""
    told = insyn("login", ACCOUNT.id, "--owner", "Maj Ek")
    assert told.code == 2
    assert "--email" in told.err
    assert insyn("login", ACCOUNT.id).code == 2
    assert insyn("login", "no-such-account", "--owner", "Maj Ek").code != 0
