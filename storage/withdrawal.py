"""Withdrawing a record on a warrant: beside a purge the only code that removes one (RULES R30).

The protocol of a single record: write the intents, pass the point of no return under the guard
that no hold stands, delete each exact version, verify by listing, set the tombstone. A crash at
any point is resumed by calling again. Held records are refused here, and by the store itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from storage.catalogue import Connection, find, held, proposed, stamp
from storage.errors import (
    AlreadyThere,
    Damaged,
    Held,
    Locked,
    NotAllowed,
    NotFound,
    Outdated,
    StoreRefused,
)
from storage.handover import Handover
from storage.journal import Act, Entry
from storage.keys import folders_of, tombstone_key
from storage.objects import Store, Version
from storage.people import Actor
from storage.proposals import Why, object_set_digest
from storage.record import GONE, HERE, Record, RecordId, Status, utc_now
from storage.tombstone import tombstone_bytes
from storage.vault import Vault

_LOG = logging.getLogger(__name__)

Check = Callable[[Connection, Record], None]
"""Raises what speaks against a removal, in the transaction that writes the intents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Warrant:
    """What entitles to a removal: the decision, its basis, and the record as it was decided on.

    `generation` is the record's when the decision was frozen: a hold placed since raises it.
    `objects_sha256` is the digest of its keys and versions then (`objects_of`). A record that is
    not disposed of but preserved elsewhere has its `handover` (RULES R46).
    """

    warrant_id: str
    record_id: RecordId
    generation: int
    objects_sha256: str
    plan: int
    rule_id: str
    basis: str
    approved_by: tuple[str, ...]
    certificate: RecordId | None
    handover: Handover | None = None


def objects_of(store: Store, record: Record) -> str:
    """The digest of what lies of a record in the store: every version and delete marker."""
    return _digest(versions_of(store, record.manifest_key))


def versions_of(store: Store, manifest_key: str) -> list[Version]:
    """Every version and delete marker of a record, in both of its places (RULES R16, R37)."""
    return [version for prefix in folders_of(manifest_key) for version in store.versions(prefix)]


def withdraw(vault: Vault, warrant: Warrant, actor: Actor, check: Check) -> Record:
    """Remove every version of a record's objects and leave a tombstone.

    Raises:
        Held: an active hold stands, in the journal or in the store.
        Outdated: the record is not as it was decided on, or `check` says so.
        NotAllowed: nobody approved, or the record documents a disposal.
        NotFound: there is no such record.
        Damaged: a version remained after its deletion.
    """
    if not warrant.approved_by or not warrant.basis.strip():
        raise NotAllowed(f"Warrant {warrant.warrant_id} names no approver or no basis.")
    record = _begin(vault, warrant, actor, check)
    if record.status in GONE:
        return record
    if record.status is not Status.DESTROYING:
        _refuse_added(vault, record, warrant)
        _pass_return(vault, warrant, actor)
    _remove(vault, record, warrant, actor)
    begun = _set_tombstone(vault, record)
    return _finish(vault, record, begun, actor)


def remove_again(vault: Vault, record: Record, actor: Actor) -> int:
    """Remove what a restored bucket brought back of a record that is gone (RULES R44, R45).

    Gives back how many versions that were.

    Raises:
        NotAllowed: the record is not gone. Held: the store has a lock on it.
        Damaged: a version remained.
    """
    if record.status not in GONE:
        raise NotAllowed(f"Record {record.record_id} is {record.status}: it was not disposed of.")
    found = versions_of(vault.reader, record.manifest_key)
    for version in found:
        try:
            vault.disposer.delete_version(version.key, version.version_id, bypass_governance=True)
        except StoreRefused as error:
            raise Locked(
                f"The store refused to remove {version.key} again: it is locked."
            ) from error
    _verify_gone(vault.disposer, record.manifest_key)
    if found:
        with vault.catalogue.write() as tx:
            tx.append(actor, Act.REMOVED_AGAIN, record.record_id, {"versions": len(found)})
        vault.seal()
    return len(found)


