"""What nothing can be said of until a person has seen to it (RULES R15, R16, R19)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from retention.assess import assess
from retention.plan import Plan, RuleId, Secrecy
from retention.verdict import Blocked, Doubt, Due, Keep, Preserve, Review, Unclassified
from storage.record import Record, RecordId, RecordType
from storage.standing import Condition, Standing, Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A record to see to: a doubt, or the events and conditions that it waits for."""

    record_id: RecordId
    record_type: RecordType
    rule_id: RuleId | None
    doubt: Doubt | None
    waits_for: tuple[Trigger | Condition, ...]


def work(
    records: Iterable[tuple[Record, Standing]], plan: Plan | None, today: date
) -> Iterator[Task]:
    """The unclassified and unregistered, the secret that lie open, those whose trigger has no date;
    in their order.
    """
    for record, standing in records:
        verdict = assess(record, standing, plan, today)
        match verdict:
            case Unclassified():
                rule_id = verdict.rule.rule_id if verdict.rule else None
                yield _task(record, rule_id, verdict.why, ())
            case Keep(until=None, waits_for=(_, *_)):
                yield _task(record, verdict.rule.rule_id, None, verdict.waits_for)
            case Preserve() | Keep() | Review() | Due() | Blocked() if _lies_open(record, verdict):
                yield _task(record, verdict.rule.rule_id, Doubt.LIES_OPEN, ())
            case _:
                pass


def _lies_open(record: Record, verdict: Preserve | Keep | Review | Due | Blocked) -> bool:
    return verdict.rule.secrecy_default is Secrecy.RESTRICTED and not record.restricted


def _task(
    record: Record,
    rule_id: RuleId | None,
    doubt: Doubt | None,
    waits_for: tuple[Trigger | Condition, ...],
) -> Task:
    return Task(
        record_id=record.record_id,
        record_type=record.record_type,
        rule_id=rule_id,
        doubt=doubt,
        waits_for=waits_for,
    )
