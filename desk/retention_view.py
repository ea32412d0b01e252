"""Plans, verdicts and work to do as the commands show them, and what they are read from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from accounts.register import Register
from desk.printer import Column, Printer, day, short_ids
from retention.adopting import adopted_plan, plan_of
from retention.assess import case_rule
from retention.compare import Change
from retention.explain import Case, plan_said
from retention.phrases import basis_said, mandate_said, term_said, waits_said
from retention.plan import Plan
from retention.preview import Preview
from retention.reading import plan_bytes, read_plan
from retention.verdict import Blocked, Due, Review
from retention.words import word
from retention.worklist import Task
from storage.archive import Archive
from storage.errors import NotFound
from storage.plans import AdoptedPlan
from storage.record import Record, today
from storage.standing import Condition, Standing, Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A plan that a person named: a file, or an adopted version with its decision."""

    name: str
    text: bytes
    plan: Plan
    decision: AdoptedPlan | None


def language_of(asked: str | None, default: str) -> str:
    """The language that is asked for, `sv` or `en`.

    Raises:
        BadParameter: it is another.
    """
    if asked not in {None, "sv", "en"}:
        raise typer.BadParameter("--lang is sv or en")
    return asked or default


def read_named(archive: Archive, name: str | None) -> Named:
    """The version of that number, the file of that name, or the version in force.

    Raises:
        NotFound: there is none. PlanFaults: the file cannot be used.
    """
    if name and not name.isdecimal():
        file = Path(name)
        text = plan_bytes(file)
        return Named(
            name=file.name, text=text, plan=read_plan(text, file.name, today()), decision=None
        )
    version = _version(archive, int(name)) if name else archive.plan_in_force(today())
    if version is None:
        raise NotFound(f"No plan{f' {name}' if name else ''} was adopted: see `insyn plan list`.")
    text = archive.plan_text(version)
    return Named(name=str(version.number), text=text, plan=plan_of(version, text), decision=version)


def case_of(archive: Archive, record: Record, register: Register, on: date | None) -> Case:
    """What an explanation of a record rests on."""
    at = on or today()
    version = archive.plan_in_force(at)
    return Case(
        record=record,
        standing=archive.standing(record, register.closed),
        plan=adopted_plan(archive, version) if version else None,
        decision=version,
        today=at,
    )


def event_of(name: str) -> Trigger | Condition:
    """The trigger or condition of that name."""
    return Trigger(name) if name in list(Trigger) else Condition(name)


def print_versions(printer: Printer, versions: Sequence[AdoptedPlan]) -> None:
    """The adopted versions, or that there are none."""
    if not versions:
        printer.say("plan.none_adopted")
        return
    printer.table(
        (
            Column(name="number", number=True),
            Column(name="in_force_from", whole=True),
            Column(name="decided_by"),
            Column(name="decided_on", whole=True),
            Column(name="registration_number"),
            Column(name="shortened"),
        ),
        (
            (
                str(one.number),
                day(one.in_force_from),
                one.decided_by,
                day(one.decided_on),
                one.registration_number,
                ", ".join(one.shortened),
            )
            for one in versions
        ),
    )


def print_plan(printer: Printer, named: Named) -> None:
    """The rules, one a row."""
    language = printer.language
    printer.title(plan_said(named.plan, named.decision, language))
    printer.table(
        (
            Column(name="rule", whole=True),
            Column(name="record_type", least=30),
            Column(name="term", least=30),
            Column(name="basis"),
            Column(name="standing"),
        ),
        (
            (
                rule.rule_id,
                rule.label.said(language),
                term_said(rule, language),
                basis_said(rule, language),
                printer.word("plan.inactive") if rule.is_inactive else "",
            )
            for rule in named.plan.rules
        ),
    )


def print_changes(printer: Printer, changes: Sequence[Change]) -> None:
    """Each record type whose rule differs, what differs and what that does."""
    if not changes:
        printer.say("plan.same")
        return
    language = printer.language
    printer.table(
        (
            Column(name="record_type"),
            Column(name="before"),
            Column(name="after"),
            Column(name="differs"),
            Column(name="effect", whole=True),
        ),
        (
            (
                one.record_type,
                f"{one.before.rule_id} {term_said(one.before, language)}" if one.before else "–",
                f"{one.after.rule_id} {term_said(one.after, language)}" if one.after else "–",
                ", ".join(word(language, f"field.{name}") for name in one.differs),
                word(language, f"effect.{one.effect}"),
            )
            for one in changes
        ),
    )


