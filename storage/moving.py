"""Moving a record's objects between its two places, without a moment in which they are in none.

    copy, each digest checked by the store → journal the move → the holds' locks → read the copies
    back → remove what was left behind

Every step can be repeated. What lies in the old place is removed only when the same bytes were read
back from the new one, under lock and with every hold's bit; a removal (disposal, purge) that comes
in between takes both places.
"""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from storage.catalogue import find
from storage.entering import contents_of
from storage.errors import (
    AlreadyThere,
    Damaged,
    NotAllowed,
    NotFound,
    ObjectMissing,
    StoreRefused,
)
from storage.holding import follow, set_bits
from storage.journal import Act
from storage.keys import in_place, moved, prefixes_of
from storage.manifests import manifest_of, read_manifest
from storage.people import Actor
from storage.record import (
    HERE,
    Manifest,
    Record,
    RecordId,
    StoredObject,
    file_sha256,
    utc_now,
)
from storage.vault import Vault

_LOG = logging.getLogger(__name__)


def settle(vault: Vault, record_id: RecordId, actor: Actor) -> Record:
    """Bring a record to where it belongs, and leave nothing where it was.

    Raises:
        Damaged: an object is not what it was, or a copy cannot be read back; nothing is removed.
        NotAllowed: the record is past return. NotFound: there is none.
    """
    record = _record(vault, record_id)
    if not in_place(record):
        _move(vault, record, actor)
    follow(vault, [record_id])
    record = _record(vault, record_id)
    _clear(vault, record, actor)
    return record


def _record(vault: Vault, record_id: RecordId) -> Record:
    with vault.catalogue.read() as connection:
        record = find.record(connection, record_id)
    if record is None:
        raise NotFound(f"There is no record {record_id}.")
    if record.status not in HERE:
        raise NotAllowed(f"Record {record_id} is {record.status}: it is not moved.")
    return record


def _move(vault: Vault, record: Record, actor: Actor) -> None:
    """Copy the objects, the manifest last, and journal where they lie now."""
    put: list[StoredObject] = []
    try:
        manifest, stored = _copy_all(vault, record, put)
        contents = contents_of(vault.reader_of(stored.key), manifest)
        with vault.catalogue.write() as tx:
            now = find.record(tx.connection, record.record_id)
            if not in_place(_demand_wanted(now, record)):  # else another mover was quicker
                detail = _detail(record, manifest, stored)
                tx.append(actor, Act.MOVED, record.record_id, detail, contents)
    except (Damaged, NotAllowed, ObjectMissing):
        _take_back(vault, record, put)
        raise
    vault.seal()
    _LOG.info("moving: journaled")


def _demand_wanted(now: Record | None, record: Record) -> Record:
    if now is None or not _is_wanted(now, record):
        raise NotAllowed(f"Record {record.record_id} was judged otherwise while it was moved.")
    return now


def _is_wanted(now: Record, record: Record) -> bool:
    """Whether the record is still to be moved, or was just moved, as when this began."""
    return now.status in HERE and now.restricted == record.restricted


def _detail(record: Record, manifest: Manifest, stored: StoredObject) -> dict[str, JsonValue]:
    return {
        "manifest_key": stored.key,
        "manifest_version": stored.version_id,
        "manifest_sha256": stored.sha256,
        "size": stored.size + sum(one.size for one in manifest.objects),
        "restricted": record.restricted,
    }


def _copy_all(
    vault: Vault, record: Record, put: list[StoredObject]
) -> tuple[Manifest, StoredObject]:
    """The record's copy in the other place, locked as its holds say; `put` tells what was put."""
    old = manifest_of(vault.reader_of(record.manifest_key), record)
    put.extend(_copy(vault, stored) for stored in old.objects)
    _LOG.info("moving: objects copied")
    manifest, stored = _put_manifest(vault, record, replace(old, objects=tuple(put)))
    put.append(stored)
    if record.held:
        set_bits(vault.holder, manifest, stored, on=True)
    _LOG.info("moving: manifest copied")
    return manifest, stored


