"""`insyn dispose`: what was decided is carried out, and what a crash left is taken up."""

from typing import Annotated

import typer

from desk.acting import acting
from desk.exits import FAULTS
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption


def dispose(
    *,
    again: Annotated[
        bool,
        typer.Option("--again", help="Only what a restored bucket brought back, and copies."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Carry out what was decided, up to its certificate.

    Ends in 1 where a person has to look at something. Who carries out has no part in the
    decision. Running it again changes nothing.
    """
    from desk.disposal_view import print_outcomes, print_supplements
    from desk.printer import Printer, print_json
    from retention.disposal import carry_out
    from retention.supplement import supplement_all
    from storage.record import utc_now

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        if again:
            removed = archive.remove_restored(acting(settings))
            printer.say("dispose.again", records=len(removed))
            supplements = supplement_all(archive, acting(settings), utc_now())
            print_supplements(printer, supplements, len(archive.disposals.open_ended()))
            return
        closed = open_register(settings).closed
        outcomes = carry_out(archive, closed, acting(settings), utc_now())
        supplements = supplement_all(archive, acting(settings), utc_now())
        left = len(archive.disposals.open_ended())
        stamping = archive.disposals.stamp(acting(settings))
    if as_json:
        print_json(outcomes)
    else:
        print_outcomes(printer, outcomes)
        print_supplements(printer, supplements, left)
        if settings.tsa_url and stamping.waiting:
            printer.say("dispose.unstamped", count=len(stamping.waiting), why=stamping.why)
    if any(outcome.went_wrong for outcome in outcomes):
        raise typer.Exit(FAULTS)
