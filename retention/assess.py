"""Assessing a record: the record, how it stands, the plan and a day in, a verdict out. Pure.

What is uncertain is preserved (RULES R19): each question that is not answered for certain ends in
a verdict that keeps.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from retention.period import Period, eligible_from, end_date
from retention.plan import Action, Plan, Registration, Rule
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
from storage.standing import Condition, Event, Standing, Trigger

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A record's retention as it was counted: from what, how far, and since when it has passed.

    `end` is the period's last day; `since` the first day on which its keeping may end, later than
    the day after `end` where a condition was met later.
    """

    rule: Rule
    period: Period
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
    return _registered(standing, rule) or _preserved(standing, rule) or _counted(standing, rule)


def _registered(standing: Standing, rule: Rule) -> Preserve | Unclassified | None:
    """What needs a case is kept until it has a number; then the case's rule governs (R15, R16)."""
    by_case = rule.ends or rule.disposal_action is Action.PER_CASE
    needed = standing.needs_case or (by_case and rule.registration is Registration.REQUIRED)
    if needed and not standing.registration_number:
        return Unclassified(why=Doubt.NO_NUMBER, rule=rule)
    if standing.needs_case:
        return Preserve(rule=rule, ground=Ground.PER_CASE)
    return None


def _preserved(standing: Standing, rule: Rule) -> Preserve | None:
    if rule.disposal_action is Action.PER_CASE:
        return Preserve(rule=rule, ground=Ground.PER_CASE)
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
    known = [(standing.events[one], one) for one in rule.trigger if one in standing.events]
    if not known or rule.retention_period is None:
        return Keep(rule=rule, until=None, waits_for=rule.trigger)
    event, trigger = max(known, key=lambda one: one[0].on)
    begins = eligible_from(event.on, rule.retention_period, rule.period_end)
    unmet = _unmet(standing, rule)
    if begins is None or set(unmet) - {Condition.RESEARCH_REVIEWED}:
        return Keep(rule=rule, until=None, waits_for=unmet)
    met = (standing.conditions[one].on for one in rule.demands if one not in unmet)
    return Term(
        rule=rule,
        period=rule.retention_period,
        trigger=trigger,
        event=event,
        end=end_date(event.on, rule.retention_period, rule.period_end),
        since=max(chain([begins], met)),
        needs_review=bool(unmet) or rule.disposal_action is Action.REVIEW,
    )


def _unmet(standing: Standing, rule: Rule) -> tuple[Condition, ...]:
    return tuple(one for one in rule.demands if one not in standing.conditions)


def _is_in_force(rule: Rule, today: date) -> bool:
    return (rule.valid_from or today) <= today <= (rule.valid_to or today)
