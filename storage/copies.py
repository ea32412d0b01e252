"""Copies that a disposal leaves elsewhere: in replicas, on the store's own disk, in backups.

A replica keeps versions that are removed here: replication copies puts and delete markers, never
the removal of a version. So each is listed, and what cannot be looked at is told as not verified
(RULES R37, R40; DISPOSAL case 18). Removes nothing: a replica has a keeper of its own.
"""

import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import JsonValue, TypeAdapter

from accounts.stockholm import civil_date
from storage.compacting import compact
from storage.errors import StoreError, StoreRefused, StoreUnreachable
from storage.keys import folders_of
from storage.objects import Bucket, Store
from storage.record import Record
from storage.settings import Identity, Replica
from storage.vault import Vault

_LOG = logging.getLogger(__name__)

NOWHERE = "insyn-doctor/"
"""Nothing lies below it: to see whether one may look at all."""


class Found(StrEnum):
    """What was found in a replica."""

    CLEARED = "cleared"
    REMAINS = "remains"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNNAMED = "unnamed"
    """The store copies to this bucket, and no setting says how to look there."""


class Replication(StrEnum):
    """What the store says of copying the bucket to others."""

    NONE = "none"
    CONFIGURED = "configured"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    """The reader may not look, so nobody knows."""


class Volumes(StrEnum):
    """Whether removed bytes still lie in the files of the store."""

    COMPACTED = "compacted"
    LEFT = "left"
    UNTOUCHED = "untouched"
    """Nothing was removed."""
    ELSEWHERE = "elsewhere"
    """The store is not ours: its keeper knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicaSeen:
    """One replica, and how many versions and delete markers of the disposed records it has."""

    name: str
    bucket: str
    found: Found
    versions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """What was seen of copies, once. `backups_until` is the last day of the last backup."""

    backups_until: date | None
    replication: Replication
    replicas: tuple[ReplicaSeen, ...]
    volumes: Volumes

    def outstanding(self, today: date) -> list[str]:
        """What is left, or was not verified, by name; the backups until their last day is over."""
        left = {f"replica {one.name}" for one in self.replicas if one.found is not Found.CLEARED}
        if self.replication is Replication.REFUSED:
            left.add("replication")
        if self.volumes is Volumes.LEFT:
            left.add("volumes")
        if self.backups_until is not None and today <= self.backups_until:
            left.add("backups")
        return sorted(left)

    def as_json(self) -> dict[str, JsonValue]:
        """As journal and certificate have it."""
        said: dict[str, JsonValue] = _COPIES.dump_python(self, mode="json")
        return said

    @classmethod
    def from_json(cls, said: JsonValue) -> "Copies":
        """What `as_json` gave."""
        return _COPIES.validate_python(said, strict=False)


_COPIES = TypeAdapter(Copies)


def look(
    vault: Vault, records: Sequence[Record], backups_until: date | None, before: Copies | None
) -> Copies:
    """Look everywhere for copies of disposed records; `before` is what was seen last.

    Raises:
        StoreUnreachable: the archive's own store gives no answer.
    """
    prefixes = [prefix for one in records for prefix in folders_of(one.manifest_key)]
    replication, replicas = look_below(vault, prefixes)
    known = {one.name for one in replicas}
    gone = [one for one in (before.replicas if before else ()) if one.name not in known]
    return Copies(
        backups_until=backups_until,
        replication=replication,
        replicas=(*replicas, *gone),  # a setting that was taken away verifies nothing
        volumes=_volumes(vault, records, before),
    )


def look_below(
    vault: Vault, prefixes: Sequence[str]
) -> tuple[Replication, tuple[ReplicaSeen, ...]]:
    """What each replica has below these prefixes; those too that the store alone names.

    Raises:
        StoreUnreachable: the archive's own store gives no answer.
    """
    replication, destinations = _replication(vault)
    named = [_seen(vault, replica, prefixes) for replica in vault.settings.replicas]
    unnamed = sorted(set(destinations) - {one.bucket for one in named})
    missing = (
        ReplicaSeen(name=bucket, bucket=bucket, found=Found.UNNAMED, versions=0)
        for bucket in unnamed
    )
    return replication, (*named, *missing)


def backups_until(vault: Vault, at: datetime) -> date | None:
    """The last day of backups that were made before `at`; None where there are none."""
    days = vault.settings.backup_days
    return civil_date(at + timedelta(days=days)) if days else None


def _replication(vault: Vault) -> tuple[Replication, tuple[str, ...]]:
    try:
        found = Bucket.from_settings(vault.settings, Identity.READER).replication()
    except StoreRefused:
        return Replication.REFUSED, ()
    if found is None:
        return Replication.UNSUPPORTED, ()
    return (Replication.CONFIGURED if found else Replication.NONE), found


def _seen(vault: Vault, replica: Replica, prefixes: Sequence[str]) -> ReplicaSeen:
    store = Store(
        url=replica.url,
        region=vault.settings.s3_region,
        bucket=replica.bucket,
        credential=replica.credential,
        identity=Identity.READER,
    )
    try:
        left = sum(1 for prefix in prefixes for _ in store.versions(prefix))
        found = Found.REMAINS if left else Found.CLEARED
    except StoreUnreachable as error:
        _LOG.warning("replica %s: %s", replica.name, error)
        left, found = 0, Found.UNREACHABLE
    except StoreError as error:
        _LOG.warning("replica %s: %s", replica.name, error)
        left, found = 0, Found.REFUSED
    return ReplicaSeen(name=replica.name, bucket=replica.bucket, found=found, versions=left)


def _volumes(vault: Vault, records: Sequence[Record], before: Copies | None) -> Volumes:
    if not vault.settings.embedded:
        return Volumes.ELSEWHERE
    if before is not None and before.volumes is not Volumes.LEFT:
        return before.volumes
    if not records:
        return Volumes.UNTOUCHED
    if not vault.settings.compact:
        return Volumes.LEFT
    try:
        return Volumes.COMPACTED if compact(vault.settings) else Volumes.LEFT
    except (OSError, subprocess.TimeoutExpired) as error:
        _LOG.warning("the store's files could not be written anew: %s", error)
        return Volumes.LEFT
