"""`insyn file`: what a person made or fetched is kept as a record, such as a block list."""

from pathlib import Path
from typing import Annotated

import typer

from desk.acting import acting
from desk.opening import open_archive, open_register, read_settings


def file(
    *,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file, as it is.")],
    record_type: Annotated[
        str, typer.Option("--type", help="A type that the plan has a rule for: block_list.")
    ],
    account: Annotated[str, typer.Option(metavar="ID", help="The account's id.")],
    note: Annotated[str, typer.Option(help="What it is, in words that name no outsider.")],
) -> None:
    """File a list or another paper of an account as a record.

    Blocked accounts and hidden items are public records with a rule of their own. The same file
    twice is one record.
    """
    from capture.filing import Paper, file_record
    from desk.printer import Printer
    from storage.record import RecordType

    settings = read_settings()
    whose = open_register(settings).account(account)
    paper = Paper(path=path, record_type=RecordType(record_type), note=note)
    with open_archive(settings) as archive:
        record = file_record(
            paper, whose, settings=settings, archive=archive, actor=acting(settings)
        )
    Printer(settings.language).say("file.done", record=record.record_id, type=record_type)
