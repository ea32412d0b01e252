"""`insyn journal`: everything that happened, in its order."""

from typing import Annotated

import typer

from desk.opening import open_archive, read_settings


def journal(
    after: Annotated[int, typer.Option(min=0, help="Begin after this entry's number.")] = 0,
    subject: Annotated[
        str, typer.Option(help="Only about this: a record, an order or a hold.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many entries.")] = 200,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print entries as sealed, one JSON a line.")
    ] = False,
) -> None:
    """List what happened, in its order: who did what, when, to what."""
    from desk.printer import Column, Printer, local

    settings = read_settings()
    with open_archive(settings) as archive:
        entries = archive.journal(after=after, subject=subject, limit=limit)
    if as_json:
        for entry in entries:
            print(entry.to_line().decode(), end="")
        return
    printer = Printer(settings.language)
    printer.table(
        (
            Column(name="number", number=True),
            Column(name="time", whole=True),
            Column(name="actor"),
            Column(name="act"),
            Column(name="subject"),
        ),
        (
            (str(e.seq), local(e.at), e.actor, printer.word(f"act.{e.act}"), e.subject)
            for e in entries
        ),
    )
    if len(entries) == limit:
        printer.say("journal.more", seq=entries[-1].seq)
