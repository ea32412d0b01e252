"""Moving a record's objects between its two places, without a moment in which they are in none.

    copy to a folder of the move's own → journal the move → the holds' locks → read the copies back
    → journal what is removed → remove what was left behind

One mover at a time (a lease for each record). A version that the journal does not name as where the
record lies can never come to be that: each move puts new ones. So what lies elsewhere in the
record's folders is left behind, and is removed once the record was read back whole, under lock and
with its holds' bits. Every step can be repeated; a disposal or purge takes both places.
"""

import logging
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from storage.catalogue import find
from storage.entering import contents_of
from storage.errors import Damaged, NotAllowed, ObjectMissing, StoreRefused
from storage.holding import follow, set_bits
from storage.journal import Act
from storage.keys import MANIFEST, in_place, move_prefix, prefix_of
from storage.lease import Lease, held
from storage.manifests import manifest_of
from storage.objects import Store, Version
from storage.people import Actor
from storage.reaching import reachable
from storage.record import (
    HERE,
    Manifest,
    Record,
    RecordId,
    StoredObject,
    new_id,
    utc_now,
)
from storage.vault import Vault
from storage.withdrawal import versions_of

_LOG = logging.getLogger(__name__)


def settle(vault: Vault, record_id: RecordId, actor: Actor) -> Record:
    """Bring a record to where it belongs, and leave nothing where it was.

    Raises:
        Busy: another process moves it. NotAllowed: it is past return, or was judged otherwise
            meanwhile. NotFound: there is none.
        Damaged: an object is not what it was, or a copy cannot be read back; nothing is removed.
    """
    with held(vault.catalogue, f"move {record_id}") as lease:
        record = _record(vault, record_id)
        if not in_place(record):
            _move(vault, record, actor, lease)
        follow(vault, [record_id])
        record = _record(vault, record_id)
        _clear(vault, record, actor, lease)
        return record


def left_behind(store: Store, record: Record) -> list[Version]:
    """What lies in the record's folders, but not where it lies itself."""
    prefix = prefix_of(record.manifest_key)
    listed = versions_of(store, record.manifest_key)
    return [version for version in listed if not version.key.startswith(prefix)]


def _record(vault: Vault, record_id: RecordId) -> Record:
    with vault.catalogue.read() as connection:
        return reachable(connection, record_id, "moved")


def _move(vault: Vault, record: Record, actor: Actor, lease: Lease) -> None:
    """Copy the objects, the manifest last, and journal where they lie now."""
    put: list[StoredObject] = []
    try:
        manifest, stored = _copy_all(vault, record, put)
        contents = contents_of(vault.reader_of(stored.key), manifest)
        detail: dict[str, JsonValue] = {
            "manifest_key": stored.key,
            "manifest_version": stored.version_id,
            "manifest_sha256": stored.sha256,
            "size": sum(one.size for one in put),
            "restricted": record.restricted,
        }
        with vault.catalogue.write() as tx:
            lease.demand(tx.connection)
            _demand_same(find.record(tx.connection, record.record_id), record)
            tx.append(actor, Act.MOVED, record.record_id, detail, contents)
    except (Damaged, NotAllowed, ObjectMissing):
        _take_back(vault, record, put)
        lease.renew()  # whoever took over may have removed the copies: that is said instead
        raise
    vault.seal()
    _LOG.info("moving: journaled")


def _demand_same(now: Record | None, record: Record) -> None:
    """The record is here and lies, and was judged, as when the copies were begun.

    A hold that came meanwhile raises the generation too, but is followed after the move.
    """
    if now is None or now.status not in HERE:
        raise NotAllowed(f"Record {record.record_id} went while it was moved.")
    if (now.manifest_version, now.restricted) != (record.manifest_version, record.restricted):
        raise NotAllowed(f"Record {record.record_id} was judged otherwise while it was moved.")


def _copy_all(
    vault: Vault, record: Record, put: list[StoredObject]
) -> tuple[Manifest, StoredObject]:
    """The record's copy in the other place, locked as its holds say; `put` tells what was put."""
    old = manifest_of(vault.reader_of(record.manifest_key), record)
    here, there = prefix_of(record.manifest_key), move_prefix(record.manifest_key, new_id())
    put.extend(_copy(vault, one, there + one.key.removeprefix(here)) for one in old.objects)
    _LOG.info("moving: objects copied")
    manifest = replace(old, objects=tuple(put))
    stored = vault.writer_of(there).put(
        there + MANIFEST,
        manifest.to_bytes(),
        media_type="application/json",
        retain_until=vault.lock_until(),
        only_if_absent=True,
    )
    put.append(stored)
    if record.held:
        set_bits(vault.holder, manifest, stored, on=True)
    _LOG.info("moving: manifest copied")
    return manifest, stored


