"""`insyn plan`: the retention plan checked, adopted, shown, compared and tried out."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from desk.acting import SecondOption, SecondPasswordFile, acting, second_person
from desk.choices import civil_day
from desk.exits import FAULTS
from desk.opening import open_archive, read_settings
from desk.options import JsonOption, LangOption

app = typer.Typer(help="The retention plan: what is kept, and until when.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A plan (TOML).")]
HtmlOption = Annotated[bool, typer.Option("--html", help="As a page.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="As a sheet, every field.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write; else stdout.")
]


@app.command()
def check(file: FileArgument) -> None:
    """Tell every fault in a plan at once (exit 1: faults)."""
    from accounts.findings import Severity
    from desk.printer import Printer
    from retention.reading import check_plan, plan_bytes
    from storage.record import today

    printer = Printer(read_settings().language)
    findings = check_plan(plan_bytes(file), file.name, today())
    if findings:
        printer.findings(findings)
    faults = sum(one.severity is Severity.FAULT for one in findings)
    printer.say("plan.faults" if faults else "plan.ok", plan=file, count=faults)
    if faults:
        raise typer.Exit(FAULTS)


@app.command()
def adopt(
    *,
    file: FileArgument,
    decided_by: Annotated[str, typer.Option(metavar="WHO", help="Who decided the plan.")],
    decided_on: Annotated[
        date, typer.Option(parser=civil_day, metavar="DATE", help="The day of the decision.")
    ],
    number: Annotated[str, typer.Option(help="The decision's registration number.")],
    in_force_from: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="Else from the decision's day."),
    ] = None,
    second: SecondOption = "",
    second_password_file: SecondPasswordFile = None,
    transition: Annotated[
        str, typer.Option(metavar="WHY", help="Why retention may be shortened.")
    ] = "",
) -> None:
    """Adopt a plan as the next version, which nobody can change."""
    from desk.printer import Printer
    from retention.adopting import Decision, adoption
    from retention.reading import plan_bytes

    settings = read_settings()
    decision = Decision(
        decided_by=decided_by,
        decided_on=decided_on,
        registration_number=number,
        in_force_from=in_force_from or decided_on,
        transition=transition,
    )
    with open_archive(settings) as archive:
        wanted = adoption(plan_bytes(file), file.name, decision, archive)
        adopted = archive.adopt_plan(
            wanted, acting(settings), second_person(settings, second, second_password_file)
        )
    printer = Printer(settings.language)
    printer.say("plan.adopted", number=adopted.number, day=adopted.in_force_from)
    if adopted.shortened:
        printer.say("plan.shortened", types=", ".join(adopted.shortened))


@app.command("list")
def list_plans(
    as_json: JsonOption = False,
) -> None:
    """List the adopted versions."""
    from desk.printer import Printer, print_json
    from desk.retention_view import print_versions

    settings = read_settings()
    with open_archive(settings) as archive:
        versions = archive.plans()
    if as_json:
        print_json(versions)
    else:
        print_versions(Printer(settings.language), versions)


@app.command()
def show(
    *,
    plan: Annotated[
        str | None,
        typer.Argument(metavar="[PLAN]", help="A version's number or a file; else that in force."),
    ] = None,
    html: HtmlOption = False,
    csv: CsvOption = False,
    toml: Annotated[bool, typer.Option("--toml", help="As it was written.")] = False,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Show a plan: a list of its rules, a page, a sheet, or its own text."""
    from desk.files import write_text
    from desk.printer import Printer
    from desk.retention_view import language_of, print_plan, read_named
    from retention.page import plan_html
    from retention.sheet import plan_csv

    if html + csv + toml > 1:
        raise typer.BadParameter("choose one of --html, --csv and --toml")
    settings = read_settings()
    language = language_of(lang, settings.language)
    with open_archive(settings) as archive:
        named = read_named(archive, plan)
    if html:
        write_text(plan_html(named.plan, named.decision, language), output)
    elif csv:
        write_text(plan_csv(named.plan), output)
    elif toml:
        write_text(named.text.decode(), output)
    else:
        print_plan(Printer(language), named)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A version's number, or a file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="A version's number, or a file.")],
) -> None:
    """Compare two plans rule by rule, and tell whose retention is shortened."""
    from desk.printer import Printer
    from desk.retention_view import print_changes, read_named
    from retention.compare import compare

    settings = read_settings()
    with open_archive(settings) as archive:
        old, new = (read_named(archive, name) for name in (before, after))
    print_changes(Printer(settings.language), compare(old.plan, new.plan))


@app.command()
def preview(
    *,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A plan (TOML), or a version.")],
    html: HtmlOption = False,
    csv: CsvOption = False,
    output: OutputOption = None,
    lang: LangOption = None,
) -> None:
    """Tell which records a plan would make due, or keep, by rule and year; changes nothing."""
    from desk.files import write_text
    from desk.opening import open_register
    from desk.printer import Printer
    from desk.retention_view import language_of, print_preview, read_named
    from retention.adopting import plan_in_force
    from retention.page import preview_html
    from retention.preview import preview as look
    from retention.sheet import preview_csv
    from storage.record import today

    if html and csv:
        raise typer.BadParameter("choose one of --html and --csv")
    settings = read_settings()
    language = language_of(lang, settings.language)
    closed = open_register(settings).closed
    with open_archive(settings) as archive:
        new, old = read_named(archive, file), plan_in_force(archive, today())
        shown = look(archive.standing_records(closed), old, new.plan, today())
    printer = Printer(language)
    before = printer.word("plan.version", number=old.version) if old else printer.word("plan.none")
    if html:
        names = (before, new.name)
        write_text(preview_html(shown, old, new.plan, names, language), output)
    elif csv:
        write_text(preview_csv(shown), output)
    else:
        print_preview(printer, shown, before, new.name)
