"""Sealing: new journal entries are laid in the bucket as locked segments.

One holder at a time (a lease in the catalogue). A crash between the put and the note leaves a
segment that the next sealer finds by its first number, checks and adopts.
"""

import logging

from storage.catalogue import Catalogue, find, segments
from storage.errors import AlreadyThere, Damaged
from storage.journal import Entry
from storage.keys import Span, segment_key, segment_prefix, span_of
from storage.lease import held_unless
from storage.objects import Store
from storage.record import StoredObject, utc_now
from storage.settings import Settings

_LOG = logging.getLogger(__name__)
_MOST_ENTRIES = 10_000
_MEDIA_TYPE = "application/jsonl"


def seal(catalogue: Catalogue, store: Store, settings: Settings) -> int:
    """Seal every entry that is not yet in the bucket; gives back how many that were.

    Raises:
        Busy: another process kept the lease for too long. StoreUnreachable: the store is down. The
            entries stay in the catalogue and are sealed by the next unit of work.
        Damaged: the bucket has other entries under these numbers: two journals were mixed.
    """
    with catalogue.read() as connection:
        wanted = segments.last_entry(connection)
    done = 0
    with held_unless(lambda tx: segments.last_sealed(tx) >= wanted, catalogue, "sealing") as ours:
        while ours and (some := _seal_some(catalogue, store, settings)):
            done += some
    return done


def _seal_some(catalogue: Catalogue, store: Store, settings: Settings) -> int:
    with catalogue.read() as connection:
        first = segments.last_sealed(connection) + 1
        entries = list(find.entries(connection, after=first - 1, limit=_MOST_ENTRIES))
    if not entries:
        return 0
    span, stored = _adopted(store, entries) or _put(store, settings, entries)
    with catalogue.write() as tx:
        segments.note_segment(tx.connection, span, stored)
    _LOG.info("journal: sealed %d-%d", span.first, span.last)
    return span.last - span.first + 1


def _put(store: Store, settings: Settings, entries: list[Entry]) -> tuple[Span, StoredObject]:
    span = Span(first=entries[0].seq, last=entries[-1].seq)
    try:
        stored = store.put(
            segment_key(span),
            _bytes(entries),
            media_type=_MEDIA_TYPE,
            retain_until=settings.lock_until(utc_now()),
            mode=settings.evidence_mode,
            only_if_absent=True,
        )
    except AlreadyThere as error:
        raise Damaged(
            f"The bucket has a journal segment {segment_key(span)} that this catalogue did not "
            "write. Two archives share one bucket, or the catalogue is an old copy: run "
            "`insyn rebuild`."
        ) from error
    _LOG.info("journal: segment stored")
    return span, stored


def _adopted(store: Store, entries: list[Entry]) -> tuple[Span, StoredObject] | None:
    """The segment that a crashed sealer left, if its entries are the ones we have."""
    for found in store.versions(segment_prefix(entries[0].seq)):
        span = span_of(found.key)
        stored, data = store.fetch(found.key, found.version_id)
        ours = _bytes(entries[: span.last - span.first + 1])
        if data != ours:
            raise Damaged(
                f"Journal segment {found.key} in the bucket is not what this catalogue has. The "
                "catalogue may be an old copy: run `insyn rebuild`."
            )
        return span, stored
    return None


def _bytes(entries: list[Entry]) -> bytes:
    return b"".join(entry.to_line() for entry in entries)
