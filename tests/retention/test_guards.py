"""Each guard taken away in turn: the next one holds, and without any the loss is seen.

A check is trusted only after it has been seen to fail (STYLE 29); DISPOSAL.md measured the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from examples.kills import Tally, held_or_gone
from storage import authority, disposing, holding, proposing, withdrawal
from storage.archive import Archive
from storage.catalogue import Connection, fold, schema
from storage.errors import Damaged, NotAllowed
from storage.journal import Entry
from storage.objects import Store
from storage.people import Actor, person
from storage.proposals import ItemState
from storage.record import Record, Status, utc_now
from storage.settings import Settings
from tests.storage.proposed import (
    ARVID,
    DISPOSER,
    OLGA,
    adopt_plan,
    approved,
    carry_out,
    draw,
    quick,
    run,
    sign,
)
from tests.storage.test_archive import research

Deposit = Callable[..., Record]
Patch = pytest.MonkeyPatch
Remove = Callable[[Patch], None]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


def nothing(*_words: object, **_more: object) -> None:
    """What a guard does that was taken away."""


def passed(tx: Connection, entry: Entry) -> None:
    """The point of no return without its guard."""
    gone = schema.records.c.record_id == entry.subject
    tx.execute(update(schema.records).where(gone).values(status=Status.DESTROYING.value))


def holds_in_transaction_1(patch: Patch) -> None:
    patch.setattr(withdrawal, "_refuse_held", nothing)


def transaction_1(patch: Patch) -> None:
    patch.setattr(withdrawal, "_refuse_changed", nothing)


def transaction_2(patch: Patch) -> None:
    patch.setattr(fold, "_destruction_begun", passed)


def whole_database(patch: Patch) -> None:
    transaction_1(patch)
    transaction_2(patch)


def the_stores_lock(patch: Patch) -> None:
    patch.setattr(holding, "set_bits", nothing)
    patch.setattr(disposing, "verify_record", lambda *_: ())  # it would see the lock missing


def everything(patch: Patch) -> None:
    whole_database(patch)
    the_stores_lock(patch)


@pytest.mark.parametrize(
    "remove",
    [holds_in_transaction_1, transaction_1, transaction_2, whole_database, the_stores_lock],
)
@pytest.mark.parametrize("when", ["before", "between the transactions"])
def test_a_held_record_survives_the_loss_of_a_guard(
    archive: Archive, deposited: Deposit, monkeypatch: Patch, remove: Remove, when: str
) -> None:
    """R27, R30: database and store are two guards; either is enough."""
    record, settings = deposited(), archive._vault.settings
    proposal_id = approved(archive, record)
    remove(monkeypatch)
    held = place_hold(archive, record, monkeypatch, when)
    carry_out(archive, proposal_id)
    assert held == [record.record_id]
    assert archive.record(record.record_id).status is Status.ACTIVE
    assert archive.read_part(record, "text/visible.txt")
    tally = Tally(held=held)
    if remove is not the_stores_lock:  # which leaves what the check calls damage: V009
        assert held_or_gone(archive, settings, tally) == []


@pytest.mark.parametrize("when", ["before", "between the transactions"])
def test_without_any_guard_a_held_record_is_lost_and_that_is_seen(
    archive: Archive, deposited: Deposit, monkeypatch: Patch, when: str
) -> None:
    """The check that the run of kills rests on can fail."""
    record, settings = deposited(), archive._vault.settings
    proposal_id = approved(archive, record)
    everything(monkeypatch)
    held = place_hold(archive, record, monkeypatch, when)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE
    [wrong] = held_or_gone(archive, settings, Tally(held=held))
    assert "held, but disposed" in wrong


def place_hold(archive: Archive, record: Record, patch: Patch, when: str) -> list[str]:
    """A hold now, or in the midst of the removal; gives back the ids that were ACCEPTED."""
    held: list[str] = []

    def place() -> None:
        if not held:
            held.extend(archive.place_hold(research(record.record_id), ARVID).accepted)

    if when == "before":
        place()
        return held
    step = withdrawal._pass_return

    def after(*words: object) -> None:
        place()
        step(*words)  # type: ignore[arg-type]

    patch.setattr(withdrawal, "_pass_return", after)
    return held


def test_without_the_check_of_rule_and_plan_what_is_not_due_goes(
    archive: Archive, deposited: Deposit, monkeypatch: Patch
) -> None:
    """F09: it is this check, in the transaction of the intents, that keeps it."""
    one, two = deposited(1), deposited(2)
    proposal_id = approved(archive, one, two)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    adopt_plan(archive, 2)
    kept = archive.disposals.dispose(run(due=False), proposal_id, one.record_id)
    assert kept.state is ItemState.SKIPPED
    monkeypatch.setattr(disposing, "_check", nothing)
    gone = archive.disposals.dispose(run(due=False), proposal_id, two.record_id)
    assert gone.state is ItemState.DONE


def test_without_the_digest_of_its_objects_a_changed_record_goes(
    archive: Archive, deposited: Deposit, monkeypatch: Patch
) -> None:
    """F10: nothing else would see one more object."""
    record = deposited()
    monkeypatch.setattr(withdrawal, "_digest", lambda _: "the same")
    proposal_id = approved(archive, record)
    archive._vault.capture.put(
        record.manifest_key.replace("manifest.json", "media/x.png"),
        b"new",
        media_type="image/png",
        retain_until=archive._vault.lock_until(),
    )
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE


def test_without_the_listing_after_a_deletion_the_last_look_sees_what_remains(
    archive: Archive, deposited: Deposit, monkeypatch: Patch
) -> None:
    """F15, R38: a store that only says yes; VERIFIED is never reached."""
    proposal_id = approved(archive, deposited())
    monkeypatch.setattr(withdrawal, "_verify_gone", nothing)
    monkeypatch.setattr(Store, "delete_version", nothing)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE
    with pytest.raises(Damaged, match="can be read"):
        archive.disposals.verify(proposal_id, DISPOSER)


def test_without_four_eyes_at_the_approval_the_start_refuses(
    archive: Archive, deposited: Deposit, monkeypatch: Patch
) -> None:
    """F24: persons are counted once more when the disposal begins."""
    dagny = person("Dubbel Dagny")  # has both roles, so only the counting of persons stops it
    twice = draw(archive, deposited(1))
    own = draw(archive, deposited(2), actor=dagny)
    monkeypatch.setattr(proposing, "demand_other", nothing)
    for proposal_id, second in ((twice, dagny), (own, ARVID)):
        sign(archive, proposal_id, dagny)
        sign(archive, proposal_id, second)
        with pytest.raises(NotAllowed, match="lacks an approval"):
            archive.disposals.start(proposal_id, DISPOSER, utc_now())
    monkeypatch.setattr(authority, "_demand_seats", nothing)
    archive.disposals.start(twice, DISPOSER, utc_now())


@pytest.mark.parametrize("seated", [OLGA, ARVID], ids=str)
def test_without_four_eyes_at_the_start_each_later_step_refuses(
    archive: Archive, deposited: Deposit, monkeypatch: Patch, seated: Actor
) -> None:
    """F24, R33: removing, verifying and certifying ask for themselves; only without is it done."""
    record = deposited()
    proposal_id = approved(archive, record)
    disposals, mine = archive.disposals, replace(run(), actor=seated)

    def remove() -> None:
        disposals.dispose(mine, proposal_id, record.record_id)

    with monkeypatch.context() as blind:
        blind.setattr(disposing, "demand_executor", nothing)
        disposals.start(proposal_id, seated, utc_now())
    with pytest.raises(NotAllowed, match="has a part"):
        remove()
    assert archive.record(record.record_id).status is Status.ACTIVE
    with monkeypatch.context() as blind:
        blind.setattr(disposing, "demand_executor", nothing)
        remove()
    assert archive.record(record.record_id).status is Status.DISPOSED
    with pytest.raises(NotAllowed, match="has a part"):
        disposals.verify(proposal_id, seated)
    disposals.verify(proposal_id, DISPOSER)
    with pytest.raises(NotAllowed, match="has a part"):
        disposals.certify(proposal_id, {}, seated)
