"""Fixity: does the archive still hold what it took in? Reads back, hashes, follows the chain.

Every kind of damage has a finding of its own (docs/findings.md). Looks; never mends.
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from accounts.findings import Finding, Severity
from storage.bucket_check import check_plans, check_tombstones
from storage.catalogue import find, segments
from storage.certificate_check import check_signatures, check_timestamp
from storage.errors import Damaged, Malformed, ObjectMissing, StoreError
from storage.journal import START, Head, follow, read_segment
from storage.keys import (
    JOURNAL,
    MANIFEST,
    PACKAGE,
    Span,
    in_place,
    record_id_of,
    span_of,
)
from storage.manifests import read_manifest
from storage.moving import left_behind
from storage.package_check import check_package
from storage.record import (
    EVIDENCE,
    GONE,
    Manifest,
    Record,
    RecordId,
    StoredObject,
    file_sha256,
    sha256,
    utc_now,
)
from storage.vault import Vault
from storage.withdrawal import versions_of

_READERS = 2
"""Records at once: hashing and decoding leave Python's lock to others."""


def verify_all(vault: Vault) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Verify the journal, every record, plans and tombstones; then what the journal does not know.

    Yields what was looked at with its findings, so that a long run shows progress.
    """
    yield "journal", tuple(_journal(vault))
    with vault.catalogue.read() as connection:
        records = list(find.all_records(connection))
    with ThreadPoolExecutor(_READERS) as pool:
        found = pool.map(partial(verify_record, vault), records)
        yield from zip((record.record_id for record in records), found, strict=True)
    yield "plans", tuple(check_plans(vault))
    yield "tombstones", tuple(check_tombstones(vault))
    yield "bucket", tuple(_unknown(vault, {r.record_id for r in records}))


def verify_record(vault: Vault, record: Record) -> tuple[Finding, ...]:
    """Read a record back whole: manifest, every object, every part, locks and holds."""
    if record.status in GONE:
        return tuple(_remains(vault, record))
    try:
        store = vault.reader_of(record.manifest_key)
        manifest, stored = read_manifest(store, record.manifest_key, record.manifest_version)
    except ObjectMissing:
        return (_gone(vault, record.manifest_key, "manifest", "V001", "V002"),)
    except Malformed as error:
        return (
            Finding.fault(
                "V003",
                record.manifest_key,
                f"Manifestet går inte att läsa: {error}",
                f"The manifest cannot be read: {error}",
            ),
        )
    if stored.sha256 != record.manifest_sha256:
        return (
            Finding.fault(
                "V003",
                record.manifest_key,
                "Manifestet är inte det som journalen nämner: kontrollsumman skiljer sig.",
                "The manifest is not the one that the journal names: its digest differs.",
            ),
        )
    found = [f for target in manifest.objects for f in _object(vault, target, manifest)]
    if record.record_type == EVIDENCE:
        found += check_timestamp(vault, record)
    if record.record_type == EVIDENCE and not found:
        found += check_signatures(vault, manifest)
    locks = _locks(vault, record, (stored, *manifest.objects))
    return (*found, *locks, *_misplaced(vault, record))


def _object(vault: Vault, target: StoredObject, manifest: Manifest) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="insyn-verify-") as folder:
        path = Path(folder) / "object"
        try:
            vault.reader_of(target.key).download(target.key, target.version_id, path)
        except ObjectMissing:
            yield _gone(vault, target.key, "objektet", "V004", "V005")
            return
        except StoreError as error:
            yield Finding.fault(
                "V006",
                target.key,
                f"Objektet går inte att läsa ur lagret: {error}",
                f"The store cannot read the object: {error}",
            )
            return
        if file_sha256(path) != target.sha256:
            yield Finding.fault(
                "V007",
                target.key,
                "Objektets innehåll är ändrat: kontrollsumman skiljer sig från manifestets.",
                "The object was changed: its digest differs from the manifest's.",
            )
        if target.key.endswith("/" + PACKAGE):
            yield from check_package(path, manifest.parts)


def _locks(vault: Vault, record: Record, targets: tuple[StoredObject, ...]) -> Iterator[Finding]:
    for target in targets:
        try:
            head = vault.reader_of(target.key).head(target.key, target.version_id)
        except ObjectMissing:
            continue
        if head.retain_until is None or head.retain_until <= utc_now():
            yield Finding.fault(
                "V008",
                target.key,
                "Objektet saknar lås (Object Lock) och kan tas bort av vem som helst.",
                "The object has no retention lock.",
            )
        if head.legal_hold != record.held:
            yield Finding.fault(
                "V009",
                target.key,
                "Lagrets lås stämmer inte med gallringsstoppen: kör `insyn hold reconcile`.",
                "The store's legal hold does not agree with the holds: run `insyn hold reconcile`.",
            )


def _misplaced(vault: Vault, record: Record) -> Iterator[Finding]:
    """A record that was judged secret, or no longer is, lies where it belongs and there alone."""
    if left_behind(vault.reader, record) or not in_place(record):
        what = "flag" if record.restricted else "lift"
        yield Finding.fault(
            "V023",
            record.manifest_key,
            "Handlingens objekt ligger inte samlade där de hör hemma: kör "
            f"`insyn secrecy {what}` igen.",
            f"The record's objects are not all where they belong: run `insyn secrecy {what}` "
            "again.",
        )


def _remains(vault: Vault, record: Record) -> Iterator[Finding]:
    for version in versions_of(vault.reader, record.manifest_key):
        yield Finding.fault(
            "V010",
            version.key,
            "Handlingen är gallrad, men lagret har kvar en version.",
            "The record was disposed of, but the store still has a version.",
        )


def _journal(vault: Vault) -> Iterator[Finding]:
    """The chain in the catalogue, the chain in the bucket, and whether they are one."""
    with vault.catalogue.read() as connection:
        try:
            heads = {head.seq: head for head in follow(START, find.entries(connection))}
        except Damaged as error:
            yield Finding.fault(
                "V011", "catalogue", f"Journalen i katalogen är bruten: {error}", str(error)
            )
            heads = {}
        sealed = segments.sealed(connection)
        last = segments.last_entry(connection)
    yield from _segments(vault, sealed)
    yield from _sealed_chain(vault, heads)
    if sealed and sealed[-1][0].last < last:
        yield Finding(
            code="V012",
            severity=Severity.WARNING,
            place="journal",
            sv=f"Posterna efter {sealed[-1][0].last} är inte förseglade i lagret än.",
            en=f"The entries after {sealed[-1][0].last} are not sealed in the store yet.",
        )


def _segments(vault: Vault, sealed: list[tuple[Span, StoredObject]]) -> Iterator[Finding]:
    for _, stored in sealed:
        try:
            data = vault.reader.get(stored.key, stored.version_id)
        except ObjectMissing:
            yield _gone(vault, stored.key, "journalsegmentet", "V013", "V014")
            continue
        if sha256(data) != stored.sha256:
            yield Finding.fault(
                "V014",
                stored.key,
                "Journalsegmentet är ändrat: kontrollsumman skiljer sig.",
                "The journal segment was changed: its digest differs.",
            )
        elif not _is_current(vault, stored):
            yield Finding.fault(
                "V014",
                stored.key,
                "Journalsegmentet är dolt av en annan version: en ombyggnad skulle inte läsa det.",
                "The journal segment is hidden by another version: a rebuild would not read it.",
            )


def _is_current(vault: Vault, stored: StoredObject) -> bool:
    """Whether the key still leads to this version: a rebuild has only the bucket to go by."""
    try:
        return vault.reader.head(stored.key).version_id == stored.version_id
    except ObjectMissing:
        return False


def _sealed_chain(vault: Vault, heads: dict[int, Head]) -> Iterator[Finding]:
    """Follow what the bucket says by itself and compare it with the catalogue."""
    head = START
    for listed in sorted(vault.reader.keys(JOURNAL)):
        try:
            span_of(listed)
            for head in follow(head, read_segment(vault.reader.get(listed))):  # noqa: B007, B020  # the head is carried from segment to segment
                pass
        except (Damaged, Malformed) as error:
            yield Finding.fault(
                "V015", listed, f"Den förseglade journalen är bruten: {error}", str(error)
            )
            return
        if heads and heads.get(head.seq) != head:
            yield Finding.fault(
                "V016",
                listed,
                "Katalogens journal och lagrets skiljer sig åt: kör `insyn rebuild`.",
                "The journal of the catalogue differs from the store's: run `insyn rebuild`.",
            )
            return


def _unknown(vault: Vault, known: set[RecordId]) -> Iterator[Finding]:
    for listed in vault.record_keys():
        record_id = record_id_of(listed)
        if listed.endswith("/" + MANIFEST) and record_id not in known:
            yield Finding.fault(
                "V017",
                listed,
                "Lagret har en handling som journalen inte känner till: kör `insyn rebuild`.",
                "The store has a record that the journal does not know: run `insyn rebuild`.",
            )


def _gone(vault: Vault, key: str, what: str, missing: str, replaced: str) -> Finding:
    """A version is gone: alone, or with another put in its place."""
    english = {"objektet": "object", "journalsegmentet": "journal segment"}.get(what, what)
    if any(not v.is_marker for v in vault.reader.versions(key)):
        return Finding.fault(
            replaced,
            key,
            f"Någon har bytt ut {what}: den version som arkivet skrev finns inte kvar.",
            f"The {english} was replaced: the version that the archive wrote is gone.",
        )
    return Finding.fault(
        missing, key, f"Det saknas i lagret: {what}.", f"The {english} is missing."
    )
