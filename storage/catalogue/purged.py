"""The part of the fold that a purge turns on. Called by `fold.apply` alone.

All that the catalogue knows of a record's content goes when the purge begins, before the store is
touched; holds no longer name the record, and open proposals skip it.
"""

from sqlalchemy import Connection, delete, insert, update

from storage.catalogue import contents, schema
from storage.catalogue.moments import stamp
from storage.journal import Act, Entry
from storage.proposals import ItemState, Why
from storage.record import Status

_OPEN = (ItemState.PROPOSED, ItemState.APPROVED, ItemState.BLOCKED, ItemState.FAILED)


def apply(tx: Connection, entry: Entry) -> None:
    """What a purge's entry makes of the tables; of a gap they hold no content."""
    if not entry.detail["record"]:
        return
    if entry.act is Act.PURGE_BEGUN:
        _begun(tx, entry.subject)
    else:
        _ended(tx, entry)


def _begun(tx: Connection, record_id: str) -> None:
    contents.forget(tx, record_id)
    for table in (schema.intents, schema.hold_members):
        tx.execute(delete(table).where(table.c.record_id == record_id))
    items = schema.proposal_items
    tx.execute(
        update(items)
        .where(items.c.record_id == record_id, items.c.state.in_([one.value for one in _OPEN]))
        .values(state=ItemState.SKIPPED.value, why=Why.GONE.value, by="")
    )
    _set(tx, record_id, Status.DESTROYING)


def _ended(tx: Connection, entry: Entry) -> None:
    """A tombstone without a rule, in place of a disposal's that came in between."""
    stones = schema.tombstones
    tx.execute(delete(stones).where(stones.c.record_id == entry.subject))
    tx.execute(
        insert(stones).values(
            record_id=entry.subject,
            proposal_id="",
            basis="",
            disposed_at=stamp(entry.at),
            also_in="",
            handover="",
        )
    )
    _set(tx, entry.subject, Status.DISPOSED)


def _set(tx: Connection, record_id: str, status: Status) -> None:
    records = schema.records
    tx.execute(
        update(records)
        .where(records.c.record_id == record_id)
        .values(status=status.value, title="", url="", newest_post_at="")
    )
