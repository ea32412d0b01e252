"""The imitation platform on loopback, and accounts on it."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from accounts.model import Account, AccountId, Person, PlatformId, Reach, Status
from examples.platform.server import Platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Torget, running."""
    with Platform() as running:
        yield running


@pytest.fixture
def account_on(platform: Platform) -> Callable[[str], Account]:
    """An account of the register whose page is HANDLE's on Torget."""

    def made(handle: str) -> Account:
        someone = Person(name="Exempla Provgren", title="Chef", email="e@ki.example")
        return Account(
            id=AccountId(handle.strip("_").replace("_", "-").lower()),
            platform=PlatformId("torget"),
            handle=handle,
            url=f"{platform.url}/@{handle}",
            name=handle,
            language="sv",
            purpose_sv="Prov",
            purpose_en="Test",
            unit="Provenheten",
            reach=Reach.UNIT,
            status=Status.ACTIVE,
            approving_manager=someone,
            approved_on=date(2025, 1, 1),
            director_approved_on=None,
            responsible=(someone,),
            registration_number="1-1/2025",
            opened_on=date(2025, 1, 1),
            wind_up_declared_on=None,
            closed_on=None,
            last_published_on=None,
        )

    return made
