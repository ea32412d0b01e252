"""Where objects lie in the bucket. One place says it; nobody else joins a key.

    records/{yyyy}/{platform}/{handle}/{record_id}/capture.wacz
                                                  /media/{sha256}.{ext}
                                                  /manifest.json      the commit mark
    restricted/{yyyy}/…                                   the same, of what is kept apart (R16)
      …/{record_id}/{move_id}/…                           where a move has put it, once it was moved
    gaps/{yyyy}/{platform}/{handle}/{gap_id}/gap.json, picture.png
    journal/{first}-{last}.jsonl
    tombstones/{yyyy}/{record_id}.json
    plans/{number}-{sha256}.json
    timestamps/{yyyy}/{record_id}.tsr

A prefix ends in a slash, so that …/r1 never takes …/r10 with it (DISPOSAL case 14).
"""

import re
from dataclasses import dataclass

from ulid import ULID

from storage.errors import Malformed
from storage.record import AccountRef, Record, RecordId

RECORDS = "records/"
RESTRICTED = "restricted/"
PLACES = (RECORDS, RESTRICTED)
"""Where records lie: among the others, or apart (RULES R16)."""
GAPS = "gaps/"
JOURNAL = "journal/"
TOMBSTONES = "tombstones/"
PLANS = "plans/"
TIMESTAMPS = "timestamps/"
MANIFEST = "manifest.json"
PACKAGE = "capture.wacz"

_SEGMENT = re.compile(rf"{JOURNAL}(\d{{12}})-(\d{{12}})\.jsonl")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """First and last sequence number of a journal segment, both included."""

    first: int
    last: int


def record_prefix(record_id: RecordId, account: AccountRef) -> str:
    """The folder of one record; the year is that of the order, which the id holds."""
    return f"{RECORDS}{_year(record_id)}/{account.platform}/{account.handle}/{record_id}/"


def gap_prefix(gap_id: str, account: AccountRef) -> str:
    """The folder of one gap's evidence."""
    return f"{GAPS}{_year(gap_id)}/{account.platform}/{account.handle}/{gap_id}/"


def tombstone_key(record_id: RecordId) -> str:
    """Where the tombstone (gravsten) of a disposed record stands."""
    return f"{TOMBSTONES}{_year(record_id)}/{record_id}.json"


def timestamp_key(record_id: RecordId) -> str:
    """Where a record's time stamp (RFC 3161) lies."""
    return f"{TIMESTAMPS}{_year(record_id)}/{record_id}.tsr"


def plan_key(number: int, digest: str) -> str:
    """Where an adopted version of the plan lies; the digest keeps a cut-off try apart."""
    return f"{PLANS}{number:04d}-{digest}.json"


def prefix_of(manifest_key: str) -> str:
    """Where a record lies, from its manifest's key."""
    return manifest_key.removesuffix(MANIFEST)


def folders_of(manifest_key: str) -> tuple[str, str]:
    """Every folder in which objects of a record can lie: its own in its place, and in the other.

    The other is empty, except while the record is moved.
    """
    folder = "/".join(manifest_key.split("/")[:5]) + "/"
    here, there = (RESTRICTED, RECORDS) if is_restricted(folder) else PLACES
    return folder, there + folder.removeprefix(here)


def move_prefix(manifest_key: str, move_id: str) -> str:
    """Where a move puts a record: in the other place, in a folder that no other move has."""
    return f"{folders_of(manifest_key)[1]}{move_id}/"


def is_restricted(key: str) -> bool:
    """Whether only the custodian may read what lies there."""
    return key.startswith(RESTRICTED)


def in_place(record: Record) -> bool:
    """Whether a record's objects lie where it belongs: apart if it is restricted."""
    return is_restricted(record.manifest_key) == record.restricted


def record_id_of(key: str) -> RecordId | None:
    """The record that an object in one of the places belongs to; None for a stray key."""
    segments = key.split("/")
    if len(segments) < 6 or not key.startswith(PLACES):
        return None
    return RecordId(segments[4])


def segment_key(span: Span) -> str:
    """Where a sealed journal segment lies."""
    return f"{JOURNAL}{span.first:012d}-{span.last:012d}.jsonl"


def segment_prefix(first: int) -> str:
    """What every segment that starts at `first` begins with."""
    return f"{JOURNAL}{first:012d}-"


def after_segments(first: int) -> str:
    """What sorts after the key of every segment that starts at `first` or before."""
    return segment_key(Span(first=first, last=10**12 - 1))


def span_of(key: str) -> Span:
    """Which entries a segment holds.

    Raises:
        Malformed: the key is not a segment's.
    """
    found = _SEGMENT.fullmatch(key)
    if found is None:
        raise Malformed("This object does not belong in the journal", [key])
    return Span(first=int(found[1]), last=int(found[2]))


def _year(ulid: str) -> int:
    return ULID.from_str(ulid).datetime.year
