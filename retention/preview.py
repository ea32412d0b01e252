"""What a version of the plan would change, record by record, before it is adopted (RULES R34).

Pure but for the records it is given; changes nothing. Holds are told and not counted in: they
block on the day, whatever the plan says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from retention.assess import Term, reckon
from retention.phrases import basis_said
from retention.plan import Plan, Rule
from storage.holds import HoldId
from storage.record import Record, RecordId, RecordType
from storage.standing import Standing


class Shift(StrEnum):
    """How the day moves on which a record may go or has to be reviewed."""

    BECOMES = "becomes"
    CEASES = "ceases"
    SOONER = "sooner"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What a plan says of a record: its rule, the period's end, the first possible day.

    All empty where nothing ends its keeping as far as is known.
    """

    rule: Rule | None = None
    end: date | None = None
    possible_from: date | None = None

    @property
    def rule_id(self) -> str:
        """The rule's name, or nothing."""
        return self.rule.rule_id if self.rule else ""

    def basis(self, language: str) -> str:
        """What the rule rests on, in `sv` or `en`."""
        return basis_said(self.rule, language) if self.rule else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A record whose day changes."""

    record_id: RecordId
    record_type: RecordType
    shift: Shift
    before: Fate
    after: Fate
    holds: tuple[HoldId, ...]


Years = Mapping[tuple[str, int], int]
"""How many records may go, or are up for review, first in a year by a rule."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """All that changes, and how many records each version reaches by rule and year.

    What was possible before this year is counted in it.
    """

    today: date
    looked_at: int
    moved: tuple[Moved, ...]
    before: Years
    after: Years


def preview(
    records: Iterable[tuple[Record, Standing]], before: Plan | None, after: Plan, today: date
) -> Preview:
    """Look at every record under both versions."""
    old: Counter[tuple[str, int]] = Counter()
    new: Counter[tuple[str, int]] = Counter()
    moved: list[Moved] = []
    looked_at = 0
    for record, standing in records:
        looked_at += 1
        was, will_be = (_fate(record, standing, plan) for plan in (before, after))
        for counted, fate in ((old, was), (new, will_be)):
            if fate.possible_from is not None:
                counted[fate.rule_id, max(fate.possible_from.year, today.year)] += 1
        shift = _shift(was.possible_from, will_be.possible_from)
        if shift is not None:
            moved.append(_moved(record, standing, shift, was, will_be))
    return Preview(
        today=today, looked_at=looked_at, moved=tuple(moved), before=dict(old), after=dict(new)
    )


def _fate(record: Record, standing: Standing, plan: Plan | None) -> Fate:
    found = reckon(record, standing, plan)
    if not isinstance(found, Term) or found.possible_from is None:
        return Fate()
    return Fate(rule=found.rule, end=found.end, possible_from=found.possible_from)


def _shift(before: date | None, after: date | None) -> Shift | None:
    if before == after:
        return None
    if before is None or after is None:
        return Shift.BECOMES if before is None else Shift.CEASES
    return Shift.SOONER if after < before else Shift.LATER


def _moved(record: Record, standing: Standing, shift: Shift, was: Fate, will_be: Fate) -> Moved:
    return Moved(
        record_id=record.record_id,
        record_type=record.record_type,
        shift=shift,
        before=was,
        after=will_be,
        holds=tuple(hold.hold_id for hold in standing.holds),
    )
