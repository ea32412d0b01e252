"""`insyn purge`: break-glass, for what may not exist (child sexual abuse material; RULES R49)."""

from pathlib import Path
from typing import Annotated

import typer

from desk.acting import (
    PasswordFile,
    SecondPasswordFile,
    acting,
    read_password,
    second_person,
)
from desk.exits import FAULTS
from desk.opening import open_archive, read_settings


def purge(
    *,
    subjects: Annotated[
        list[str], typer.Argument(metavar="RECORD...", help="Whole ids of records or gaps.")
    ],
    reason: Annotated[str, typer.Option(help="Why, in words that tell nothing of the content.")],
    second: Annotated[str, typer.Option(metavar="NAME", help="The second person.")],
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The purger's key; else where the store laid it."),
    ] = None,
    password_file: PasswordFile = None,
    second_password_file: SecondPasswordFile = None,
) -> None:
    """Remove every version and copy at once, past holds and locks. Two persons, each archivist or
    manager, give their passwords.

    Only for what may not be possessed; all else goes by `insyn proposal`. After a crash run it
    again. Ends in 1 where bytes may still lie on the store's disk.
    """
    from capture.watch import tell_incidents
    from desk.printer import Printer
    from storage.credential import prove
    from storage.credentials import purger_file, with_purger
    from storage.purging import Purge
    from storage.record import today

    settings = read_settings()
    name = acting(settings).name
    actor = prove(settings, name, read_password(name, password_file))
    other = second_person(settings, second, second_password_file)
    brought = with_purger(settings, key or purger_file(settings.home))
    printer = Printer(settings.language)
    with open_archive(brought) as archive:
        wanted = Purge(subjects=tuple(one.upper() for one in subjects), reason=reason)
        done = archive.purge(wanted, actor, other)
        told = tell_incidents(brought, archive, today(), actor)
        erased = archive.erase()
    for one in done:
        printer.say("purge.done", subject=one.subject, versions=one.versions)
        if one.also_in:
            printer.say("purge.also_in", records=", ".join(one.also_in))
    both = bool(told.sent) and not told.refused and settings.tells_of_incidents
    printer.say("purge.told" if both else "purge.nobody_told", why=told.refused)
    printer.say("purge.next")
    if not erased:
        printer.say("purge.on_disk")
        raise typer.Exit(FAULTS)
