"""`insyn moderate`: what is removed from a page is noted, with the capture taken before."""

from datetime import datetime
from typing import Annotated

import typer

from desk.acting import acting
from desk.choices import BasisChoice, CategoryChoice
from desk.opening import open_archive, open_register, read_settings


def moderate(
    *,
    record_id: Annotated[
        str | None,
        typer.Argument(metavar="[RECORD]", help="The capture before the removal; none for csam."),
    ] = None,
    category: Annotated[CategoryChoice, typer.Option(help="What the content was.")],
    basis: Annotated[BasisChoice, typer.Option(help="What the removal rests on.")] = "own_rules",
    reason: Annotated[str, typer.Option(help="The reason in words, naming no outsider.")] = "",
    address: Annotated[str, typer.Option(help="csam: where it was.")] = "",
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="csam: when it was seen, Swedish time."),
    ] = None,
    account: Annotated[str, typer.Option(help="csam: on which account.")] = "",
    police_reference: Annotated[str, typer.Option(help="csam: the police's number.")] = "",
) -> None:
    """Note what was removed, and print the note to its author.

    Of child sexual abuse material (csam) nothing is captured; only four facts are kept.
    """
    from accounts.stockholm import STOCKHOLM
    from desk.printer import Printer, local
    from storage.moderating import AbuseNotice, Basis, Category, Moderation
    from storage.record import utc_now

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        if record_id is None and category == "csam":
            notice = AbuseNotice(
                address=address,
                seen_at=at.replace(tzinfo=STOCKHOLM) if at else utc_now(),
                account=open_register(settings).account(account).id,
                police_reference=police_reference,
            )
            archive.note_abuse(notice, acting(settings))
            printer.say("moderate.abuse", account=notice.account)
            return
        if record_id is None:
            raise typer.BadParameter("name the capture taken before the removal")
        record = archive.record(record_id)
        said = Moderation(category=Category(category), basis=Basis(basis), reason=reason)
        entry = archive.moderate(record.record_id, said, acting(settings))
    printer.say(
        "moderate.note",
        category=printer.word(f"category.{category}"),
        basis=printer.word(f"basis.{basis}"),
        day=local(entry.at),
        record=record.record_id,
    )
