"""Holds (gallringsstopp): who may place and lift them, and the store's own lock that follows.

A hold blocks disposal for as long as it stands; none ends by itself. The legal-hold bit of a
record's versions is always OR(active holds): one bit cannot count, so `reconcile` compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

import rfc8785
from pydantic import JsonValue, TypeAdapter

from storage.errors import Malformed
from storage.people import Actor, Role, demand_person
from storage.query import Query
from storage.record import RecordId, Status

HoldId = NewType("HoldId", str)
"""A ULID."""


class Ground(StrEnum):
    """Why records are held (DISPOSAL.md)."""

    RESEARCH_VALUE = "research_value"
    PUBLIC_INSIGHT = "public_insight"
    DISCLOSURE_REQUEST = "disclosure_request"
    OPEN_CASE = "open_case"
    APPEAL = "appeal"
    SECRECY_REVIEW = "secrecy_review"
    INCIDENT = "incident"


TWO_TO_LIFT = frozenset({Ground.RESEARCH_VALUE, Ground.PUBLIC_INSIGHT})
"""Grounds that only an archivist sets, and that two persons lift, one an archivist (RULES R28)."""


def holders(ground: Ground) -> frozenset[Role]:
    """Which roles may place a hold for this ground, and lift it."""
    if ground in TWO_TO_LIFT:
        return frozenset({Role.ARCHIVIST})
    return frozenset({Role.ARCHIVIST, Role.OFFICER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """What a person asks for: which records, and why. A query also holds what is captured later."""

    ground: Ground
    reason: str
    authority: str
    records: tuple[RecordId, ...]
    query: Query | None
    review_by: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A hold and how it stands."""

    hold_id: HoldId
    ground: Ground
    reason: str
    authority: str
    placed_by: str
    placed_at: datetime
    review_by: date | None
    active: bool
    lifted_by: str
    lifted_at: datetime | None
    lift_reason: str
    members: int

    def review_due(self, today: date) -> bool:
        """Whether its review date has come. It still blocks."""
        return self.active and self.review_by is not None and self.review_by <= today


@dataclass(frozen=True, kw_only=True, slots=True)
class TooLate:
    """A record whose removal had begun for good before the hold, and what shows it.

    `warrant` is the proposal by which it goes, empty in a purge; `begun_at` is the point of no
    return; `tombstone` is the key of what stands in its place since `gone_at`, if it is gone.
    """

    record_id: RecordId
    status: Status
    warrant: str
    begun_at: datetime | None
    gone_at: datetime | None
    tombstone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOutcome:
    """The answer to a placement: ACCEPTED for these, TOO_LATE for those (RULES R27)."""

    hold_id: HoldId
    accepted: tuple[RecordId, ...]
    too_late: tuple[TooLate, ...]


def check_placement(placement: Placement, actor: Actor) -> None:
    """Refuse a placement that lacks something, naming all of it.

    Raises:
        NotAllowed: the actor is no person.
        Malformed: no reason, or neither records nor a query.
    """
    demand_person(actor, "place a hold")
    faults = []
    if not placement.reason.strip():
        faults.append("reason: say why the records must be kept")
    if not placement.records and placement.query is None:
        faults.append("records: name at least one record, or a query")
    if faults:
        raise Malformed("The hold cannot be placed", faults)


def placed_detail(placement: Placement, members: Sequence[RecordId]) -> dict[str, JsonValue]:
    """What the journal says of a placement."""
    return {
        "ground": placement.ground.value,
        "reason": placement.reason.strip(),
        "authority": placement.authority,
        "query": query_text(placement.query) if placement.query else "",
        "review_by": placement.review_by.isoformat() if placement.review_by else "",
        "records": list(members),
    }


def too_late_detail(placement: Placement, late: Sequence[TooLate]) -> dict[str, JsonValue]:
    """What the journal says of a placement that came too late, in whole or in part."""
    told: list[JsonValue] = [
        {"record_id": one.record_id, "status": one.status.value, "warrant": one.warrant}
        for one in late
    ]
    return {
        "ground": placement.ground.value,
        "reason": placement.reason.strip(),
        "authority": placement.authority,
        "records": told,
    }


def query_text(query: Query) -> str:
    """A stored query as canonical JSON."""
    return rfc8785.dumps(_QUERY.dump_python(query, mode="json")).decode()


def read_query(text: str) -> Query:
    """What `query_text` wrote."""
    return _QUERY.validate_json(text)


_QUERY = TypeAdapter(Query)
