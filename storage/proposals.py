"""Proposals for disposal (gallringsförslag): states, items, approvals, as values. Pure.

A proposal is a frozen list with a digest; approvals sign the digest. Which state may follow which
stands in `NEXT`, and only there. Looks at nothing in the catalogue or the store.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

import rfc8785
from pydantic import JsonValue

from storage.errors import Malformed, NotAllowed
from storage.record import RecordId, Status, sha256

ProposalId = NewType("ProposalId", str)
"""A ULID."""


class State(StrEnum):
    """Where a proposal is (DISPOSAL.md)."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OWNER_OK = "owner_ok"
    ARCHIVIST_OK = "archivist_ok"
    """Approved by owner and archivist; over the cap, and so in want of a third person."""
    COOLING = "cooling"
    READY = "ready"
    EXECUTING = "executing"
    PAUSED = "paused"
    VERIFIED = "verified"
    CERTIFIED = "certified"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    EXPIRED = "expired"


_ENDS = frozenset({State.WITHDRAWN, State.REJECTED, State.EXPIRED})

NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.FROZEN}) | _ENDS,
    State.FROZEN: frozenset({State.OWNER_OK}) | _ENDS,
    State.OWNER_OK: frozenset({State.ARCHIVIST_OK}) | _ENDS,
    State.ARCHIVIST_OK: frozenset({State.COOLING}) | _ENDS,
    State.COOLING: frozenset({State.READY}) | _ENDS,
    State.READY: frozenset({State.EXECUTING}) | _ENDS,
    State.EXECUTING: frozenset({State.PAUSED, State.VERIFIED}),
    State.PAUSED: frozenset({State.EXECUTING}),
    State.VERIFIED: frozenset({State.CERTIFIED}),
    State.CERTIFIED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.REJECTED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""What may follow what; all else is refused in the archive (RULES R32)."""

OPEN = frozenset(state for state, following in NEXT.items() if following)
"""States of a proposal that still may dispose: its records are in no other proposal."""

UNDER_WAY = frozenset({State.EXECUTING, State.PAUSED, State.VERIFIED})
"""States from which nobody withdraws: the first record may be gone."""


class ItemState(StrEnum):
    """What became of a record on the list; struck items stay listed as struck."""

    PROPOSED = "proposed"
    STRUCK = "struck"
    APPROVED = "approved"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    FAILED = "failed"


class Why(StrEnum):
    """Why a record on the list was not disposed of."""

    HELD = "held"
    CHANGED = "changed"
    """Something was declared, or a hold came and went, since the list was frozen."""
    OBJECTS = "objects"
    """The record's objects in the store are not those of the list."""
    PLAN = "plan"
    """Another version of the plan is in force."""
    RECEIPT = "receipt"
    """No receipt of the e-archive proves that it has the record as it is."""
    RULE = "rule"
    """By the rule it is no longer due."""
    APPROVAL = "approval"
    """An approver has lost the role, or the approvals have run out."""
    GONE = "gone"
    LEGAL_HOLD = "legal_hold"
    """The store has a lock that the journal does not know of."""
    REMAINS = "remains"
    """A version was there after its deletion."""


class Seat(StrEnum):
    """The places at the table, each filled by another person (RULES R33)."""

    OWNER = "owner"
    ARCHIVIST = "archivist"
    THIRD = "third"


