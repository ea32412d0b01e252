"""Two versions compared: whatever is not certainly as long counts as shortened."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from retention.compare import Effect, compare, shortened
from retention.period import Period, PeriodEnd
from retention.plan import Action, Label, Registration, Rule
from storage.record import RecordType
from storage.standing import Condition, Trigger
from tests.retention.strategies import RULE, plan_of

WINDOW = replace(
    RULE,
    created_from=date(2022, 1, 1),
    created_to=date(2026, 12, 31),
    valid_from=date(2026, 1, 1),
    valid_to=date(2030, 12, 31),
    conditions=(Condition.ORIGINAL_VERIFIED,),
    research_review=True,
    registration=Registration.REQUIRED,
    period_end=PeriodEnd.CALENDAR_YEAR,
    retention_period=Period.parse("P2Y"),
)
INACTIVE = replace(WINDOW.disposal_authority, local_decision=None)

SHORTER = [
    ("retention_period", Period.parse("P1Y")),
    ("retention_period", Period.parse("P800D")),
    ("period_end", PeriodEnd.EXACT),
    ("trigger", (Trigger.REMOVED,)),
    ("trigger", (Trigger.MODERATED, Trigger.REMOVED)),
    ("created_from", date(2021, 12, 31)),
    ("created_from", None),
    ("created_to", date(2027, 1, 1)),
    ("created_to", None),
    ("valid_from", date(2025, 12, 31)),
    ("valid_to", None),
    ("conditions", ()),
    ("conditions", (Condition.PROFILE_CAPTURED,)),
    ("research_review", False),
    ("registration", Registration.NONE),
]
LONGER = [
    ("retention_period", Period.parse("P2Y1D")),
    ("retention_period", Period.parse("P3Y")),
    ("created_from", date(2023, 1, 1)),
    ("created_to", date(2025, 1, 1)),
    ("valid_from", date(2026, 7, 1)),
    ("valid_to", date(2029, 1, 1)),
    ("conditions", (Condition.PROFILE_CAPTURED, Condition.ORIGINAL_VERIFIED)),
    ("disposal_action", Action.REVIEW),
    ("disposal_authority", INACTIVE),
]


def effect(before: Rule | None, after: Rule | None) -> Effect:
    old, new = (plan_of(*([one] if one else [])) for one in (before, after))
    (change,) = compare(old, new)
    assert (change.effect is Effect.SHORTENED) is bool(shortened([old], new))
    return change.effect


@pytest.mark.parametrize(("term", "value"), SHORTER)
def test_a_term_that_may_end_a_keeping_sooner_shortens(term: str, value: Any) -> None:
    """R23: each term by itself, in doubt too."""
    assert effect(WINDOW, replace(WINDOW, **{term: value})) is Effect.SHORTENED


@pytest.mark.parametrize(("term", "value"), LONGER)
def test_a_term_that_never_ends_a_keeping_sooner_does_not_shorten(term: str, value: Any) -> None:
    """R23: one person is enough; and back again takes two."""
    longer = replace(WINDOW, **{term: value})
    assert effect(WINDOW, longer) is Effect.LENGTHENED
    assert effect(longer, WINDOW) is Effect.SHORTENED


@pytest.mark.parametrize("action", [Action.PRESERVE, Action.PER_CASE])
def test_a_type_that_was_preserved_and_no_longer_is_was_shortened(action: Action) -> None:
    """R23, R19: also one that had no rule, since it was preserved."""
    kept = replace(WINDOW, disposal_action=action, retention_period=None)
    assert effect(kept, WINDOW) is Effect.SHORTENED
    assert effect(WINDOW, kept) is Effect.LENGTHENED
    assert effect(None, WINDOW) is Effect.SHORTENED
    assert effect(WINDOW, None) is Effect.LENGTHENED
    cases_go = action is Action.PER_CASE  # by their own rules (R15)
    assert effect(None, kept) is (Effect.SHORTENED if cases_go else Effect.LENGTHENED)


def test_words_alone_change_no_retention() -> None:
    """R23: a label, a code, a remark."""
    renamed = replace(WINDOW, label=Label(sv="Annat", en="Other"), classification_code="9.9")
    assert effect(WINDOW, renamed) is Effect.SAME
    (change,) = compare(plan_of(WINDOW), plan_of(renamed))
    assert change.differs == ("label", "classification_code")


def test_the_first_version_shortens_nothing() -> None:
    """R23: no plan had said how long anything is kept."""
    assert shortened([], plan_of(WINDOW)) == ()
    assert compare(plan_of(WINDOW), plan_of(WINDOW)) == []


def test_only_the_types_that_are_shortened_are_named() -> None:
    """R23."""
    other = replace(WINDOW, record_type=RecordType("other"))
    after = plan_of(replace(WINDOW, retention_period=Period.parse("P1M")), other)
    assert shortened([plan_of(WINDOW, other)], after) == ("spam",)
