"""What the plan says of a record on a day: the verdicts, as values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from retention.plan import Rule
from storage.record import Status
from storage.standing import Condition, StandingHold, Trigger


class Ground(StrEnum):
    """Why a record is preserved."""

    RULE = "rule"
    """The rule says so."""
    PER_CASE = "per_case"
    """It belongs to a case, whose own rule governs (RULES R15)."""
    NO_LOCAL_DECISION = "no_local_decision"
    """The rule disposes, but nobody decided to use it (RULES R22)."""
    OUTSIDE_WINDOW = "outside_window"
    """It came to be before or after what the rule is for (RULES R22)."""
    REVIEWED = "reviewed"
    """A person reviewed it and decided so (omprövning)."""
    NOT_IN_FORCE = "not_in_force"
    """The rule is not in force on this day (RULES R22)."""


class Doubt(StrEnum):
    """Why nothing can be said of a record, which is preserved meanwhile (RULES R19)."""

    NO_PLAN = "no_plan"
    NO_TYPE = "no_type"
    NO_RULE = "no_rule"
    NO_NUMBER = "no_number"
    """It has to be registered and is not (RULES R15)."""
    NO_CASE_RULE = "no_case_rule"
    """It goes by its case, and nobody has noted what the case's rule is (RULES R15)."""
    LIES_OPEN = "lies_open"
    """Its rule keeps it apart, and it lies among the others (RULES R16)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preserve:
    """Bevaras: nothing ends its keeping."""

    rule: Rule
    ground: Ground


@dataclass(frozen=True, kw_only=True, slots=True)
class Keep:
    """Kept through `until`; None where the end is not known, as something has not come about."""

    rule: Rule
    until: date | None
    waits_for: tuple[Trigger | Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """Omprövas: since this day a person has to judge anew."""

    rule: Rule
    since: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """Kan gallras: eligible for disposal since this day."""

    rule: Rule
    since: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocked:
    """Would be `otherwise`, but holds stand (RULES R27)."""

    rule: Rule
    holds: tuple[StandingHold, ...]
    otherwise: Review | Due


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclassified:
    """Nothing can be said of it yet; preserved (RULES R19)."""

    why: Doubt
    rule: Rule | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """Disposed of, being so, or transferred: no plan reaches it any more."""

    status: Status


Verdict = Preserve | Keep | Review | Due | Blocked | Unclassified | Gone
