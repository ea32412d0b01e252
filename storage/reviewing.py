"""The outcome of a review (omprövning): keep until a day, dispose of, or preserve.

A review disposes of nothing: it lets the record be proposed, and two persons decide then. Whether a
record is up for review is judged in `retention`; here the record must be as it was judged.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from storage.catalogue import planned
from storage.errors import Outdated
from storage.journal import Act
from storage.people import Actor, Role
from storage.proposals import Why
from storage.reaching import reachable
from storage.record import RecordId, today
from storage.roles import demand_role
from storage.standing import Outcome
from storage.vault import Vault


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What the reviewer decided, and the record as it was judged.

    `role` is the reviewer's by the rule, `end` the last day of the period that had passed.
    """

    outcome: Outcome
    until: date | None
    reason: str
    role: Role
    generation: int
    plan: int
    rule_id: str
    end: date


def review(vault: Vault, record_id: RecordId, said: Judgement, actor: Actor) -> None:
    """Journal what a review came to; it calls off a disposal that was decided before.

    Raises:
        NotAllowed: a service acts, or the actor lacks the rule's role; or the record is past
            return. NotFound: there is no such record. Malformed: no reason, or no day to come.
        Outdated: the record has changed, or another plan is in force, since it was judged.
    """
    faults = _faults(said)
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, frozenset({said.role}), "review a record")
        record = reachable(tx.connection, record_id, "reviewed", faults)
        if record.generation != said.generation:
            raise Outdated(f"Record {record_id} has changed meanwhile: look anew.", Why.CHANGED)
        if planned.number_in_force(tx.connection, today()) != said.plan:
            raise Outdated("Another version of the plan is in force: look anew.", Why.PLAN)
        tx.append(actor, Act.REVIEWED, record_id, _detail(said))
    vault.seal()


def _faults(said: Judgement) -> list[str]:
    faults = [] if said.reason.strip() else ["reason: say why"]
    if said.outcome is Outcome.KEEP_UNTIL and (said.until is None or said.until <= today()):
        faults.append("until: give a day that lies ahead")
    if said.outcome is not Outcome.KEEP_UNTIL and said.until is not None:
        faults.append("until: only what is kept further has a day")
    return faults


def _detail(said: Judgement) -> dict[str, JsonValue]:
    return {
        "outcome": said.outcome.value,
        "until": said.until.isoformat() if said.until else "",
        "reason": said.reason.strip(),
        "plan": said.plan,
        "rule_id": said.rule_id,
        "period_end": said.end.isoformat(),
    }
