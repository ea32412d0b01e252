"""Reading the plan's adopted versions from the catalogue."""

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue
from sqlalchemy import Connection, func, select

from storage.catalogue import schema


def latest_number(connection: Connection) -> int:
    """The newest version's number; 0 when none was adopted."""
    latest = func.coalesce(func.max(schema.plans.c.number), 0)
    return int(connection.execute(select(latest)).scalar_one())


def plan(connection: Connection, number: int) -> Mapping[str, JsonValue] | None:
    """One version."""
    row = connection.execute(select(schema.plans).where(schema.plans.c.number == number)).first()
    return row._asdict() if row else None


def plans(connection: Connection) -> list[Mapping[str, JsonValue]]:
    """Every version, in order."""
    rows = connection.execute(select(schema.plans).order_by(schema.plans.c.number))
    return [row._asdict() for row in rows]


def number_in_force(connection: Connection, today: date) -> int:
    """The newest version whose day has come; 0 when there is none."""
    latest = func.coalesce(func.max(schema.plans.c.number), 0)
    in_force = schema.plans.c.in_force_from <= today.isoformat()
    return int(connection.execute(select(latest).where(in_force)).scalar_one())


def numbers_governing_from(connection: Connection, day: date) -> list[int]:
    """The version in force on a day, and every newer one that comes into force after it."""
    now = number_in_force(connection, day)
    plans = schema.plans.c
    later = (plans.number > now) & (plans.in_force_from > day.isoformat())
    rows = connection.execute(
        select(plans.number).where((plans.number == now) | later).order_by(plans.number)
    )
    return [row.number for row in rows]


def has_rule(connection: Connection, number: int, record_type: str) -> bool:
    """Whether a version has a rule for a record type."""
    rule = select(schema.plan_rules.c.rule_id).where(
        schema.plan_rules.c.number == number, schema.plan_rules.c.record_type == record_type
    )
    return connection.execute(rule).first() is not None
