"""Reading how records stand: their triggers, conditions, holds and numbers, a batch at a time.

Also which records a trigger has reached, by index: what a query for due records starts from.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Label, Row, Select, select, union

from accounts.model import AccountId
from accounts.stockholm import STOCKHOLM, civil_date
from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.holds import Ground, HoldId
from storage.record import FINAL_CAPTURE, PROFILE_CAPTURE, RecordId, RecordType, Status
from storage.standing import (
    CaseAction,
    CaseRule,
    Condition,
    Event,
    Outcome,
    Reviewed,
    Source,
    Standing,
    StandingHold,
    Trigger,
)

BATCH = 500
"""Records whose standing is read at once."""

_CAPTURES = [PROFILE_CAPTURE, FINAL_CAPTURE]

Closed = Mapping[AccountId, date]
"""When accounts were closed, as the register knows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """Records of a type, one of whose triggers came about on a day or before it.

    Also those whose own case, which says that they may go, was closed by `cases_until`.
    """

    record_type: str
    triggers: tuple[Trigger, ...]
    until: date
    cases_until: date


def reached(connection: Connection, wanted: Reached, closed: Closed) -> list[RecordId]:
    """The records, oldest first: all that are due by this rule, and some that a hold keeps."""
    return [RecordId(row.record_id) for row in connection.execute(statement(wanted, closed))]


def statement(wanted: Reached, closed: Closed) -> CompoundSelect[Any]:
    """The one query of `reached`: an index for each way in which a trigger is known."""
    return union(*_selects(wanted, closed)).order_by("seq")


def standings(
    connection: Connection, record_ids: Sequence[RecordId], closed: Closed
) -> dict[RecordId, Standing]:
    """How these records stand, at most BATCH of them."""
    events = _grouped(connection, _EVENTS, record_ids)
    holds = _grouped(connection, _HOLDS, record_ids)
    reviews = _grouped(connection, _REVIEWS, record_ids)
    cases = _grouped(connection, _CASES, record_ids)
    numbers = {
        (row.record_type, row.year): str(row.number)
        for row in connection.execute(select(schema.collective_numbers))
    }
    facts = connection.execute(_FACTS.where(schema.records.c.record_id.in_(record_ids)))
    return {
        RecordId(row.record_id): Standing(
            record_id=RecordId(row.record_id),
            events=_triggers(row, captured, events[row.record_id], closed),
            conditions=_conditions(row, events[row.record_id]),
            holds=tuple(map(_hold, holds[row.record_id])),
            registration_number=row.number or numbers.get((row.record_type, captured.year), ""),
            needs_case=bool(row.needs_case),
            case=next(map(_case, cases[row.record_id]), None),
            review=next(map(_review, reviews[row.record_id]), None),
        )
        for row, captured in ((row, civil_date(moment(row.captured_at))) for row in facts)
    }


def _first_after(record_type: RecordType) -> Label[str]:
    """When the account's next record of a type was captured; one step in an index."""
    later = schema.records.alias()
    return (
        select(later.c.captured_at)
        .where(
            later.c.account == schema.records.c.account,
            later.c.record_type == record_type,
            later.c.captured_at > schema.records.c.captured_at,
            later.c.status == Status.ACTIVE.value,
        )
        .order_by(later.c.captured_at)
        .limit(1)
        .scalar_subquery()
        .label(f"later_{record_type}")
    )


_FACTS: Select[Any] = select(
    schema.records.c.record_id,
    schema.records.c.record_type,
    schema.records.c.account,
    schema.records.c.captured_at,
    schema.registrations.c.number,
    schema.registrations.c.needs_case,
    *map(_first_after, _CAPTURES),
).join_from(
    schema.records,
    schema.registrations,
    schema.registrations.c.record_id == schema.records.c.record_id,
    isouter=True,
)
# A person's word comes last and so stands before the capture's.
_EVENTS = select(schema.events).order_by(schema.events.c.event, schema.events.c.source)
_CASES = select(schema.case_rules)
_REVIEWS = select(schema.reviews)
_HOLDS = (
    select(
        schema.hold_members.c.record_id,
        schema.holds.c.hold_id,
        schema.holds.c.ground,
        schema.holds.c.reason,
    )
    .join(schema.holds, schema.holds.c.hold_id == schema.hold_members.c.hold_id)
    .where(schema.holds.c.active)
    .order_by(schema.holds.c.hold_id)
)


