"""People in the catalogue: what their entries make of the table, and reading it.

The fold's part is called by `fold.apply` alone.
"""

from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.journal import Act, Entry
from storage.people import Person, Role


def apply(tx: Connection, entry: Entry) -> None:
    """What an entry about a person makes of the table. Who comes back is entered anew."""
    here = schema.people.c.name == entry.subject
    if entry.act is Act.PERSON_ADDED:
        tx.execute(delete(schema.people).where(here))
        tx.execute(
            insert(schema.people).values(
                name=entry.subject,
                roles=_words(entry.detail["roles"]),
                active=True,
                added_by=entry.actor,
                added_at=stamp(entry.at),
            )
        )
    elif entry.act is Act.ROLES_CHANGED:
        roles = _words(entry.detail["roles"])
        tx.execute(update(schema.people).where(here).values(roles=roles))
    else:
        tx.execute(update(schema.people).where(here).values(roles="", active=False))


def people(connection: Connection) -> list[Person]:
    """Everyone, also who was removed, by name."""
    return [
        _person(row) for row in connection.execute(select(schema.people).order_by("name")).all()
    ]


def person_named(connection: Connection, name: str) -> Person | None:
    """The person of this name, whatever its capitals; also one who was removed."""
    asked = name.strip().casefold()
    return next((one for one in people(connection) if one.name.casefold() == asked), None)


def is_anyone_here(connection: Connection) -> bool:
    """Whether any person is appointed now."""
    active = select(func.count()).where(schema.people.c.active)
    return bool(connection.execute(active).scalar_one())


def _words(value: JsonValue) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else ""


def _person(row: Row[Any]) -> Person:
    return Person(
        name=row.name,
        roles=frozenset(map(Role, row.roles.split())),
        active=row.active,
        added_by=row.added_by,
        added_at=moment(row.added_at),
    )
