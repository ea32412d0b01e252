"""Which entries are sealed in the bucket."""

from sqlalchemy import Connection, func, insert, select

from storage.catalogue import schema
from storage.keys import Span
from storage.record import StoredObject


def last_sealed(connection: Connection) -> int:
    """The number of the last entry that lies in the bucket; 0 when none does."""
    last = func.coalesce(func.max(schema.segments.c.last), 0)
    return int(connection.execute(select(last)).scalar_one())


def last_entry(connection: Connection) -> int:
    """The number of the last entry."""
    return int(connection.execute(select(schema.head.c.seq)).scalar_one())


def note_segment(connection: Connection, span: Span, stored: StoredObject) -> None:
    """Remember that these entries are sealed."""
    connection.execute(
        insert(schema.segments).values(
            first=span.first,
            last=span.last,
            key=stored.key,
            version_id=stored.version_id,
            sha256=stored.sha256,
        )
    )


def sealed(connection: Connection) -> list[tuple[Span, StoredObject]]:
    """Every segment in its order; its size is not kept (0)."""
    rows = connection.execute(select(schema.segments).order_by(schema.segments.c.first))
    return [
        (
            Span(first=row.first, last=row.last),
            StoredObject(
                key=row.key,
                version_id=row.version_id,
                media_type="application/jsonl",
                size=0,
                sha256=row.sha256,
            ),
        )
        for row in rows
    ]
