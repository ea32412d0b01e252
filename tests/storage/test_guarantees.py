"""Promises that other rooms build on: a request holds, a transfer and a masking remove nothing."""

from collections.abc import Callable
from datetime import timedelta

from storage.archive import Archive
from storage.declaring import Declaration
from storage.holds import Ground, Placement
from storage.keys import prefix_of
from storage.people import person
from storage.query import Query
from storage.record import Record, Status, today, utc_now
from storage.standing import Trigger
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
EVA, OLGA = person("Eva Ek"), person("Olga Owner")


def test_a_request_holds_what_it_found_and_what_comes_later(
    archive: Archive, deposited: Deposit
) -> None:
    """R29: its results and its query; a later capture is held on its way in, and neither goes."""
    found = deposited(1)
    request = Placement(
        ground=Ground.DISCLOSURE_REQUEST,
        reason="Begäran 2026-17",
        authority="2 kap. TF",
        records=(found.record_id,),
        query=Query(text="forskningsinfrastruktur"),
        review_by=None,
    )
    placed = archive.place_hold(request, EVA)
    later = deposited(2)
    for record in (found, later):
        now = archive.record(record.record_id)
        assert now.held
        assert archive.verify(now) == ()  # the store's lock as well
        [hold] = archive.holds_on(now)
        assert hold.hold_id == placed.hold_id


def test_a_declared_transfer_removes_nothing(archive: Archive, deposited: Deposit) -> None:
    """R46: no receipt with matching digests, no removal; the word of a person is not one."""
    record = deposited()
    said = Declaration(event=Trigger.TRANSFERRED, on=today(), reason="Levererad till e-arkiv")
    archive.declare(record, said, OLGA)
    now = archive.record(record.record_id)
    assert now.status is Status.ACTIVE
    assert archive.verify(now) == ()
    assert archive.tombstone(now) is None


def test_a_masked_copy_leaves_the_original_as_it_was(archive: Archive, deposited: Deposit) -> None:
    """F31, R55: whatever is laid beside it or over it, the record is read as it was deposited.

    And goes with it: a copy below the record's prefix does not survive its disposal (R37).
    """
    record = deposited()
    package = archive.package_of(record)
    before, capture = archive.manifest(record), archive._vault.capture
    picture = archive.read_part(record, "pictures/desktop-0001.png")
    beside = prefix_of(record.manifest_key) + "media/masked.png"
    for key in (package.key, beside, record.manifest_key):
        until = utc_now() + timedelta(days=9)
        capture.put(key, b"masked", media_type="image/png", retain_until=until)
    assert archive.manifest(record) == before
    assert archive.read_part(record, "pictures/desktop-0001.png") == picture
    assert archive.verify(record) == ()
    withdraw(archive, warrant(archive, record))
    assert list(archive._vault.reader.versions(prefix_of(record.manifest_key))) == []
