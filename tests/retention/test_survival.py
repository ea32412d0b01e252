"""A held record survives all that can be tried on it, above the store and in it (issue 4)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.errors import NotAllowed, StoreRefused, StoreUnfit
from storage.fitness import attempts, require_fit
from storage.objects import Bucket
from storage.people import person
from storage.proposals import ItemState
from storage.record import Record, utc_now
from storage.settings import Identity, Settings
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.storage.proposed import quick
from tests.storage.test_archive import research

Deposit = Callable[..., Record]
EXPIRE = {
    "ID": "allt bort",
    "Status": "Enabled",
    "Filter": {"Prefix": "records/"},
    "Expiration": {"Days": 1},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


@pytest.fixture
def held(archive: Archive, adopt: Adopt, deposited: Deposit) -> Record:
    """A record that was due and decided on, and is held since."""
    adopted = adopt(PLAN)
    [record] = make_due(archive, deposited())
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    archive.place_hold(research(record.record_id), person("Arvid Arkivarie"))
    return archive.record(record.record_id)


def test_a_held_record_survives_every_attempt(
    archive: Archive, held: Record, settings: Settings
) -> None:
    """R27, R30, R31: the disposal itself, every identity with bypass, in a batch and by prefix,
    and a lifecycle rule that who made the bucket puts on it.
    """
    [outcome] = dispose(archive)
    assert outcome.counts == {ItemState.SKIPPED: 1}
    manifest = archive.manifest(held)
    for target in manifest.objects:
        tried = list(attempts(settings, target))
        assert len(tried) > 10
        assert [one for one in tried if not one.refused] == []
    for identity in (Identity.CAPTURE, Identity.HOLDER, Identity.DISPOSER, Identity.READER):
        for rules in ([EXPIRE], []):
            with pytest.raises(StoreRefused):
                Bucket.from_settings(settings, identity).set_lifecycle(rules)
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    bucket.set_lifecycle([EXPIRE])
    try:
        with pytest.raises(StoreUnfit, match="allt bort"):
            require_fit(settings)
        with pytest.raises(StoreUnfit, match="allt bort"):
            dispose(archive)
    finally:
        bucket.set_lifecycle([])
    assert archive.verify(archive.record(held.record_id)) == ()
    assert archive.read_part(held, "text/visible.txt")


def test_what_is_held_is_neither_proposed_nor_declared_away(archive: Archive, held: Record) -> None:
    """R27: the review leaves it out, also long after, and no service lifts its hold."""
    [hold] = archive.holds_on(held)
    assert proposed(archive, archive.plans()[0]) == []
    with pytest.raises(NotAllowed):
        archive.lift_hold(hold.hold_id, person("Arvid Arkivarie"), "Klart")
    assert archive.sweep(utc_now() + timedelta(days=4000), person("Drift")) == []
    assert archive.verify(archive.record(held.record_id)) == ()
