"""What a person says of a record that its retention turns on: a trigger, a type, a number.

Each is a journal entry with its reason. It raises the record's generation and calls off a disposal
that was decided on the record as it was, up to the point of no return.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from pydantic import JsonValue

from storage.catalogue import find, held, planned
from storage.errors import Malformed
from storage.holding import follow
from storage.journal import Act
from storage.people import DECIDERS, Actor
from storage.reaching import reachable
from storage.record import EVIDENCE, RecordId, RecordType, today
from storage.roles import demand_role
from storage.standing import CaseAction, CaseRule, Condition, Trigger
from storage.vault import Vault

_PERIOD = re.compile(r"P(?=\d)(\d{1,4}W|(\d{1,4}Y)?(\d{1,4}M)?(\d{1,6}D)?)", re.ASCII)
"""A duration as `retention.period` reads it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """A trigger or condition that came about on a civil date; no date takes it back."""

    event: Trigger | Condition
    on: date | None
    reason: str


def declare(vault: Vault, record_id: RecordId, said: Declaration, actor: Actor) -> None:
    """Journal what came about (RULES R25).

    Raises:
        NotAllowed: a service acts, or the record is past return.
        Malformed: no reason, a day that lies ahead, `created`, which the capture says, or
            `transferred`, which a receipt proves (RULES R46).
        NotFound: there is no such record.
    """
    faults = [] if said.reason.strip() else ["reason: say how it is known"]
    if said.event is Trigger.CREATED:
        faults.append("created: this is the moment of the capture, which nobody declares")
    if said.event is Trigger.TRANSFERRED and said.on is not None:
        faults.append("transferred: the e-archive's receipt shows this (insyn transfer receipt)")
    if said.on is not None and said.on > today():
        faults.append(f"on: {said.on} lies ahead; declare it when it has come about")
    detail: dict[str, JsonValue] = {
        "event": said.event.value,
        "on": said.on.isoformat() if said.on else "",
        "reason": said.reason.strip(),
    }
    _say(vault, record_id, Act.DECLARED, detail, faults=faults, actor=actor)


def classify(
    vault: Vault, record_id: RecordId, record_type: RecordType, reason: str, actor: Actor
) -> None:
    """Give a record another type, one that the plan in force has a rule for (RULES R14).

    Holds on the records of that type hold it from now on.

    Raises:
        NotAllowed, NotFound: as `declare`. Malformed: no reason, a type without a rule, or that of
            certificates, which a disposal alone gives and nobody takes away (RULES R40).
    """
    faults = [] if reason.strip() else ["reason: say why it is of that type"]
    detail: dict[str, JsonValue] = {"record_type": record_type, "reason": reason.strip()}
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "classify a record")
        number = planned.number_in_force(tx.connection, today())
        if not planned.has_rule(tx.connection, number, record_type):
            faults.append(f"type: the plan in force has no rule for {record_type!r}")
        known = find.record(tx.connection, record_id)
        if record_type == EVIDENCE or (known is not None and known.is_evidence):
            faults.append(f"type: {EVIDENCE!r} is for what documents a disposal, and stays so")
        record = reachable(tx.connection, record_id, Act.CLASSIFIED, faults)
        holds = held.catching(tx.connection, replace(record, record_type=record_type))
        before: dict[str, JsonValue] = {
            "before": record.record_type,
            "plan": number,
            "holds": list(holds),
        }
        tx.append(actor, Act.CLASSIFIED, record_id, detail | before)
    vault.seal()
    follow(vault, [record_id])


def register(
    vault: Vault,
    record_id: RecordId,
    number: str,
    actor: Actor,
    *,
    needs_case: bool,
    case: CaseRule | None,
) -> None:
    """Note a record's registration number, or that it needs one; and the case's rule (RULES R15).

    All of it is said anew each time: what is left out no longer holds.

    Raises:
        NotAllowed, NotFound: as `declare`. Malformed: neither a number nor a need of one, or a
            case's rule that is not whole.
    """
    faults = [] if number.strip() or needs_case else ["number: give it, or say it is needed"]
    detail: dict[str, JsonValue] = {"number": number.strip(), "needs_case": needs_case}
    if case is not None:
        faults += _faults_of_case(case, needs_case=needs_case)
        detail["case"] = {
            "action": case.action.value,
            "period": case.period,
            "year_end": case.year_end,
            "basis": case.basis.strip(),
        }
    _say(vault, record_id, Act.REGISTERED, detail, faults=faults, actor=actor)


def _faults_of_case(case: CaseRule, *, needs_case: bool) -> list[str]:
    faults = [] if needs_case else ["case: only what needs a case goes by a case's rule"]
    if case.action is CaseAction.DISPOSE:
        if not _PERIOD.fullmatch(case.period):
            faults.append("period: whole years, months, days or weeks after the case was closed")
        faults += [] if case.basis.strip() else ["basis: say what the disposal rests on"]
    elif case.period or case.year_end or case.basis.strip():
        faults.append("period, basis: what is preserved has none")
    return faults


def number_collectively(
    vault: Vault, record_type: RecordType, year: int, number: str, actor: Actor
) -> None:
    """Give all records of a type and civil year one registration number (RULES R18).

    Raises:
        NotAllowed: a service acts. Malformed: no number, or no year of four digits.
    """
    faults = [] if number.strip() else ["number: give it"]
    if not 1900 <= year <= 9999:
        faults.append(f"year: {year} is none")
    if faults:
        raise Malformed("The records cannot be registered", faults)
    detail: dict[str, JsonValue] = {
        "record_type": record_type,
        "year": year,
        "number": number.strip(),
    }
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "register records")
        tx.append(actor, Act.NUMBERED, f"{record_type}/{year}", detail)
    vault.seal()


def _say(
    vault: Vault,
    record_id: RecordId,
    act: Act,
    detail: dict[str, JsonValue],
    *,
    faults: list[str],
    actor: Actor,
) -> None:
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, f"have a record {act}")
        reachable(tx.connection, record_id, act, faults)
        tx.append(actor, act, record_id, detail)
    vault.seal()
