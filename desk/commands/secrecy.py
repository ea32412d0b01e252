"""`insyn secrecy`: what is secret is registered and kept apart (RULES R16)."""

from typing import Annotated

import typer

from desk.acting import acting
from desk.opening import open_archive, read_settings
from desk.options import JsonOption, RecordArgument

app = typer.Typer(help="Secrecy: what is kept apart from other records.", no_args_is_help=True)


@app.command()
def flag(
    *,
    record_id: RecordArgument,
    provision: Annotated[str, typer.Option(help="The provision, as OSL 21:1.")],
    reason: Annotated[str, typer.Option(help="What is secret, in words, naming no outsider.")],
    number: Annotated[str, typer.Option(help="The registration number, if it has none yet.")] = "",
) -> None:
    """Keep a record apart: own place, own access, registered.

    Give it again if it was cut off. Other records that show the same posts are named: judge them.
    """
    from desk.printer import Printer, short_id
    from storage.restricting import Restriction

    settings = read_settings()
    printer = Printer(settings.language)
    said = Restriction(provision=provision, reason=reason, number=number)
    with open_archive(settings) as archive:
        done = archive.restrict(archive.record(record_id), said, acting(settings))
    printer.say("secrecy.flagged", record=done.record.record_id)
    if done.also_in:
        printer.say("secrecy.also_in", records=", ".join(map(short_id, done.also_in)))


@app.command()
def lift(
    *,
    record_id: RecordArgument,
    reason: Annotated[str, typer.Option(help="Why it is not secret any more.")],
) -> None:
    """Let a record lie among the others again."""
    from desk.printer import Printer

    settings = read_settings()
    with open_archive(settings) as archive:
        record = archive.release(archive.record(record_id), reason, acting(settings))
    Printer(settings.language).say("secrecy.lifted", record=record.record_id)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List what is kept apart, without its content."""
    from desk.printer import Column, Printer, local, print_json, short_ids
    from storage.query import Query

    settings = read_settings()
    with open_archive(settings) as archive:
        records = [hit.record for hit in archive.find(Query(restricted=True), limit=10_000)]
        known = [(record, archive.restriction(record)) for record in records]
    if as_json:
        print_json([{"record": record, "restriction": said} for record, said in known])
        return
    printer = Printer(settings.language)
    if not known:
        printer.say("secrecy.none")
        return
    ends = short_ids([record.record_id for record, _ in known])
    printer.table(
        (
            Column(name="record", whole=True),
            Column(name="captured_at", whole=True),
            Column(name="account"),
            Column(name="registration_number"),
            Column(name="provision"),
            Column(name="why"),
        ),
        (
            (
                ends[record.record_id],
                local(record.captured_at),
                record.account,
                said.number if said else "",
                said.provision if said else "",
                said.reason if said else "",
            )
            for record, said in known
        ),
    )
