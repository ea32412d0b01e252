"""People in the catalogue: what their entries make of the table, and reading it.

The fold's part is called by `fold.apply` alone.
"""

from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.journal import Act, Entry
from storage.people import Person, Role, name_key


def apply(tx: Connection, entry: Entry) -> None:
    """What an entry about a person makes of the table. Who comes back is entered anew."""
    here, detail = schema.people.c.name == entry.subject, entry.detail
    if entry.act is Act.PERSON_ADDED:
        tx.execute(delete(schema.people).where(here))
        tx.execute(
            insert(schema.people).values(
                name=entry.subject,
                roles=_words(detail["roles"]),
                units=_lines(detail.get("units")),
                active=True,
                own_password=detail["first"],  # the first chose it for themself
                added_by=entry.actor,
                added_at=stamp(entry.at),
                roles_by=entry.actor,
            )
        )
        return
    new: dict[str, JsonValue] = {"roles": "", "units": "", "active": False}
    if entry.act is Act.ROLES_CHANGED:
        new = {"roles": _words(detail["roles"]), "units": _lines(detail.get("units"))}
        new["roles_by"] = entry.actor
    elif entry.act is Act.CREDENTIAL_CHOSEN:
        new = {"own_password": True} if detail["proven"] else {}
    if new:
        tx.execute(update(schema.people).where(here).values(**new))


def people(connection: Connection) -> list[Person]:
    """Everyone, also who was removed, by name."""
    return [
        _person(row) for row in connection.execute(select(schema.people).order_by("name")).all()
    ]


def person_named(connection: Connection, name: str) -> Person | None:
    """The person of this name, however it is written; also one who was removed."""
    asked = name_key(name)
    return next((one for one in people(connection) if name_key(one.name) == asked), None)


def is_anyone_here(connection: Connection) -> bool:
    """Whether any person is appointed now."""
    active = select(func.count()).where(schema.people.c.active)
    return bool(connection.execute(active).scalar_one())


def _words(value: JsonValue) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else ""


def _lines(value: JsonValue) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else ""


def _person(row: Row[Any]) -> Person:
    return Person(
        name=row.name,
        roles=frozenset(map(Role, row.roles.split())),
        units=frozenset(row.units.splitlines()),
        active=row.active,
        own_password=row.own_password,
        added_by=row.added_by,
        added_at=moment(row.added_at),
        roles_by=row.roles_by,
    )
