"""Whether a person may act: asked inside the transactions, against persons (DESIGN.md, People).

What may be done by whom stands in the acts themselves; docs/people.md has the whole table.
"""

from collections.abc import Iterable

from storage.catalogue import Connection, peopled
from storage.errors import NotAllowed
from storage.people import Actor, Kind, Person, Role, demand_person, name_key


def demand_role(connection: Connection, actor: Actor, roles: frozenset[Role], act: str) -> Person:
    """The person who acts, appointed now and in one of these roles.

    Raises:
        NotAllowed: a service acts, nobody of that name is appointed, they still have the password
            that another gave them, or the role is missing.
    """
    demand_person(actor, act)
    known = peopled.person_named(connection, actor.name)
    if known is None or not known.active:
        raise NotAllowed(
            f"{actor.name} may not {act}: nobody of that name is appointed (see `insyn person "
            "list`)."
        )
    if not known.own_password:
        raise NotAllowed(
            f"{known.name} may not {act} yet: their password was given by another. They choose "
            "their own first (`insyn person password`)."
        )
    if not known.roles & roles:
        raise NotAllowed(
            f"{actor.name} may not {act}: that takes the role of {' or '.join(sorted(roles))}, and "
            f"{actor.name} is {_told(known.roles)}."
        )
    return known


def demand_role_or_service(
    connection: Connection, actor: Actor, roles: frozenset[Role], act: str
) -> None:
    """Refuse a person without one of the roles; a service may, as nothing is decided by that.

    Raises:
        NotAllowed: as `demand_role`.
    """
    if actor.kind is Kind.PERSON:
        demand_role(connection, actor, roles, act)


def demand_different(one: Actor, other: Actor | None, act: str) -> Actor:
    """The second person, who must be there and be another one (four eyes).

    Raises:
        NotAllowed: nobody, or the same person.
    """
    if other is None or name_key(other.name) == name_key(one.name):
        raise NotAllowed(f"Two different persons must {act} (--second NAME).")
    return other


def _told(roles: Iterable[Role]) -> str:
    return " and ".join(sorted(roles)) or "without a role"
