"""Who acts: a person or a service, and what roles there are. Pure.

A service can never hold, lift, approve or release. Whether a person has a role is asked inside the
transactions (`storage.roles`); that it is this person is proven before (`storage.credential`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.errors import NotAllowed


class Kind(StrEnum):
    """A person decides; a service carries out."""

    PERSON = "person"
    SERVICE = "service"


class Role(StrEnum):
    """What a person may be to the archive (DESIGN.md); one person may have several."""

    OWNER = "owner"
    OFFICER = "officer"
    ARCHIVIST = "archivist"
    MANAGER = "manager"
    OPERATOR = "operator"
    AUDITOR = "auditor"


DECIDERS = frozenset({Role.OWNER, Role.OFFICER, Role.ARCHIVIST, Role.MANAGER})
"""Those who decide about records; operators and auditors do not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person whom the archive knows. Who was removed stays named, without a role."""

    name: str
    roles: frozenset[Role]
    active: bool
    added_by: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Someone who acts in the archive, as the journal names them: `person:Eva Ek`."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def person(name: str) -> Actor:
    """A person.

    Raises:
        NotAllowed: nobody is named.
    """
    if not name.strip():
        raise NotAllowed("An act needs a person's name: say who decides.")
    return Actor(kind=Kind.PERSON, name=name.strip())


def service(name: str) -> Actor:
    """A service, such as a DAG."""
    return Actor(kind=Kind.SERVICE, name=name)


def demand_person(actor: Actor, act: str) -> None:
    """Refuse an act that only a person may do.

    Raises:
        NotAllowed: the actor is a service.
    """
    if actor.kind is not Kind.PERSON:
        raise NotAllowed(f"{actor} may not {act}: only a person may. Ask a records officer to.")