SEAT_AT: Mapping[State, Seat] = {
    State.FROZEN: Seat.OWNER,
    State.OWNER_OK: Seat.ARCHIVIST,
    State.ARCHIVIST_OK: Seat.THIRD,
}
"""Whose approval a proposal waits for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """The archivist's judgement in words (RULES R36): the four tests, and the periods.

    That insight is not set aside; that there is no value left for justice, for administration, for
    research (arkivlagen 10 §); that limitation and audit periods are out.
    """

    insight: str
    justice: str
    administration: str
    research: str
    periods: str

    def check(self) -> None:
        """Refuse a judgement that leaves a test out.

        Raises:
            Malformed: naming every test without words.
        """
        missing = [f.name for f in fields(self) if not getattr(self, f.name).strip()]
        if missing:
            raise Malformed(
                "The archivist has to answer every test in words",
                [f"{name}: say how it was judged" for name in missing],
            )

    def as_json(self) -> dict[str, JsonValue]:
        """As the journal keeps it."""
        return {f.name: getattr(self, f.name).strip() for f in fields(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A record that is due: as it was seen, and how its period was counted."""

    record_id: RecordId
    generation: int
    period_start: date
    period_end: date
    since: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """What is to be proposed: records of one rule and unit, and what the rule rests on.

    `ends_as` is what they become: disposed of, or transferred, where an e-archive keeps them.
    """

    plan: int
    rule_id: str
    record_type: str
    unit: str
    basis: str
    candidates: tuple[Candidate, ...]
    ends_as: Status = Status.DISPOSED


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A record on the list. `status` and `size` (bytes) are the record's, all else the list's."""

    record_id: RecordId
    generation: int
    manifest_sha256: str
    objects_sha256: str
    period_start: date
    period_end: date
    since: date
    state: ItemState
    why: str
    by: str
    account: str
    captured_at: datetime
    size: int
    status: Status

    @property
    def settled(self) -> bool:
        """Whether nothing more will be done with it: a removal that was begun must end."""
        if self.state in (ItemState.BLOCKED, ItemState.FAILED):
            return self.status is not Status.DESTROYING
        return self.state in (ItemState.DONE, ItemState.SKIPPED, ItemState.STRUCK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A person's approval of the digest, and until when it counts."""

    seat: Seat
    person: str
    at: datetime
    valid_until: datetime
    digest: str
    attested: Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A proposal without its list. `ready_at` is the end of the cooling-off; `stored` is the state
    that the journal gave it, which time moves on (`state_at`).
    """

    proposal_id: ProposalId
    plan: int
    rule_id: str
    record_type: str
    unit: str
    basis: str
    ends_as: Status
    drawn_by: str
    drawn_at: datetime
    stored: State
    digest: str
    approvals: tuple[Approval, ...]
    ready_at: datetime | None
    executor: str
    started_at: datetime | None
    verified_at: datetime | None
    ended_by: str
    why: str
    certificate: RecordId | None
    counts: Mapping[ItemState, int]

    def state_at(self, now: datetime) -> State:
        """The state at a moment: approvals run out, cooling ends (RULES R35)."""
        if self.stored in SEAT_AT or self.stored is State.COOLING:
            if any(approval.valid_until <= now for approval in self.approvals):
                return State.EXPIRED
            if self.stored is State.COOLING and self.ready_at and self.ready_at <= now:
                return State.READY
        return self.stored

    @property
    def listed(self) -> int:
        """How many records it would dispose of."""
        return sum(n for state, n in self.counts.items() if state is not ItemState.STRUCK)

    @property
    def seated(self) -> frozenset[str]:
        """Everybody who has a part in the decision, as the journal names them."""
        return frozenset({self.drawn_by, *(approval.person for approval in self.approvals)})


def demand_step(proposal: Proposal, before: State, to: State) -> None:
    """Refuse a step that the states do not allow.

    Raises:
        NotAllowed: naming both states, and what may follow.
    """
    if to not in NEXT[before]:
        may = ", ".join(sorted(NEXT[before])) or "nothing"
        raise NotAllowed(
            f"Proposal {proposal.proposal_id} is {before}: it cannot become {to}, only {may}."
        )


def object_set_digest(objects: Iterable[tuple[str, str]]) -> str:
    """The digest of a record's keys and versions as they lie in the store."""
    return sha256(rfc8785.dumps([list(one) for one in sorted(objects)]))


def list_digest(drawing: Mapping[str, JsonValue], rows: Sequence[Mapping[str, JsonValue]]) -> str:
    """The digest that approvals sign: rule, unit and every row of the frozen list."""
    listed: JsonValue = [dict(row) for row in rows]
    return sha256(rfc8785.dumps({"proposal": dict(drawing), "items": listed}))


def is_over_cap(count: int, holdings: int, *, percent: int, records: int) -> bool:
    """Whether so many records take a third person (RULES R39): over a share or over a number."""
    return count > records or count * 100 > holdings * percent


def canary(count: int) -> int:
    """How many of a list go first: one in a hundred, at least one."""
    return -(-count // 100)


def must_pause(faults: int, done: int, count: int) -> bool:
    """The circuit breaker: no fault is borne among the first, later one in a hundred."""
    return faults > (0 if done <= canary(count) else count // 100)
