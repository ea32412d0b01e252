"""Posts over time: which the archive knows, when each was looked at, what was seen.

A changed post is a new record; an unchanged one is only seen; one that is no longer there is gone,
and when it was last seen stands in the journal. No content is here: keys, digests and dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.model import AccountId
from storage.record import RecordId


class Seen(StrEnum):
    """What a look at a post came to."""

    CAPTURED = "captured"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPost:
    """A post of an account. `post` is its key, `platform:id`; `record_id` its newest record.

    `url` is empty once that record is disposed of. `seen_at` is when it was last there.
    """

    account: AccountId
    post: str
    record_id: RecordId
    digest: str
    url: str
    published_on: str
    first_at: datetime
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One look at a post; `record_id` is the record that showed it then."""

    at: datetime
    outcome: Seen
    record_id: RecordId


def gone_for_good(seen: Sequence[Sighting]) -> bool:
    """Whether the last two looks found it gone: a page may fail once."""
    return [one.outcome for one in seen[-2:]] == [Seen.GONE, Seen.GONE]


Unchanged = Mapping[str, RecordId]
"""Posts that are as their newest record shows them, by key."""
