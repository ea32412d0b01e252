"""Adopted versions of the plan (dokumenthanteringsplan): immutable, journaled, under lock.

What the rules mean is judged in `retention`; the archive keeps the text as it was decided, who
decided it, and which record types have a rule (RULES R14, R20, R23).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import rfc8785
from pydantic import JsonValue

from storage.catalogue import Connection, planned
from storage.errors import AlreadyThere, Damaged, Malformed, NotAllowed, NotFound
from storage.journal import Act, parsed
from storage.keys import plan_key
from storage.people import Actor, Role
from storage.record import StoredObject, sha256, today
from storage.roles import demand_different, demand_role
from storage.vault import Vault

_LOG = logging.getLogger(__name__)
_ADOPTERS = frozenset({Role.ARCHIVIST, Role.MANAGER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """What is decided: the plan's text, the decision, and what it changes.

    `follows` is the newest version (0: none), `compared` are those that would govern from its
    first day on; `shortened` names the record types whose retention it shortens beside any of
    them, and `transition` says why that may be (RULES R23).
    `rules` is the rule of each record type, `local_decisions` the number and day by rule.
    """

    plan_id: str
    text: bytes
    decided_by: str
    decided_on: date
    registration_number: str
    in_force_from: date
    follows: int
    compared: tuple[int, ...]
    rules: Mapping[str, str]
    local_decisions: Mapping[str, tuple[str, date]]
    shortened: tuple[str, ...]
    transition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptedPlan:
    """A version as it was adopted. `number` counts from 1; its text lies at `key`."""

    number: int
    plan_id: str
    decided_by: str
    decided_on: date
    registration_number: str
    in_force_from: date
    adopted_by: str
    second: str
    adopted_at: datetime
    shortened: tuple[str, ...]
    transition: str
    key: str
    version_id: str
    sha256: str


def adopt(vault: Vault, adoption: Adoption, actor: Actor, second: Actor | None) -> AdoptedPlan:
    """Adopt a version: it is in force from its day, and can never be changed.

    Raises:
        NotAllowed: a service acts; it shortens retention without a second person; or it was not
            compared with every version whose place it takes.
        Malformed: the decision lacks something, all of it named.
    """
    _check(adoption)
    with vault.catalogue.read() as connection:  # before anything is laid in the bucket
        _demand_adopters(connection, adoption, actor, second)
    number = adoption.follows + 1
    detail = _detail(adoption, second)
    stored = _put(vault, number, detail, adoption.text)
    _LOG.info("plan: stored")
    where = {"key": stored.key, "version_id": stored.version_id, "sha256": stored.sha256}
    with vault.catalogue.write() as tx:
        _demand_adopters(tx.connection, adoption, actor, second)
        latest = planned.latest_number(tx.connection)
        if latest != adoption.follows:
            raise NotAllowed(
                f"Version {latest} was adopted since this one was compared with "
                f"{adoption.follows}: compare anew (`insyn plan diff`)."
            )
        _demand_compared(tx.connection, adoption)
        tx.append(actor, Act.PLAN_ADOPTED, str(number), {**detail, **where})
        row = planned.plan(tx.connection, number)
    vault.seal()
    _LOG.info("plan: journaled")
    return adopted(row)


def text_of(vault: Vault, plan: AdoptedPlan) -> bytes:
    """A version's text, checked against the journal's digest.

    Raises:
        Damaged: it was changed. ObjectMissing: it is gone.
    """
    data = vault.reader.get(plan.key, plan.version_id)
    if sha256(data) != plan.sha256:
        raise Damaged(f"Version {plan.number} of the plan was changed in the store: {plan.key}.")
    return str(parsed(data.decode())["text"]).encode()


def adopted(row: Mapping[str, JsonValue] | None) -> AdoptedPlan:
    """A version from the catalogue.

    Raises:
        NotFound: there is none.
    """
    if row is None:
        raise NotFound("There is no such version of the plan: see `insyn plan list`.")
    named = {
        name: str(row[name])
        for name in (
            "plan_id", "decided_by", "registration_number", "adopted_by", "second", "transition",
            "key", "version_id", "sha256",
        )
    }  # fmt: skip
    return AdoptedPlan(
        number=int(str(row["number"])),
        decided_on=date.fromisoformat(str(row["decided_on"])),
        in_force_from=date.fromisoformat(str(row["in_force_from"])),
        adopted_at=datetime.fromisoformat(str(row["adopted_at"])),
        shortened=tuple(str(row["shortened"]).split()),
        **named,
    )


def _check(adoption: Adoption) -> None:
    needed = ("decided_by", "registration_number", "plan_id")
    faults = [f"{key}: say it" for key in needed if not getattr(adoption, key).strip()]
    if adoption.decided_on > today():
        faults.append(f"decided_on: {adoption.decided_on} lies ahead; adopt what was decided")
    if adoption.in_force_from < adoption.decided_on:
        faults.append("in_force_from: a plan is not in force before it was decided")
    if adoption.shortened and not adoption.transition.strip():
        faults.append("transition: say why retention may be shortened (RULES R23)")
    if faults:
        raise Malformed("The plan cannot be adopted", faults)


def _demand_adopters(
    connection: Connection, adoption: Adoption, actor: Actor, second: Actor | None
) -> None:
    """An archivist or manager adopts; two do where retention is shortened (RULES R23)."""
    demand_role(connection, actor, _ADOPTERS, "adopt a plan")
    if adoption.shortened:
        act = f"adopt a plan that shortens the retention of {', '.join(adoption.shortened)}"
        demand_role(connection, demand_different(actor, second, act), _ADOPTERS, act)


def _demand_compared(connection: Connection, adoption: Adoption) -> None:
    """What was compared is what it takes the place of: else a shortening could go unseen."""
    governing = planned.numbers_governing_from(connection, adoption.in_force_from)
    if governing != sorted(adoption.compared):
        raise NotAllowed(
            f"From {adoption.in_force_from} on, versions {governing} would govern, and this one "
            f"was compared with {sorted(adoption.compared)}: compare anew (`insyn plan diff`)."
        )


def _detail(adoption: Adoption, second: Actor | None) -> dict[str, JsonValue]:
    decisions: dict[str, JsonValue] = {
        rule: {"dnr": dnr, "decided_on": day.isoformat()}
        for rule, (dnr, day) in adoption.local_decisions.items()
    }
    return {
        "plan_id": adoption.plan_id,
        "decided_by": adoption.decided_by.strip(),
        "decided_on": adoption.decided_on.isoformat(),
        "registration_number": adoption.registration_number.strip(),
        "in_force_from": adoption.in_force_from.isoformat(),
        "second": str(second) if second else "",
        "compared": list(adoption.compared),
        "rules": dict(adoption.rules),
        "local_decisions": decisions,
        "shortened": list(adoption.shortened),
        "transition": adoption.transition.strip(),
    }


def _put(vault: Vault, number: int, detail: dict[str, JsonValue], text: bytes) -> StoredObject:
    """Lay the decision and its text in the bucket; what a crash left there is taken up."""
    body = rfc8785.dumps({**detail, "number": number, "text": text.decode()})
    key = plan_key(number, sha256(body))
    try:
        return vault.capture.put(
            key,
            body,
            media_type="application/json",
            retain_until=vault.lock_until(),
            mode=vault.settings.evidence_mode,
            only_if_absent=True,
        )
    except AlreadyThere:
        stored, found = vault.reader.fetch(key)
        if found != body:
            raise Damaged(f"Another text lies where this version belongs: {key}.") from None
        return stored
