"""Who acts: a person or a service. A service can never hold, lift, approve or release.

Roles, credentials and four eyes of proposals come with disposal; what is here is what every act
in the journal needs already.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.errors import NotAllowed


class Kind(StrEnum):
    """A person decides; a service carries out."""

    PERSON = "person"
    SERVICE = "service"


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
        raise NotAllowed("An act needs a person's name: say who decides (--by NAME).")
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
