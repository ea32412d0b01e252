"""A proposal carried out: what goes, what stays and why, and what is left behind."""

from collections.abc import Callable, Iterator

import pytest

from storage.archive import Archive
from storage.proposals import ItemState, State
from storage.record import Record, Status
from storage.settings import Settings
from tests.storage.proposed import DISPOSER, approved, carry_out, quick

Deposit = Callable[..., Record]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


def test_what_was_approved_goes_and_is_certified(archive: Archive, deposited: Deposit) -> None:
    """R37, R38, R40: gone, a tombstone, a certificate that is a record."""
    one, two, other = deposited(1), deposited(2), deposited(3)
    proposal_id = approved(archive, one, two)
    items = carry_out(archive, proposal_id)
    assert [item.state for item in items] == [ItemState.DONE, ItemState.DONE]
    archive.disposals.verify(proposal_id, DISPOSER)
    files = {"certificate.json": b"{}", "certificate.pdf": b"%PDF"}
    certificate = archive.disposals.certify(proposal_id, files, DISPOSER)
    assert archive.disposals.named(proposal_id).stored is State.CERTIFIED
    gone = archive.record(one.record_id)
    assert gone.status is Status.DISPOSED
    stone = archive.tombstone(gone)
    assert stone is not None
    assert (stone.rule_id, stone.plan, stone.certificate) == ("SM-99", 1, certificate.record_id)
    assert archive.record(other.record_id).status is Status.ACTIVE
    assert [finding for _, found in archive.verify_all() for finding in found] == []
