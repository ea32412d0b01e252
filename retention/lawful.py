"""What makes a rule, and the rules together, lawful (RULES R14, R21, R22).

Pure: rules in, findings out; the day of the decision is an argument. The form stands in form.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.findings import Finding
from retention.codes import finding
from retention.plan import Action, ActivityClass, Rule
from storage.standing import Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class _Force:
    """From when, and until when, an instrument can carry a decision."""

    since: date | None
    repealed: date | None


SLIGHT = "RA-FS 2021:6"
"""Riksarkivet's regulations on records of obviously slight significance (uppenbart ringa)."""

FORCE: Mapping[str, _Force] = {
    "RA-FS 1991:6": _Force(since=None, repealed=date(2022, 1, 1)),
    SLIGHT: _Force(since=date(2022, 1, 1), repealed=None),
}
"""Instruments whose force this program knows; any other is the archivist's to judge."""

_NUMBERED = re.compile(r"\bRA\W?\s*FS\s*0*(\d+)\s*:\s*0*(\d+)", re.IGNORECASE)
_ENDING = frozenset({Action.DESTROY, Action.REVIEW, Action.TRANSFER})
_GUARDED = frozenset({ActivityClass.STEERING, ActivityClass.CORE})


def judge(rule: Rule, place: str, decided_on: date) -> Iterator[Finding]:
    """Everything wrong with, or worth a warning about, one rule of a plan decided on a day."""
    yield from _basis(rule, f"{place}.disposal_authority", decided_on)
    yield from _term(rule, place)
    yield from _windows(rule, place)
    yield from _warnings(rule, place)


def judge_together(placed: Sequence[tuple[str, Rule]]) -> Iterator[Finding]:
    """Two rules for one record type, or under one name."""
    types: dict[str, int] = {}
    names: dict[str, int] = {}
    for number, (place, rule) in enumerate(placed):
        first = types.setdefault(rule.record_type, number) if rule.record_type else number
        if first != number:
            told = {"value": rule.record_type, "first": placed[first][1].rule_id}
            yield finding("P030", f"{place}.record_type", **told)
        first = names.setdefault(rule.rule_id, number) if rule.rule_id else number
        if first != number:
            yield finding("P031", f"{place}.rule_id", value=rule.rule_id, first=first + 1)


def _basis(rule: Rule, place: str, decided_on: date) -> Iterator[Finding]:
    basis = rule.disposal_authority
    if not basis.instrument:
        yield finding("P040", f"{place}.instrument")
        return
    days = [decided_on]
    if basis.local_decision is not None:
        days.append(basis.local_decision.decided_on)
    for instrument in _instruments(basis.instrument):
        yield from _in_force(instrument, place, days)
        if instrument == SLIGHT and rule.activity_class in _GUARDED and not basis.annex_item:
            yield finding("P042", f"{place}.annex_item")


def _instruments(text: str) -> list[str]:
    """Riksarkivet's regulations that a basis names, however it spells them, each once."""
    found = (f"RA-FS {year}:{number}" for year, number in _NUMBERED.findall(text))
    return list(dict.fromkeys(found))


def _in_force(instrument: str, place: str, days: Sequence[date]) -> Iterator[Finding]:
    """Both the plan's decision and the local one must lie within the instrument's force."""
    force = FORCE.get(instrument, _Force(since=None, repealed=None))
    if force.repealed is not None and max(days) >= force.repealed:
        told = {"instrument": instrument, "decided_on": max(days), "since": force.repealed}
        yield finding("P041", f"{place}.instrument", **told)
    if force.since is not None and min(days) < force.since:
        told = {"instrument": instrument, "decided_on": min(days), "since": force.since}
        yield finding("P043", f"{place}.instrument", **told)


def _term(rule: Rule, place: str) -> Iterator[Finding]:
    if rule.disposal_action in _ENDING:
        if rule.retention_period is None:
            yield finding("P050", f"{place}.retention_period")
        if not rule.trigger:
            yield finding("P051", f"{place}.trigger")
    elif rule.retention_period is not None:
        yield finding("P055", f"{place}.retention_period")
    if rule.disposal_action is Action.TRANSFER and set(rule.trigger) - {Trigger.TRANSFERRED}:
        yield finding("P056", f"{place}.trigger")
    if rule.disposal_action is not Action.TRANSFER and Trigger.TRANSFERRED in rule.trigger:
        yield finding("P057", f"{place}.trigger")


def _windows(rule: Rule, place: str) -> Iterator[Finding]:
    for first, last in (("created_from", "created_to"), ("valid_from", "valid_to")):
        begins, ends = getattr(rule, first), getattr(rule, last)
        if begins is not None and ends is not None and ends < begins:
            named = {"earlier": first, "later": last, "earlier_day": begins, "later_day": ends}
            yield finding("P060", f"{place}.{last}", **named)


def _warnings(rule: Rule, place: str) -> Iterator[Finding]:
    if rule.is_inactive:
        yield finding("P101", f"{place}.disposal_authority.local_decision")
    slight = SLIGHT in _instruments(rule.disposal_authority.instrument)
    if slight and rule.disposal_action is Action.DESTROY and rule.created_from is None:
        yield finding("P102", f"{place}.created_from")
    if not rule.classification_code:
        yield finding("P103", f"{place}.classification_code")