def _grouped(
    connection: Connection, selected: Select[Any], record_ids: Sequence[RecordId]
) -> dict[str, list[Row[Any]]]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    column = selected.selected_columns.record_id
    for row in connection.execute(selected.where(column.in_(record_ids))):
        groups[row.record_id].append(row)
    return groups


def _triggers(
    row: Row[Any], captured: date, events: Sequence[Row[Any]], closed: Closed
) -> dict[Trigger, Event]:
    known = {Trigger.CREATED: Event(on=captured, source=Source.CAPTURE)}
    if row.account in closed:
        on = closed[AccountId(row.account)]
        known[Trigger.ACCOUNT_CLOSED] = Event(on=on, source=Source.REGISTER)
    said = {Trigger(one.event): _event(one) for one in events if one.event in list(Trigger)}
    return known | said


def _conditions(row: Row[Any], events: Sequence[Row[Any]]) -> dict[Condition, Event]:
    known = {}
    later = [at for at in (row.later_profile_capture, row.later_final_capture) if at]
    if later:
        on = civil_date(moment(min(later)))
        known[Condition.PROFILE_CAPTURED] = Event(on=on, source=Source.LATER_CAPTURE)
    said = {Condition(one.event): _event(one) for one in events if one.event in list(Condition)}
    return known | said


def _event(row: Row[Any]) -> Event:
    return Event(
        on=date.fromisoformat(row.happened_on),
        source=Source(row.source),
        by=row.declared_by,
        reason=row.reason,
    )


def _hold(row: Row[Any]) -> StandingHold:
    return StandingHold(hold_id=HoldId(row.hold_id), ground=Ground(row.ground), reason=row.reason)


def _case(row: Row[Any]) -> CaseRule:
    return CaseRule(
        action=CaseAction(row.action), period=row.period, year_end=row.year_end, basis=row.basis
    )


def _review(row: Row[Any]) -> Reviewed:
    return Reviewed(
        on=date.fromisoformat(row.reviewed_on),
        by=row.reviewed_by,
        reason=row.reason,
        outcome=Outcome(row.outcome),
        until=date.fromisoformat(row.until) if row.until else None,
        plan=row.plan,
        rule_id=row.rule_id,
        end=date.fromisoformat(row.period_end),
    )


def _selects(wanted: Reached, closed: Closed) -> Iterator[Select[Any]]:
    records, events, cases = schema.records.c, schema.events.c, schema.case_rules.c
    these = (records.record_type == wanted.record_type, schema.IS_HERE)
    yield (
        select(records.seq, records.record_id)
        .join(schema.events, events.record_id == records.record_id)
        .where(
            *these,
            events.event.in_([one.value for one in wanted.triggers]),
            events.happened_on <= wanted.until.isoformat(),
        )
    )
    yield (
        select(records.seq, records.record_id)
        .join(schema.events, events.record_id == records.record_id)
        .join(schema.case_rules, cases.record_id == records.record_id)
        .where(
            *these,
            events.event == Trigger.CASE_CLOSED.value,
            events.happened_on <= wanted.cases_until.isoformat(),
            cases.action == CaseAction.DISPOSE.value,
        )
    )
    if Trigger.CREATED in wanted.triggers:
        after = datetime.combine(wanted.until + timedelta(days=1), time.min, STOCKHOLM)
        yield select(records.seq, records.record_id).where(
            *these, records.captured_at < stamp(after)
        )
    if Trigger.ACCOUNT_CLOSED in wanted.triggers:
        gone = [account for account, on in closed.items() if on <= wanted.until]
        yield select(records.seq, records.record_id).where(*these, records.account.in_(gone))
