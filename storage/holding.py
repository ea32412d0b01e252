"""Placing and lifting holds, and the store's lock that follows them.

The journal decides; the legal-hold bit of every version is then set to OR(active holds). A crash
in between is mended by `reconcile`, and by the next placing or lifting on the same record.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import JsonValue

from storage.catalogue import Connection, Transaction, find, held
from storage.closing import Closing, demand_over
from storage.errors import Malformed, NotAllowed, NotFound, ObjectMissing
from storage.holds import (
    TWO_TO_LIFT,
    Ground,
    Hold,
    HoldId,
    HoldOutcome,
    Placement,
    check_placement,
    holders,
    placed_detail,
    too_late_detail,
)
from storage.journal import Act
from storage.manifests import read_manifest
from storage.objects import Store
from storage.people import DECIDERS, Actor, service
from storage.record import (
    HERE,
    Manifest,
    Record,
    RecordId,
    Status,
    StoredObject,
    new_id,
    today,
    utc_now,
)
from storage.roles import demand_different, demand_role
from storage.vault import Vault

_LOG = logging.getLogger(__name__)
_RECONCILER = service("reconciler")
_LIFTING = timedelta(hours=1)
"""So long after a lifting its locks may still be on their way off, or were left by a crash."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """A record whose lock in the store did not agree with its holds, and what was done."""

    record_id: RecordId
    what: str


def place(vault: Vault, placement: Placement, actor: Actor) -> HoldOutcome:
    """Place a hold: ACCEPTED for what still is, TOO_LATE for what is past return (RULES R27).

    Raises:
        NotAllowed: a service acts, or a person without the role that the ground takes (R28).
        Malformed: reason or records are missing.
        NotFound: a record that is named does not exist.
    """
    check_placement(placement, actor)
    hold_id = HoldId(new_id())
    with vault.catalogue.write() as tx:
        roles = holders(placement.ground)
        demand_role(tx.connection, actor, roles, f"place a hold for {placement.ground}")
        wanted = _wanted(tx.connection, placement)
        too_late = held.past_return(tx.connection, wanted)
        gone = {late.record_id for late in too_late}
        members = tuple(record_id for record_id in wanted if record_id not in gone)
        if members or placement.query:
            tx.append(actor, Act.HOLD_PLACED, hold_id, placed_detail(placement, members))
        if too_late:
            tx.append(actor, Act.HOLD_TOO_LATE, hold_id, too_late_detail(placement, too_late))
    _LOG.info("hold: journaled")
    vault.seal()
    follow(vault, members)
    return HoldOutcome(hold_id=hold_id, accepted=members, too_late=tuple(too_late))


def lift(
    vault: Vault,
    hold_id: HoldId,
    actor: Actor,
    reason: str,
    *,
    second: Actor | None,
    closing: Closing | None,
) -> None:
    """Lift a hold; the store's lock goes only where no other hold stands.

    Raises:
        NotFound: there is no such active hold.
        NotAllowed: a service acts, or a person without the role; or research value and insight
            lack a second person, or both an archivist (RULES R28); or the request that it is for
            is not over (RULES R29).
        Malformed: no reason.
    """
    if not reason.strip():
        raise Malformed(f"Hold {hold_id} cannot be lifted", ["reason: say why"])
    with vault.catalogue.write() as tx:
        hold = _standing(tx.connection, hold_id)
        _demand_lifters(tx.connection, hold, actor, second)
        demand_over(hold.ground, closing, today())
        members = held.members(tx.connection, hold_id)
        detail: dict[str, JsonValue] = {
            "reason": reason.strip(),
            "second": str(second) if second else "",
            **(closing.as_json() if closing else {}),
        }
        tx.append(actor, Act.HOLD_LIFTED, hold_id, detail)
    vault.seal()
    follow(vault, members)


def review(vault: Vault, hold_id: HoldId, until: date, reason: str, actor: Actor) -> None:
    """Note that a hold was looked at and stands; the next look is due on `until`.

    Raises:
        NotFound: there is no such active hold. NotAllowed: the actor may not place such a hold.
        Malformed: no reason, or a day that has passed.
    """
    faults = [] if reason.strip() else ["reason: say why it stands"]
    if until <= today():
        faults.append(f"until: {until} is not ahead")
    if faults:
        raise Malformed(f"Hold {hold_id} cannot be reviewed", faults)
    with vault.catalogue.write() as tx:
        hold = _standing(tx.connection, hold_id)
        demand_role(tx.connection, actor, holders(hold.ground), f"review a hold for {hold.ground}")
        detail: dict[str, JsonValue] = {"review_by": until.isoformat(), "reason": reason.strip()}
        tx.append(actor, Act.HOLD_REVIEWED, hold_id, detail)
    vault.seal()


def reconcile(vault: Vault) -> list[Mended]:
    """Make every lock in the store agree with the holds, both ways, and journal what was mended.

    A lock without a hold is taken for a hold (ground `incident`) until a person judges it: the
    journal may have lost its last entries.
    """
    with vault.catalogue.read() as connection:
        known = [r.record_id for r in find.all_records(connection) if r.status is Status.ACTIVE]
    return [mended for record_id in known for mended in _mend(vault, record_id)]


def set_bits(store: Store, manifest: Manifest, stored: StoredObject, *, on: bool) -> None:
    """Set or clear the legal hold on every version of a record, the manifest's first."""
    for target in (stored, *manifest.objects):
        store.legal_hold(target.key, target.version_id, on)