def _copy(vault: Vault, stored: StoredObject, key: str) -> StoredObject:
    """The same bytes under another key, read and put against their digest."""
    with tempfile.TemporaryDirectory(prefix="insyn-move-") as folder:
        path = Path(folder) / "object"
        vault.download(stored, path)
        return vault.writer_of(key).put(
            key, path, media_type=stored.media_type, retain_until=vault.lock_until()
        )


def _take_back(vault: Vault, record: Record, put: Sequence[StoredObject]) -> None:
    """Remove this try's own copies where the record went meanwhile: no journal will name them."""
    with vault.catalogue.read() as connection:
        now = find.record(connection, record.record_id)
    if now is not None and now.status not in HERE:
        for stored in put:
            with suppress(ObjectMissing):  # what removed the record removed this copy too
                vault.holder.legal_hold(stored.key, stored.version_id, on=False)
            vault.disposer.delete_version(stored.key, stored.version_id, bypass_governance=True)


def _clear(vault: Vault, record: Record, actor: Actor, lease: Lease) -> None:
    """Remove what was left behind, once the record is known to be whole where it lies."""
    found = left_behind(vault.disposer, record)
    if not found:
        return
    live = _demand_whole(vault, record)
    if wrong := [one.key for one in found if (one.key, one.version_id) in live]:
        raise Damaged(f"{wrong} is where record {record.record_id} lies: nothing was removed.")
    _LOG.info("moving: read back")
    targets: list[JsonValue] = [{"key": v.key, "version_id": v.version_id} for v in found]
    with vault.catalogue.write() as tx:
        lease.demand(tx.connection)
        tx.append(actor, Act.LEFT_BEHIND, record.record_id, {"removed": targets})
    vault.seal()
    _LOG.info("moving: removal journaled")
    for version in found:
        lease.renew()
        _remove(vault, record, version)
        _LOG.info("moving: version removed")
    lease.renew()
    if left := [version.key for version in left_behind(vault.disposer, record)]:
        raise Damaged(f"The store still has versions after deletion: {left}")
    _LOG.info("moving: done")


def _demand_whole(vault: Vault, record: Record) -> set[tuple[str, str]]:
    """Read every object of the record back where it lies, under lock and its holds' bits.

    Gives back their keys and versions.
    """
    manifest = manifest_of(vault.reader_of(record.manifest_key), record)
    with tempfile.TemporaryDirectory(prefix="insyn-move-") as folder:
        for target in manifest.objects:
            vault.download(target, Path(folder) / "object")
    return _demand_locked(vault, record, manifest)


def _demand_locked(vault: Vault, record: Record, manifest: Manifest) -> set[tuple[str, str]]:
    """Every object of the record is under lock, and under its holds' bits; gives back which."""
    live = {(record.manifest_key, record.manifest_version)}
    live |= {(one.key, one.version_id) for one in manifest.objects}
    for key, version_id in sorted(live):
        head = vault.reader_of(key).head(key, version_id)
        if head.retain_until is None or head.retain_until <= utc_now():
            raise Damaged(f"{key} is not locked; what it was made of is kept.")
        if record.held and not head.legal_hold:
            raise Damaged(f"{key} lacks the lock of a hold: run `insyn hold reconcile`.")
    return live


def _remove(vault: Vault, record: Record, version: Version) -> None:
    """Remove a version that was left behind.

    Where a hold's bit is on it, the record as it lies now must have it too: the hold goes along.
    """
    try:
        vault.disposer.delete_version(version.key, version.version_id, bypass_governance=True)
    except StoreRefused:
        now = _record(vault, record.record_id)
        if now.manifest_version != record.manifest_version:
            raise Damaged(f"Record {record.record_id} was moved by another.") from None
        _demand_locked(vault, now, manifest_of(vault.reader_of(now.manifest_key), now))
        vault.holder.legal_hold(version.key, version.version_id, on=False)
        vault.disposer.delete_version(version.key, version.version_id, bypass_governance=True)
