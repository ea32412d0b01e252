"""Appointing and removing people, each journaled (docs/decisions/0005).

The first person is appointed by nobody: there is none yet, and the entry says so. From then on an
archivist or an operator appoints, and never themself. Who was appointed may nothing until they
chose a password of their own (docs/decisions/0010).
"""

from collections.abc import Iterable

from pydantic import JsonValue

from storage.catalogue import Connection, peopled
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act
from storage.people import Actor, Person, Role, demand_person, name_key, plain_name
from storage.roles import demand_role
from storage.vault import Vault

APPOINTERS = frozenset({Role.ARCHIVIST, Role.OPERATOR})
FIRST = frozenset({Role.ARCHIVIST, Role.OPERATOR})
"""Of these the first person must have one, or nobody could appoint the next."""


class People:
    """The people of one open archive: `archive.people`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def all(self) -> list[Person]:
        """Everyone by name, also who was removed."""
        with self._vault.catalogue.read() as connection:
            return peopled.people(connection)

    def named(self, name: str) -> Person:
        """The person of this name who is appointed now.

        Raises:
            NotFound: there is none.
        """
        with self._vault.catalogue.read() as connection:
            return _named(connection, name)

    def add(
        self, name: str, roles: Iterable[Role], actor: Actor, units: Iterable[str] = ()
    ) -> Person:
        """Appoint a person; while there is none, the one who acts is the one appointed.

        An owner with units approves their lists only (RULES R33).

        Raises:
            NotAllowed: the actor may not appoint, or appoints themself.
            Malformed: no name, no role, or a person of that name is appointed already, however
                that one is written.
        """
        wanted = frozenset(roles)
        with self._vault.catalogue.write() as tx:
            known = peopled.person_named(tx.connection, name)
            first = not peopled.is_anyone_here(tx.connection)
            _check(name, wanted, known, first=first)
            if first:
                _demand_self(actor, name)
            else:
                _demand_appointer(tx.connection, actor, name, "appoint a person")
            detail = {**_listed(wanted, units), "first": first}
            tx.append(actor, Act.PERSON_ADDED, known.name if known else plain_name(name), detail)
            added = _named(tx.connection, name)
        self._vault.seal()
        return added

    def change_roles(
        self, name: str, roles: Iterable[Role], actor: Actor, units: Iterable[str] = ()
    ) -> Person:
        """Give a person other roles and units, in place of those they have.

        Raises:
            NotFound: nobody of that name is appointed. Malformed: no role.
            NotAllowed: the actor may not, is the person, or nobody could appoint afterwards.
        """
        wanted = frozenset(roles)
        if not wanted:
            raise Malformed("The roles cannot be changed", ["roles: give at least one, or remove"])
        with self._vault.catalogue.write() as tx:
            known = _named(tx.connection, name)
            _demand_appointer(tx.connection, actor, known.name, "change roles")
            tx.append(actor, Act.ROLES_CHANGED, known.name, _listed(wanted, units))
            changed = _named(tx.connection, name)
        self._vault.seal()
        return changed

    def note_password(self, actor: Actor, *, proven: bool) -> Person:
        """Note that a person chose a password; never what it is.

        `proven`: they gave the one before, as who was given a first one must.

        Raises:
            NotFound: nobody of that name is appointed. NotAllowed: a service acts.
        """
        demand_person(actor, "choose a password")
        with self._vault.catalogue.write() as tx:
            known = _named(tx.connection, actor.name)
            tx.append(actor, Act.CREDENTIAL_CHOSEN, known.name, {"proven": proven})
            chosen = _named(tx.connection, actor.name)
        self._vault.seal()
        return chosen

    def remove(self, name: str, actor: Actor) -> Person:
        """Remove a person: they may nothing from now on, and approvals of theirs count no longer.

        Raises:
            NotFound: nobody of that name is appointed.
            NotAllowed: the actor may not, or is the person.
        """
        with self._vault.catalogue.write() as tx:
            known = _named(tx.connection, name)
            _demand_appointer(tx.connection, actor, known.name, "remove a person")
            tx.append(actor, Act.PERSON_REMOVED, known.name, {})
        self._vault.seal()
        return known


def _named(connection: Connection, name: str) -> Person:
    known = peopled.person_named(connection, name)
    if known is None or not known.active:
        raise NotFound(f"Nobody named {name!r} is appointed: see `insyn person list`.")
    return known


def _check(name: str, roles: frozenset[Role], known: Person | None, *, first: bool) -> None:
    faults = []
    if not name.strip() or ":" in name or not name.isprintable():
        faults.append(f"name: {name!r} is none")
    if not roles:
        faults.append(f"roles: give at least one of {', '.join(Role)}")
    elif first and not roles & FIRST:
        faults.append(
            "roles: the first person is an archivist or an operator, or nobody could "
            "appoint the next"
        )
    if known is not None and known.active:
        faults.append(f"name: {known.name} is appointed already: change their roles instead")
    if faults:
        raise Malformed("The person cannot be appointed", faults)


def _demand_appointer(connection: Connection, actor: Actor, name: str, act: str) -> None:
    demand_role(connection, actor, APPOINTERS, act)
    if name_key(actor.name) == name_key(name):
        raise NotAllowed(f"{actor.name} may not {act} who is themself: another person must.")


def _demand_self(actor: Actor, name: str) -> None:
    demand_person(actor, "appoint a person")
    if name_key(actor.name) != name_key(name):
        raise NotAllowed(f"There is nobody yet who could appoint {name}: the first is themself.")


def _listed(roles: frozenset[Role], units: Iterable[str]) -> dict[str, JsonValue]:
    named: list[JsonValue] = [*sorted({" ".join(unit.split()) for unit in units} - {""})]
    return {"roles": [role.value for role in sorted(roles)], "units": named}