def _standing(connection: Connection, hold_id: HoldId) -> Hold:
    hold = held.hold(connection, hold_id)
    if hold is None or not hold.active:
        raise NotFound(f"There is no active hold {hold_id}: see `insyn hold list`.")
    return hold


def _demand_lifters(connection: Connection, hold: Hold, actor: Actor, second: Actor | None) -> None:
    act = f"lift a hold for {hold.ground}"
    if hold.ground not in TWO_TO_LIFT:
        demand_role(connection, actor, holders(hold.ground), act)
        return
    lifters = (actor, demand_different(actor, second, act))
    persons = [demand_role(connection, one, DECIDERS, act) for one in lifters]
    if not any(one.roles & holders(hold.ground) for one in persons):
        raise NotAllowed(f"One of the two who {act} must be an archivist.")


def _wanted(connection: Connection, placement: Placement) -> list[RecordId]:
    missing = [r for r in placement.records if find.record(connection, r) is None]
    if missing:
        raise NotFound(f"There is no record {', '.join(missing)}: see `insyn find`.")
    caught = find.record_ids(connection, placement.query) if placement.query else []
    return list(dict.fromkeys([*placement.records, *caught]))


def follow(vault: Vault, record_ids: Iterable[RecordId]) -> None:
    """Set the store's locks on records that are here to what the holds say."""
    for record_id in record_ids:
        with vault.catalogue.read() as connection:
            record = find.record(connection, record_id)
        if record is not None and record.status in HERE:
            _follow_one(vault, record)


def _follow_one(vault: Vault, record: Record) -> None:
    """Set the store's locks to what the holds say, until they say the same afterwards.

    A placing and a lifting may run at once, and the record may be moved meanwhile: whoever writes
    last looks once more.

    Raises:
        ObjectMissing: an object is gone, and the record was not moved.
    """
    while True:
        gone: ObjectMissing | None = None
        try:
            set_bits(vault.holder, *_objects(vault, record), on=record.held)
        except ObjectMissing as error:
            gone = error
        with vault.catalogue.read() as connection:
            now = find.record(connection, record.record_id)
        if now is None or (now.held, now.manifest_key) == (record.held, record.manifest_key):
            if gone is not None:
                raise gone
            return
        record = now


def _objects(vault: Vault, record: Record) -> tuple[Manifest, StoredObject]:
    store = vault.reader_of(record.manifest_key)
    return read_manifest(store, record.manifest_key, record.manifest_version)


def _mend(vault: Vault, record_id: RecordId) -> list[Mended]:
    """Compare a record's locks with its holds as both are now, and say so in one transaction."""
    while True:
        with vault.catalogue.read() as connection:
            record = find.record(connection, record_id)
        if record is None or record.status is not Status.ACTIVE:
            return []
        manifest, stored = _objects(vault, record)
        targets = (stored, *manifest.objects)
        locked = [vault.reader_of(t.key).head(t.key, t.version_id).legal_hold for t in targets]
        if all(lock == record.held for lock in locked):
            return []
        with vault.catalogue.write() as tx:
            now = find.record(tx.connection, record_id)
            if now is None or _lies(now) != _lies(record):
                continue
            what = _note_mended(tx, record)
        vault.seal()
        follow(vault, [record_id])
        return [Mended(record_id=record_id, what=what)]


def _lies(record: Record) -> tuple[Status, bool, str]:
    return record.status, record.held, record.manifest_version


def _note_mended(tx: Transaction, record: Record) -> str:
    """What is wrong with a record's locks, and what is done about it."""
    since = utc_now() - _LIFTING
    if record.held:
        what = "the lock was missing and is set"
    elif held.lifted_since(tx.connection, record.record_id, since):
        what = "the lock of a lifted hold was left and is cleared"
    else:
        tx.append(_RECONCILER, Act.HOLD_PLACED, new_id(), _incident(record.record_id))
        what = "a lock without a hold: held as an incident until a person lifts it"
    tx.append(_RECONCILER, Act.HOLD_MENDED, record.record_id, {"what": what})
    return what


def _incident(record_id: RecordId) -> dict[str, JsonValue]:
    placement = Placement(
        ground=Ground.INCIDENT,
        reason="The store had a legal hold that the journal does not know of.",
        authority="",
        records=(record_id,),
        query=None,
        review_by=None,
    )
    return placed_detail(placement, [record_id])
