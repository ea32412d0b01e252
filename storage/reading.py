"""Reading a record's content: its manifest, its parts, its package, its words.

What is restricted is read by officers and archivists alone, and each reading is journaled (RULES
R16, R59).
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from storage.catalogue import Hit, find, peopled
from storage.errors import Damaged, NotAllowed, NotFound
from storage.journal import Act
from storage.keys import MANIFEST, PACKAGE, prefix_of
from storage.manifests import manifest_of
from storage.package import part_range
from storage.people import Actor, Kind, Role
from storage.query import Query
from storage.record import (
    Manifest,
    Part,
    Record,
    RecordId,
    StoredObject,
    sha256,
)
from storage.roles import demand_role
from storage.timestamps import TimeStamp, stamp_of
from storage.vault import Vault

TIMESTAMP = "timestamp.tsr"
"""How a certificate's time stamp is asked for, beside its files."""

READERS = frozenset({Role.OFFICER, Role.ARCHIVIST})
"""Who assesses secrecy, and so reads what is restricted."""


def as_reader(vault: Vault, actor: Actor | None) -> Actor | None:
    """The actor, if they may read what is restricted; None if not."""
    if actor is None or actor.kind is not Kind.PERSON:
        return None
    with vault.catalogue.read() as connection:
        known = peopled.person_named(connection, actor.name)
    return actor if known is not None and known.active and known.roles & READERS else None


def manifest(vault: Vault, record: Record, reader: Actor | None) -> Manifest:
    """A record's manifest, its digest checked.

    Raises:
        NotAllowed: it is restricted and the reader, if there is one, may not read that.
        Damaged: the digest differs. ObjectMissing: it is gone. Malformed: it cannot be read.
    """
    return _manifest(vault, _admitted(vault, record, reader, "manifest"))


def package_of(vault: Vault, record: Record) -> StoredObject:
    """The object that holds a record's parts.

    Raises:
        NotAllowed: it is restricted. Damaged: there is none.
    """
    return _package(manifest(vault, record, None))


def read_part(vault: Vault, record: Record, name: str, reader: Actor | None) -> bytes:
    """One part's bytes, by a range read, checked against its digest.

    Raises:
        NotAllowed: as `manifest`. NotFound: there is no such part. Damaged: its digest differs.
    """
    record = _admitted(vault, record, reader, name)
    held = _manifest(vault, record)
    beside = _beside(vault, record, held, name)
    if beside is not None:
        return beside
    part = _part(held, name)
    if part.size == 0:
        return b""
    package = _package(held)
    first, last = part_range(part)
    store = vault.reader_of(package.key)
    data = store.get(package.key, package.version_id, first=first, last=last)
    if sha256(data) != part.sha256:
        raise Damaged(f"Part {name} of record {record.record_id} was changed: verify it.")
    return data


def download(vault: Vault, record: Record, target: Path, reader: Actor | None) -> None:
    """A record's whole package as a file, checked against its digest.

    Raises:
        NotAllowed: as `manifest`. Damaged: the digests differ.
    """
    record = _admitted(vault, record, reader, PACKAGE)
    package = _package(_manifest(vault, record))
    vault.download(package, target)


def search(
    vault: Vault, query: Query, limit: int, before: int | None, reader: Actor | None
) -> list[Hit]:
    """The newest records that match; the words of what is restricted find it for readers alone.

    Raises:
        NotAllowed: a reader who may not read what is restricted.
    """
    with vault.catalogue.read() as connection:
        hits = find.find(connection, _searched(query, reader), limit, before)
    if reader is not None:
        found = [hit.record.record_id for hit in hits if hit.record.restricted and hit.excerpt]
        _note(vault, found, reader, "search")
    return hits


def count(vault: Vault, query: Query, reader: Actor | None) -> int:
    """How many records `search` would find."""
    with vault.catalogue.read() as connection:
        return find.count(connection, _searched(query, reader))


def _searched(query: Query, reader: Actor | None) -> Query:
    if reader is None and query.text and query.restricted is None:
        return replace(query, restricted=False)
    return query


def _admitted(vault: Vault, record: Record, reader: Actor | None, what: str) -> Record:
    """The record as it stands now, once the reader may read it and that is journaled."""
    with vault.catalogue.read() as connection:
        now = find.record(connection, record.record_id) or record
    if now.restricted:
        if reader is None:
            raise NotAllowed(
                f"Record {now.record_id} is kept apart for secrecy: an officer or archivist reads "
                "it, signed in (insyn sign-in)."
            )
        _note(vault, [now.record_id], reader, what)
    return now


def _note(vault: Vault, record_ids: Iterable[RecordId], reader: Actor, what: str) -> None:
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, reader, READERS, "read what is restricted")
        for record_id in record_ids:
            tx.append(reader, Act.READ, record_id, {"what": what})
    vault.seal()


def _manifest(vault: Vault, record: Record) -> Manifest:
    return manifest_of(vault.reader_of(record.manifest_key), record)


def _package(held: Manifest) -> StoredObject:
    for stored in held.objects:
        if stored.key.endswith("/" + PACKAGE):
            return stored
    raise Damaged(f"Record {held.record_id} has no package: run `insyn verify`.")


def _beside(vault: Vault, record: Record, held: Manifest, name: str) -> bytes | None:
    """An object that lies beside the manifest by itself, as a certificate's files do."""
    if name == MANIFEST:
        store = vault.reader_of(record.manifest_key)
        return store.get(record.manifest_key, record.manifest_version)
    if name == TIMESTAMP and (stamp := stamp_of(vault, record)):
        return _stamp(vault, stamp)
    for stored in held.objects:
        if stored.key == prefix_of(record.manifest_key) + name and name != PACKAGE:
            data = vault.reader_of(stored.key).get(stored.key, stored.version_id)
            if sha256(data) != stored.sha256:
                raise Damaged(f"{stored.key} was changed: verify record {record.record_id}.")
            return data
    return None


def _stamp(vault: Vault, stamp: TimeStamp) -> bytes:
    data = vault.reader.get(stamp.key, stamp.version_id)
    if sha256(data) != stamp.sha256:
        raise Damaged(f"{stamp.key} was changed: run `insyn verify --all`.")
    return data


def _part(held: Manifest, name: str) -> Part:
    for part in held.parts:
        if part.name == name:
            return part
    names = ", ".join(part.name for part in held.parts)
    raise NotFound(f"Record {held.record_id} has no part {name!r}. It has: {names}")
