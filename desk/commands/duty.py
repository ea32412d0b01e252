"""`insyn duties` and `insyn gap`: what is due, done or missed, and what stood in the way."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from desk.choices import civil_day
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption

gaps = typer.Typer(help="Gaps: captures that could not be made.", no_args_is_help=True)


def duties(
    account: Annotated[str | None, typer.Option(help="An account's id; else all.")] = None,
    today: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="As it stood on this day."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what is due, done or late for each account, and what to do."""
    from capture.drift import drift_findings
    from capture.feed_finding import cut_findings
    from capture.watch import watch
    from desk.duty_view import print_duties, print_notices
    from desk.printer import Printer, print_json
    from retention.watch import waiting
    from storage.record import today as present_day
    from storage.record import utc_now

    settings = read_settings()
    register = open_register(settings)
    if account:
        register.account(account)
    with open_archive(settings) as archive:
        seen = watch(settings, archive, today or present_day())
        of_retention = None if account or today else waiting(archive, register, utc_now())
        of = [one for one in register.accounts if account in (None, one.id)]
        drifted = {one.id: drift_findings(archive, [one]) for one in of}
        cut = {one.id: cut_findings(archive, [one]) for one in of}
    found = [duty for duty in seen.duties if account in (None, duty.account)]
    if as_json:
        told_of = [
            {"drift": drifted.get(duty.account, []), "feed": cut.get(duty.account, [])}
            for duty in found
        ]
        print_json([{**asdict(duty), **more} for duty, more in zip(found, told_of, strict=True)])
    else:
        printer = Printer(settings.language)
        print_duties(printer, found, seen.paused)
        about = [one for one in seen.open if account in (None, one.account)]
        told_on = dict(seen.told)
        if of_retention:
            about += of_retention.open
            told_on |= of_retention.told
        print_notices(printer, about, told_on)
        if told := [one for of_one in drifted.values() for one in of_one]:
            printer.title(printer.word("recipe.drift"))
            printer.findings(told)
        if told := [one for of_one in cut.values() for one in of_one]:
            printer.title(printer.word("posts.feed"))
            printer.findings(told)


@gaps.command("list")
def list_gaps(
    account: Annotated[str | None, typer.Option(help="An account's id; else all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List gaps: verdict, evidence, the capture that filled them."""
    from accounts.model import AccountId
    from desk.duty_view import print_gaps
    from desk.printer import Printer, print_json

    settings = read_settings()
    with open_archive(settings) as archive:
        found = archive.gaps(AccountId(account) if account else None)
    if as_json:
        print_json(found)
    else:
        print_gaps(Printer(settings.language), found)
