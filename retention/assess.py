"""Assessing a record: the record, how it stands, the plan and a day in, a verdict out. Pure.

What is uncertain is preserved (RULES R19): each question that is not answered for certain ends in
a verdict that keeps.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from retention.period import Period, PeriodEnd, eligible_from, end_date
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
    Verdict,
)
from storage.record import HERE, Record
from storage.standing import (
    CaseAction,
    CaseRule,
    Condition,
    Event,
    Outcome,
    Reviewed,
    Standing,
    Trigger,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A record's retention as it was counted: from what, how far, and since when it has passed.

    `case` is the rule of the record's case, where that governs. `end` is the period's last day;
    `since` the first day on which its keeping may end, later than the day after `end` where a
    condition was met later.
    """

    rule: Rule
    case: CaseRule | None
    period: Period
    period_end: PeriodEnd
    trigger: Trigger
    event: Event
    end: date
    since: date
    needs_review: bool

    @property
    def possible_from(self) -> date | None:
        """The first day within the rule's validity on which its keeping may end; None: never."""
        first = max(self.since, self.rule.valid_from or self.since)
        if self.rule.valid_to is not None and first > self.rule.valid_to:
            return None
        return first


def assess(record: Record, standing: Standing, plan: Plan | None, today: date) -> Verdict:
    """What is to become of a record on a day, the holds on it respected."""
    found = reckon(record, standing, plan)
    if not isinstance(found, Term):
        return found
    if not _is_in_force(found.rule, today):
        return Preserve(rule=found.rule, ground=Ground.NOT_IN_FORCE)
    if today < found.since:
        return Keep(rule=found.rule, until=found.since - _DAY, waits_for=())
    passed = Review if found.needs_review else Due
    verdict = passed(rule=found.rule, since=found.since)
    if standing.holds:
        return Blocked(rule=found.rule, holds=standing.holds, otherwise=verdict)
    return verdict


def reckon(
    record: Record, standing: Standing, plan: Plan | None
) -> Term | Preserve | Keep | Unclassified | Gone:
    """All that can be said without a day: a term that was counted, or why there is none."""
    if record.status not in HERE:
        return Gone(status=record.status)
    if plan is None:
        return Unclassified(why=Doubt.NO_PLAN, rule=None)
    if not record.record_type:
        return Unclassified(why=Doubt.NO_TYPE, rule=None)
    rule = plan.rule_for(record.record_type)
    if rule is None:
        return Unclassified(why=Doubt.NO_RULE, rule=None)
    kept = _unnumbered(standing, rule) or _preserved(standing, rule)
    return kept or _reviewed(_counted(standing, rule), standing, plan)


def case_rule(standing: Standing, rule: Rule) -> CaseRule | None:
    """The rule of the record's case, where that governs and lets the record go (RULES R15).

    What its own type preserves is not let go by a case: it has to be classified otherwise first.
    """
    case = standing.case if _by_case(standing, rule) else None
    ends = case is not None and case.action is CaseAction.DISPOSE
    return case if ends and rule.disposal_action not in KEEPING else None


def _by_case(standing: Standing, rule: Rule) -> bool:
    return standing.needs_case or rule.disposal_action is Action.PER_CASE


def _unnumbered(standing: Standing, rule: Rule) -> Unclassified | None:
    """What needs a case is kept until it has a number; then the case's rule governs (R15, R16)."""
    by_case = rule.ends or rule.disposal_action is Action.PER_CASE
    needed = standing.needs_case or (by_case and rule.registration is Registration.REQUIRED)
    if needed and not standing.registration_number:
        return Unclassified(why=Doubt.NO_NUMBER, rule=rule)
    return None


def _preserved(standing: Standing, rule: Rule) -> Preserve | None:
    if _by_case(standing, rule):
        governed = case_rule(standing, rule) is not None
        return None if governed else Preserve(rule=rule, ground=Ground.PER_CASE)
    if rule.is_inactive:
        return Preserve(rule=rule, ground=Ground.NO_LOCAL_DECISION)
    if not rule.ends:
        return Preserve(rule=rule, ground=Ground.RULE)
    created = standing.created_on
    if not (rule.created_from or created) <= created <= (rule.created_to or created):
        return Preserve(rule=rule, ground=Ground.OUTSIDE_WINDOW)
    return None


def _counted(standing: Standing, rule: Rule) -> Term | Keep:
    """The term from the latest trigger that is known, also one that lies ahead."""
    case = case_rule(standing, rule)
    clock = _clock_of(case) if case else _own_clock(rule)
    known = [(standing.events[one], one) for one in clock.triggers if one in standing.events]
    if not known or clock.period is None:
        return Keep(rule=rule, until=None, waits_for=clock.triggers)
    event, trigger = max(known, key=lambda one: one[0].on)
    begins = eligible_from(event.on, clock.period, clock.ends)
    unmet = _unmet(standing, rule)
    if begins is None or set(unmet) - {Condition.RESEARCH_REVIEWED}:
        return Keep(rule=rule, until=None, waits_for=unmet)
    met = (standing.conditions[one].on for one in rule.demands if one not in unmet)
    return Term(
        rule=rule,
        case=case,
        period=clock.period,
        period_end=clock.ends,
        trigger=trigger,
        event=event,
        end=end_date(event.on, clock.period, clock.ends),
        since=max(chain([begins], met)),
        needs_review=bool(unmet) or (case is None and rule.disposal_action is Action.REVIEW),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clock:
    """From what, and how far, a record's keeping is counted."""

    triggers: tuple[Trigger, ...]
    period: Period | None
    ends: PeriodEnd


def _own_clock(rule: Rule) -> _Clock:
    return _Clock(triggers=rule.trigger, period=rule.retention_period, ends=rule.period_end)


def _clock_of(case: CaseRule) -> _Clock:
    ends = PeriodEnd.CALENDAR_YEAR if case.year_end else PeriodEnd.EXACT
    return _Clock(triggers=(Trigger.CASE_CLOSED,), period=Period.parse(case.period), ends=ends)


def _reviewed(found: Term | Keep, standing: Standing, plan: Plan) -> Term | Keep | Preserve:
    """What the last review makes of it.

    What keeps a record longer stands whatever comes later. A decision that it may go stands only
    for what was judged: the same version of the plan, the same rule, the same period (RULES R19).
    """
    review = standing.review
    if review is None:
        return found
    if review.outcome is Outcome.PRESERVE:
        return Preserve(rule=found.rule, ground=Ground.REVIEWED)
    if isinstance(found, Keep):
        return found
    if review.until is not None:
        first = review.until + _DAY if review.until < date.max else review.until
        return replace(found, since=max(found.since, first))
    if may_go(found, review, plan) and not _unmet(standing, found.rule):
        return replace(found, since=max(found.since, review.on), needs_review=False)
    return found


def may_go(term: Term, review: Reviewed, plan: Plan) -> bool:
    """Whether a review that lets a record go was of this very term, which has its basis (R22)."""
    judged = (review.plan, review.rule_id, review.end)
    same = judged == (plan.version, term.rule.rule_id, term.end)
    decided = term.rule.disposal_authority.local_decision is not None
    return review.outcome is Outcome.DISPOSE and same and decided


def _unmet(standing: Standing, rule: Rule) -> tuple[Condition, ...]:
    return tuple(one for one in rule.demands if one not in standing.conditions)


def _is_in_force(rule: Rule, today: date) -> bool:
    return (rule.valid_from or today) <= today <= (rule.valid_to or today)
