"""Withdrawing a record on a warrant: the only code that removes one (RULES R30).

The protocol of a single record: write the intents, pass the point of no return under the guard
that no hold stands, delete each exact version, verify by listing, set the tombstone. A crash at
any point is resumed by calling again. Held records are refused here, and by the store itself.
"""

import logging
from dataclasses import dataclass

import rfc8785
from pydantic import JsonValue

from storage.catalogue import Connection, Transaction, find, held, stamp
from storage.errors import AlreadyThere, Damaged, Held, NotAllowed, NotFound, StoreRefused
from storage.journal import Act
from storage.keys import prefix_of, tombstone_key
from storage.objects import Store
from storage.people import Actor
from storage.record import Record, RecordId, Status, utc_now
from storage.vault import Vault

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Warrant:
    """What entitles to a removal: the decision, its basis, and the record as it was decided on.

    `generation` is the record's when the decision was frozen: a hold placed since raises it.
    """

    warrant_id: str
    record_id: RecordId
    generation: int
    basis: str
    approved_by: tuple[str, ...]


def withdraw(vault: Vault, warrant: Warrant, actor: Actor) -> Record:
    """Remove every version of a record's objects and leave a tombstone.

    Raises:
        Held: an active hold stands, in the journal or in the store.
        NotAllowed: nobody approved, or the record changed since the decision.
        NotFound: there is no such record.
        Damaged: a version remained after its deletion.
    """
    if not warrant.approved_by or not warrant.basis.strip():
        raise NotAllowed(f"Warrant {warrant.warrant_id} names no approver or no basis.")
    record = _begin(vault, warrant, actor)
    if record.status is Status.DISPOSED:
        return record
    if record.status is not Status.DESTROYING:
        _pass_return(vault, warrant, actor)
    _remove(vault, record, actor)
    _set_tombstone(vault.disposer, record, warrant)
    return _finish(vault, record, warrant, actor)


def _begin(vault: Vault, warrant: Warrant, actor: Actor) -> Record:
    """Transaction 1: check the warrant against the record as it is and write the intents."""
    with vault.catalogue.write() as tx:
        record = _checked(tx.connection, warrant)
        if record.status in (Status.DISPOSED, Status.DESTROYING):
            return record
        targets = _targets(vault.disposer, record)
        detail: dict[str, JsonValue] = {
            "warrant_id": warrant.warrant_id,
            "basis": warrant.basis,
            "approved_by": list(warrant.approved_by),
            "targets": targets,
        }
        tx.append(actor, Act.WITHDRAWAL_BEGUN, record.record_id, detail)
    vault.seal()
    _LOG.info("withdrawal: intents written")
    return record


def _checked(connection: Connection, warrant: Warrant) -> Record:
    record = find.record(connection, warrant.record_id)
    if record is None:
        raise NotFound(f"There is no record {warrant.record_id}.")
    if record.status in (Status.DISPOSED, Status.DESTROYING):
        return record
    _refuse_held(connection, record)
    if record.generation != warrant.generation:
        raise NotAllowed(
            f"Record {record.record_id} has changed since warrant {warrant.warrant_id} was decided "
            f"(generation {record.generation}, not {warrant.generation}): decide anew."
        )
    return record


def _refuse_held(connection: Connection, record: Record) -> None:
    holds = held.holds_on(connection, record.record_id)
    if holds:
        told = "; ".join(f"{h.hold_id} ({h.ground}: {h.reason})" for h in holds)
        raise Held(f"Record {record.record_id} is held and is not removed: {told}")


def _targets(store: Store, record: Record) -> list[JsonValue]:
    prefix = prefix_of(record.manifest_key)
    return [{"key": v.key, "version_id": v.version_id} for v in store.versions(prefix)]


def _pass_return(vault: Vault, warrant: Warrant, actor: Actor) -> None:
    """Transaction 2: the point of no return. A hold that came in between wins."""
    with vault.catalogue.write() as tx:
        record = _checked(tx.connection, warrant)
        if record.status is not Status.DISPOSING:
            raise Held(f"A hold called off the removal of record {record.record_id}.")
        detail: dict[str, JsonValue] = {"warrant_id": warrant.warrant_id}
        tx.append(actor, Act.DESTRUCTION_BEGUN, record.record_id, detail)
    vault.seal()
    _LOG.info("withdrawal: point of no return")


def _remove(vault: Vault, record: Record, actor: Actor) -> None:
    """Delete each exact version, the manifest last, and verify by listing (never by the answer)."""
    prefix = prefix_of(record.manifest_key)
    store = vault.disposer
    found = sorted(store.versions(prefix), key=lambda v: v.key == record.manifest_key)
    for number, version in enumerate(found):
        try:
            store.delete_version(version.key, version.version_id, bypass_governance=True)
        except StoreRefused as error:
            _block(vault, record, actor, intact=number == 0)
            raise Held(
                f"The store refused to remove {version.key}: it has a legal hold that the journal "
                "does not know of. Run `insyn hold reconcile` and judge."
            ) from error
        _LOG.info("withdrawal: version removed")
    left = [v.key for v in store.versions(prefix)]
    if left:
        raise Damaged(f"The store still has versions below {prefix} after deletion: {left}")


def _block(vault: Vault, record: Record, actor: Actor, *, intact: bool) -> None:
    """A lock without a hold stopped the removal: a whole record goes back to active."""
    if intact:
        with vault.catalogue.write() as tx:
            tx.append(actor, Act.WITHDRAWAL_BLOCKED, record.record_id, {"why": "legal hold"})
        vault.seal()


def _set_tombstone(store: Store, record: Record, warrant: Warrant) -> None:
    """A tombstone has no content and no personal data of outsiders (RULES R41)."""
    body: dict[str, JsonValue] = {
        "record_id": record.record_id,
        "record_type": record.record_type,
        "account": record.account,
        "captured_at": stamp(record.captured_at),
        "manifest_sha256": record.manifest_sha256,
        "warrant_id": warrant.warrant_id,
        "basis": warrant.basis,
    }
    try:
        store.put(
            tombstone_key(record.record_id),
            rfc8785.dumps(body),
            media_type="application/json",
            retain_until=None,
            only_if_absent=True,
        )
    except AlreadyThere:
        _LOG.info("withdrawal: the tombstone stood already")
    _LOG.info("withdrawal: tombstone set")


def _finish(vault: Vault, record: Record, warrant: Warrant, actor: Actor) -> Record:
    with vault.catalogue.write() as tx:
        if _status(tx, record.record_id) is Status.DESTROYING:
            detail: dict[str, JsonValue] = {
                "warrant_id": warrant.warrant_id,
                "basis": warrant.basis,
                "disposed_at": stamp(utc_now()),
            }
            tx.append(actor, Act.WITHDRAWN, record.record_id, detail)
        gone = find.record(tx.connection, record.record_id)
    vault.seal()
    _LOG.info("withdrawal: done")
    if gone is None:
        raise NotFound(f"Record {record.record_id} left the catalogue. This is a fault of Insyn.")
    return gone


def _status(tx: Transaction, record_id: RecordId) -> Status | None:
    record = find.record(tx.connection, record_id)
    return record.status if record else None
