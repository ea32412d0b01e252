"""Who acts: a person or a service, and what roles there are. Pure.

A service can never hold, lift, approve or release. Whether a person has a role is asked inside the
transactions (`storage.roles`); that it is this person is proven before (`storage.credential`).
"""

import unicodedata
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
    """A person whom the archive knows. Who was removed stays named, without a role.

    `units` are those whose lists an owner may approve, all where none is named; `roles_by` gave
    the roles they have; `own_password` is false until they chose one in place of the first.
    """

    name: str
    roles: frozenset[Role]
    units: frozenset[str]
    active: bool
    own_password: bool
    added_by: str
    added_at: datetime
    roles_by: str

    @property
    def owes_place_to(self) -> frozenset[str]:
        """The keys of the others who appointed them or gave them their roles."""
        keys = {actor_named(one).key for one in (self.added_by, self.roles_by)}
        return frozenset(keys - {person(self.name).key})


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Someone who acts in the archive, as the journal names them: `person:Eva Ek`."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def key(self) -> str:
        """What two actors share who are one: the kind, and the name however it is written."""
        return f"{self.kind}:{name_key(self.name)}"


def plain_name(name: str) -> str:
    """A name as it is kept: composed letters (NFC), single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """What two spellings of one name share: capitals, spaces and how letters are composed."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def actor_named(named: str) -> Actor:
    """An actor as the journal names them."""
    kind, _, name = named.partition(":")
    return Actor(kind=Kind(kind), name=name)


def person(name: str) -> Actor:
    """A person.

    Raises:
        NotAllowed: nobody is named.
    """
    if not name.strip():
        raise NotAllowed("An act needs a person's name: say who decides.")
    return Actor(kind=Kind.PERSON, name=plain_name(name))


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
