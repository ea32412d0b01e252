"""`insyn hold`: holds (gallringsstopp) placed, lifted, listed and compared with the store."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from desk.acting import SecondOption, SecondPasswordFile, acting, second_person
from desk.choices import GroundChoice, OutcomeChoice, civil_day
from desk.exits import FAULTS
from desk.opening import open_archive, read_settings
from desk.options import JsonOption

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.holds import HoldId

app = typer.Typer(help="Holds: what may not be disposed of.", no_args_is_help=True)


@app.command()
def place(
    *,
    ground: Annotated[GroundChoice, typer.Option(help="Why records are held.")],
    reason: Annotated[str, typer.Option(help="The reason in words.")],
    records: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RECORD]...", help="Ids, or the last characters of them."),
    ] = None,
    authority: Annotated[str, typer.Option(help="The decision or case it rests on.")] = "",
    review_by: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="When to look at it again."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Hold all records of an account, later ones too.")
    ] = None,
    text: Annotated[
        str, typer.Option(help="Hold all records with these words, later ones too.")
    ] = "",
) -> None:
    """Place a hold on records, or on all that a query finds."""
    from accounts.model import AccountId
    from desk.printer import Printer, local
    from storage.holds import Ground, Placement
    from storage.query import Query

    settings = read_settings()
    printer = Printer(settings.language)
    query = Query(text=text, account=AccountId(account) if account else None)
    with open_archive(settings) as archive:
        outcome = archive.place_hold(
            Placement(
                ground=Ground(ground),
                reason=reason,
                authority=authority,
                records=tuple(archive.record(one).record_id for one in records or ()),
                query=query if account or text else None,
                review_by=review_by,
            ),
            acting(settings),
        )
    printer.say("hold.placed", hold=outcome.hold_id, count=len(outcome.accepted))
    for late in outcome.too_late:
        printer.say(
            "hold.too_late",
            record=late.record_id,
            status=printer.word(f"record.{late.status}"),
            warrant=late.warrant or "–",
            begun=local(late.begun_at) if late.begun_at else "–",
            gone=local(late.gone_at) if late.gone_at else "–",
        )
    if outcome.too_late:
        raise typer.Exit(FAULTS)


@app.command()
def lift(
    hold_id: Annotated[
        str, typer.Argument(metavar="HOLD", help="The hold's id, or the last characters of it.")
    ],
    *,
    reason: Annotated[str, typer.Option(help="The reason in words.")],
    closed_on: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="The request was closed."),
    ] = None,
    outcome: Annotated[
        OutcomeChoice | None,
        typer.Option(help="How the request ended; refused in part is refused."),
    ] = None,
    refusal_received_on: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="A refusal reached who asked."),
    ] = None,
    ruled_on: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="The court's decision is final."),
    ] = None,
    second: SecondOption = "",
    second_password_file: SecondPasswordFile = None,
) -> None:
    """Lift a hold; research value and insight take two persons.

    One for a disclosure request takes the day it was closed and the outcome; after a refusal it
    stands for three weeks from its receipt, the last day a working day, or until the court's
    decision is final.
    """
    from desk.printer import Printer
    from storage.closing import Closing, Outcome

    if closed_on is None and (outcome or refusal_received_on or ruled_on):
        raise typer.BadParameter("give --closed-on as well")
    closing = None
    if closed_on is not None:
        closing = Closing(
            closed_on=closed_on,
            outcome=Outcome(outcome) if outcome else None,
            refusal_received_on=refusal_received_on,
            ruled_on=ruled_on,
        )
    settings = read_settings()
    with open_archive(settings) as archive:
        whole = _hold_named(archive, hold_id)
        other = second_person(settings, second, second_password_file)
        archive.lift_hold(whole, acting(settings), reason, other, closing)
    Printer(settings.language).say("hold.lifted", hold=whole)


@app.command()
def review(
    hold_id: Annotated[
        str, typer.Argument(metavar="HOLD", help="The hold's id, or the last characters of it.")
    ],
    until: Annotated[
        date, typer.Option(parser=civil_day, metavar="DATE", help="When to look at it again.")
    ],
    reason: Annotated[str, typer.Option(help="Why it stands.")],
) -> None:
    """Note that a hold was looked at, and stands until it is looked at again."""
    from desk.printer import Printer

    settings = read_settings()
    with open_archive(settings) as archive:
        whole = _hold_named(archive, hold_id)
        archive.review_hold(whole, until, reason, acting(settings))
    Printer(settings.language).say("hold.reviewed", hold=whole, day=until)


@app.command("list")
def list_holds(
    every: Annotated[bool, typer.Option("--all", help="Lifted holds too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the holds that stand."""
    from desk.printer import Printer, print_json
    from desk.record_view import print_holds

    settings = read_settings()
    with open_archive(settings) as archive:
        holds = archive.holds(active=None if every else True)
    printer = Printer(settings.language)
    if as_json:
        print_json(holds)
    elif holds:
        print_holds(printer, holds)
    else:
        printer.say("holds.none")


@app.command()
def reconcile() -> None:
    """Make the store's locks agree with the holds, both ways."""
    from desk.printer import Column, Printer

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        mended = archive.reconcile_holds()
    if mended:
        printer.table(
            (Column(name="record", whole=True), Column(name="mended")),
            ((one.record_id, one.what) for one in mended),
        )
    printer.say("reconciled", count=len(mended))


def _hold_named(archive: "Archive", name: str) -> "HoldId":
    """The one hold whose id ends, or begins, so.

    Raises:
        NotFound: none, or more than one, is so named.
    """
    from storage.errors import NotFound

    asked = name.upper()
    ids = [hold.hold_id for hold in archive.holds()]
    found = [one for one in ids if one.endswith(asked) or one.startswith(asked)]
    if len(found) != 1:
        told = f"{len(found)} holds" if found else "no hold"
        raise NotFound(f"{name!r} names {told}: see `insyn hold list --all`.")
    return found[0]
