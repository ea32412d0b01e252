"""The part of the fold that keeps secret records apart (RULES R16). Called by `fold.apply` alone.

Title and address go when a record is restricted, before its objects are moved; its full text stays,
as stored holds and the officers' search need it, and is found by them alone.
"""

from sqlalchemy import Connection, insert, update

from storage.catalogue import contents, schema
from storage.catalogue.contents import Contents
from storage.journal import Act, Entry


def judged(tx: Connection, entry: Entry) -> None:
    """A record is to be kept apart, under its number; or no longer is."""
    if entry.act is Act.RELEASED:
        _set(tx, entry.subject, restricted=False)
        return
    _set(tx, entry.subject, restricted=True, title="", url="")
    table, number = schema.registrations, entry.detail["number"]
    known = (
        update(table).where(table.c.record_id == entry.subject).values(number=number)
    )  # whether it belongs to a case stays as it was said
    if tx.execute(known).rowcount == 0:
        row = {"record_id": entry.subject, "number": number, "needs_case": False}
        tx.execute(insert(table).values(**row))


def moved(tx: Connection, entry: Entry, said: Contents | None) -> None:
    """A record's objects lie elsewhere; what was read of them there is entered anew."""
    detail = entry.detail
    names = ("manifest_key", "manifest_version", "manifest_sha256", "size")
    _set(tx, entry.subject, **{name: detail[name] for name in names})
    if said is None:
        return
    contents.forget(tx, entry.subject)
    contents.write(tx, entry.subject, contents.sequence_of(tx, entry.subject), said)
    _set(tx, entry.subject, newest_post_at=said.newest_post_at)
    if not detail["restricted"]:
        _set(tx, entry.subject, title=said.title, url=said.url)


def _set(tx: Connection, record_id: str, **values: object) -> None:
    records = schema.records
    tx.execute(update(records).where(records.c.record_id == record_id).values(**values))
