"""What nothing can be said of until a person has seen to it (RULES R15, R16, R19)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from retention.assess import assess
from retention.plan import Plan, RuleId, Secrecy
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
from storage.record import Record, RecordId, RecordType
from storage.standing import Condition, Standing, Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A record to see to: a doubt, or the events and conditions that it waits for, or a review.

    `review_since` is the day since which it awaits a review, held or not; None where it does not.
    """

    record_id: RecordId
    record_type: RecordType
    rule_id: RuleId | None
    doubt: Doubt | None
    waits_for: tuple[Trigger | Condition, ...]
    review_since: date | None


def work(
    records: Iterable[tuple[Record, Standing]], plan: Plan | None, today: date
) -> Iterator[Task]:
    """The unclassified and unregistered, the secret that lie open, those whose trigger has no date,
    whose case has no rule, or that await a review; in their order.
    """
    for record, standing in records:
        yield from _tasks(record, standing, assess(record, standing, plan, today))


def _tasks(record: Record, standing: Standing, verdict: Verdict) -> Iterator[Task]:
    match verdict:
        case Unclassified():
            rule_id = verdict.rule.rule_id if verdict.rule else None
            yield _task(record, rule_id, doubt=verdict.why)
        case Keep(until=None, waits_for=(_, *_)):
            yield _task(record, verdict.rule.rule_id, waits_for=verdict.waits_for)
        case Review() | Blocked(otherwise=Review()):
            bare = verdict.otherwise if isinstance(verdict, Blocked) else verdict
            yield _task(record, verdict.rule.rule_id, review_since=bare.since)
        case Preserve(ground=Ground.PER_CASE) if standing.case is None:
            yield _task(record, verdict.rule.rule_id, doubt=Doubt.NO_CASE_RULE)
        case _:
            pass
    if not isinstance(verdict, Unclassified | Gone) and _lies_open(record, verdict):
        yield _task(record, verdict.rule.rule_id, doubt=Doubt.LIES_OPEN)


def _lies_open(record: Record, verdict: Preserve | Keep | Review | Due | Blocked) -> bool:
    return verdict.rule.secrecy_default is Secrecy.RESTRICTED and not record.restricted


def _task(
    record: Record,
    rule_id: RuleId | None,
    doubt: Doubt | None = None,
    waits_for: tuple[Trigger | Condition, ...] = (),
    review_since: date | None = None,
) -> Task:
    return Task(
        record_id=record.record_id,
        record_type=record.record_type,
        rule_id=rule_id,
        doubt=doubt,
        waits_for=waits_for,
        review_since=review_since,
    )
