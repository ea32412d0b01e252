"""Two versions of the plan compared: what differs, and whose retention is shortened (RULES R23).

Where it is not certain that retention stays as long, it counts as shortened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from retention.period import PeriodEnd
from retention.plan import KEEPING, Action, Plan, Rule
from storage.record import RecordType


class Effect(StrEnum):
    """What a version does to the retention of a type."""

    SHORTENED = "shortened"
    LENGTHENED = "lengthened"
    """Or as long as before, with other terms."""
    SAME = "same"
    """Only words differ, such as a label or a role."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A record type whose rule differs: the rules, the fields, and the effect."""

    record_type: RecordType
    before: Rule | None
    after: Rule | None
    differs: tuple[str, ...]
    effect: Effect


_TERMS = (
    "disposal_action", "trigger", "retention_period", "period_end", "created_from", "created_to",
    "valid_from", "valid_to", "conditions", "registration", "research_review",
)  # fmt: skip
_NAMES = tuple(one.name for one in fields(Rule))
_YEAR = PeriodEnd.CALENDAR_YEAR


def compare(before: Plan | None, after: Plan) -> list[Change]:
    """Every record type whose rule differs, in the order of the rules."""
    old = {rule.record_type: rule for rule in before.rules} if before else {}
    new = {rule.record_type: rule for rule in after.rules}
    changes = (_change(kind, old.get(kind), new.get(kind)) for kind in {**old, **new})
    return [change for change in changes if change is not None]


def shortened(before: Iterable[Plan], after: Plan) -> tuple[RecordType, ...]:
    """The types whose existing records may become eligible sooner than by any of these versions.

    The first version shortens nothing: no plan had said how long anything is kept.
    """
    changes = (change for plan in before for change in compare(plan, after))
    kinds = (one.record_type for one in changes if one.effect is Effect.SHORTENED)
    return tuple(dict.fromkeys(kinds))


def _change(kind: RecordType, before: Rule | None, after: Rule | None) -> Change | None:
    if before == after:
        return None
    differs = tuple(
        name for name in _NAMES if getattr(before, name, None) != getattr(after, name, None)
    )
    return Change(
        record_type=kind,
        before=before,
        after=after,
        differs=differs if before and after else (),
        effect=_effect(before, after),
    )


def _effect(before: Rule | None, after: Rule | None) -> Effect:
    if _may_shorten(before, after):
        return Effect.SHORTENED
    if before and after and before.is_inactive == after.is_inactive:
        same = all(getattr(before, name) == getattr(after, name) for name in _TERMS)
        return Effect.SAME if same else Effect.LENGTHENED
    return Effect.LENGTHENED


def _may_shorten(before: Rule | None, after: Rule | None) -> bool:
    """Whether a record could become eligible sooner; a type without a rule is preserved (R19)."""
    if after is None:
        return False
    if _may_let_cases_go(before, after):
        return True
    if not after.ends:
        return False
    if before is None or not before.ends:
        return True
    return not (
        _is_no_harsher(before, after)
        and _is_no_sooner(before, after)
        and _is_within(after.created_from, after.created_to, before.created_from, before.created_to)
        and _is_within(after.valid_from, after.valid_to, before.valid_from, before.valid_to)
    )


def _may_let_cases_go(before: Rule | None, after: Rule) -> bool:
    """Whether what goes by its own case could go sooner: a rule that preserves stood before it."""
    if after.disposal_action in KEEPING:
        return False
    if before is None or before.disposal_action in KEEPING:
        return True
    return not (
        set(after.demands) >= set(before.demands)
        and _is_within(after.valid_from, after.valid_to, before.valid_from, before.valid_to)
    )


def _is_no_harsher(before: Rule, after: Rule) -> bool:
    same = after.disposal_action is before.disposal_action
    return (
        (same or before.disposal_action is Action.DESTROY)
        and set(after.demands) >= set(before.demands)
        and after.registration is before.registration
    )


def _is_no_sooner(before: Rule, after: Rule) -> bool:
    """Whether the period never ends earlier; a trigger more or less can start it earlier."""
    if before.retention_period is None or after.retention_period is None:
        return False
    return (
        set(after.trigger) == set(before.trigger)
        and after.retention_period.at_least(before.retention_period)
        and (before.period_end is not _YEAR or after.period_end is _YEAR)
    )


def _is_within(
    first: date | None, last: date | None, from_day: date | None, to_day: date | None
) -> bool:
    """Whether one window lies in another; a missing day leaves that side open."""
    return (first or date.min) >= (from_day or date.min) and (last or date.max) <= (
        to_day or date.max
    )
