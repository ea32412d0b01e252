"""`insyn account`: the register of accounts (kontoregister), looked at and published."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.acting import SecondOption, SecondPasswordFile, acting, second_person
from desk.exits import FAULTS
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption

app = typer.Typer(help="The register of accounts.", no_args_is_help=True)


@app.command("list")
def list_accounts(
    as_json: JsonOption = False,
) -> None:
    """List the accounts in the register."""
    from rich.text import Text

    from desk.printer import Column, Printer, print_json

    settings = read_settings()
    register = open_register(settings)
    if as_json:
        print_json(register.accounts)
        return
    printer = Printer(settings.language)
    printer.table(
        (
            Column(name="id", whole=True),
            Column(name="name"),
            Column(name="handle"),
            Column(name="status", whole=True),
        ),
        (
            (
                a.id,
                Text.assemble(a.name, "\n", (a.unit, "dim")),
                Text.assemble(a.handle, "\n", (a.platform, "dim")),
                printer.word(f"account.{a.status}"),
            )
            for a in register.accounts
        ),
    )
    printer.say("accounts.count", count=len(register.accounts), authority=register.authority)


@app.command()
def check() -> None:
    """Check the register and tell every fault in it (exit 1: faults)."""
    from accounts.findings import Severity
    from accounts.register import check_register
    from desk.printer import Printer
    from storage.record import today

    settings = read_settings()
    printer = Printer(settings.language)
    findings = check_register(settings.register, today())
    if not findings:
        printer.say("register.ok", register=settings.register)
        return
    printer.findings(findings)
    if any(one.severity is Severity.FAULT for one in findings):
        raise typer.Exit(FAULTS)


@app.command()
def show(
    account_id: Annotated[str, typer.Argument(metavar="ID", help="The account's id.")],
) -> None:
    """Show what the register says of an account, staff included."""
    from desk.printer import Printer, day

    settings = read_settings()
    account = open_register(settings).account(account_id)
    printer = Printer(settings.language)
    purpose = account.purpose_sv if settings.language == "sv" else account.purpose_en
    manager = account.approving_manager
    people = [*([manager] if manager else []), *account.responsible]
    told = [f"{one.name}, {one.title} <{one.email}>" for one in people]
    printer.title(f"{account.name} ({account.id})")
    printer.facts(
        (
            ("status", printer.word(f"account.{account.status}")),
            ("address", account.url),
            ("platform", f"{account.platform} · {account.handle}"),
            ("purpose", purpose or account.purpose_sv),
            ("unit", account.unit),
            ("reach", printer.word(f"reach.{account.reach}")),
            ("manager", told[0] if manager else ""),
            ("responsible", "\n".join(told[1:] if manager else told)),
            ("registration_number", account.registration_number),
            ("approved_on", day(account.approved_on)),
            ("director_approved_on", day(account.director_approved_on)),
            ("opened_on", day(account.opened_on)),
            ("last_published_on", day(account.last_published_on)),
            ("wind_up_declared_on", day(account.wind_up_declared_on)),
            ("closed_on", day(account.closed_on)),
        )
    )


@app.command("public-list")
def public_list(
    form: Annotated[
        Literal["csv", "html"], typer.Option("--format", help="A sheet or a web page.")
    ] = "csv",
    language: Annotated[
        Literal["sv", "en"] | None, typer.Option(help="The web page's language.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else stdout.")
    ] = None,
) -> None:
    """Print the list for the public, without private data of staff."""
    from accounts.public_list import Language, public_csv, public_html
    from desk.files import write_text

    settings = read_settings()
    register = open_register(settings)
    if form == "csv":
        text = public_csv(register)
    else:
        text = public_html(register, Language(language or settings.language))
    write_text(text, output)


@app.command("reopen")
def reopen(
    *,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    reason: Annotated[str, typer.Option(help="How it is known to be gone, in words.")],
    second: SecondOption = "",
    second_password_file: SecondPasswordFile = None,
) -> None:
    """Let an account be captured again after abuse material.

    Two persons say that what was reported (`insyn moderate --category csam`) is gone from the page.
    """
    from accounts.model import AccountId
    from desk.printer import Printer

    settings = read_settings()
    actor = acting(settings)
    other = second_person(settings, second, second_password_file)
    with open_archive(settings) as archive:
        archive.reopen(AccountId(account), reason, actor, other)
    told = {"account": account, "first": actor.name, "second": other.name if other else ""}
    Printer(settings.language).say("reopened", **told)