def _copy(vault: Vault, stored: StoredObject) -> StoredObject:
    """The same bytes under the key in the other place, read and put against their digest."""
    with tempfile.TemporaryDirectory(prefix="insyn-move-") as folder:
        path = Path(folder) / "object"
        vault.reader_of(stored.key).download(stored.key, stored.version_id, path)
        if file_sha256(path) != stored.sha256:
            raise Damaged(f"{stored.key} was changed: run `insyn verify`. Nothing was moved.")
        key = moved(stored.key)
        return vault.writer_of(key).put(
            key, path, media_type=stored.media_type, retain_until=vault.lock_until()
        )


def _put_manifest(
    vault: Vault, record: Record, manifest: Manifest
) -> tuple[Manifest, StoredObject]:
    """The manifest of the new place; that of an earlier try wins, if it says the same."""
    key = moved(record.manifest_key)
    try:
        stored = vault.writer_of(key).put(
            key,
            manifest.to_bytes(),
            media_type="application/json",
            retain_until=vault.lock_until(),
            only_if_absent=True,
        )
    except AlreadyThere:
        earlier, stored = read_manifest(vault.reader_of(key), key)
        if _bare(earlier) != _bare(manifest):
            raise Damaged(f"Another manifest lies in the way: {key}.") from None
        return earlier, stored
    return manifest, stored


def _bare(manifest: Manifest) -> Manifest:
    """A manifest but for the versions of its objects, which each try puts anew."""
    objects = tuple(replace(stored, version_id="") for stored in manifest.objects)
    return replace(manifest, objects=objects)


def _take_back(vault: Vault, record: Record, put: Sequence[StoredObject]) -> None:
    """Remove copies that the journal will never know: the record went while they were made."""
    with vault.catalogue.read() as connection:
        now = find.record(connection, record.record_id)
    if now is None or not _is_wanted(now, record):
        for stored in put:
            _remove(vault, stored.key, stored.version_id)


def _clear(vault: Vault, record: Record, actor: Actor) -> None:
    """Remove all that lies in the other place, once the record is known to be whole in its own."""
    left_behind = prefixes_of(record.manifest_key)[1]
    found = list(vault.disposer.versions(left_behind))
    uploads = list(vault.disposer.uploads(left_behind))
    if not found and not uploads:
        return
    _demand_whole(vault, record)
    _LOG.info("moving: read back")
    for key, upload_id in uploads:
        vault.disposer.abort_upload(key, upload_id)
    for version in found:
        _remove(vault, version.key, version.version_id)
        _LOG.info("moving: version removed")
    if left := [version.key for version in vault.disposer.versions(left_behind)]:
        raise Damaged(f"The store still has versions below {left_behind} after deletion: {left}")
    with vault.catalogue.write() as tx:
        tx.append(actor, Act.PLACE_CLEARED, record.record_id, {"versions": len(found)})
    vault.seal()
    _LOG.info("moving: done")


def _demand_whole(vault: Vault, record: Record) -> None:
    """Every object of the record is read back where it lies now, locked as its holds say."""
    store = vault.reader_of(record.manifest_key)
    manifest, stored = read_manifest(store, record.manifest_key, record.manifest_version)
    with tempfile.TemporaryDirectory(prefix="insyn-move-") as folder:
        path = Path(folder) / "object"
        for target in (replace(stored, sha256=record.manifest_sha256), *manifest.objects):
            store.download(target.key, target.version_id, path)
            head = store.head(target.key, target.version_id)
            locked = head.retain_until is not None and head.retain_until > utc_now()
            if file_sha256(path) != target.sha256 or not locked:
                raise Damaged(f"{target.key} is not as it was put; what it was made of is kept.")
            if record.held and not head.legal_hold:
                raise Damaged(f"{target.key} lacks the lock of a hold: `insyn hold reconcile`.")


def _remove(vault: Vault, key: str, version_id: str) -> None:
    """Remove a version that the record lies without; a hold's lock goes along with the record."""
    try:
        vault.disposer.delete_version(key, version_id, bypass_governance=True)
    except StoreRefused:
        vault.holder.legal_hold(key, version_id, on=False)
        vault.disposer.delete_version(key, version_id, bypass_governance=True)
