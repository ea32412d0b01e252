"""Reading manifests from the bucket."""

from storage.errors import Damaged, ObjectMissing
from storage.keys import MANIFEST, record_prefix
from storage.objects import Store
from storage.record import AccountRef, Manifest, Record, RecordId, StoredObject


def read_manifest(
    store: Store, key: str, version_id: str | None = None
) -> tuple[Manifest, StoredObject]:
    """A manifest and the object that it was read from.

    Raises:
        ObjectMissing: there is none.
        Malformed: it cannot be read.
    """
    stored, data = store.fetch(key, version_id)
    return Manifest.from_bytes(data), stored


def manifest_of(store: Store, record: Record) -> Manifest:
    """A record's manifest, its digest checked against the journal.

    Raises:
        Damaged: the digest differs. ObjectMissing: it is gone. Malformed: it cannot be read.
    """
    return checked_manifest(store, record)[0]


def checked_manifest(store: Store, record: Record) -> tuple[Manifest, StoredObject]:
    """As `manifest_of`, and the object that it was read from."""
    manifest, stored = read_manifest(store, record.manifest_key, record.manifest_version)
    if stored.sha256 != record.manifest_sha256:
        raise Damaged(f"The manifest of record {record.record_id} was changed: verify it.")
    return manifest, stored


def stored_earlier(
    store: Store, record_id: RecordId, account: AccountRef
) -> tuple[Manifest, StoredObject] | None:
    """The record that a crashed deposit completed, if its manifest is in the bucket."""
    try:
        return read_manifest(store, record_prefix(record_id, account) + MANIFEST)
    except ObjectMissing:
        return None
