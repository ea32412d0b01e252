"""Reading holds from the catalogue: the holds, their members, what stands on a record."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.catalogue import contents, schema
from storage.catalogue.moments import moment, stamp
from storage.holds import Ground, Hold, HoldId, TooLate, read_query
from storage.journal import Act, parsed
from storage.keys import tombstone_key
from storage.query import Query, caught
from storage.record import Record, RecordId, Status

_MEMBERS = (
    select(func.count())
    .where(schema.hold_members.c.hold_id == schema.holds.c.hold_id)
    .scalar_subquery()
    .label("members")
)


def hold(connection: Connection, hold_id: HoldId) -> Hold | None:
    """One hold, active or lifted."""
    row = connection.execute(
        select(schema.holds, _MEMBERS).where(schema.holds.c.hold_id == hold_id)
    ).first()
    return _hold(row) if row else None


def holds(connection: Connection, *, active: bool | None = None) -> list[Hold]:
    """All holds in the order in which they were placed."""
    selected = select(schema.holds, _MEMBERS).order_by(schema.holds.c.hold_id)
    if active is not None:
        selected = selected.where(schema.holds.c.active == active)
    return [_hold(row) for row in connection.execute(selected)]


def holds_on(connection: Connection, record_id: RecordId) -> list[Hold]:
    """The active holds on a record."""
    rows = connection.execute(
        select(schema.holds, _MEMBERS)
        .where(
            schema.holds.c.active,
            schema.holds.c.hold_id.in_(
                select(schema.hold_members.c.hold_id).where(
                    schema.hold_members.c.record_id == record_id
                )
            ),
        )
        .order_by(schema.holds.c.hold_id)
    )
    return [_hold(row) for row in rows]


def lifted_since(connection: Connection, record_id: RecordId, since: datetime) -> bool:
    """Whether a hold on the record was lifted since then."""
    lifted = select(schema.holds.c.hold_id).where(
        ~schema.holds.c.active,
        schema.holds.c.lifted_at >= stamp(since),
        schema.hold_members.c.hold_id == schema.holds.c.hold_id,
        schema.hold_members.c.record_id == record_id,
    )
    return connection.execute(lifted.limit(1)).first() is not None


def catching(connection: Connection, record: Record, body: str | None = None) -> list[HoldId]:
    """The active holds whose stored query catches the record as it is now.

    `body` is its text; None: the one that the catalogue has.
    """
    queries = standing_queries(connection)
    if queries and body is None:
        body = contents.text_of(connection, record.record_id)
    return [hold_id for hold_id, query in queries if caught(query, record, body or "")]


def members(connection: Connection, hold_id: HoldId) -> list[RecordId]:
    """The records under a hold."""
    rows = connection.execute(
        select(schema.hold_members.c.record_id)
        .where(schema.hold_members.c.hold_id == hold_id)
        .order_by(schema.hold_members.c.record_id)
    )
    return [RecordId(row.record_id) for row in rows]


def standing_queries(connection: Connection) -> list[tuple[HoldId, Query]]:
    """The stored queries of active holds: they catch what is deposited later."""
    rows = connection.execute(
        select(schema.holds.c.hold_id, schema.holds.c.query)
        .where(schema.holds.c.active, schema.holds.c.query != "")
        .order_by(schema.holds.c.hold_id)
    )
    return [(HoldId(row.hold_id), read_query(row.query)) for row in rows]


def past_return(connection: Connection, record_ids: list[RecordId]) -> list[TooLate]:
    """Which of these are beyond the point of no return, and what shows it."""
    batches = [record_ids[start : start + 500] for start in range(0, len(record_ids), 500)]
    return [late for some in batches for late in _past_return(connection, some)]


def _past_return(connection: Connection, record_ids: list[RecordId]) -> Iterator[TooLate]:
    records, stones = schema.records, schema.tombstones
    gone = connection.execute(
        select(records.c.record_id, records.c.status, stones.c.disposed_at)
        .join(stones, stones.c.record_id == records.c.record_id, isouter=True)
        .where(records.c.record_id.in_(record_ids), ~schema.IS_HERE)
        .order_by(records.c.record_id)
    ).all()
    begun = _begun(connection, [row.record_id for row in gone])
    for row in gone:
        at, warrant = begun.get(row.record_id, (None, ""))
        yield TooLate(
            record_id=RecordId(row.record_id),
            status=Status(row.status),
            warrant=warrant,
            begun_at=at,
            gone_at=moment(row.disposed_at) if row.disposed_at else None,
            tombstone=tombstone_key(row.record_id) if row.disposed_at else "",
        )


def _begun(connection: Connection, record_ids: list[str]) -> dict[str, tuple[datetime, str]]:
    """When the removal of records passed its point of no return last, and on what warrant."""
    entries = schema.entries.c
    rows = connection.execute(
        select(entries.subject, entries.at, entries.detail)
        .where(
            entries.subject.in_(record_ids),
            entries.act.in_([Act.DESTRUCTION_BEGUN.value, Act.PURGE_BEGUN.value]),
        )
        .order_by(entries.seq)
    )
    return {
        row.subject: (moment(row.at), str(parsed(row.detail).get("warrant_id", ""))) for row in rows
    }


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        hold_id=HoldId(row.hold_id),
        ground=Ground(row.ground),
        reason=row.reason,
        authority=row.authority,
        placed_by=row.placed_by,
        placed_at=moment(row.placed_at),
        review_by=moment(row.review_by).date() if row.review_by else None,
        active=row.active,
        lifted_by=row.lifted_by,
        lifted_at=moment(row.lifted_at) if row.lifted_at else None,
        lift_reason=row.lift_reason,
        members=row.members,
    )
