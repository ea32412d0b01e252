"""`insyn rebuild`, `dump`, `sweep`: the catalogue made anew, told whole; crashes cleared away."""

from typing import Annotated

import typer

from desk.opening import open_archive, read_settings


def rebuild() -> None:
    """Make the catalogue anew from the bucket alone."""
    from desk.printer import Column, Printer
    from desk.progress import counted

    settings = read_settings()
    printer = Printer(settings.language)
    with (
        open_archive(settings, check=False) as archive,
        counted(printer.word("rebuilding"), None) as progress,
    ):
        made = archive.rebuild(progress)
    printer.say("rebuilt", entries=made.entries)
    if made.recovered:
        printer.say("rebuilt.recovered", records=", ".join(made.recovered))
    if made.removed:
        printer.say("rebuilt.removed", records=", ".join(made.removed))
    if made.mended:
        printer.table(
            (Column(name="record", whole=True), Column(name="mended")),
            ((one.record_id, one.what) for one in made.mended),
        )


def dump() -> None:
    """Print the whole catalogue: equal dumps, equal catalogues."""
    settings = read_settings()
    with open_archive(settings) as archive:
        for line in archive.dump():
            print(line)


def sweep(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be removed.")
    ] = False,
) -> None:
    """Remove what crashed deposits left a week ago; never a record."""
    from desk.printer import Column, Printer, local, size
    from storage.people import service
    from storage.record import utc_now

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        now = utc_now()
        left = archive.orphans(now) if dry_run else archive.sweep(now, service("insyn sweep"))
    if left:
        printer.table(
            (
                Column(name="object"),
                Column(name="written_at", whole=True),
                Column(name="size", number=True),
            ),
            ((one.key, local(one.last_modified), size(one.size)) for one in left),
        )
    printer.say("sweep.would" if dry_run else "sweep.done", count=len(left))
