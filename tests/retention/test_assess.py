"""What the plan says of a record: every verdict, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.assess import Term, assess, reckon
from retention.compare import shortened
from retention.plan import KEEPING, Action, Plan, Registration, Rule
from retention.verdict import (
    Blocked,
    Doubt,
    Due,
    Gone,
    Ground,
    Keep,
    Preserve,
    Review,
    Unclassified,
)
from storage.record import RecordType, Status
from storage.standing import (
    CaseAction,
    CaseRule,
    Condition,
    Event,
    Outcome,
    Reviewed,
    Source,
    Standing,
    Trigger,
)
from tests.retention.strategies import (
    DAYS,
    HOLD,
    RECORD,
    REVIEWS,
    RULE,
    STANDING,
    plan_of,
    rules,
    standings,
    with_event,
)

PLAN = plan_of(RULE)
TODAY = date(2026, 11, 23)
MODERATED = with_event(Trigger.MODERATED, "2024-02-29")
TERMS = (
    "disposal_action", "disposal_authority", "trigger", "retention_period", "period_end",
    "created_from", "created_to", "valid_from", "valid_to", "conditions", "registration",
    "research_review",
)  # fmt: skip
MET = Event(on=date(2026, 5, 1), source=Source.DECLARED)


def test_a_record_is_due_strictly_after_its_period() -> None:
    """R24, F08: 29 February and a year is 28 February; the next day it is due."""
    kept = assess(RECORD, MODERATED, PLAN, date(2025, 2, 28))
    assert kept == Keep(rule=RULE, until=date(2025, 2, 28), waits_for=())
    due = assess(RECORD, MODERATED, PLAN, date(2025, 3, 1))
    assert due == Due(rule=RULE, since=date(2025, 3, 1))


@pytest.mark.parametrize("trigger", [one for one in Trigger if one is not Trigger.CREATED])
def test_a_period_counts_from_each_trigger_and_from_no_other(trigger: Trigger) -> None:
    """R25."""
    rule = replace(RULE, trigger=(trigger,))
    waiting = assess(RECORD, STANDING, plan_of(rule), TODAY)
    assert waiting == Keep(rule=rule, until=None, waits_for=(trigger,))
    come = with_event(trigger, "2025-11-22")
    assert isinstance(assess(RECORD, come, plan_of(rule), TODAY), Due)
    other = Trigger.REMOVED if trigger is not Trigger.REMOVED else Trigger.MODERATED
    elsewhere = with_event(other, "2025-11-22")
    assert isinstance(assess(RECORD, elsewhere, plan_of(rule), TODAY), Keep)


def test_the_latest_of_several_triggers_counts() -> None:
    """R25: moderated or case_closed, and a case that closes later keeps it longer."""
    rule = replace(RULE, trigger=(Trigger.MODERATED, Trigger.CASE_CLOSED))
    both = with_event(Trigger.CASE_CLOSED, "2026-06-30", MODERATED)
    assert isinstance(assess(RECORD, MODERATED, plan_of(rule), TODAY), Due)
    kept = assess(RECORD, both, plan_of(rule), TODAY)
    assert kept == Keep(rule=rule, until=date(2027, 6, 30), waits_for=())


@pytest.mark.parametrize(
    ("record_type", "plan", "why"),
    [("spam", None, Doubt.NO_PLAN), ("", PLAN, Doubt.NO_TYPE), ("other", PLAN, Doubt.NO_RULE)],
)
def test_what_is_unclassified_is_preserved(record_type: str, plan: Plan | None, why: Doubt) -> None:
    """R14, R19: a type without a rule says nothing, and so nothing is disposed of."""
    record = replace(RECORD, record_type=RecordType(record_type))
    verdict = assess(record, MODERATED, plan, TODAY)
    assert verdict == Unclassified(why=why, rule=None)


def test_what_needs_a_case_is_kept_until_it_is_registered() -> None:
    """R15: then the case's rule governs, not the type's."""
    flagged = replace(MODERATED, needs_case=True)
    assert assess(RECORD, flagged, PLAN, TODAY) == Unclassified(why=Doubt.NO_NUMBER, rule=RULE)
    numbered = replace(flagged, registration_number="1-7/2026")
    assert assess(RECORD, numbered, PLAN, TODAY) == Preserve(rule=RULE, ground=Ground.PER_CASE)


CLOSED = with_event(
    Trigger.CASE_CLOSED,
    "2024-03-05",
    replace(STANDING, needs_case=True, registration_number="1-7/2026"),
)
CASE = CaseRule(action=CaseAction.DISPOSE, period="P2Y", year_end=True, basis="DHP 3.1, 1-9/2026")


@pytest.mark.parametrize("action", [Action.PER_CASE, Action.DESTROY, Action.REVIEW])
def test_a_closed_case_goes_by_its_own_period(action: Action) -> None:
    """R15: counted from case_closed by the case's rule, whatever the type's own period is."""
    ends = None if action is Action.PER_CASE else RULE.retention_period
    rule = replace(RULE, disposal_action=action, retention_period=ends)
    of_case = replace(CLOSED, case=CASE)
    last = date(2026, 12, 31)
    assert assess(RECORD, of_case, plan_of(rule), last) == Keep(rule=rule, until=last, waits_for=())
    first = last + timedelta(days=1)
    assert assess(RECORD, of_case, plan_of(rule), first) == Due(rule=rule, since=first)
    still_open = replace(of_case, events=STANDING.events)
    assert assess(RECORD, still_open, plan_of(rule), first) == Keep(
        rule=rule, until=None, waits_for=(Trigger.CASE_CLOSED,)
    )
    unnumbered = replace(of_case, registration_number="")
    assert isinstance(assess(RECORD, unnumbered, plan_of(rule), first), Unclassified)


def test_a_case_lets_nothing_go_that_its_rule_or_the_type_preserves() -> None:
    """R15, R19: without a rule of the case, too; that stands in the worklist."""
    kept = replace(CASE, action=CaseAction.PRESERVE, period="", year_end=False, basis="")
    type_preserves = replace(RULE, disposal_action=Action.PRESERVE, retention_period=None)
    for case, rule in ((None, RULE), (kept, RULE), (CASE, type_preserves)):
        verdict = assess(RECORD, replace(CLOSED, case=case), plan_of(rule), date(2040, 1, 1))
        assert verdict == Preserve(rule=rule, ground=Ground.PER_CASE)


REVIEWING = replace(RULE, disposal_action=Action.REVIEW)
REVIEW = Reviewed(
    on=date(2026, 3, 1), by="person:Eva", reason="r", outcome=Outcome.DISPOSE, until=None,
    plan=1, rule_id="SM-11", end=date(2025, 2, 28),
)  # fmt: skip


def test_a_review_ends_what_awaits_it() -> None:
    """SM-07, SM-10, SM-14: it may go, is kept on until a day, or is preserved."""
    plan = plan_of(REVIEWING)
    assert assess(RECORD, MODERATED, plan, TODAY) == Review(rule=REVIEWING, since=date(2025, 3, 1))
    assert assess(RECORD, replace(MODERATED, review=REVIEW), plan, TODAY) == Due(
        rule=REVIEWING, since=date(2026, 3, 1)
    )
    on = replace(REVIEW, outcome=Outcome.KEEP_UNTIL, until=date(2028, 6, 30))
    kept = replace(MODERATED, review=on)
    assert assess(RECORD, kept, plan, TODAY) == Keep(
        rule=REVIEWING, until=date(2028, 6, 30), waits_for=()
    )
    assert assess(RECORD, kept, plan, date(2028, 7, 1)) == Review(
        rule=REVIEWING, since=date(2028, 7, 1)
    )
    preserved = replace(MODERATED, review=replace(REVIEW, outcome=Outcome.PRESERVE))
    assert assess(RECORD, preserved, plan, TODAY) == Preserve(
        rule=REVIEWING, ground=Ground.REVIEWED
    )


@pytest.mark.parametrize(
    "later",
    [
        {"plan": 2},
        {"rule_id": "SM-10"},
        {"end": date(2025, 2, 27)},
    ],
)
def test_a_review_lets_only_that_go_which_was_judged(later: dict[str, Any]) -> None:
    """R19: a later event, plan or rule has the record reviewed anew."""
    other = replace(MODERATED, review=replace(REVIEW, **later))
    assert isinstance(assess(RECORD, other, plan_of(REVIEWING), TODAY), Review)


def test_a_review_lets_nothing_go_without_a_local_decision_or_a_judged_research_value() -> None:
    """R22, R28."""
    basis = replace(REVIEWING.disposal_authority, local_decision=None)
    undecided = replace(REVIEWING, disposal_authority=basis)
    for rule in (undecided, replace(REVIEWING, research_review=True)):
        verdict = assess(RECORD, replace(MODERATED, review=REVIEW), plan_of(rule), TODAY)
        assert isinstance(verdict, Review)


@given(rules(), standings(), REVIEWS, DAYS)
def test_a_review_that_keeps_makes_nothing_due_sooner(
    rule: Rule, standing: Standing, review: Reviewed, day: date
) -> None:
    """R19: whatever the rule, the history and the day."""
    if review.outcome is Outcome.DISPOSE:
        return
    without = assess(RECORD, replace(standing, review=None), plan_of(rule), day)
    verdict = assess(RECORD, replace(standing, review=review), plan_of(rule), day)
    assert not isinstance(verdict, Due | Review) or type(verdict) is type(without)
    if review.outcome is Outcome.PRESERVE:
        assert not isinstance(verdict, Due | Review | Blocked)


def test_a_rule_that_demands_registration_disposes_of_nothing_without_it() -> None:
    """R15, R18: a collective number counts as well."""
    rule = replace(RULE, registration=Registration.REQUIRED)
    verdict = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert verdict == Unclassified(why=Doubt.NO_NUMBER, rule=rule)
    numbered = replace(MODERATED, registration_number="1-7/2026")
    assert isinstance(assess(RECORD, numbered, plan_of(rule), TODAY), Due)


def test_a_rule_without_a_local_decision_is_inactive() -> None:
    """R22."""
    rule = replace(RULE, disposal_authority=replace(RULE.disposal_authority, local_decision=None))
    verdict = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert verdict == Preserve(rule=rule, ground=Ground.NO_LOCAL_DECISION)


@pytest.mark.parametrize(
    ("first", "last", "within"),
    [
        ("2024-02-29", "2024-02-29", True),
        ("2024-03-01", None, False),
        (None, "2024-02-28", False),
        (None, None, True),
    ],
)
def test_records_created_outside_the_rules_window_are_preserved(
    first: str | None, last: str | None, within: bool
) -> None:
    """R22: both days are in."""
    rule = replace(
        RULE,
        created_from=date.fromisoformat(first) if first else None,
        created_to=date.fromisoformat(last) if last else None,
    )
    verdict = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert isinstance(verdict, Due) is within
    assert within or verdict == Preserve(rule=rule, ground=Ground.OUTSIDE_WINDOW)


def test_a_post_came_to_be_when_it_was_published() -> None:
    """R10, R22: one of 2019 that was captured in 2024 lies outside a window from 2022."""
    rule = replace(RULE, created_from=date(2022, 1, 1))
    old = with_event(Trigger.PUBLISHED, "2019-05-01", MODERATED)
    verdict = assess(RECORD, old, plan_of(rule), TODAY)
    assert verdict == Preserve(rule=rule, ground=Ground.OUTSIDE_WINDOW)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "in_force"),
    [(TODAY, TODAY, True), (TODAY + timedelta(1), None, False), (None, date(2026, 11, 22), False)],
)
def test_a_rule_that_is_not_in_force_preserves(
    valid_from: date | None, valid_to: date | None, in_force: bool
) -> None:
    """R22."""
    rule = replace(RULE, valid_from=valid_from, valid_to=valid_to)
    verdict = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert isinstance(verdict, Due) is in_force
    assert in_force or verdict == Preserve(rule=rule, ground=Ground.NOT_IN_FORCE)


@pytest.mark.parametrize(
    ("action", "ground"), [(Action.PRESERVE, Ground.RULE), (Action.PER_CASE, Ground.PER_CASE)]
)
def test_what_is_preserved_or_follows_its_case_is_never_due(action: Action, ground: Ground) -> None:
    """R14, R15."""
    rule = replace(RULE, disposal_action=action, retention_period=None)
    verdict = assess(RECORD, MODERATED, plan_of(rule), date(2100, 1, 1))
    assert verdict == Preserve(rule=rule, ground=ground)


def test_a_condition_that_is_not_met_keeps_and_one_met_late_delays() -> None:
    """SM-04: not before the original was verified."""
    rule = replace(RULE, conditions=(Condition.ORIGINAL_VERIFIED,))
    waiting = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert waiting == Keep(rule=rule, until=None, waits_for=(Condition.ORIGINAL_VERIFIED,))
    met = replace(MODERATED, conditions={Condition.ORIGINAL_VERIFIED: MET})
    assert assess(RECORD, met, plan_of(rule), TODAY) == Due(rule=rule, since=MET.on)
    before = assess(RECORD, met, plan_of(rule), MET.on - timedelta(days=1))
    assert before == Keep(rule=rule, until=date(2026, 4, 30), waits_for=())


def test_research_value_is_judged_before_anything_is_due() -> None:
    """R28: a rule that demands it is up for review until an archivist has judged."""
    rule = replace(RULE, research_review=True)
    verdict = assess(RECORD, MODERATED, plan_of(rule), TODAY)
    assert verdict == Review(rule=rule, since=date(2025, 3, 1))
    judged = replace(MODERATED, conditions={Condition.RESEARCH_REVIEWED: MET})
    assert isinstance(assess(RECORD, judged, plan_of(rule), TODAY), Due)


def test_a_review_never_turns_into_a_disposal_by_itself() -> None:
    """A person judges anew: SM-07, SM-10, SM-14."""
    rule = replace(RULE, disposal_action=Action.REVIEW)
    verdict = assess(RECORD, MODERATED, plan_of(rule), date(2100, 1, 1))
    assert verdict == Review(rule=rule, since=date(2025, 3, 1))


def test_a_hold_blocks_what_is_due_and_says_which() -> None:
    """R27."""
    held = replace(MODERATED, holds=(HOLD,))
    verdict = assess(RECORD, held, PLAN, TODAY)
    due = Due(rule=RULE, since=date(2025, 3, 1))
    assert verdict == Blocked(rule=RULE, holds=(HOLD,), otherwise=due)


@pytest.mark.parametrize("status", [Status.DESTROYING, Status.DISPOSED, Status.TRANSFERRED])
def test_no_plan_reaches_what_is_gone(status: Status) -> None:
    """A tombstone is due for nothing."""
    assert assess(replace(RECORD, status=status), MODERATED, PLAN, TODAY) == Gone(status=status)


@given(rules(), standings(), DAYS)
def test_no_verdict_is_due_while_a_hold_stands(rule: Rule, standing: Standing, day: date) -> None:
    """R27: nor up for review."""
    free = assess(RECORD, standing, plan_of(rule), day)
    held = assess(RECORD, replace(standing, holds=(HOLD,)), plan_of(rule), day)
    assert not isinstance(held, Due | Review)
    if isinstance(free, Due | Review):
        assert held == Blocked(rule=rule, holds=(HOLD,), otherwise=free)
    else:
        assert held == free


@given(rules(), rules(), standings(), DAYS)
def test_a_rule_for_another_type_changes_nothing(
    rule: Rule, other: Rule, standing: Standing, day: date
) -> None:
    """R14: adding a rule never makes a record of another type eligible."""
    more = plan_of(replace(other, record_type=RecordType("other")), rule)
    assert assess(RECORD, standing, more, day) == assess(RECORD, standing, plan_of(rule), day)


@given(rules(), standings(), DAYS)
def test_what_is_due_has_a_rule_a_basis_and_a_day(
    rule: Rule, standing: Standing, day: date
) -> None:
    """R20, R22, R24: nothing is due by an inactive rule, outside its windows, or too early."""
    verdict = assess(RECORD, standing, plan_of(rule), day)
    if not isinstance(verdict, Due):
        return
    assert (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max)
    assert verdict.since <= day
    term = reckon(RECORD, standing, plan_of(rule))
    assert isinstance(term, Term)
    assert term.end < verdict.since
    if standing.needs_case:
        assert rule.disposal_action not in KEEPING
        assert (term.trigger, term.case) == (Trigger.CASE_CLOSED, standing.case)
        return
    if rule.disposal_action is Action.REVIEW:
        assert standing.review is not None
        assert (standing.review.outcome, standing.review.end) == (Outcome.DISPOSE, term.end)
    else:
        assert rule.disposal_action in (Action.DESTROY, Action.TRANSFER)
    if rule.disposal_action is Action.TRANSFER:  # nothing is disposed of: it was received (R46)
        assert term.trigger is Trigger.TRANSFERRED
        assert verdict.rule.ends_as is Status.TRANSFERRED
    else:
        assert rule.disposal_authority.local_decision is not None
        assert verdict.rule.ends_as is Status.DISPOSED
    assert (rule.created_from or date.min) <= standing.created_on <= (rule.created_to or date.max)
    assert all(
        standing.events[one].on <= term.event.on for one in rule.trigger if one in standing.events
    )


@given(rules(), rules(), standings(), DAYS)
def test_a_version_that_shortens_nothing_makes_nothing_due_sooner(
    before: Rule, after: Rule, standing: Standing, day: date
) -> None:
    """R23: what only lengthens can be decided by one person, since no record goes sooner."""
    if shortened([plan_of(before)], plan_of(after)):
        return
    old = assess(RECORD, standing, plan_of(before), day)
    new = assess(RECORD, standing, replace(plan_of(after), version=2), day)
    assert not isinstance(new, Due) or isinstance(old, Due)
    assert not isinstance(new, Review) or isinstance(old, Due | Review)


@given(rules(), st.data())
def test_a_small_change_that_shortens_nothing_makes_nothing_due_sooner(
    before: Rule, data: st.DataObject
) -> None:
    """R23: two rules that differ in one field only."""
    other = data.draw(rules())
    field = data.draw(st.sampled_from(TERMS))
    after = replace(before, **{field: getattr(other, field)})
    ends = (Action.DESTROY, Action.REVIEW, Action.TRANSFER)
    if after.disposal_action in ends and not after.retention_period:
        return
    standing, day = data.draw(standings()), data.draw(DAYS)
    if shortened([plan_of(before)], plan_of(after)):
        return
    old = assess(RECORD, standing, plan_of(before), day)
    new = assess(RECORD, standing, replace(plan_of(after), version=2), day)
    assert not isinstance(new, Due) or isinstance(old, Due)
    assert not isinstance(new, Review) or isinstance(old, Due | Review)
