"""Arguments and options that several commands have."""

from typing import Annotated

import typer

RecordArgument = Annotated[
    str, typer.Argument(metavar="RECORD", help="A record's id, or the last characters of it.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
LangOption = Annotated[str | None, typer.Option("--lang", metavar="sv|en", help="The language.")]
