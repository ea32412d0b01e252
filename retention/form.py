"""One `[[rule]]` of a plan as it was written, read into a `Rule`.

Holds the form: known keys, types, choices, dates, durations. What makes a rule lawful stands in
lawful.py. Reads no file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from accounts import entry
from accounts.findings import Finding
from accounts.toml_text import Table
from retention.codes import finding
from retention.period import Period, PeriodEnd
from retention.plan import (
    Action,
    ActivityClass,
    Authority,
    Direction,
    Label,
    LocalDecision,
    Registration,
    Rule,
    RuleId,
    Secrecy,
)
from storage.record import RecordType
from storage.standing import Condition, Trigger

Choice = TypeVar("Choice", bound=StrEnum)

RULE_KEYS = tuple(key for key in Rule.__dataclass_fields__ if key != "label")
AUTHORITY_KEYS = tuple(Authority.__dataclass_fields__)
DECISION_KEYS = tuple(LocalDecision.__dataclass_fields__)
LABEL_KEYS = ("sv", "en")

_RULE_ID = re.compile(r"(?=.{1,32}\Z)[A-Z0-9]+(?:-[A-Z0-9]+)*")
ID = re.compile(r"(?=.{1,63}\Z)[a-z0-9]+(?:_[a-z0-9]+)*")
"""What a plan and a record type may be called."""


class Form(entry.Form):
    """A table of a plan being read: the register's form, with the plan's codes and kinds."""

    def within(self, key: str, known: Iterable[str], *, needed: bool = False) -> "Form | None":
        """The table at `key`; its findings are taken over with `done`."""
        value = self._table.get(key)
        if value is None:
            if needed:
                self._note("P005", key)
            return None
        if not isinstance(value, dict):
            self._wrong(key, value, "en tabell", "a table")
            return None
        return Form(value, f"{self._place}.{key}", known)

    def done(self, inner: "Form") -> None:
        """Take over what was found in a table within."""
        self.findings += inner.findings

    def label(self, key: str, *, needed: bool = True) -> Label:
        """A text in both languages; both are needed where either is given."""
        inner = self.within(key, LABEL_KEYS, needed=needed)
        if inner is None:
            return Label(sv="", en="")
        said = inner.both()
        self.done(inner)
        return said

    def both(self) -> Label:
        """The two texts of this table itself."""
        said = Label(sv=self.text("sv"), en=self.text("en"))
        for code, key, text in (("P020", "sv", said.sv), ("P021", "en", said.en)):
            if not text and not self._is_misread(key):
                self._note(code, key)
        return said

    def either(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        """One of the choices of `kind`, or the default where nothing is said."""
        return default if key not in self._table else self.choice(key, kind) or default

    def several(self, key: str, kind: type[Choice], code: str) -> tuple[Choice, ...]:
        """One choice, or a list of them; each unknown one is noted with `code`."""
        value = self._table.get(key, [])
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
            self._wrong(key, value, "en text eller en lista av texter", "a text or a list of texts")
            return ()
        for one in dict.fromkeys(written):
            if one not in list(kind):
                self._note(code, key, value=one, choices=", ".join(kind))
            elif written.count(one) > 1:
                self._note("P032", key, value=one)
        return tuple(kind(one) for one in dict.fromkeys(written) if one in list(kind))

    def flag(self, key: str) -> bool:
        """Whether `key` is set; not, where nothing is said."""
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, value, "true eller false", "true or false")
            return False
        return value

    def period(self, key: str) -> Period | None:
        """The duration at `key`."""
        text = self.text(key)
        try:
            return Period.parse(text) if text else None
        except ValueError:
            self._note("P052", key, value=text)
            return None

    def _is_misread(self, key: str) -> bool:
        return any(one.place == f"{self._place}.{key}" for one in self.findings)

    def _note(self, code: str, at: str, /, **facts: object) -> None:
        self.findings.append(finding(f"P{code[1:]}", f"{self._place}.{at}", **facts))


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenRule:
    """A rule as far as it could be read, and what was wrong with its form.

    `action_known` is False where its action could not be read: then no law on it can judge.
    """

    place: str
    rule: Rule
    action_known: bool
    findings: tuple[Finding, ...]


def read_rule(table: Table, place: str) -> WrittenRule:
    """The rule that `table` describes, and every fault of form in it, each below `place`."""
    form = Form(table, place, RULE_KEYS)
    record_type, label = _record_type(form)
    action = form.choice("disposal_action", Action)
    rule = Rule(
        rule_id=RuleId(form.matching("rule_id", "P007", _RULE_ID, needed=True)),
        record_type=record_type,
        label=label,
        classification_code=form.text("classification_code"),
        activity_class=form.choice("activity_class", ActivityClass) or ActivityClass.SUPPORT,
        direction=form.choice("direction", Direction) or Direction.BOTH,
        disposal_action=action or Action.PRESERVE,
        trigger=form.several("trigger", Trigger, "P053"),
        retention_period=form.period("retention_period"),
        period_end=form.either("period_end", PeriodEnd, PeriodEnd.EXACT),
        created_from=form.day("created_from"),
        created_to=form.day("created_to"),
        valid_from=form.day("valid_from"),
        valid_to=form.day("valid_to"),
        disposal_authority=_authority(form),
        conditions=form.several("conditions", Condition, "P054"),
        registration=form.choice("registration", Registration) or Registration.REQUIRED,
        secrecy_default=form.either("secrecy_default", Secrecy, Secrecy.ASSESS),
        responsible_role=form.text("responsible_role", needed=True),
        reviewer_role=form.text("reviewer_role", needed=action is Action.REVIEW),
        research_review=form.flag("research_review"),
        source=form.text("source"),
        remarks=form.label("remarks", needed=False),
    )
    return WrittenRule(
        place=place, rule=rule, action_known=action is not None, findings=tuple(form.findings)
    )


def _record_type(form: Form) -> tuple[RecordType, Label]:
    inner = form.within("record_type", ("id", *LABEL_KEYS), needed=True)
    if inner is None:
        return RecordType(""), Label(sv="", en="")
    record_type = RecordType(inner.matching("id", "P008", ID, needed=True))
    label = inner.both()
    form.done(inner)
    return record_type, label


def _authority(form: Form) -> Authority:
    inner = form.within("disposal_authority", AUTHORITY_KEYS)
    if inner is None:
        return Authority(instrument="", section="", annex_item="", local_decision=None)
    authority = Authority(
        instrument=inner.text("instrument"),
        section=inner.text("section"),
        annex_item=inner.text("annex_item"),
        local_decision=_local_decision(inner),
    )
    form.done(inner)
    return authority


def _local_decision(form: Form) -> LocalDecision | None:
    inner = form.within("local_decision", DECISION_KEYS)
    if inner is None:
        return None
    dnr, decided_on = inner.text("dnr", needed=True), inner.day("decided_on", needed=True)
    form.done(inner)
    return LocalDecision(dnr=dnr, decided_on=decided_on) if dnr and decided_on else None
