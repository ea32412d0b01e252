"""Purge: what may not exist is removed at once, past every hold and lock (RULES R49). Break-glass.

Two persons decide and bring a key that no service has. The protocol: journal the purge and the
incident, remove each version and delete marker, look that nothing is left, set a tombstone without
any digest. A crash at any point is taken up by calling again. `erase` then takes the removed bytes
off the disk.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import JsonValue

from storage import compacting
from storage.catalogue import Connection, find, proposed
from storage.errors import AlreadyThere, Damaged, Malformed, NotFound, ObjectMissing, StoreRefused
from storage.journal import Act, Entry
from storage.keys import folders_of, record_id_of, tombstone_key
from storage.objects import Store, Version
from storage.people import Actor, Role
from storage.query import Query
from storage.record import Record, RecordId, Status
from storage.roles import demand_different, demand_role
from storage.settings import Identity
from storage.tombstone import purge_stone
from storage.vault import Vault

_LOG = logging.getLogger(__name__)

PURGERS = frozenset({Role.ARCHIVIST, Role.MANAGER})
"""Who may purge, two of them together."""

INCIDENTS = "incidents"
"""What entries of incidents are about; an incident is named by its entry's number."""

_ROUNDS = 5
"""How often a listing is gone through: a reconciler may set a lock again in between."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Purge:
    """Records and gaps that may not exist, by id, also what a cut-off deposit left.

    `reason` tells nothing of the content.
    """

    subjects: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """What a purge removed of one record or gap, and which other records show the same posts."""

    subject: str
    versions: int
    also_in: tuple[RecordId, ...]


def purge(vault: Vault, wanted: Purge, actor: Actor, second: Actor | None) -> tuple[Purged, ...]:
    """Remove every version of the records and gaps; the vault has the purger's key.

    Raises:
        NotAllowed: not two different persons, each archivist or manager.
        Malformed: no reason, or nothing named. NotFound: an id is unknown; nothing is removed.
        StoreRefused: the purger's key was not brought, or is wrong; nothing is removed.
        Damaged: a version remains; call again.
    """
    faults = [] if wanted.reason.strip() else ["reason: say why, nothing of the content"]
    faults += [] if wanted.subjects else ["subjects: name what is to be purged"]
    if faults:
        raise Malformed("Nothing can be purged", faults)
    purger = vault.store(Identity.PURGER)
    targets = [_target(vault, one) for one in dict.fromkeys(wanted.subjects)]
    for target in targets:
        next(purger.versions(target.prefixes[0]), None)  # the key is tried before all else
    _begin(vault, targets, wanted, actor, second)
    return tuple(_carry_out(vault, purger, target, actor) for target in targets)


def erase(vault: Vault) -> bool:
    """Take what was removed off the disk: the catalogue's pages and the embedded store's volumes.

    A store of another kind answers for its own disks. False: the embedded store's volumes still
    hold bytes that were removed; call again.
    """
    vault.catalogue.scrub()
    return compacting.compact(vault.settings) if vault.settings.embedded else True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What is purged: all below its prefixes; `record` is None for a gap and what a crash left."""

    subject: str
    prefixes: tuple[str, ...]
    record: Record | None


def _target(vault: Vault, subject: str) -> _Target:
    with vault.catalogue.read() as connection:
        record = find.record(connection, RecordId(subject))
        gaps = [gap.key for gap in find.gaps(connection) if gap.gap_id == subject]
    if record is not None:
        return _Target(subject=subject, prefixes=folders_of(record.manifest_key), record=record)
    keys = gaps or [one.key for one in vault.record_versions() if record_id_of(one.key) == subject]
    if not keys:
        raise NotFound(f"There is no record or gap {subject}; nothing is purged.")
    folder, found, _ = keys[0].partition(f"/{subject}/")
    return _Target(subject=subject, prefixes=(folder + found,), record=None)


