"""The journal: everything that happens, as entries in a hash chain. Pure: reads and writes nothing.

An entry's digest is the SHA-256 of its canonical JSON (RFC 8785) with the digest of the entry
before it, so that none can be changed, dropped or put in between unseen. No entry holds content or
personal data of outsiders: ids, digests, dates and reasons only.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import rfc8785
from pydantic import JsonValue, TypeAdapter, ValidationError

from storage.errors import Damaged
from storage.people import Actor
from storage.record import sha256

GENESIS = "0" * 64
"""What the first entry has for the digest of the entry before it."""


class Act(StrEnum):
    """What happened."""

    ORDERED = "ordered"
    DEPOSITED = "deposited"
    RECOVERED = "recovered"
    GAP_NOTED = "gap_noted"
    HOLD_PLACED = "hold_placed"
    HOLD_TOO_LATE = "hold_too_late"
    HOLD_LIFTED = "hold_lifted"
    HOLD_REVIEWED = "hold_reviewed"
    HOLD_MENDED = "hold_mended"
    WITHDRAWAL_BEGUN = "withdrawal_begun"
    DESTRUCTION_BEGUN = "destruction_begun"
    WITHDRAWAL_BLOCKED = "withdrawal_blocked"
    WITHDRAWN = "withdrawn"
    ORPHANS_SWEPT = "orphans_swept"
    PLAN_ADOPTED = "plan_adopted"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    CLASSIFIED = "classified"
    REGISTERED = "registered"
    NUMBERED = "numbered"
    RESTRICTED = "restricted"
    RELEASED = "released"
    MOVED = "moved"
    LEFT_BEHIND = "left_behind"
    READ = "read"
    PROPOSAL_DRAWN = "proposal_drawn"
    PROPOSAL_LISTED = "proposal_listed"
    PROPOSAL_FROZEN = "proposal_frozen"
    PROPOSAL_APPROVED = "proposal_approved"
    PROPOSAL_ENDED = "proposal_ended"
    ITEM_STRUCK = "item_struck"
    ITEM_SKIPPED = "item_skipped"
    ITEM_FAILED = "item_failed"
    DISPOSAL_STARTED = "disposal_started"
    DISPOSAL_PAUSED = "disposal_paused"
    DISPOSAL_RESUMED = "disposal_resumed"
    DISPOSAL_VERIFIED = "disposal_verified"
    CERTIFIED = "certified"
    COPIES_GONE = "copies_gone"
    REMOVED_AGAIN = "removed_again"
    MODERATED = "moderated"
    ABUSE_NOTED = "abuse_noted"
    ABUSE_CLEARED = "abuse_cleared"
    PURGE_BEGUN = "purge_begun"
    PURGED = "purged"
    INCIDENT_NOTED = "incident_noted"
    FINAL_VERIFIED = "final_verified"
    NOTICE_TOLD = "notice_told"
    TIMESTAMPED = "timestamped"
    POSTS_SEEN = "posts_seen"
    POST_GONE = "post_gone"
    FEED_WHOLE = "feed_whole"
    FEED_CUT = "feed_cut"
    PERSON_ADDED = "person_added"
    ROLES_CHANGED = "roles_changed"
    CREDENTIAL_CHOSEN = "credential_chosen"
    PERSON_REMOVED = "person_removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry; `at` is in UTC, `detail` has only JSON values."""

    seq: int
    at: datetime
    actor: str
    act: Act
    subject: str
    detail: Mapping[str, JsonValue]
    previous: str
    digest: str

    def to_line(self) -> bytes:
        """Canonical JSON, ended by a newline: one line of a segment."""
        return rfc8785.dumps(_ENTRY.dump_python(self, mode="json")) + b"\n"


_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Where the chain ends: the last entry's number and digest."""

    seq: int
    digest: str


START = Head(seq=0, digest=GENESIS)
"""The head of an empty journal."""


def next_entry(
    head: Head,
    *,
    at: datetime,
    actor: Actor,
    act: Act,
    subject: str,
    detail: Mapping[str, JsonValue],
) -> Entry:
    """The entry that follows `head`."""
    bare = Entry(
        seq=head.seq + 1,
        at=at,
        actor=str(actor),
        act=act,
        subject=subject,
        detail=detail,
        previous=head.digest,
        digest="",
    )
    return _with_digest(bare)


def follow(head: Head, entries: Iterable[Entry]) -> Iterator[Head]:
    """Check each entry against the one before it and yield the head after it.

    Raises:
        Damaged: naming the first entry whose number, link or digest is wrong.
    """
    for entry in entries:
        if entry.seq != head.seq + 1:
            raise Damaged(
                f"The journal goes from entry {head.seq} to {entry.seq}: entries are missing."
            )
        if entry.previous != head.digest:
            raise Damaged(f"Journal entry {entry.seq} does not follow entry {head.seq}.")
        if _with_digest(entry).digest != entry.digest:
            raise Damaged(f"Journal entry {entry.seq} was changed after it was written.")
        head = Head(seq=entry.seq, digest=entry.digest)
        yield head


def read_segment(data: bytes) -> tuple[Entry, ...]:
    """The entries of a sealed segment, not yet checked against the chain.

    Raises:
        Damaged: a line is not an entry.
    """
    lines = data.splitlines()
    try:
        return tuple(_ENTRY.validate_json(line) for line in lines)
    except ValidationError as error:
        raise Damaged(f"A line of this journal segment is not an entry: {error}") from error


def _with_digest(entry: Entry) -> Entry:
    body = _ENTRY.dump_python(entry, mode="json")
    del body["digest"]
    digest = sha256(rfc8785.dumps(body))
    return Entry(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        act=entry.act,
        subject=entry.subject,
        detail=entry.detail,
        previous=entry.previous,
        digest=digest,
    )


def canonical(value: Mapping[str, JsonValue]) -> str:
    """Canonical JSON as text, for the catalogue's columns."""
    return rfc8785.dumps(dict(value)).decode()


def parsed(text: str) -> dict[str, JsonValue]:
    """The object that `canonical` wrote."""
    value: dict[str, JsonValue] = json.loads(text)
    return value
