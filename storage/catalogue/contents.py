"""What the catalogue keeps of a record's content: full text, and the posts that it shows.

Called by the fold alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, text

from storage.catalogue import schema
from storage.journal import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What of a record stands in its objects and not in the journal, as it may be personal."""

    title: str
    url: str
    text: str
    newest_post_at: str
    posts: tuple[str, ...]


ContentsOf = Callable[[Entry], Contents | None]
"""Gives the contents that an entry speaks of; None when they no longer lie where it says."""

# Made once: building a statement costs as much as running it, and each deposit runs both.
_ADD_TEXT = text("INSERT INTO texts (rowid, body) VALUES (:seq, :body)")
_TEXT = text(
    "SELECT body FROM texts JOIN records ON texts.rowid = records.seq "
    "WHERE records.record_id = :record_id"
)
_ADD_POSTS = insert(schema.appearances)


def write(tx: Connection, record_id: str, seq: int, contents: Contents) -> None:
    """Enter a record's text and the posts that it shows."""
    write_text(tx, seq, contents.text)
    shown = [{"record_id": record_id, "post": post} for post in contents.posts]
    if shown:
        tx.execute(_ADD_POSTS, shown)


def write_text(tx: Connection, seq: int, body: str) -> None:
    """Enter a record's text in the full text."""
    tx.execute(_ADD_TEXT, {"seq": seq, "body": body})


def forget(tx: Connection, record_id: str) -> None:
    """Leave nothing of a record's text and posts."""
    tx.execute(text("DELETE FROM texts WHERE rowid = :seq"), {"seq": sequence_of(tx, record_id)})
    table = schema.appearances
    tx.execute(delete(table).where(table.c.record_id == record_id))


def text_of(connection: Connection, record_id: str) -> str:
    """A record's full text; empty where there is none."""
    row = connection.execute(_TEXT, {"record_id": record_id}).first()
    return str(row.body) if row else ""


def sequence_of(tx: Connection, record_id: str) -> int:
    """The number of the entry that a record came with."""
    chosen = select(schema.records.c.seq).where(schema.records.c.record_id == record_id)
    return int(tx.execute(chosen).scalar_one())
