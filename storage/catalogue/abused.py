"""Where abuse material was reported and is not known to be gone (RULES R48): fold and reading."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select

from accounts.model import AccountId
from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.journal import Act, Entry


def apply(tx: Connection, entry: Entry) -> None:
    """A notice closes its account and its address; when it is cleared, all of the account's go."""
    table = schema.abuse_notices
    if entry.act is Act.ABUSE_CLEARED:
        tx.execute(delete(table).where(table.c.account == entry.subject))
        return
    row = {"seq": entry.seq, "account": entry.subject, "noted_at": stamp(entry.at)}
    tx.execute(insert(table).values(**row, address=entry.detail["address"]))


def is_closed(connection: Connection, account: AccountId, address: str) -> bool:
    """Whether a notice stands at an account, or at an address that is named."""
    table = schema.abuse_notices.c
    at = or_(table.account == account, table.address == address) if address else None
    found = select(table.seq).where(table.account == account if at is None else at)
    return connection.execute(found.limit(1)).first() is not None


def closed(connection: Connection) -> dict[AccountId, datetime]:
    """Accounts with a notice, and the moment of its first."""
    table = schema.abuse_notices.c
    first = func.min(table.noted_at).label("first")
    rows = connection.execute(
        select(table.account, first).group_by(table.account).order_by(table.account)
    )
    return {AccountId(row.account): moment(row.first) for row in rows}