def _begin(vault: Vault, warrant: Warrant, actor: Actor, check: Check) -> Record:
    """Transaction 1: check the warrant against the record as it is and write the intents.

    The store is listed before it, so that no other writer waits for the store, and once more
    after it (`_refuse_added`): what was put in between calls the removal off.
    """
    with vault.catalogue.read() as connection:
        manifest_key = _record(connection, warrant.record_id).manifest_key
    listed = versions_of(vault.disposer, manifest_key)
    with vault.catalogue.write() as tx:
        record = _record(tx.connection, warrant.record_id)
        if record.status in GONE | {Status.DESTROYING}:
            return record
        _refuse_changed(tx.connection, record, warrant)
        check(tx.connection, record)
        _refuse_others(listed, warrant)
        detail = _detail(tx.connection, warrant, record, listed)
        tx.append(actor, Act.WITHDRAWAL_BEGUN, record.record_id, detail)
    _LOG.info("withdrawal: intents written")  # sealed with the point of no return: nothing is gone
    return record


def _record(connection: Connection, record_id: RecordId) -> Record:
    record = find.record(connection, record_id)
    if record is None:
        raise NotFound(f"There is no record {record_id}.")
    return record


def _refuse_changed(connection: Connection, record: Record, warrant: Warrant) -> None:
    if record.status not in HERE:
        raise Outdated(f"Record {record.record_id} is {record.status}.", Why.GONE)
    if record.is_evidence:
        raise NotAllowed(f"Record {record.record_id} is a certificate: it is kept (RULES R40).")
    _refuse_held(connection, record)
    if record.generation != warrant.generation:
        raise Outdated(
            f"Record {record.record_id} has changed since warrant {warrant.warrant_id} was decided "
            f"(generation {record.generation}, not {warrant.generation}): decide anew.",
            Why.CHANGED,
        )


def _refuse_others(listed: list[Version], warrant: Warrant) -> None:
    if _digest(listed) != warrant.objects_sha256:
        raise Outdated(
            f"The objects of record {warrant.record_id} in the store are not those that "
            f"warrant {warrant.warrant_id} was decided on: decide anew.",
            Why.OBJECTS,
        )


def _refuse_added(vault: Vault, record: Record, warrant: Warrant) -> None:
    """Look once more, between the two transactions: the intents have what was there before."""
    with vault.catalogue.read() as connection:
        status = _record(connection, warrant.record_id).status
    if status is Status.DISPOSING:  # else another executor was quicker, or a hold
        _refuse_others(versions_of(vault.disposer, record.manifest_key), warrant)


def _refuse_held(connection: Connection, record: Record) -> None:
    """Holds that name the record, and those whose stored query catches it as it is now."""
    holds = held.holds_on(connection, record.record_id)
    known = {hold.hold_id for hold in holds}
    caught = [one for one in held.catching(connection, record) if one not in known]
    holds += [hold for one in caught if (hold := held.hold(connection, one)) is not None]
    if holds:
        told = "; ".join(f"{h.hold_id} ({h.ground}: {h.reason})" for h in holds)
        raise Held(f"Record {record.record_id} is held and is not removed: {told}")


def _detail(
    connection: Connection, warrant: Warrant, record: Record, listed: list[Version]
) -> dict[str, JsonValue]:
    targets: list[JsonValue] = [{"key": v.key, "version_id": v.version_id} for v in listed]
    return {
        "warrant_id": warrant.warrant_id,
        "plan": warrant.plan,
        "rule_id": warrant.rule_id,
        "basis": warrant.basis,
        "approved_by": list(warrant.approved_by),
        "certificate": warrant.certificate or "",
        "also_in": list(proposed.also_in(connection, record.record_id)),
        "targets": targets,
        **({"handover": warrant.handover.as_json()} if warrant.handover else {}),
    }


def _pass_return(vault: Vault, warrant: Warrant, actor: Actor) -> None:
    """Transaction 2: the point of no return. A hold that came in between wins.

    The fold passes it only where the record is still to be disposed of in this generation and no
    hold stands: the same statement decides and writes.
    """
    with vault.catalogue.write() as tx:
        record = _record(tx.connection, warrant.record_id)
        if record.status is Status.DESTROYING:
            return  # another executor was quicker
        detail: dict[str, JsonValue] = {
            "warrant_id": warrant.warrant_id,
            "generation": warrant.generation,
        }
        tx.append(actor, Act.DESTRUCTION_BEGUN, record.record_id, detail)
    vault.seal()
    _LOG.info("withdrawal: point of no return")


