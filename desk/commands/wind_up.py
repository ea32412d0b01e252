"""`insyn account wind-up`: how far the winding up of accounts has come (RULES R5, R6)."""

from typing import Annotated

import typer

from desk.acting import acting
from desk.exits import FAULTS
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption


def wind_up(
    account: Annotated[str | None, typer.Argument(metavar="[ID]", help="Else all.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read final captures back, and note that they are.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell the steps of each wind-up: declared, captured, verified, closed, told.

    Ends in 1 where an account was closed without a verified final capture, or one is damaged.
    """
    from capture.watch import verify_finals, watch
    from desk.duty_view import print_wind_ups
    from desk.printer import Printer, print_json
    from storage.record import today

    settings = read_settings()
    printer = Printer(settings.language)
    register = open_register(settings)
    if account:
        register.account(account)
    failed: list[str] = []
    with open_archive(settings) as archive:
        found = watch(settings, archive, today()).wind_ups
        if verify:
            wanted = [one for one in found if account in (None, one.account)]
            failed = verify_finals(archive, wanted, acting(settings))
            found = watch(settings, archive, today()).wind_ups
    shown = [one for one in found if account in (None, one.account)]
    if as_json:
        print_json(shown)
    else:
        print_wind_ups(printer, shown)
    for told in failed:
        printer.line(told, "bold red")
    if failed or any(one.too_early for one in shown):
        raise typer.Exit(FAULTS)
