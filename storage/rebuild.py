"""Rebuilding the catalogue from the bucket alone: the journal's segments and the manifests.

One transaction: the old catalogue stays until the new one is whole. What lies in the bucket
without a journal entry is entered as recovered; a lock without a hold becomes a hold.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from storage.catalogue import Catalogue, Contents, find, segments
from storage.catalogue.catalogue import Transaction
from storage.entering import contents_of, enter
from storage.errors import Damaged, ObjectMissing
from storage.holding import Mended, reconcile
from storage.journal import START, Act, Entry, Head, follow, read_segment
from storage.keys import JOURNAL, MANIFEST, Span, record_id_of, span_of
from storage.manifests import read_manifest
from storage.people import service
from storage.record import RecordId, StoredObject
from storage.restoring import has_tombstone, remove_restored
from storage.vault import Vault

_REBUILDER = service("rebuild")
_FETCHERS = 4
_AHEAD = 32
"""Segments that are fetched while others are replayed: one after the other they take 35 ms each."""

Progress = Callable[[int], None]
"""Told how many entries have been replayed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """What a rebuild found: entries replayed, records recovered, locks mended, and records that
    were disposed of and whose objects were back.
    """

    entries: int
    recovered: tuple[RecordId, ...]
    mended: tuple[Mended, ...]
    removed: tuple[RecordId, ...]


def rebuild(vault: Vault, progress: Progress) -> Rebuilt:
    """Make the catalogue anew.

    Raises:
        Damaged: the sealed journal is broken; the old catalogue is left as it was.
    """
    _save_unsealed(vault)
    with vault.catalogue.write() as tx:
        vault.catalogue.clear(tx)
        head = _replay(vault, tx, progress)
    recovered = _recover(vault)
    return Rebuilt(
        entries=head.seq,
        recovered=recovered,
        mended=tuple(reconcile(vault)),
        removed=remove_restored(vault, _REBUILDER),
    )


def _save_unsealed(vault: Vault) -> None:
    """Seal what an existing catalogue knows and the bucket does not, where the two agree."""
    with vault.catalogue.read() as connection:
        ahead = segments.last_entry(connection) > segments.last_sealed(connection)
    if ahead:
        vault.seal()


def _replay(vault: Vault, tx: Transaction, progress: Progress) -> Head:
    head = START
    for segment in _segments(vault):
        if segment.span.first != head.seq + 1:
            raise Damaged(
                f"Journal segment {segment.stored.key} does not follow entry {head.seq}: one is "
                "missing. Restore it from a copy of the bucket; nothing was changed."
            )
        for entry, reached in zip(segment.entries, follow(head, segment.entries), strict=True):
            tx.replay(entry, segment.contents_of)
            head = reached
            progress(head.seq)
        segments.note_segment(tx.connection, segment.span, segment.stored)
    return head


@dataclass(frozen=True, kw_only=True, slots=True)
class _Segment:
    """A sealed piece of the journal, with the contents of each deposit in it by its entry."""

    span: Span
    stored: StoredObject
    entries: tuple[Entry, ...]
    contents: Mapping[int, Contents | None]

    def contents_of(self, entry: Entry) -> Contents | None:
        return self.contents[entry.seq]


def _segments(vault: Vault) -> Iterator[_Segment]:
    """In their order, some fetched ahead."""
    ahead: deque[Future[_Segment]] = deque()
    with ThreadPoolExecutor(_FETCHERS) as pool:
        for listed in sorted(vault.reader.keys(JOURNAL)):
            ahead.append(pool.submit(_fetch, vault, listed))
            if len(ahead) > _AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _fetch(vault: Vault, listed: str) -> _Segment:
    stored, data = vault.reader.fetch(listed)
    entries = read_segment(data)
    deposits = (e for e in entries if e.act in {Act.DEPOSITED, Act.RECOVERED, Act.MOVED})
    return _Segment(
        span=span_of(listed),
        stored=stored,
        entries=entries,
        contents={entry.seq: _contents(vault, entry) for entry in deposits},
    )


def _contents(vault: Vault, entry: Entry) -> Contents | None:
    """What a deposit's entry, or a move's, speaks of; None when it was moved or removed since."""
    detail = entry.detail
    try:
        key = str(detail["manifest_key"])
        store = vault.reader_of(key)
        manifest, _ = read_manifest(store, key, str(detail["manifest_version"]))
        return contents_of(store, manifest)
    except ObjectMissing:
        return None


def _recover(vault: Vault) -> tuple[RecordId, ...]:
    """Enter the records whose deposit was cut off before its journal entry was sealed."""
    known = set(_known(vault.catalogue))
    recovered = []
    for listed in vault.record_keys():
        record_id = record_id_of(listed)
        if record_id is None or record_id in known or not listed.endswith("/" + MANIFEST):
            continue
        if has_tombstone(vault, record_id):
            continue  # it was disposed of: what a restore brought back is not taken in
        manifest, stored = read_manifest(vault.reader_of(listed), listed)
        enter(vault, manifest, stored, _REBUILDER, Act.RECOVERED)
        recovered.append(record_id)
    return tuple(recovered)


def _known(catalogue: Catalogue) -> Iterator[RecordId]:
    with catalogue.read() as connection:
        for record in find.all_records(connection):
            yield record.record_id
