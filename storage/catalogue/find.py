"""Reading the catalogue: records by account, period, type, text; orders, gaps, holds, entries.

Newest first. Looks at nothing but the tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, text
from sqlalchemy.sql import literal_column

from accounts.model import AccountId
from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.gap import Gap, GapId
from storage.journal import Act, Entry, parsed
from storage.query import Query
from storage.record import Order, OrderId, Reason, Record, RecordId, RecordType, Status

_SHORTEST_TRIGRAM = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A record that was found, with the words around the text that was looked for."""

    record: Record
    excerpt: str


_RECORDS = select(schema.records, schema.ACTIVE_HOLD.label("held"))


_PAGED = {"yield_per": 1000}
"""Of a statement, never of the connection: PostgreSQL would take a cursor for its next insert."""


def find(
    connection: Connection, query: Query, limit: int = 50, before: int | None = None
) -> list[Hit]:
    """The newest records that match, at most `limit`, those deposited before entry `before`."""
    rows = connection.execute(_newest(_selected(connection, query), query, limit, before))
    return [Hit(record=_record(row), excerpt=_excerpt(row, query.text)) for row in rows]


def count(connection: Connection, query: Query) -> int:
    """How many records match."""
    matching = _selected(connection, query).subquery()
    return connection.execute(select(func.count()).select_from(matching)).scalar_one()


def record_ids(connection: Connection, query: Query) -> list[RecordId]:
    """All records that match, oldest first."""
    rows = connection.execute(_selected(connection, query).order_by(schema.records.c.seq))
    return [RecordId(row.record_id) for row in rows]


def record(connection: Connection, record_id: RecordId) -> Record | None:
    """One record, disposed of or not."""
    row = connection.execute(_RECORDS.where(schema.records.c.record_id == record_id)).first()
    return _record(row) if row else None


def records_named(connection: Connection, record_ids: Sequence[RecordId]) -> list[Record]:
    """These records, oldest first; at most some hundreds at once."""
    rows = connection.execute(
        _RECORDS.where(schema.records.c.record_id.in_(record_ids)).order_by(schema.records.c.seq)
    )
    return [_record(row) for row in rows]


def records_here(connection: Connection, after: int, limit: int) -> tuple[list[Record], int]:
    """The next records that a plan still reaches, oldest first, and where to go on from."""
    rows = connection.execute(
        _RECORDS.where(schema.IS_HERE, schema.records.c.seq > after)
        .order_by(schema.records.c.seq)
        .limit(limit)
    ).all()
    return [_record(row) for row in rows], rows[-1].seq if rows else after


def records_starting(connection: Connection, beginning: str, limit: int = 10) -> list[RecordId]:
    """Records whose id begins so: a person types the first or last few characters."""
    ids = schema.records.c.record_id
    rows = connection.execute(
        select(ids)
        .where(
            ids.startswith(beginning, autoescape=True) | ids.endswith(beginning, autoescape=True)
        )
        .limit(limit)
    )
    return [RecordId(row.record_id) for row in rows]


def all_records(connection: Connection) -> Iterator[Record]:
    """Every record, oldest first."""
    rows = connection.execute(
        _RECORDS.order_by(schema.records.c.seq),
        execution_options=_PAGED,
    )
    return map(_record, rows)


def latest(
    connection: Connection, account: AccountId, record_types: Sequence[RecordType]
) -> Record | None:
    """The account's newest active record of these types that is not kept apart."""
    row = connection.execute(
        _RECORDS.where(
            schema.records.c.account == account,
            schema.records.c.record_type.in_(record_types),
            schema.records.c.status == Status.ACTIVE.value,
            ~schema.records.c.restricted,
        )
        .order_by(schema.records.c.captured_at.desc())
        .limit(1)
    ).first()
    return _record(row) if row else None


def newest_posts(connection: Connection) -> dict[AccountId, datetime]:
    """When each account's newest post was published, as far as captures have shown."""
    newest = func.max(schema.records.c.newest_post_at)
    rows = connection.execute(
        select(schema.records.c.account, newest.label("at")).group_by(schema.records.c.account)
    )
    return {AccountId(row.account): moment(row.at) for row in rows if row.at}


def order(connection: Connection, order_id: OrderId) -> tuple[Order, RecordId] | None:
    """An accepted order and the id that its record has or will have."""
    row = connection.execute(
        select(schema.orders).where(schema.orders.c.order_id == order_id)
    ).first()
    return _order(row) if row else None


def order_of(connection: Connection, record_id: RecordId) -> Order | None:
    """The order that a record id was given to."""
    row = connection.execute(
        select(schema.orders).where(schema.orders.c.record_id == record_id)
    ).first()
    return _order(row)[0] if row else None


def gaps(connection: Connection, account: AccountId | None = None) -> list[Gap]:
    """Gaps, oldest first."""
    selected = select(schema.gaps).order_by(schema.gaps.c.at, schema.gaps.c.gap_id)
    if account:
        selected = selected.where(schema.gaps.c.account == account)
    return [_gap(row) for row in connection.execute(selected)]


