"""`insyn moderate`: what is removed from a page is noted, with the capture taken before."""

from datetime import datetime
from pathlib import Path
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
    post: Annotated[str, typer.Option(help="The post or comment, by its id in the record.")] = "",
    basis: Annotated[BasisChoice | None, typer.Option(help="What the removal rests on.")] = None,
    reason: Annotated[str, typer.Option(help="The reason in words, naming no outsider.")] = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the note to the author (HTML)."),
    ] = None,
    address: Annotated[str, typer.Option(help="csam: where it was.")] = "",
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="csam: when it was seen, Swedish time."),
    ] = None,
    account: Annotated[str, typer.Option(help="csam: on which account.")] = "",
    police_reference: Annotated[str, typer.Option(help="csam: the police's number.")] = "",
) -> None:
    """Note what was removed, and write the note to its author.

    The capture shows the post, and is no older than INSYN_MODERATION_HOURS.

    Of child sexual abuse material (csam) nothing is captured; only four facts are kept.
    """
    from accounts.stockholm import STOCKHOLM
    from desk.moderation_note import AuthorsNote, as_page
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
        if basis is None and category != "csam":
            raise typer.BadParameter("say what the removal rests on: --basis bbs_act or own_rules")
        if output and output.exists():
            raise typer.BadParameter(f"{output} is there already: name a new file")
        record = archive.record(record_id)
        ground = Basis(basis or Basis.OWN_RULES)
        said = Moderation(post=post, category=Category(category), basis=ground, reason=reason)
        entry = archive.moderate(record.record_id, said, acting(settings))
    if output:
        note = AuthorsNote(
            authority=open_register(settings).authority,
            post=post,
            page=f"{record.platform} {record.handle}",
            category=category,
            basis=ground,
            reason=reason,
            at=entry.at,
            captured_at=record.captured_at,
            record_id=record.record_id,
        )
        output.write_text(as_page(note), "utf-8")
        printer.say("moderate.written", file=output)
    printer.say(
        "moderate.note",
        post=post,
        category=printer.word(f"category.{category}"),
        basis=printer.word(f"basis.{basis}"),
        day=local(entry.at),
        record=record.record_id,
    )
