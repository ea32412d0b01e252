"""A plan read from TOML, with all its faults told at once (RULES R21).

Judges nothing itself: form stands in form.py, law in lawful.py, texts in codes.py.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.entry import Table
from accounts.findings import Finding, Severity
from retention.codes import finding
from retention.errors import PlanFaults
from retention.form import Form, WrittenRule, read_rule
from retention.lawful import judge, judge_together
from retention.plan import Label, Plan

PLAN_KEYS = ("plan_id", "title", "authority", "rule")

_PLAN_ID = re.compile(r"(?=.{1,63}\Z)[a-z0-9]+(?:_[a-z0-9]+)*")
_ELEMENT = re.compile(r"\[\d+\]\Z")
_LINE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
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
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        fault = finding("P001", name, why=f"byte {error.start}: {error.reason}")
    except tomllib.TOMLDecodeError as error:
        fault = _syntax(name, str(error))
    else:
        return _judge(table, name, decided_on, version)
    return _Reading(plan=_NOTHING, findings=(fault,))


def _judge(table: Table, name: str, decided_on: date, version: int) -> _Reading:
    head = Form(table, name, PLAN_KEYS)
    plan_id = head.matching("plan_id", "P008", _PLAN_ID, needed=True)
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
            misread = {_ELEMENT.sub("", found.place) for found in one.findings}
            judged = judge(one.rule, one.place, decided_on)
            findings += [found for found in judged if not _is_below(found.place, misread)]
    return findings


def _is_below(place: str, misread: set[str]) -> bool:
    return any(place == one or place.startswith(f"{one}.") for one in misread)


def _place(name: str, number: int, table: Table) -> str:
    called = table.get("rule_id")
    return f"{name}: rule {number} ({called})" if called else f"{name}: rule {number}"


def _syntax(name: str, message: str) -> Finding:
    where = _LINE.search(message)
    place = f"{name}: {where[1]}" if where else name
    return finding("P002", place, why=_LINE.sub("", message).strip())
