"""The vault: what every act of the archive works with, its settings, catalogue and store.

Opening refuses a catalogue that knows less than the bucket: holds would be forgotten (DISPOSAL
cases 19 and 21).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from storage import sealing
from storage.catalogue import Catalogue, segments
from storage.errors import Damaged
from storage.keys import JOURNAL, PLACES, after_segments, is_restricted, span_of
from storage.objects import Store, Version
from storage.record import StoredObject, file_sha256, utc_now
from storage.settings import Identity, Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Vault:
    """Settings, catalogue and the identities of the store, each used for its own acts only."""

    settings: Settings
    catalogue: Catalogue

    def store(self, identity: Identity) -> Store:
        """The bucket as one identity sees it."""
        return Store.from_settings(self.settings, identity)

    @property
    def capture(self) -> Store:
        """Puts objects."""
        return self.store(Identity.CAPTURE)

    @property
    def reader(self) -> Store:
        """Reads and lists."""
        return self.store(Identity.READER)

    @property
    def custodian(self) -> Store:
        """Puts and reads what is restricted."""
        return self.store(Identity.CUSTODIAN)

    def reader_of(self, key: str) -> Store:
        """Who may read what lies at a key."""
        return self.custodian if is_restricted(key) else self.reader

    def download(self, stored: StoredObject, path: Path) -> None:
        """Write an object to a file, read by whoever may, and checked.

        Raises:
            Damaged: it is not what was put. ObjectMissing: it is gone.
        """
        self.reader_of(stored.key).download(stored.key, stored.version_id, path)
        if file_sha256(path) != stored.sha256:
            raise Damaged(f"{stored.key} was changed: run `insyn verify`.")

    def record_versions(self) -> Iterator[Version]:
        """Every version and delete marker of every record, place by place."""
        return chain.from_iterable(self.reader.versions(place) for place in PLACES)

    def record_keys(self) -> Iterator[str]:
        """The keys of every record that have a current object, place by place."""
        return chain.from_iterable(self.reader.keys(place) for place in PLACES)

    def writer_of(self, key: str) -> Store:
        """Who may put what lies at a key."""
        return self.custodian if is_restricted(key) else self.capture

    @property
    def holder(self) -> Store:
        """Sets and clears legal holds."""
        return self.store(Identity.HOLDER)

    @property
    def disposer(self) -> Store:
        """Removes versions that are not held."""
        return self.store(Identity.DISPOSER)

    def seal(self) -> int:
        """Lay new journal entries in the bucket."""
        return sealing.seal(self.catalogue, self.capture, self.settings)

    def lock_until(self) -> datetime:
        """How long an object that is put now stays locked."""
        return self.settings.lock_until(utc_now())

    def check_current(self) -> None:
        """Refuse to work with a catalogue of another version, or that knows less than the bucket.

        Raises:
            Damaged: its tables are not those of this version, or the bucket holds journal segments
                that it has not.
        """
        missing = self.catalogue.missing_columns()
        if missing:
            raise Damaged(
                "The catalogue was made by another version of Insyn and lacks "
                f"{', '.join(missing)}. Run `insyn rebuild`: it is made anew from the bucket."
            )
        with self.catalogue.read() as connection:
            sealed = segments.last_sealed(connection)
        newer = list(self.reader.keys(JOURNAL, start_after=after_segments(sealed)))
        # Only now: others may seal meanwhile, and an entry is in the catalogue before it is sealed.
        with self.catalogue.read() as connection:
            last = segments.last_entry(connection)
        for key in newer:
            if span_of(key).last > last:
                raise Damaged(
                    f"The catalogue ends at entry {last}, but the bucket has {key}: the "
                    "catalogue is new or an old copy. Run `insyn rebuild`."
                )


def open_vault(settings: Settings) -> Vault:
    """A vault without a look at the bucket (rebuild and verify begin here)."""
    catalogue = Catalogue(settings.catalogue_url)
    catalogue.create()
    return Vault(settings=settings, catalogue=catalogue)