def print_preview(printer: Printer, shown: Preview, before: str, after: str) -> None:
    """How many records by rule and year, and how many of them move."""
    facts = {"today": shown.today, "looked_at": shown.looked_at, "moved": len(shown.moved)}
    printer.line(word(printer.language, "preview.summary", before=before, after=after, **facts))
    if not {*shown.before, *shown.after}:
        return
    printer.table(
        (
            Column(name="rule", whole=True),
            Column(name="year", number=True),
            Column(name="before", number=True),
            Column(name="after", number=True),
        ),
        (
            (key[0], str(key[1]), str(shown.before.get(key, 0)), str(shown.after.get(key, 0)))
            for key in sorted({*shown.before, *shown.after})
        ),
    )


Found = Sequence[tuple[Record, Standing, Due | Review | Blocked]]


def print_due(printer: Printer, found: Found, on: date) -> None:
    """What is due, one record a row, with its holds."""
    if not found:
        printer.say("due.none", day=on)
        return
    ends = short_ids([record.record_id for record, _, _ in found])
    printer.table(
        (
            Column(name="record", whole=True),
            Column(name="rule", whole=True),
            Column(name="record_type"),
            Column(name="verdict"),
            Column(name="since", whole=True),
            Column(name="basis"),
            Column(name="holds"),
        ),
        (_due_row(printer, ends[one[0].record_id], *one) for one in found),
    )
    printer.say("due.count", count=len(found), day=on)


def due_facts(record: Record, standing: Standing, found: Due | Review | Blocked) -> dict[str, str]:
    """One due record for machines: record, rule, basis, verdict, first day, end, holds (R34)."""
    bare = found.otherwise if isinstance(found, Blocked) else found
    case = case_rule(standing, found.rule)
    return {
        "record_id": record.record_id,
        "record_type": record.record_type,
        "rule_id": found.rule.rule_id,
        "basis": case.basis if case else str(found.rule.disposal_authority),
        "verdict": type(found).__name__.lower(),
        "action": found.rule.disposal_action,
        "since": bare.since.isoformat(),
        "holds": " ".join(hold.hold_id for hold in standing.holds),
    }


def _due_row(
    printer: Printer, name: str, record: Record, standing: Standing, found: Due | Review | Blocked
) -> Sequence[str]:
    bare = found.otherwise if isinstance(found, Blocked) else found
    key = "due.verdict_due" if isinstance(bare, Due) else "due.verdict_review"
    return (
        name,
        found.rule.rule_id,
        record.record_type,
        printer.word(key),
        day(bare.since),
        mandate_said(found.rule, case_rule(standing, found.rule), printer.language),
        ", ".join(hold.hold_id for hold in standing.holds),
    )


def print_work(printer: Printer, tasks: Sequence[Task]) -> None:
    """What to see to, one record a row."""
    if not tasks:
        printer.say("work.none")
        return
    language = printer.language
    ends = short_ids([task.record_id for task in tasks])
    printer.table(
        (
            Column(name="record", whole=True),
            Column(name="rule", whole=True),
            Column(name="record_type"),
            Column(name="why"),
        ),
        (
            (
                ends[task.record_id],
                task.rule_id or "–",
                task.record_type or "–",
                _why(task, language),
            )
            for task in tasks
        ),
    )
    printer.say("work.count", count=len(tasks))


def _why(task: Task, language: str) -> str:
    if task.doubt:
        return word(language, f"doubt.{task.doubt}", record_type=task.record_type)
    if task.review_since:
        return word(language, "work.review", since=task.review_since)
    return word(language, "verdict.waits", waits=waits_said(task.waits_for, language))


def _version(archive: Archive, number: int) -> AdoptedPlan | None:
    return next((one for one in archive.plans() if one.number == number), None)
