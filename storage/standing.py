"""A record's standing: all that has happened to it which its retention turns on, folded.

Pure: what the journal declared, the holds that stand, the numbers given. What the plan makes of
it is judged elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.holds import Ground, HoldId
from storage.record import RecordId


class Trigger(StrEnum):
    """What a retention period can be counted from (RULES R25)."""

    CREATED = "created"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REMOVED = "removed"
    ACCOUNT_CLOSED = "account_closed"
    CASE_CLOSED = "case_closed"
    NO_LONGER_RELEVANT = "no_longer_relevant"
    TRANSFERRED = "transferred"
    MODERATED = "moderated"


class Condition(StrEnum):
    """What must have been seen to before a record may go, whatever its period."""

    ORIGINAL_VERIFIED = "original_verified"
    PROFILE_CAPTURED = "profile_captured"
    RESEARCH_REVIEWED = "research_reviewed"


class Source(StrEnum):
    """How a date is known."""

    CAPTURE = "capture"
    DECLARED = "declared"
    REGISTER = "register"
    LATER_CAPTURE = "later_capture"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A trigger or condition that came about: its civil date in Sweden, and how it is known.

    `by` and `reason` are empty where nobody declared it.
    """

    on: date
    source: Source
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingHold:
    """An active hold on a record."""

    hold_id: HoldId
    ground: Ground
    reason: str


class CaseAction(StrEnum):
    """What a case's own rule makes of its records."""

    PRESERVE = "preserve"
    DISPOSE = "dispose"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRule:
    """The rule of the case (ärende) that a record belongs to, as a person noted it (RULES R15).

    `period` is an ISO 8601 duration from the day the case was closed, `year_end` whether it is
    counted to the end of that calendar year; `basis` is what the disposal rests on. All three are
    empty where the case is preserved.
    """

    action: CaseAction
    period: str
    year_end: bool
    basis: str


class Outcome(StrEnum):
    """What a review (omprövning) came to."""

    KEEP_UNTIL = "keep_until"
    DISPOSE = "dispose"
    PRESERVE = "preserve"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """The last review of a record: by whom, what it came to, and on what it was judged.

    `until` is the last day of a further keeping. `plan`, `rule_id` and `end` (the period's last
    day) are those that the reviewer saw.
    """

    on: date
    by: str
    reason: str
    outcome: Outcome
    until: date | None
    plan: int
    rule_id: str
    end: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a record stands.

    `registration_number` (diarienummer) is its own or its type's collective number of the year
    (RULES R18); `needs_case` says that it awaits, or belongs to, a case (RULES R15),
    and `case` is that case's rule; None where nobody noted it.
    """

    record_id: RecordId
    events: Mapping[Trigger, Event]
    conditions: Mapping[Condition, Event]
    holds: tuple[StandingHold, ...]
    registration_number: str
    needs_case: bool
    case: CaseRule | None
    review: Reviewed | None

    @property
    def created_on(self) -> date:
        """When the record came to be with the authority, as its window of creation sees it.

        What was published came to be then (RULES R10), else when it was captured.
        """
        known = self.events.get(Trigger.PUBLISHED) or self.events[Trigger.CREATED]
        return known.on
