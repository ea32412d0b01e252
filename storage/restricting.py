"""Keeping secret records apart: own place, own access, always registered (RULES R16).

Whoever assesses secrecy (sekretess) says that a record is restricted, by which provision and under
which registration number. From that entry on the archive shows its content to few and journals each
reading (`reading`); its objects are then moved to where one identity alone may read (`moving`).
What a crash leaves is taken up by saying the same again.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from storage.catalogue import Connection, find, proposed, standings
from storage.errors import Malformed
from storage.journal import Act
from storage.moving import settle
from storage.people import Actor
from storage.reaching import reachable
from storage.reading import READERS
from storage.record import Record, RecordId
from storage.roles import demand_role
from storage.vault import Vault


@dataclass(frozen=True, kw_only=True, slots=True)
class Restriction:
    """Why a record is kept apart: the provision of OSL (chapter, section), the reason in words.

    `number` is its registration number (diarienummer); empty: the one that it has.
    """

    provision: str
    reason: str
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Restricted:
    """A record in its place, and the open records that show posts of it: they are judged next."""

    record: Record
    also_in: tuple[RecordId, ...]


def restrict(vault: Vault, record_id: RecordId, said: Restriction, actor: Actor) -> Restricted:
    """Keep a record apart; one that is restricted already is only moved to its place.

    Raises:
        NotAllowed: not an officer or archivist, or the record is past return.
        Malformed: no provision or reason, or it has no registration number.
        NotFound: there is no such record. Damaged: an object is not what it was; nothing is gone.
    """
    faults = [] if said.provision.strip() else ["provision: name the section of OSL"]
    faults += [] if said.reason.strip() else ["reason: say what is assessed to be secret"]
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, READERS, "keep a record apart")
        record = reachable(tx.connection, record_id, "moved")
        number = said.number.strip() or _number(tx.connection, record_id)
        if not number:
            faults.append("number: what is kept apart is always registered (diarieförd)")
        if faults:
            raise Malformed(f"Record {record_id} cannot be kept apart", faults)
        if not record.restricted:
            detail: dict[str, JsonValue] = {
                "provision": said.provision.strip(),
                "reason": said.reason.strip(),
                "number": number,
            }
            tx.append(actor, Act.RESTRICTED, record_id, detail)
    vault.seal()
    settled = settle(vault, record_id, actor)
    with vault.catalogue.read() as connection:
        return Restricted(record=settled, also_in=_open_too(connection, record_id))


def release(vault: Vault, record_id: RecordId, reason: str, actor: Actor) -> Record:
    """Let a record lie among the others again; its registration number stays.

    One that was released already is only moved to its place.

    Raises:
        As `restrict`; Malformed also where it never was restricted.
    """
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, READERS, "release a record")
        record = reachable(tx.connection, record_id, "moved")
        faults = [] if reason.strip() else ["reason: say why it is not secret any more"]
        if (
            not record.restricted
            and find.last_entry(tx.connection, record_id, Act.RELEASED) is None
        ):
            faults.append("record: it is not restricted")
        if faults:
            raise Malformed(f"Record {record_id} cannot be released", faults)
        if record.restricted:
            tx.append(actor, Act.RELEASED, record_id, {"reason": reason.strip()})
    vault.seal()
    return settle(vault, record_id, actor)


def restriction_of(connection: Connection, record: Record) -> Restriction | None:
    """By what a record is restricted; None where it is not."""
    said = find.last_entry(connection, record.record_id, Act.RESTRICTED)
    if said is None or not record.restricted:
        return None
    names = ("provision", "reason", "number")
    return Restriction(**{name: str(said.detail[name]) for name in names})


def _number(connection: Connection, record_id: RecordId) -> str:
    """The record's own registration number, or its type's of the year."""
    return standings.standings(connection, [record_id], {})[record_id].registration_number


def _open_too(connection: Connection, record_id: RecordId) -> tuple[RecordId, ...]:
    others = find.records_named(connection, proposed.also_in(connection, record_id))
    return tuple(other.record_id for other in others if not other.restricted)
