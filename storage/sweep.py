"""Sweeping what crashed deposits left: objects below a record's prefix that no manifest names.

Not a disposal: an orphan was never a record. It must be seven days old, no manifest may name it
and no record of the catalogue may lie there; whatever is held, the store refuses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from pydantic import JsonValue

from storage.catalogue import find
from storage.journal import Act
from storage.keys import MANIFEST, record_id_of
from storage.manifests import read_manifest
from storage.objects import Version
from storage.people import Actor
from storage.vault import Vault

ORPHAN_AGE = timedelta(days=7)
"""A deposit takes minutes; a week leaves time to look at what went wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Orphan:
    """A version that no manifest names; `size` in bytes."""

    key: str
    version_id: str
    size: int
    last_modified: datetime


def orphans(vault: Vault, now: datetime) -> Iterator[Orphan]:
    """What a sweep at `now` would remove."""
    listed = vault.record_versions()
    for prefix, versions in groupby(listed, key=lambda v: v.key.rsplit("/", 1)[0] + "/"):
        yield from _orphans_below(vault, prefix.removesuffix("media/"), list(versions), now)


def sweep(vault: Vault, now: datetime, actor: Actor) -> list[Orphan]:
    """Remove orphans and journal their keys; gives back what was removed."""
    swept = []
    for orphan in orphans(vault, now):
        vault.disposer.delete_version(orphan.key, orphan.version_id, bypass_governance=True)
        swept.append(orphan)
    if swept:
        keys: list[JsonValue] = [f"{o.key}?versionId={o.version_id}" for o in swept]
        with vault.catalogue.write() as tx:
            tx.append(actor, Act.ORPHANS_SWEPT, "records", {"objects": keys})
        vault.seal()
    return swept


def _orphans_below(
    vault: Vault, prefix: str, versions: list[Version], now: datetime
) -> Iterator[Orphan]:
    named = _named(vault, prefix)
    if named is None:
        return
    for version in versions:
        old = now - version.last_modified > ORPHAN_AGE
        if old and (version.key, version.version_id) not in named:
            yield Orphan(
                key=version.key,
                version_id=version.version_id,
                size=version.size,
                last_modified=version.last_modified,
            )


def _named(vault: Vault, prefix: str) -> set[tuple[str, str]] | None:
    """The versions that belong to the record here; None where nothing may be touched.

    A record of the catalogue whose manifest is missing is damaged, not an orphan. A manifest that
    lies under a delete marker still names its objects.
    """
    record_id = record_id_of(prefix + MANIFEST)
    if record_id is None:
        return None
    with vault.catalogue.read() as connection:
        record = find.record(connection, record_id)
    manifests = [
        v.version_id
        for v in vault.reader.versions(prefix + MANIFEST)
        if not v.is_marker and (record is None or v.version_id == record.manifest_version)
    ]
    if not manifests:
        return set() if record is None else None
    named = set()
    for version_id in manifests:
        store = vault.reader_of(prefix)
        manifest, stored = read_manifest(store, prefix + MANIFEST, version_id)
        named |= {(o.key, o.version_id) for o in (stored, *manifest.objects)}
    return named
