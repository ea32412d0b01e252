"""`insyn diary`: the registration export, for the authority's diary (RULES R17)."""

from pathlib import Path
from typing import Annotated

import typer

from desk.opening import open_archive, open_register, read_settings


def diary(
    year: Annotated[int | None, typer.Option(help="Only this year's.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else stdout.")
    ] = None,
) -> None:
    """Print what is registered, as a sheet (CSV) for the diary.

    Date, number, sender or recipient, the matter in brief. No outsider is named.
    """
    from desk.files import write_text
    from retention.adopting import plan_in_force
    from retention.diary import diary as entries
    from retention.diary import diary_csv
    from storage.record import today

    settings = read_settings()
    closed = open_register(settings).closed
    with open_archive(settings) as archive:
        known = ((one, archive.standing(one, closed)) for one in archive.records())
        text = diary_csv(entries(known, plan_in_force(archive, today()), year))
    write_text(text, output)
