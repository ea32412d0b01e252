"""From what is due to a certificate: drawn up, decided, carried out; again, it changes nothing."""

from collections.abc import Callable, Iterator

import pytest

from storage.archive import Archive
from storage.proposals import ItemState, State
from storage.record import Record, Status
from storage.settings import Settings
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.storage.proposed import quick

Deposit = Callable[..., Record]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


def test_what_is_due_is_proposed_decided_disposed_of_and_certified(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R32, R38, R40, R43: and a second run finds nothing to do."""
    adopted = adopt(PLAN)
    one, two, other = deposited(1), deposited(2), deposited(3)
    make_due(archive, one, two)
    [proposal_id] = proposed(archive, adopted)
    assert {item.record_id for item in archive.disposals.items(proposal_id)} == {
        one.record_id,
        two.record_id,
    }
    assert proposed(archive, adopted) == []
    assert dispose(archive) == []
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    assert outcome.refused == ""
    assert (outcome.state, outcome.counts) == (State.CERTIFIED, {ItemState.DONE: 2})
    assert archive.record(one.record_id).status is Status.DISPOSED
    assert archive.record(other.record_id).status is Status.ACTIVE
    assert dispose(archive) == []
