"""After a restore: what was disposed of does not come back (RULES R44, R45; DISPOSAL 19, 20, 23).

Only what the journal says is disposed of is removed again. A tombstone alone removes nothing, as
whoever may put objects could forge one; but what has one is not taken in.
"""

from collections.abc import Iterator
from itertools import groupby

from storage.catalogue import find
from storage.errors import ObjectMissing
from storage.keys import record_id_of, tombstone_key
from storage.people import Actor
from storage.record import GONE, Record, RecordId
from storage.vault import Vault
from storage.withdrawal import remove_again


def remove_restored(vault: Vault, actor: Actor) -> tuple[RecordId, ...]:
    """Remove every version of disposed records that a restored bucket brought back.

    Raises:
        Locked: the store has a legal hold on one: a person has to judge. Damaged: one remained.
    """
    removed = []
    for record in list(_restored(vault)):
        remove_again(vault, record, actor)
        removed.append(record.record_id)
    return tuple(removed)


def has_tombstone(vault: Vault, record_id: RecordId) -> bool:
    """Whether a tombstone stands where a record would be taken in."""
    try:
        vault.reader.head(tombstone_key(record_id))
    except ObjectMissing:
        return False
    return True


def _restored(vault: Vault) -> Iterator[Record]:
    listed = groupby(vault.record_versions(), key=lambda v: record_id_of(v.key))
    for record_id, _ in listed:
        if record_id is None:
            continue
        with vault.catalogue.read() as connection:
            record = find.record(connection, record_id)
        if record is not None and record.status in GONE:
            yield record
