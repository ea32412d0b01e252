"""`insyn transfer`: records delivered to an e-archive, and the receipt that proves it."""

from pathlib import Path
from typing import Annotated

import typer

from desk.acting import acting
from desk.opening import open_archive, read_settings
from desk.options import JsonOption

app = typer.Typer(help="Records delivered to an e-archive.", no_args_is_help=True)


@app.command("prepare")
def prepare(
    records: Annotated[
        list[str], typer.Argument(metavar="RECORD...", help="Ids, or the last characters of them.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A new folder for the files.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Lay out records' files with a list of their digests. Nothing leaves the archive."""
    from desk.printer import Printer, print_json

    settings = read_settings()
    with open_archive(settings) as archive:
        laid = archive.deliver([archive.record(name) for name in records], output)
    if as_json:
        print_json(laid)
        return
    told = {"records": len(laid.records), "files": len(laid.files), "folder": laid.folder}
    printer = Printer(settings.language)
    printer.say("transfer.prepared", **told)
    printer.say("transfer.next")


@app.command("receipt")
def receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The receipt, JSON.")],
) -> None:
    """Keep an e-archive's receipt, if every digest is right. Removes nothing."""
    from desk.printer import Printer
    from storage.errors import NotFound

    if not file.is_file():
        raise NotFound(f"{file} is no file: name the receipt.")
    settings = read_settings()
    with open_archive(settings) as archive:
        noted = archive.accept_receipt(file.read_bytes(), acting(settings))
    told = {"records": len(noted.records), "receipt": noted.receipt}
    Printer(settings.language).say("transfer.noted", **told)
    Printer(settings.language).say("transfer.kept")
