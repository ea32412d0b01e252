"""`insyn explain`, `due`, `worklist`, `review`, `declare`, `classify`, `register`: records and the
plan.
"""

from datetime import date
from typing import Annotated

import typer

from desk.acting import acting
from desk.choices import CaseChoice, EventChoice, ReviewChoice, civil_day
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption, LangOption, RecordArgument

ReasonOption = Annotated[str, typer.Option(help="The reason in words.")]
OnOption = Annotated[
    date | None,
    typer.Option("--on", parser=civil_day, metavar="DATE", help="Assess as of this day."),
]


def explain(
    record_id: RecordArgument,
    on: OnOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what the plan says of a record, step by step."""
    from desk.printer import Printer, print_json
    from desk.retention_view import case_of, language_of
    from retention.explain import explain as lines_of

    settings = read_settings()
    language = language_of(lang, settings.language)
    register = open_register(settings)
    with open_archive(settings) as archive:
        case = case_of(archive, archive.record(record_id), register, on)
    lines = lines_of(case, language)
    if as_json:
        print_json(lines)
        return
    printer = Printer(language)
    width = max(len(line.heading) for line in lines)
    for line in lines:
        printer.line(f"{line.heading:<{width}}  {line.text}")


def due(on: OnOption = None, as_json: JsonOption = False) -> None:
    """List what is due by the plan, with its holds."""
    from desk.printer import Printer, print_json
    from desk.retention_view import due_facts, print_due
    from retention.adopting import plan_in_force
    from retention.due import due as found_by
    from storage.record import today

    settings = read_settings()
    closed = open_register(settings).closed
    day = on or today()
    with open_archive(settings) as archive:
        plan = plan_in_force(archive, day)
        found = (
            list(found_by(plan, day, lambda wanted: archive.reached(wanted, closed)))
            if plan
            else []
        )
    if as_json:
        print_json([due_facts(*one) for one in found])
    else:
        print_due(Printer(settings.language), found, day)


def worklist(as_json: JsonOption = False) -> None:
    """List what a person has to see to: unclassified, undated."""
    from desk.printer import Printer, print_json
    from desk.retention_view import print_work
    from retention.adopting import plan_in_force
    from retention.worklist import work
    from storage.record import today

    settings = read_settings()
    closed = open_register(settings).closed
    with open_archive(settings) as archive:
        plan = plan_in_force(archive, today())
        tasks = list(work(archive.standing_records(closed), plan, today()))
    if as_json:
        print_json(tasks)
    else:
        print_work(Printer(settings.language), tasks)


def review(
    *,
    record_id: RecordArgument,
    outcome: Annotated[ReviewChoice, typer.Argument(help="What the review comes to.")],
    until: Annotated[
        date | None,
        typer.Argument(parser=civil_day, metavar="[DATE]", help="keep-until: the last day."),
    ] = None,
    reason: ReasonOption,
) -> None:
    """Review a record: keep it on, let it go, or preserve it.

    Removes nothing: what may go is proposed, and two persons decide. Takes the rule's reviewer.
    """
    from desk.printer import Printer
    from desk.retention_view import case_of
    from retention.reviewing import judgement
    from storage.standing import Outcome

    settings = read_settings()
    register = open_register(settings)
    with open_archive(settings) as archive:
        record = archive.record(record_id)
        case = case_of(archive, record, register, None)
        said = judgement(case, Outcome(outcome.replace("-", "_")), until, reason)
        archive.review(record, said, acting(settings))
    Printer(settings.language).say(f"review.{said.outcome}", record=record.record_id, day=until)


def declare(
    *,
    record_id: RecordArgument,
    event: Annotated[EventChoice, typer.Argument(help="What came about, or was seen to.")],
    reason: ReasonOption,
    on: Annotated[
        date | None, typer.Option(parser=civil_day, metavar="DATE", help="The day; else today.")
    ] = None,
    retract: Annotated[bool, typer.Option("--retract", help="It did not come about.")] = False,
) -> None:
    """Declare what a period counts from, or what was seen to."""
    from desk.printer import Printer
    from desk.retention_view import event_of
    from storage.declaring import Declaration
    from storage.record import today

    if retract and on:
        raise typer.BadParameter("--retract takes back the whole event: leave out --on")
    settings = read_settings()
    day = None if retract else on or today()
    with open_archive(settings) as archive:
        record = archive.record(record_id)
        said = Declaration(event=event_of(event), on=day, reason=reason)
        archive.declare(record, said, acting(settings))
    key = "declare.retracted" if retract else "declare.done"
    Printer(settings.language).say(key, record=record.record_id, event=event, day=day)


def classify(
    *,
    record_id: RecordArgument,
    record_type: Annotated[
        str, typer.Argument(metavar="TYPE", help="A record type that the plan has a rule for.")
    ],
    reason: ReasonOption,
) -> None:
    """Give a record another type."""
    from desk.printer import Printer
    from retention.adopting import plan_in_force
    from retention.plan import Secrecy
    from storage.record import RecordType, today

    settings = read_settings()
    with open_archive(settings) as archive:
        record = archive.record(record_id)
        archive.classify(record, RecordType(record_type), reason, acting(settings))
        plan = plan_in_force(archive, today())
    rule = plan.rule_for(record_type) if plan else None
    printer = Printer(settings.language)
    printer.say(
        "classify.done", record=record.record_id, before=record.record_type, type=record_type
    )
    if rule and rule.secrecy_default is Secrecy.RESTRICTED and not record.restricted:
        printer.say("classify.apart", record=record.record_id, type=record_type)


def register(
    *,
    record_id: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="The record; else --type and --year.")
    ] = None,
    number: Annotated[str, typer.Option(help="The registration number.")] = "",
    needs_case: Annotated[
        bool, typer.Option("--needs-case", help="It needs case handling; the case governs it.")
    ] = False,
    case_action: Annotated[
        CaseChoice | None, typer.Option(help="--needs-case: what the case's rule makes of it.")
    ] = None,
    case_period: Annotated[
        str, typer.Option(metavar="P5Y", help="dispose: how long after the case was closed.")
    ] = "",
    case_year_end: Annotated[
        bool, typer.Option("--case-year-end", help="dispose: counted to that year's end.")
    ] = False,
    case_basis: Annotated[
        str, typer.Option(help="dispose: what it rests on, with decision and number.")
    ] = "",
    record_type: Annotated[
        str | None, typer.Option("--type", help="Number all records of a type.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year they were captured in.")] = None,
) -> None:
    """Note a registration number, and the rule of a record's case.

    All of a record is said anew each time: what is left out no longer holds.
    """
    from desk.printer import Printer
    from storage.record import RecordType
    from storage.standing import CaseAction, CaseRule

    settings = read_settings()
    if bool(record_id) == bool(record_type and year):
        raise typer.BadParameter("name a record, or give --type and --year")
    given = case_period or case_year_end or case_basis
    if (given or case_action) and not (record_id and case_action):
        raise typer.BadParameter("a case's rule takes a record and --case-action")
    case = (
        CaseRule(
            action=CaseAction(case_action),
            period=case_period,
            year_end=case_year_end,
            basis=case_basis,
        )
        if case_action
        else None
    )
    with open_archive(settings) as archive:
        if record_id:
            record = archive.record(record_id)
            archive.register(record, number, acting(settings), needs_case=needs_case, case=case)
            subject = str(record.record_id)
        else:
            archive.number_collectively(
                RecordType(record_type or ""), year or 0, number, acting(settings)
            )
            subject = f"{record_type} {year}"
    Printer(settings.language).say("register.done", subject=subject, number=number or "–")
