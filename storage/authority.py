"""What a decision to dispose rests on: who may sit in which seat, and whether it still holds.

Asked inside the transactions, against persons: one person has one part in a proposal (RULES R33).
"""

from datetime import datetime

from accounts.stockholm import civil_date
from storage.catalogue import Connection, peopled, planned, proposed
from storage.errors import NotAllowed, Outdated
from storage.people import DECIDERS, Actor, Kind, Person, Role, actor_named, person
from storage.proposals import Approval, ItemState, Proposal, Seat, Why, is_over_cap
from storage.roles import demand_role, demand_role_or_service
from storage.vault import Vault

SEATED = {
    Seat.OWNER: frozenset({Role.OWNER}),
    Seat.ARCHIVIST: frozenset({Role.ARCHIVIST}),
    Seat.THIRD: frozenset({Role.MANAGER, Role.ARCHIVIST}),
}
"""Which role each seat takes (RULES R33, R39)."""

_EXECUTORS = frozenset({Role.OPERATOR})


def demand_drawer(connection: Connection, actor: Actor) -> None:
    """Refuse who may not propose: a service may, as it decides nothing by that.

    Raises:
        NotAllowed: a person without a deciding role.
    """
    demand_role_or_service(connection, actor, DECIDERS, "propose a disposal")


def demand_decider(connection: Connection, actor: Actor, act: str) -> None:
    """Refuse who may not judge a list.

    Raises:
        NotAllowed: a service acts, or a person without a deciding role.
    """
    demand_role(connection, actor, DECIDERS, act)


def demand_seat(connection: Connection, actor: Actor, seat: Seat, proposal: Proposal) -> None:
    """Refuse who may not sit in a seat of a proposal.

    Raises:
        NotAllowed: a service acts, a person without the role, an owner of other units, or one who
            appointed another at the table, or was appointed by one.
    """
    known = demand_role(connection, actor, SEATED[seat], f"approve a disposal as {seat}")
    if seat is Seat.OWNER and known.units and proposal.unit not in known.units:
        raise NotAllowed(
            f"{known.name} is an owner for {', '.join(sorted(known.units))}: proposal "
            f"{proposal.proposal_id} is of {proposal.unit}."
        )
    for other in _approvers(connection, proposal):
        _demand_independent(known, other)
        _demand_independent(other, known)


def demand_executor(connection: Connection, actor: Actor, proposal: Proposal) -> None:
    """Refuse who may not carry out, or has a part in the decision.

    Raises:
        NotAllowed: a person who is no operator, or who proposed or approved it, or appointed one
            of those who did approve.
    """
    demand_other(proposal, actor)
    if actor.kind is Kind.SERVICE:
        return
    known = demand_role(connection, actor, _EXECUTORS, "carry out a disposal")
    for approver in _approvers(connection, proposal):
        _demand_independent(approver, known)


def demand_other(proposal: Proposal, actor: Actor) -> None:
    """Four eyes: a person has one part in a proposal (DISPOSAL case 24).

    Raises:
        NotAllowed: the actor proposed or approved it.
    """
    if actor.key in _keys(proposal):
        raise NotAllowed(
            f"{actor} has a part in proposal {proposal.proposal_id} already: another person must "
            "do this."
        )


def demand_plan(connection: Connection, proposal: Proposal, now: datetime) -> None:
    """Refuse a proposal that another version of the plan has overtaken (DISPOSAL case 9).

    Raises:
        Outdated: naming both versions.
    """
    number = planned.number_in_force(connection, civil_date(now))
    if number != proposal.plan:
        raise Outdated(
            f"Proposal {proposal.proposal_id} was drawn up by version {proposal.plan} of the plan, "
            f"but {number} is in force: withdraw it and draw anew.",
            Why.PLAN,
        )


def demand_authority(connection: Connection, proposal: Proposal, now: datetime) -> None:
    """What the decision rests on must still be so, at the start and at each record.

    Raises:
        Outdated: another version of the plan, an approval that ran out, a role that was lost.
    """
    demand_plan(connection, proposal, now)
    _demand_seats(proposal)
    for approval in proposal.approvals:
        _demand_valid(connection, proposal, approval, now)


def demand_third(vault: Vault, connection: Connection, proposal: Proposal) -> None:
    """Refuse a run over the cap that no third person approved (RULES R39).

    Raises:
        NotAllowed: it is so.
    """
    seats = {approval.seat for approval in proposal.approvals}
    if Seat.THIRD not in seats and over_cap(vault, connection, proposal):
        raise NotAllowed(
            f"The run that proposal {proposal.proposal_id} belongs to is over the cap, and no "
            "third person approved it: withdraw it, or another one by the same rule."
        )


def over_cap(vault: Vault, connection: Connection, proposal: Proposal) -> bool:
    """Whether the run that a proposal belongs to is over the cap: all that is open by its rule.

    The share is of the holdings as they were before it.
    """
    run = proposed.run_counts(connection, proposal.plan, proposal.rule_id)
    return is_over_cap(
        sum(run.values()),
        proposed.holdings(connection) + run.get(ItemState.DONE, 0),
        percent=vault.settings.cap_percent,
        records=vault.settings.cap_records,
    )


def _demand_seats(proposal: Proposal) -> None:
    """Owner and archivist have approved, and nobody has two parts."""
    seats = {approval.seat for approval in proposal.approvals}
    if not {Seat.OWNER, Seat.ARCHIVIST} <= seats or len(_keys(proposal)) <= len(seats):
        raise Outdated(f"Proposal {proposal.proposal_id} lacks an approval.", Why.APPROVAL)


def _demand_valid(
    connection: Connection, proposal: Proposal, approval: Approval, now: datetime
) -> None:
    if approval.valid_until <= now or approval.digest != proposal.digest:
        raise Outdated(f"The approval by {approval.person} has run out.", Why.APPROVAL)
    try:
        demand_seat(connection, actor_named(approval.person), approval.seat, proposal)
    except NotAllowed as error:
        raise Outdated(f"An approver has lost the role: {error}", Why.APPROVAL) from error


def _approvers(connection: Connection, proposal: Proposal) -> list[Person]:
    named = (
        peopled.person_named(connection, actor_named(a.person).name) for a in proposal.approvals
    )
    return [one for one in named if one is not None]


def _demand_independent(appointed: Person, other: Person) -> None:
    """Nobody sits with, or carries out the decision of, a person whom they appointed."""
    if person(other.name).key in appointed.owes_place_to:
        raise NotAllowed(
            f"{other.name} appointed {appointed.name}: they may not both have a part in a disposal."
        )


def _keys(proposal: Proposal) -> set[str]:
    return {actor_named(one).key for one in proposal.seated}
