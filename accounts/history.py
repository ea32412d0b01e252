"""What the archive tells of an account's past: captures accepted, gaps, the newest post seen.

Plain values that whoever asks for duties fills in; nothing here reads the archive.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.model import AccountId


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureSeen:
    """An accepted capture: when it was made (UTC), as which record, and why."""

    account: AccountId
    at: datetime
    record_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GapSeen:
    """A gap (lucka): a capture that could not be made, when (UTC), and the verdict on the page.

    `met_by` is the record that later met it, None while it is open.
    """

    account: AccountId
    at: datetime
    verdict: str
    gap_id: str
    met_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PostSeen:
    """The newest post that a capture saw: when it was published (UTC)."""

    account: AccountId
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the archive knows of the accounts' captures, in any order."""

    captures: tuple[CaptureSeen, ...]
    gaps: tuple[GapSeen, ...]
    newest_posts: tuple[PostSeen, ...] = ()
