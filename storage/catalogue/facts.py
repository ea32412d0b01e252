"""The part of the fold that a record's retention turns on: plans, triggers, types, numbers.

Called by `fold.apply` alone.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, update

from accounts.stockholm import civil_date
from storage.catalogue import schema
from storage.catalogue.moments import stamp
from storage.journal import Entry

_ADD_EVENT = insert(schema.events)


def plan_adopted(tx: Connection, entry: Entry) -> None:
    """A version of the plan, and the record types that it has rules for."""
    detail = dict(entry.detail)
    rules = detail.pop("rules")
    shortened = detail.pop("shortened")
    for name in ("local_decisions", "compared"):  # they stand in the entry and in the text
        del detail[name]
    number = int(entry.subject)
    tx.execute(
        insert(schema.plans).values(
            number=number,
            adopted_by=entry.actor,
            adopted_at=stamp(entry.at),
            shortened=" ".join(map(str, shortened)) if isinstance(shortened, list) else "",
            **detail,
        )
    )
    if isinstance(rules, Mapping) and rules:
        rows = [
            {"number": number, "record_type": record_type, "rule_id": rule_id}
            for record_type, rule_id in rules.items()
        ]
        tx.execute(insert(schema.plan_rules), rows)


def published(tx: Connection, record_id: str, on: str) -> None:
    """The day on which a captured post was published; nothing where it is not known."""
    if on:
        row = {"record_id": record_id, "event": "published", "source": "capture"}
        tx.execute(_ADD_EVENT, {**row, "happened_on": on, "declared_by": "", "reason": ""})


def declared(tx: Connection, entry: Entry) -> None:
    """A trigger or condition that a person declared, anew or taken back (no day)."""
    row = {"record_id": entry.subject, "event": entry.detail["event"], "source": "declared"}
    tx.execute(delete(schema.events).where(*(schema.events.c[name] == row[name] for name in row)))
    if entry.detail["on"]:
        tx.execute(
            _ADD_EVENT,
            {
                **row,
                "happened_on": entry.detail["on"],
                "declared_by": entry.actor,
                "reason": entry.detail["reason"],
            },
        )


def reviewed(tx: Connection, entry: Entry) -> None:
    """What a review came to; the last one counts."""
    table = schema.reviews
    tx.execute(delete(table).where(table.c.record_id == entry.subject))
    tx.execute(
        insert(table).values(
            record_id=entry.subject,
            reviewed_on=civil_date(entry.at).isoformat(),
            reviewed_by=entry.actor,
            **entry.detail,
        )
    )


def classified(tx: Connection, entry: Entry) -> None:
    """Another record type."""
    tx.execute(
        update(schema.records)
        .where(schema.records.c.record_id == entry.subject)
        .values(record_type=entry.detail["record_type"])
    )


def registered(tx: Connection, entry: Entry) -> None:
    """A registration number, and whether the record belongs to a case, by which rule."""
    table, rules = schema.registrations, schema.case_rules
    for one in (table, rules):
        tx.execute(delete(one).where(one.c.record_id == entry.subject))
    case = entry.detail.get("case")  # entries from before there was such a rule have none
    if isinstance(case, Mapping):
        tx.execute(insert(rules).values(record_id=entry.subject, **case))
    tx.execute(
        insert(table).values(
            record_id=entry.subject,
            number=entry.detail["number"],
            needs_case=entry.detail["needs_case"],
        )
    )


def numbered(tx: Connection, entry: Entry) -> None:
    """The collective number of a record type and year."""
    table, detail = schema.collective_numbers, entry.detail
    same = (table.c.record_type == detail["record_type"], table.c.year == detail["year"])
    tx.execute(delete(table).where(*same))
    tx.execute(insert(table).values(**detail))
