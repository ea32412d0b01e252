"""Holds and what comes to be within their reach later; a reconciler beside placing and lifting."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete

from storage import holding
from storage.archive import Archive
from storage.catalogue import schema
from storage.closing import Outcome
from storage.errors import Held
from storage.holds import Ground, Placement
from storage.people import person
from storage.query import Query
from storage.record import OWN_POST, Record, RecordType
from tests.storage.proposed import adopt_plan
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
EVA, ALI = person("Eva Ek"), person("Ali Alm")
COPY = OWN_POST


def on_type(kind: RecordType) -> Placement:
    return Placement(
        ground=Ground.DISCLOSURE_REQUEST, reason="Begäran", authority="", review_by=None,
        records=(), query=Query(record_type=kind),
    )  # fmt: skip


def on(record: Record) -> Placement:
    return replace(on_type(COPY), records=(record.record_id,), query=None)


def test_a_hold_on_a_type_catches_what_is_classified_to_it(
    archive: Archive, deposited: Deposit
) -> None:
    """R27, R29: as it would have, had the record been of that type when it was captured."""
    adopt_plan(archive)
    record = deposited()
    hold_id = archive.place_hold(on_type(COPY), EVA).hold_id
    assert not archive.record(record.record_id).held
    archive.classify(record, COPY, "Kopia av nyhet", EVA)
    now = archive.record(record.record_id)
    assert [hold.hold_id for hold in archive.holds_on(now)] == [hold_id]
    assert archive.verify(now) == ()  # the store's lock as well
    archive.classify(record, record.record_type, "Felbedömt", EVA)
    assert archive.record(record.record_id).held  # no hold ends by itself
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_a_stored_query_is_asked_again_when_a_record_is_removed(
    archive: Archive, deposited: Deposit
) -> None:
    """DISPOSAL, transaction 1: what the query catches is held, though the hold lost its member."""
    record = deposited()
    archive.place_hold(on_type(record.record_type), EVA)
    with archive._vault.catalogue.write() as tx:
        tx.connection.execute(delete(schema.hold_members))
    with pytest.raises(Held, match="Begäran"):
        withdraw(archive, warrant(archive, archive.record(record.record_id)))
    assert archive.read_part(record, "text/visible.txt")


def between(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]
) -> Callable[[Archive], list[holding.Mended]]:
    """A reconciler beside which something is done once, after it has read a record's locks."""
    real, left = holding._objects, [act]

    def reading(*given: object) -> object:
        objects = real(*given)  # type: ignore[arg-type]
        if left:
            left.pop()()
        return objects

    def reconcile(archive: Archive) -> list[holding.Mended]:
        monkeypatch.setattr(holding, "_objects", reading)
        return archive.reconcile_holds()

    return reconcile


@pytest.mark.parametrize("lifted", [False, True])
def test_a_reconciler_beside_a_placing_or_lifting_makes_no_hold_of_its_own(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch, lifted: bool
) -> None:
    """What it had read is not so any more when it decides: it looks once more."""
    record = deposited()
    placed = archive.place_hold(on_type(record.record_type), EVA) if lifted else None

    def act() -> None:
        if placed is None:
            archive.place_hold(on(record), EVA)
        else:
            closing = holding.Closing(
                closed_on=holding.today(),
                outcome=Outcome.GRANTED,
                refusal_received_on=None,
                ruled_on=None,
            )
            archive.lift_hold(placed.hold_id, EVA, "Utlämnat", closing=closing)

    assert between(monkeypatch, act)(archive) == []
    now = archive.record(record.record_id)
    assert now.held != lifted
    assert [hold.ground for hold in archive.holds()] == [Ground.DISCLOSURE_REQUEST]
    assert archive.verify(now) == ()


def test_the_lock_of_a_lifted_hold_that_a_crash_left_is_cleared(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal knows of the lifting: no incident; a lock that it knows nothing of is one."""
    record, other = deposited(1), deposited(2)
    placement = replace(on(record), ground=Ground.OPEN_CASE)
    hold_id = archive.place_hold(placement, EVA).hold_id
    with monkeypatch.context() as patch:
        patch.setattr(holding, "follow", lambda *_: None)
        archive.lift_hold(hold_id, EVA, "Ärendet är slut")
    package = archive.package_of(other)
    archive._vault.holder.legal_hold(package.key, package.version_id, on=True)
    mended = {one.record_id: one.what for one in archive.reconcile_holds()}
    assert "lifted hold" in mended[record.record_id]
    assert "without a hold" in mended[other.record_id]
    assert not archive.record(record.record_id).held
    assert archive.record(other.record_id).held
    assert all(archive.verify(archive.record(one.record_id)) == () for one in (record, other))
