"""Leases: who alone may do a thing now. No history: a rebuild forgets them."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.catalogue import schema
from storage.catalogue.moments import stamp
from storage.record import utc_now

_LASTS = timedelta(seconds=60)


def take(connection: Connection, name: str, holder: str, is_dead: Callable[[str], bool]) -> bool:
    """Become the holder of a lease.

    One that its holder left behind ends at once where `is_dead` knows it, else after a minute.
    """
    leases, now = schema.leases, utc_now()
    row = connection.execute(select(leases).where(leases.c.name == name)).first()
    if row is not None and row.until > stamp(now) and not is_dead(row.holder):
        return False
    connection.execute(delete(leases).where(leases.c.name == name))
    connection.execute(insert(leases).values(name=name, holder=holder, until=stamp(now + _LASTS)))
    return True


def renew(connection: Connection, name: str, holder: str) -> bool:
    """Hold it for another minute; False where it has become another's."""
    leases = schema.leases
    mine = update(leases).where(leases.c.name == name, leases.c.holder == holder)
    return bool(connection.execute(mine.values(until=stamp(utc_now() + _LASTS))).rowcount)


def give_back(connection: Connection, name: str, holder: str) -> None:
    """Let another have it."""
    leases = schema.leases
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
