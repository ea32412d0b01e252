"""Which entries are sealed in the bucket, and who may seal now (the lease)."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from storage.catalogue import schema
from storage.catalogue.moments import stamp
from storage.keys import Span
from storage.record import StoredObject, utc_now

_LEASE = timedelta(seconds=60)
_SEALING = "sealing"


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


def take_lease(connection: Connection, holder: str, is_dead: Callable[[str], bool]) -> bool:
    """Become the one that seals.

    A lease that its holder left behind ends at once where `is_dead` knows it, else after a minute.
    """
    now = utc_now()
    row = connection.execute(select(schema.leases).where(schema.leases.c.name == _SEALING)).first()
    if row is not None and row.until > stamp(now) and not is_dead(row.holder):
        return False
    give_lease_back(connection, row.holder if row else holder)
    connection.execute(
        insert(schema.leases).values(name=_SEALING, holder=holder, until=stamp(now + _LEASE))
    )
    return True


def give_lease_back(connection: Connection, holder: str) -> None:
    """Let another seal."""
    connection.execute(
        delete(schema.leases).where(
            schema.leases.c.name == _SEALING, schema.leases.c.holder == holder
        )
    )
