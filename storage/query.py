"""What to look for in the archive; also what a stored query holds."""

from dataclasses import dataclass
from datetime import datetime

from accounts.model import AccountId
from storage.record import Reason, Record, RecordType, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What to look for. Empty fields do not narrow; `since` is included, `until` is not.

    Tombstones are found too unless `status` says otherwise (RULES R53), but never by text: a
    disposed record has none.
    """

    text: str = ""
    account: AccountId | None = None
    record_type: RecordType | None = None
    reason: Reason | None = None
    status: Status | None = None
    since: datetime | None = None
    until: datetime | None = None
    held: bool | None = None
    restricted: bool | None = None


def caught(query: Query, record: Record, body: str) -> bool:
    """Whether a stored query catches a record that is being deposited.

    Every word of the query's text must occur in `body`, also inside other words.
    """
    return (
        query.account in (None, record.account)
        and query.record_type in (None, record.record_type)
        and query.reason in (None, record.reason)
        and query.restricted in (None, record.restricted)
        and (query.since is None or record.captured_at >= query.since)
        and (query.until is None or record.captured_at < query.until)
        and all(word.casefold() in body.casefold() for word in query.text.split())
    )
