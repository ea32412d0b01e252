"""`insyn import`: the owner's own export of an account; what is private is not kept."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.choices import civil_day
from desk.exits import FAULTS, REFUSED
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption

if TYPE_CHECKING:
    from accounts.model import Account
    from capture.imports import Imported, Understood
    from desk.printer import Printer
    from storage.settings import Settings


def import_(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="The file, as it was fetched.")],
    account: Annotated[str, typer.Option(metavar="ID", help="The account's id.")],
    ordered_by: Annotated[
        str, typer.Option("--ordered-by", metavar="NAME", help="The owner who hands it over.")
    ],
    *,
    fetched_on: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="When the platform gave it."),
    ] = None,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be understood.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in the owner's own export of an account.

    What platform it is from is detected. Private messages, follower lists and the like are not
    kept; what the archive lacks of its posts is told. With a fault nothing is kept.
    """
    from capture.imports import Handed, import_export
    from capture.imports.errors import ExportFaults
    from desk.printer import Printer
    from storage.people import person

    settings = read_settings()
    known = open_register(settings).account(account)
    printer = Printer(settings.language)
    if dry_run:
        read = _looked_at(export, known, settings)
        _tell(printer, read, None, as_json=as_json)
        raise typer.Exit(FAULTS if read.faults else 0)
    with open_archive(settings) as archive:
        handed = Handed(path=export, by=ordered_by, fetched_on=fetched_on, note=note)
        try:
            read, imported = import_export(
                handed, known, settings=settings, archive=archive, actor=person(ordered_by)
            )
        except ExportFaults as error:
            Printer(settings.language, to_stderr=True).findings(error.findings)
            raise typer.Exit(REFUSED) from error
    _tell(printer, read, imported, as_json=as_json)


def _looked_at(export: Path, account: "Account", settings: "Settings") -> "Understood":
    """The export as a dry run tells of it, also where there is no archive to hold it against."""
    from capture.imports import judged
    from storage.errors import CatalogueUnreachable, Damaged, StoreError

    try:
        with open_archive(settings) as archive:
            return judged(export, account, archive)
    except (StoreError, CatalogueUnreachable, Damaged):
        return judged(export, account, None)


def _tell(
    printer: "Printer", read: "Understood", imported: "Imported | None", *, as_json: bool
) -> None:
    from capture.imports import counts, report
    from desk.printer import Column, print_json

    record_id = imported.record.record_id if imported else None
    if as_json:
        anew = imported.anew if imported else False
        kept = imported.kept if imported else None
        print_json({"record": record_id, "anew": anew, **report(read, kept)})
        return
    told = ((f"import.{name}", str(count)) for name, count in counts(read).items())
    printer.facts((("platform", read.platform or ""), ("handle", read.handle or ""), *told))
    printer.table(
        (
            Column(name="file"),
            Column(name="import.understood", number=True),
            Column(name="import.left_out", number=True),
            Column(name="import.not_understood", number=True),
        ),
        (
            (one.name, str(one.understood), str(one.left_out), str(one.not_understood))
            for one in read.files
        ),
    )
    if crossed := read.crossed:
        numbers = ("both", "archive_lacks", "export_lacks", "ambiguous", "not_compared")
        printer.facts((f"import.{name}", str(len(getattr(crossed, name)))) for name in numbers)
    if read.findings:
        printer.findings(read.findings)
    if imported and record_id:
        said = "import.done" if imported.anew else "import.known"
        printer.say(said, record=record_id, short=record_id[-8:])
    else:
        printer.say("import.dry")
