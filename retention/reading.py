"""A plan read from TOML, with all its faults told at once (RULES R21).

Judges nothing itself: form stands in form.py, law in lawful.py, texts in codes.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.findings import Finding, Severity
from accounts.toml_text import Table, Unreadable, misread, read_toml
from retention.codes import finding
from retention.errors import PlanFaults
from retention.form import ID, Form, WrittenRule, read_rule
from retention.lawful import judge, judge_together
from retention.plan import Label, Plan

PLAN_KEYS = ("plan_id", "title", "authority", "rule")

_NOTHING = Plan(plan_id="", title=Label(sv="", en=""), authority="", rules=())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What a text held, and everything found on the way."""

    plan: Plan
    findings: tuple[Finding, ...]


def read_plan(data: bytes, name: str, decided_on: date, *, version: int = 0) -> Plan:
    """The plan in the TOML text `data`, called `name`, as decided on a day.

    Raises:
        PlanFaults: it cannot be used; it holds every fault (warnings left out).
    """
    reading = _read(data, name, decided_on, version)
    faults = [one for one in reading.findings if one.severity is Severity.FAULT]
    if faults:
        raise PlanFaults(faults)
    return reading.plan


def check_plan(data: bytes, name: str, decided_on: date) -> list[Finding]:
    """Every fault and warning in the TOML text `data`; empty when all is well."""
    return list(_read(data, name, decided_on, 0).findings)


def plan_bytes(path: Path) -> bytes:
    """The text of a plan's file.

    Raises:
        PlanFaults: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PlanFaults([finding("P001", path.name, why=why)]) from error


def _read(data: bytes, name: str, decided_on: date, version: int) -> _Reading:
    read = read_toml(data, name)
    if isinstance(read, Unreadable):
        fault = finding(f"P{read.number}", read.place, why=read.why)
        return _Reading(plan=_NOTHING, findings=(fault,))
    return _judge(read, name, decided_on, version)


def _judge(table: Table, name: str, decided_on: date, version: int) -> _Reading:
    head = Form(table, name, PLAN_KEYS)
    plan_id = head.matching("plan_id", "P008", ID, needed=True)
    title, authority = head.label("title"), head.text("authority", needed=True)
    tables, findings = _tables(table, name)
    written = [read_rule(one, _place(name, n, one)) for n, one in enumerate(tables, 1)]
    findings += _law(written, decided_on)
    findings += judge_together([(one.place, one.rule) for one in written])
    rules = tuple(one.rule for one in written)
    plan = Plan(plan_id=plan_id, title=title, authority=authority, rules=rules, version=version)
    return _Reading(plan=plan, findings=(*head.findings, *findings))


def _tables(table: Table, name: str) -> tuple[list[Table], list[Finding]]:
    value = table.get("rule")
    if value is None or value == []:
        return [], [finding("P005", f"{name}.rule")]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        wanted = {"wanted_sv": "tabeller [[rule]]", "wanted_en": "tables [[rule]]"}
        return [], [finding("P004", f"{name}.rule", found=type(value).__name__, **wanted)]
    return value, []


def _law(written: Iterable[WrittenRule], decided_on: date) -> list[Finding]:
    """What form and law say of each rule; a value of bad form is not also called missing."""
    findings: list[Finding] = []
    for one in written:
        findings += one.findings
        if one.action_known:
            wrong = misread(one.findings)
            judged = judge(one.rule, one.place, decided_on)
            findings += [found for found in judged if not _is_below(found.place, wrong)]
    return findings


def _is_below(place: str, wrong: set[str]) -> bool:
    return any(place == one or place.startswith(f"{one}.") for one in wrong)


def _place(name: str, number: int, table: Table) -> str:
    called = table.get("rule_id")
    return f"{name}: rule {number} ({called})" if called else f"{name}: rule {number}"
