"""`insyn find`, `show`, `get`, `verify`: records found, shown, copied out and read back."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.acting import if_signed_in
from desk.choices import ReasonChoice, StatusChoice, civil_day, day_begins, day_ends
from desk.exits import FAULTS
from desk.opening import open_archive, read_settings
from desk.options import JsonOption, RecordArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import JsonValue

    from storage.archive import Archive
    from storage.record import Record, RecordId


def find(
    *,
    text: Annotated[list[str] | None, typer.Argument(help="Words that all must occur.")] = None,
    account: Annotated[str | None, typer.Option(help="An account's id.")] = None,
    record_type: Annotated[
        str | None, typer.Option("--type", help="A record type (handlingstyp).")
    ] = None,
    reason: Annotated[ReasonChoice | None, typer.Option(help="Why it was captured.")] = None,
    status: Annotated[StatusChoice | None, typer.Option(help="Where it is in its life.")] = None,
    since: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="First day, included."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(parser=civil_day, metavar="DATE", help="Last day, included."),
    ] = None,
    held: Annotated[
        bool | None, typer.Option("--held/--not-held", help="Only with, or without, a hold.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Find records, the newest first, tombstones included.

    The words of what is kept apart for secrecy are searched for officers and archivists, signed in.
    """
    from accounts.model import AccountId
    from desk.printer import Printer, print_json
    from desk.record_view import print_hits
    from storage.query import Query
    from storage.record import Reason, RecordType, Status

    query = Query(
        text=" ".join(text or ()),
        account=AccountId(account) if account else None,
        record_type=RecordType(record_type) if record_type else None,
        reason=Reason(reason) if reason else None,
        status=Status(status) if status else None,
        since=day_begins(since) if since else None,
        until=day_ends(until) if until else None,
        held=held,
    )
    settings = read_settings()
    with open_archive(settings) as archive:
        reader = archive.as_reader(if_signed_in(settings))
        hits = archive.find(query, limit, reader=reader)
        count = archive.count(query, reader)
        found = ((hit.record.record_id, archive.tombstone(hit.record)) for hit in hits)
        stones = {record_id: stone for record_id, stone in found if stone}
        whole = {} if as_json else _completeness(archive, [hit.record for hit in hits])
    if as_json:
        print_json(hits)
    else:
        print_hits(Printer(settings.language), hits, count, stones, whole)


def _completeness(
    archive: "Archive", records: "Iterable[Record]"
) -> "dict[RecordId, Mapping[str, JsonValue]]":
    """How whole each is by its manifest; what cannot or may not be read is found all the same."""
    from storage.errors import Damaged, Malformed, ObjectMissing
    from storage.record import Status

    found = {}
    for record in records:
        if record.status is Status.ACTIVE and not record.restricted:
            with suppress(Damaged, Malformed, ObjectMissing):
                found[record.record_id] = archive.manifest(record).description.completeness
    return found


def show(record_id: RecordArgument, as_json: JsonOption = False) -> None:
    """Show all of a record: facts, order, changes, holds, every part.

    Of one that is kept apart for secrecy, more is shown to officers and archivists, signed in.
    """
    from desk.disposal_view import print_tombstone
    from desk.printer import Printer, print_json
    from desk.record_view import print_record
    from storage.record import GONE

    settings = read_settings()
    with open_archive(settings) as archive:
        record = archive.record(record_id)
        reader = archive.as_reader(if_signed_in(settings))
        closed = record.status in GONE or (record.restricted and reader is None)
        manifest = None if closed else archive.manifest(record, reader)
        restriction = archive.restriction(record)
        holds = archive.holds_on(record)
        stone = archive.tombstone(record)
    if as_json:
        print_json(
            {
                "record": record,
                "manifest": manifest,
                "holds": holds,
                "restriction": restriction,
                "tombstone": stone,
            }
        )
        return
    printer = Printer(settings.language)
    print_record(printer, record, manifest, holds, restriction)
    if stone is not None:
        print_tombstone(printer, stone)


def get(
    record_id: RecordArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file, or a folder for it.")],
    part: Annotated[
        str | None, typer.Argument(help="A part's name; without it the whole package (WACZ).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Copy a record's package, or one part of it, to a file.

    The digest is checked on the way; a file that is there is left alone without --force.
    """
    from desk.files import whole_file
    from desk.printer import Printer, size

    settings = read_settings()
    with open_archive(settings) as archive:
        record = archive.record(record_id)
        reader = if_signed_in(settings)
        name = Path(part).name if part else f"{record.record_id}.wacz"
        target = output / name if output.is_dir() else output
        with whole_file(target, force=force) as path:
            if part:
                path.write_bytes(archive.read_part(record, part, reader))
            else:
                archive.download(record, path, reader)
    Printer(settings.language).say("got", file=target, size=size(target.stat().st_size))


def verify(
    record_id: Annotated[
        str | None,
        typer.Argument(metavar="RECORD", help="A record's id, or the last characters of it."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Journal, records, plans, tombstones, bucket.")
    ] = False,
) -> None:
    """Read back what was taken in and check it (exit 1: faults).

    Every object is hashed, every part decoded, the journal's chain followed, locks compared.
    """
    from accounts.findings import Finding, Severity
    from desk.printer import Printer, local
    from desk.progress import followed
    from storage.record import EVIDENCE

    if everything == bool(record_id):
        raise typer.BadParameter("name a record, or give --all")
    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings, check=False) as archive:
        if record_id:
            record = archive.record(record_id)
            stamp = archive.timestamp(record)
            is_certificate = record.record_type == EVIDENCE
            looked: list[tuple[str, tuple[Finding, ...]]] = [
                (record.record_id, archive.verify(record))
            ]
        else:
            stamp, is_certificate = None, False
            total = len(archive.records()) + 4
            looked = list(followed(archive.verify_all(), total, printer.word("verifying")))
    findings = [one for _, found in looked for one in found]
    if findings:
        printer.findings(findings)
    faults = sum(one.severity is Severity.FAULT for one in findings)
    printer.say("verified.faults" if faults else "verified.ok", count=len(looked), faults=faults)
    if stamp is not None:
        printer.say("verified.stamped", at=local(stamp.at), key=stamp.key)
    elif is_certificate:
        printer.say("verified.unstamped")
    if faults:
        raise typer.Exit(FAULTS)
