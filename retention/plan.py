"""The plan (dokumenthanteringsplan): one rule for each record type, as frozen values (RULES R14).

Only what a plan says; how it is read stands in reading.py, what makes it lawful in lawful.py.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from retention.period import Period, PeriodEnd
from storage.record import RecordType, Status
from storage.standing import Condition, Trigger

RuleId = NewType("RuleId", str)
"""Names a rule within every version of a plan: `SM-04`."""


class Action(StrEnum):
    """What becomes of records of a type."""

    PRESERVE = "preserve"
    """Bevaras."""
    DESTROY = "destroy"
    """Gallras."""
    REVIEW = "review"
    """Omprövas: a person judges anew when the period has passed."""
    PER_CASE = "per_case"
    """Enligt ärendet: the rule of the case governs."""
    TRANSFER = "transfer"
    """Bevaras i e-arkiv: the local copy goes when a period after the transfer has passed (R46)."""


KEEPING = frozenset({Action.PRESERVE, Action.TRANSFER})
"""By these nothing is ever lost, and no case lets go what they keep."""


class ActivityClass(StrEnum):
    """Which part of the authority's work the records document."""

    STEERING = "steering"
    SUPPORT = "support"
    CORE = "core"


class Direction(StrEnum):
    """Inkommen, upprättad, or a record that holds both."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    BOTH = "both"


class Registration(StrEnum):
    """How records are registered or else kept in order."""

    REQUIRED = "required"
    COLLECTIVE = "collective"
    ORDERED = "ordered"
    NONE = "none"


class Secrecy(StrEnum):
    """What is presumed of secrecy until a record is assessed."""

    OPEN = "open"
    ASSESS = "assess"
    RESTRICTED = "restricted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A text in both languages."""

    sv: str
    en: str

    def said(self, language: str) -> str:
        """The text in `sv` or `en`."""
        return self.en if language == "en" else self.sv


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalDecision:
    """Tillämpningsbeslut: the authority's own decision to use a general permission."""

    dnr: str
    decided_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """Gallringsbeslut: the legal basis of a rule, as far down as it is cited."""

    instrument: str
    section: str
    annex_item: str
    local_decision: LocalDecision | None

    def __str__(self) -> str:
        return ", ".join(part for part in (self.instrument, self.section, self.annex_item) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What is to become of the records of one type.

    `retention_period` counts from the latest of `trigger` that has come about, and ends as
    `period_end` says. Windows include both their days; a missing day leaves that side open.
    """

    rule_id: RuleId
    record_type: RecordType
    label: Label
    classification_code: str
    activity_class: ActivityClass
    direction: Direction
    disposal_action: Action
    trigger: tuple[Trigger, ...]
    retention_period: Period | None
    period_end: PeriodEnd
    created_from: date | None
    created_to: date | None
    valid_from: date | None
    valid_to: date | None
    disposal_authority: Authority
    conditions: tuple[Condition, ...]
    registration: Registration
    secrecy_default: Secrecy
    responsible_role: str
    reviewer_role: str
    research_review: bool
    source: str
    remarks: Label

    @property
    def ends(self) -> bool:
        """Whether the keeping of these records here can ever end by this rule."""
        if self.disposal_action in (Action.REVIEW, Action.TRANSFER):
            return True
        return self.disposal_action is Action.DESTROY and not self.is_inactive

    @property
    def ends_as(self) -> Status:
        """What becomes of a record whose keeping here ends by this rule."""
        transfers = self.disposal_action is Action.TRANSFER
        return Status.TRANSFERRED if transfers else Status.DISPOSED

    @property
    def is_inactive(self) -> bool:
        """Whether it disposes without a local decision, and so may not be used (RULES R22)."""
        destroys = self.disposal_action is Action.DESTROY
        return destroys and self.disposal_authority.local_decision is None

    @property
    def demands(self) -> tuple[Condition, ...]:
        """All that must have been seen to, a review for research among it."""
        review = (Condition.RESEARCH_REVIEWED,) if self.research_review else ()
        return tuple(dict.fromkeys((*self.conditions, *review)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A plan, adopted or not. `version` is the number it was adopted under; 0 is a draft."""

    plan_id: str
    title: Label
    authority: str
    rules: tuple[Rule, ...]
    version: int = 0

    def rule_for(self, record_type: str) -> Rule | None:
        """The one rule of a record type (RULES R14); None where the plan has none."""
        return next((rule for rule in self.rules if rule.record_type == record_type), None)
