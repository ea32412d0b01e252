"""Notices (meddelanden) of retention: which proposals wait for whom, what is to be reviewed.

Pure: proposals and counts in, notices out; the moment is an argument. A notice names no record and
no outsider.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.model import AccountId, Person
from accounts.notices import Notice, Office
from accounts.register import Register
from accounts.stockholm import civil_date
from retention.notice_texts import TEXTS
from retention.plan import Rule
from storage.proposals import ItemState, Proposal, Seat, State

ENDING_DAYS = 7
"""How long before the approvals of a proposal run out people are told."""

MOST_WORK = 1000
"""How far the worklist is counted."""

_FAULTS = (ItemState.BLOCKED, ItemState.FAILED)
_APPROVING = frozenset({State.FROZEN, State.OWNER_OK})
_DECIDED = frozenset({State.COOLING, State.READY})
_REVIEWERS = {"officer": Office.REGISTRAR}


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A proposal that stands open: whether its run is over the cap, and how often it was paused."""

    proposal: Proposal
    over_cap: bool
    pauses: int


def of_proposals(
    found: Iterable[Waiting], register: Register | None, now: datetime
) -> Iterator[Notice]:
    """What each open proposal asks of whom; a failed one also when it is certified."""
    for one in found:
        proposal, state = one.proposal, one.proposal.state_at(now)
        yield from _of_state(one, state, register)
        if (ends := _ends(proposal, state, now)) is not None:
            yield _about(proposal, "ending", f"{ends}", {Office.ARCHIVIST}, day=ends)
        if faults := sum(proposal.counts.get(fault, 0) for fault in _FAULTS):
            both = {Office.ARCHIVIST, Office.OPERATOR}
            yield _about(proposal, "faults", f"{faults}", both, faults=faults)


def of_reviews(counts: Mapping[str, int], rules: Iterable[Rule], today: date) -> Iterator[Notice]:
    """How many records await a review, by rule; told anew each month while it is so."""
    for rule in rules:
        if count := counts.get(rule.rule_id, 0):
            office = _REVIEWERS.get(rule.reviewer_role, Office.ARCHIVIST)
            yield _plain("reviews", f"{rule.rule_id}/{today:%Y-%m}", {office},
                         rule=rule.rule_id, count=count)  # fmt: skip


def of_work(count: int, today: date) -> Iterator[Notice]:
    """That the worklist is not empty; told anew each month while it is so."""
    if count:
        told = f"{MOST_WORK}+" if count > MOST_WORK else str(count)
        both = {Office.ARCHIVIST, Office.REGISTRAR}
        yield _plain("worklist", f"{today:%Y-%m}", both, count=told)


def _of_state(one: Waiting, state: State, register: Register | None) -> Iterator[Notice]:
    proposal, archivist = one.proposal, {Office.ARCHIVIST}
    match state:
        case State.FROZEN:
            owners = _owners(proposal, register)
            yield _about(proposal, "owner", "", set() if owners else archivist, owners)
        case State.OWNER_OK:
            yield _about(proposal, "archivist", "", archivist)
        case State.ARCHIVIST_OK:
            yield _about(proposal, "third", "", archivist, _managers(proposal, register))
        case State.READY:
            yield _about(proposal, "ready", "", archivist)
        case State.PAUSED:
            both = {Office.ARCHIVIST, Office.OPERATOR}
            yield _about(proposal, "paused", f"{one.pauses}", both, why=proposal.why)
        case State.EXPIRED:
            yield _about(proposal, "expired", "", archivist)
        case _:
            pass
    third = any(approval.seat is Seat.THIRD for approval in proposal.approvals)
    if one.over_cap and not third and state in _APPROVING | _DECIDED:
        yield _about(proposal, "cap" if state in _APPROVING else "cap_stops", "", archivist)


def _ends(proposal: Proposal, state: State, now: datetime) -> date | None:
    """The last day on which the approvals count, when that is near."""
    if state in (State.EXPIRED, State.CERTIFIED, State.VERIFIED) or not proposal.approvals:
        return None
    first = min(approval.valid_until for approval in proposal.approvals)
    near = now < first <= now + timedelta(days=ENDING_DAYS)
    return civil_date(first) if near else None


def _owners(proposal: Proposal, register: Register | None) -> tuple[Person, ...]:
    """Who answers for the accounts of the proposal's unit."""
    accounts = register.accounts if register else ()
    people = (one for acc in accounts if acc.unit == proposal.unit for one in acc.responsible)
    return tuple(dict.fromkeys(people))


def _managers(proposal: Proposal, register: Register | None) -> tuple[Person, ...]:
    accounts = register.accounts if register else ()
    of_unit = (one.approving_manager for one in accounts if one.unit == proposal.unit)
    return tuple(dict.fromkeys(one for one in of_unit if one is not None))


def _about(
    proposal: Proposal,
    kind: str,
    at: str,
    offices: set[Office],
    people: tuple[Person, ...] = (),
    **facts: object,
) -> Notice:
    said = {"proposal": proposal.proposal_id, "rule": proposal.rule_id, "unit": proposal.unit}
    key = f"{proposal.proposal_id}/{at}" if at else proposal.proposal_id
    return _plain(kind, key, offices, people, count=proposal.listed, **said, **facts)


def _plain(
    kind: str, at: str, offices: set[Office], people: tuple[Person, ...] = (), **facts: object
) -> Notice:
    text = TEXTS[kind]
    return Notice(
        key=f"{kind}/{at}",
        account=AccountId(""),
        offices=frozenset(offices),
        people=people,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