def entries(
    connection: Connection, *, after: int = 0, subject: str = "", limit: int | None = None
) -> Iterator[Entry]:
    """Journal entries in their order."""
    selected = select(schema.entries).where(schema.entries.c.seq > after)
    if subject:
        selected = selected.where(schema.entries.c.subject == subject)
    selected = selected.order_by(schema.entries.c.seq).limit(limit)
    with connection.execute(selected, execution_options=_PAGED) as rows:
        yield from map(_entry, rows)  # closed too where the reader breaks off: a server's cursor


def last_entry(connection: Connection, subject: str, act: Act) -> Entry | None:
    """The newest entry of a kind about a subject."""
    table = schema.entries
    row = connection.execute(
        select(table)
        .where(table.c.subject == subject, table.c.act == act.value)
        .order_by(table.c.seq.desc())
        .limit(1)
    ).first()
    return _entry(row) if row else None


def intents(connection: Connection, record_id: RecordId) -> set[tuple[str, str]]:
    """Key and version of every object that a removal under way has written down."""
    table = schema.intents
    rows = connection.execute(
        select(table.c.key, table.c.version_id).where(table.c.record_id == record_id)
    )
    return {(row.key, row.version_id) for row in rows}


def _selected(connection: Connection, query: Query) -> Select[Any]:
    selected = _RECORDS.where(*_conditions(query))
    if query.text:
        texts: ColumnElement[str] = literal_column("texts.body").label("body")
        selected = (
            selected.add_columns(texts)
            .select_from(schema.records)
            .join(text("texts"), text("texts.rowid = records.seq"))
            .where(*_text_conditions(connection, query.text))
        )
    return selected


def _newest(selected: Select[Any], query: Query, limit: int, before: int | None) -> Select[Any]:
    if before is not None:
        selected = selected.where(schema.records.c.seq < before)
    order_by = literal_column("texts.rowid") if query.text else schema.records.c.captured_at
    return selected.order_by(order_by.desc()).limit(limit)


def _conditions(query: Query) -> list[ColumnElement[bool]]:
    columns = schema.records.c
    conditions = [
        column == value
        for column, value in (
            (columns.account, query.account),
            (columns.record_type, query.record_type),
            (columns.reason, query.reason),
            (columns.status, query.status),
        )
        if value is not None
    ]
    if query.since:
        conditions.append(columns.captured_at >= stamp(query.since))
    if query.until:
        conditions.append(columns.captured_at < stamp(query.until))
    if query.restricted is not None:
        conditions.append(columns.restricted == query.restricted)
    if query.held is not None:
        conditions.append(schema.ACTIVE_HOLD if query.held else ~schema.ACTIVE_HOLD)
    return conditions


def _text_conditions(connection: Connection, words: str) -> list[ColumnElement[bool]]:
    """Every word must occur, also inside other words; a shorter word than three scans."""
    body: ColumnElement[str] = literal_column("texts.body")
    if connection.dialect.name != "sqlite":
        return [body.icontains(word, autoescape=True) for word in words.split()]
    long = [word for word in words.split() if len(word) >= _SHORTEST_TRIGRAM]
    short = [word for word in words.split() if len(word) < _SHORTEST_TRIGRAM]
    conditions: list[ColumnElement[bool]] = [
        func.instr(func.lower(body), word.lower()) > 0 for word in short
    ]
    if long:
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        conditions.append(text("texts MATCH :phrases").bindparams(phrases=phrases))  # type: ignore[arg-type]  # a text clause is a condition
    return conditions


def _excerpt(row: Row[Any], words: str, around: int = 60) -> str:
    if not words:
        return ""
    body = " ".join(row.body.split())
    places = [body.casefold().find(word.casefold()) for word in words.split()]
    place = min((p for p in places if p >= 0), default=0)
    start, end = max(0, place - around), place + around
    return ("…" if start else "") + body[start:end] + ("…" if end < len(body) else "")


def _record(row: Row[Any]) -> Record:
    return Record(
        record_id=RecordId(row.record_id),
        record_type=RecordType(row.record_type),
        account=AccountId(row.account),
        platform=row.platform,
        handle=row.handle,
        unit=row.unit,
        reason=Reason(row.reason),
        captured_at=moment(row.captured_at),
        title=row.title,
        url=row.url,
        changed=tuple(row.changed.split()),
        size=row.size,
        status=Status(row.status),
        generation=row.generation,
        held=bool(row.held),
        restricted=row.restricted,
        manifest_key=row.manifest_key,
        manifest_version=row.manifest_version,
        manifest_sha256=row.manifest_sha256,
    )


def _order(row: Row[Any]) -> tuple[Order, RecordId]:
    made = Order(
        order_id=OrderId(row.order_id),
        account=AccountId(row.account),
        reason=Reason(row.reason),
        ordered_by=row.ordered_by,
        note=row.note,
        ordered_at=moment(row.ordered_at),
    )
    return made, RecordId(row.record_id)


def _gap(row: Row[Any]) -> Gap:
    return Gap(
        gap_id=GapId(row.gap_id),
        account=row.account,
        order_id=row.order_id,
        at=moment(row.at),
        verdict=row.verdict,
        key=row.key,
        met_by=RecordId(row.met_by) if row.met_by else None,
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        seq=row.seq,
        at=moment(row.at),
        actor=row.actor,
        act=Act(row.act),
        subject=row.subject,
        detail=parsed(row.detail),
        previous=row.previous,
        digest=row.digest,
    )
