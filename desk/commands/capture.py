"""`insyn capture`: one account's profile page, now; the exit code is the verdict's."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.choices import CaptureChoice
from desk.opening import open_archive, read_settings

if TYPE_CHECKING:
    from capture.session import Outcome
    from desk.printer import Printer
    from storage.settings import Settings


def capture(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    reason: Annotated[CaptureChoice, typer.Option(help="Why it is captured.")],
    ordered_by: Annotated[
        str, typer.Option("--ordered-by", metavar="NAME", help="The person who orders it.")
    ],
    note: Annotated[str, typer.Option(help="What will change, or what it is for.")] = "",
    order: Annotated[
        str, typer.Option(metavar="ID", help="An order's id: the same id, the same record.")
    ] = "",
) -> None:
    """Capture an account's profile page now (exit: the verdict's).

    A wall or a broken page is kept as a gap with its evidence, and the duty stays open.
    """
    from capture.orders import order_for, run_order
    from capture.walls import EXIT_CODES
    from desk.printer import Printer
    from desk.progress import waiting
    from storage.people import person

    settings = read_settings()
    printer = Printer(settings.language)
    made = order_for(settings, account, reason, note=note, ordered_by=ordered_by, order_id=order)
    with waiting(printer.word("capturing", account=account)):
        outcome = run_order(made, settings, person(ordered_by))
    _print_outcome(printer, outcome, settings)
    raise typer.Exit(EXIT_CODES[outcome.verdict])


def _print_outcome(printer: "Printer", outcome: "Outcome", settings: "Settings") -> None:
    from capture.session import Captured
    from desk.record_view import print_captured

    if isinstance(outcome, Captured):
        with open_archive(settings) as archive:
            manifest = archive.manifest(outcome.record)
        print_captured(printer, outcome.record, manifest, anew=outcome.anew)
        return
    printer.facts(
        (
            ("verdict", printer.word(f"verdict.{outcome.verdict}")),
            ("gap", outcome.gap_id),
            ("evidence", "\n".join(outcome.judgement.evidence)),
            ("retry_after", _seconds(outcome.judgement.retry_after_s)),
        )
    )
    printer.say("capture.gap")


def _seconds(count: int | None) -> str:
    return f"{count} s" if count else ""