def _remove(vault: Vault, record: Record, warrant: Warrant, actor: Actor) -> None:
    """Delete each exact version, the manifest last, and verify by listing (never by the answer)."""
    store = vault.disposer
    for key, upload_id in _uploads(store, record.manifest_key):
        store.abort_upload(key, upload_id)
    listed = versions_of(store, record.manifest_key)
    found = sorted(listed, key=lambda v: v.key == record.manifest_key)
    for version in found:
        try:
            store.delete_version(version.key, version.version_id, bypass_governance=True)
        except StoreRefused as error:
            _block(vault, record, warrant, actor)
            raise Locked(
                f"The store refused to remove {version.key}: it has a legal hold that the journal "
                "does not know of. Run `insyn hold reconcile` and judge."
            ) from error
        _LOG.info("withdrawal: version removed")
    _verify_gone(store, record.manifest_key)
    _LOG.info("withdrawal: verified")


def _uploads(store: Store, manifest_key: str) -> list[tuple[str, str]]:
    return [upload for prefix in folders_of(manifest_key) for upload in store.uploads(prefix)]


def _verify_gone(store: Store, manifest_key: str) -> None:
    left = [version.key for version in versions_of(store, manifest_key)]
    left += [key for key, _ in _uploads(store, manifest_key)]
    if left:
        raise Damaged(f"The store still has versions after deletion: {left}")


def _block(vault: Vault, record: Record, warrant: Warrant, actor: Actor) -> None:
    """A lock without a hold stopped the removal: a whole record goes back to active."""
    if not _is_torn(vault, record):
        detail: dict[str, JsonValue] = {"why": "legal_hold", "warrant_id": warrant.warrant_id}
        with vault.catalogue.write() as tx:
            tx.append(actor, Act.WITHDRAWAL_BLOCKED, record.record_id, detail)
        vault.seal()


def _is_torn(vault: Vault, record: Record) -> bool:
    """Whether an earlier try removed some of it: it cannot go back to active then."""
    with vault.catalogue.read() as connection:
        intended = find.intents(connection, record.record_id)
    listed = versions_of(vault.disposer, record.manifest_key)
    here = {(v.key, v.version_id) for v in listed}
    return not intended <= here


def _set_tombstone(vault: Vault, record: Record) -> Entry:
    """Set the tombstone under lock; gives back the entry of the intents, which it is made of."""
    with vault.catalogue.read() as connection:
        begun = find.last_entry(connection, record.record_id, Act.WITHDRAWAL_BEGUN)
    if begun is None:
        raise Damaged(f"The journal has no intents for record {record.record_id}: verify it.")
    body, key = tombstone_bytes(record, begun), tombstone_key(record.record_id)
    try:
        vault.capture.put(
            key,
            body,
            media_type="application/json",
            retain_until=vault.lock_until(),
            mode=vault.settings.evidence_mode,
            only_if_absent=True,
        )
    except AlreadyThere:
        if vault.reader.get(key) != body:
            raise Damaged(f"Another tombstone stands where this one belongs: {key}.") from None
        _LOG.info("withdrawal: the tombstone stood already")
    _LOG.info("withdrawal: tombstone set")
    return begun


def _finish(vault: Vault, record: Record, begun: Entry, actor: Actor) -> Record:
    with vault.catalogue.write() as tx:
        if _record(tx.connection, record.record_id).status is Status.DESTROYING:
            detail: dict[str, JsonValue] = {
                "warrant_id": begun.detail["warrant_id"],
                "basis": begun.detail["basis"],
                "also_in": begun.detail["also_in"],
                "disposed_at": stamp(utc_now()),
                **{key: begun.detail[key] for key in ("handover",) if key in begun.detail},
            }
            tx.append(actor, Act.WITHDRAWN, record.record_id, detail)
        gone = _record(tx.connection, record.record_id)
    vault.seal()
    _LOG.info("withdrawal: done")
    return gone


def _digest(listed: list[Version]) -> str:
    return object_set_digest((v.key, v.version_id) for v in listed)