def _begin(
    vault: Vault,
    targets: Sequence[_Target],
    wanted: Purge,
    actor: Actor,
    second: Actor | None,
) -> None:
    """One transaction: who and why, the incident, and what of it the catalogue forgets at once."""
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, PURGERS, "purge")
        other = demand_different(actor, second, "purge")
        demand_role(tx.connection, other, PURGERS, "purge")
        said: dict[str, JsonValue] = {"reason": wanted.reason.strip(), "second": str(other)}
        new = [one for one in targets if not _unfinished(tx.connection, one.subject)]
        for target in new:
            also_in = _also_in(tx.connection, target)
            detail = {**said, "record": target.record is not None, "also_in": also_in}
            tx.append(actor, Act.PURGE_BEGUN, target.subject, detail)
        if new:
            incident: dict[str, JsonValue] = {
                **said,
                "what": "purge",
                "subjects": [one.subject for one in new],
            }
            tx.append(actor, Act.INCIDENT_NOTED, INCIDENTS, incident)
    vault.seal()
    _LOG.info("purge: begun")


def _unfinished(connection: Connection, subject: str) -> bool:
    """Whether a purge of it was begun and not ended."""
    begun = find.last_entry(connection, subject, Act.PURGE_BEGUN)
    ended = find.last_entry(connection, subject, Act.PURGED)
    return begun is not None and (ended is None or ended.seq < begun.seq)


def _also_in(connection: Connection, target: _Target) -> list[JsonValue]:
    if target.record is None:
        return []
    return [str(one) for one in proposed.also_in(connection, target.record.record_id)]


def _carry_out(vault: Vault, purger: Store, target: _Target, actor: Actor) -> Purged:
    subject = target.subject
    removed = sum(_remove(vault, purger, prefix) for prefix in target.prefixes)
    with vault.catalogue.read() as connection:
        begun = find.last_entry(connection, subject, Act.PURGE_BEGUN)
    if begun is None:
        raise Damaged(f"The journal has no purge of {subject}: verify it.")
    if target.record is not None:
        _set_tombstone(vault, target.record, begun)
    with vault.catalogue.write() as tx:
        if _unfinished(tx.connection, subject):
            detail: dict[str, JsonValue] = {
                "record": target.record is not None,
                "versions": removed,
            }
            tx.append(actor, Act.PURGED, subject, detail)
    vault.seal()
    _LOG.info("purge: done")
    named = begun.detail["also_in"]
    also_in = tuple(RecordId(str(one)) for one in named) if isinstance(named, list) else ()
    return Purged(subject=subject, versions=removed, also_in=also_in)


def _remove(vault: Vault, purger: Store, prefix: str) -> int:
    """Remove all there is below a prefix; gives back how many versions and markers that were."""
    for key, upload_id in vault.disposer.uploads(prefix):
        vault.disposer.abort_upload(key, upload_id)
    removed = 0
    for _ in range(_ROUNDS):
        found = list(purger.versions(prefix))
        for version in found:
            with suppress(StoreRefused):
                _remove_version(purger, version)
                removed += 1
        if not found:
            return removed
    left = [version.key for version in purger.versions(prefix)]
    if left:
        raise Damaged(f"The store still has versions below {prefix}: {left}. Purge again.")
    return removed


def _remove_version(purger: Store, version: Version) -> None:
    if not version.is_marker:
        with suppress(ObjectMissing):
            purger.legal_hold(version.key, version.version_id, on=False)
    purger.delete_version(version.key, version.version_id, bypass_governance=True)
    _LOG.info("purge: version removed")


def _set_tombstone(vault: Vault, record: Record, begun: Entry) -> None:
    """Set a tombstone, unless that of a disposal stands there already."""
    with suppress(AlreadyThere):
        vault.capture.put(
            tombstone_key(record.record_id),
            purge_stone(record, begun),
            media_type="application/json",
            retain_until=vault.lock_until(),
            mode=vault.settings.evidence_mode,
            only_if_absent=True,
        )
    _LOG.info("purge: tombstone set")


def unfinished(connection: Connection) -> list[RecordId]:
    """Records whose purge was begun and is not ended: purge them again."""
    passed = find.record_ids(connection, Query(status=Status.DESTROYING))
    return [record_id for record_id in passed if _unfinished(connection, record_id)]
