"""Which records are due, found lazily: an indexed query a rule, confirmed one by one by `assess`.

Nothing is rewritten "for today": the latest trigger date whose period has passed is computed, and
records that it has reached are looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from retention.assess import assess
from retention.period import latest_start
from retention.plan import Action, Plan, Rule
from retention.verdict import Blocked, Due, Review
from storage.catalogue.standings import Reached
from storage.record import Record
from storage.standing import Standing

Found = tuple[Record, Standing]
ReachedBy = Callable[[Reached], Iterable[Found]]
"""Gives the records that a trigger has reached (`Archive.reached`)."""


def queries(plan: Plan, today: date) -> Iterator[Reached]:
    """For each rule that can end a keeping, which records could be due on a day."""
    yesterday = today - timedelta(days=1)
    for rule in plan.rules:
        until = _until(rule, today)
        if rule.disposal_action is not Action.PRESERVE:
            yield Reached(
                record_type=rule.record_type,
                triggers=rule.trigger if until else (),
                until=until or date.min,
                cases_until=yesterday,
            )


def _until(rule: Rule, today: date) -> date | None:
    """The latest trigger date whose period has passed by the rule itself; None: it ends nothing."""
    if not rule.ends or rule.retention_period is None:
        return None
    return latest_start(today, rule.retention_period, rule.period_end)


def due(
    plan: Plan, today: date, reached_by: ReachedBy
) -> Iterator[tuple[Record, Standing, Due | Review | Blocked]]:
    """Every record that is due, up for review, or would be but for a hold, rule by rule."""
    for wanted in queries(plan, today):
        for record, standing in reached_by(wanted):
            verdict = assess(record, standing, plan, today)
            if isinstance(verdict, Due | Review | Blocked):
                yield record, standing, verdict
