"""Reading manifests from the bucket."""

from storage.errors import ObjectMissing
from storage.keys import MANIFEST, record_prefix
from storage.objects import Store
from storage.record import AccountRef, Manifest, RecordId, StoredObject


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


def stored_earlier(
    store: Store, record_id: RecordId, account: AccountRef
) -> tuple[Manifest, StoredObject] | None:
    """The record that a crashed deposit completed, if its manifest is in the bucket."""
    try:
        return read_manifest(store, record_prefix(record_id, account) + MANIFEST)
    except ObjectMissing:
        return None
