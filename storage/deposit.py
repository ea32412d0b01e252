"""Depositing: objects first, the manifest last, then the journal. All of it or nothing counts.

A crash before the manifest leaves orphans, which `sweep` removes after seven days; a crash after
it leaves a whole record that the next `accept` of the order, or a rebuild, enters in the journal.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from accounts.findings import Severity
from storage.abuse import demand_clean
from storage.catalogue import find
from storage.entering import enter, order_detail
from storage.errors import AlreadyThere, Damaged, NotAllowed, NotFound
from storage.gap import GapId, GapReport
from storage.journal import Act
from storage.keys import MANIFEST, PACKAGE, gap_prefix, record_prefix
from storage.manifests import read_manifest, stored_earlier
from storage.objects import Store
from storage.package import read_parts
from storage.package_check import check_package
from storage.people import Actor
from storage.record import (
    AccountRef,
    Description,
    Manifest,
    Order,
    Part,
    Record,
    RecordId,
    Status,
    StoredObject,
    file_sha256,
    new_id,
)
from storage.vault import Vault

_LOG = logging.getLogger(__name__)
_PACKAGE_TYPE = "application/wacz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """An order that the archive knows: the id its record has or will have."""

    order: Order
    record_id: RecordId
    record: Record | None


def accept(vault: Vault, order: Order, account: AccountRef, actor: Actor) -> Accepted:
    """Enter an order in the journal; one that is known already keeps its record id (RULES R12).

    An order whose deposit was cut off after the manifest gets its record entered now.

    Raises:
        NotAllowed: abuse material was reported at the account (RULES R48).
    """
    with vault.catalogue.write() as tx:
        demand_clean(tx.connection, account.id)
        known = find.order(tx.connection, order.order_id)
        if known is None:
            record_id = new_id()
            tx.append(actor, Act.ORDERED, order.order_id, order_detail(order, record_id))
        else:
            order, record_id = known
        record = find.record(tx.connection, record_id)
    vault.seal()
    _LOG.info("deposit: order accepted")
    if known and record is None:
        record = _enter_earlier(vault, record_id, account, actor)
    return Accepted(order=order, record_id=record_id, record=record)


def deposit(
    vault: Vault,
    description: Description,
    package: Path,
    media: Sequence[Path],
    actor: Actor,
) -> Record:
    """Store a record: its objects, its manifest, its journal entry.

    Raises:
        Damaged: the package does not pass our own verifier; nothing was put.
        NotFound: the order was never accepted.
        NotAllowed: the record was disposed of; it is not made anew (RULES R44).
    """
    known = _known(vault, description)
    if known is not None:
        return known
    manifest, stored = _put(vault, description, package, media)
    return enter(vault, manifest, stored, actor, Act.DEPOSITED)


def note_gap(vault: Vault, report: GapReport, picture: bytes | None, actor: Actor) -> GapId:
    """Keep a gap's evidence and enter it in the journal; the duty stays open (RULES R9)."""
    gap_id = GapId(new_id())
    prefix = gap_prefix(gap_id, report.account)
    until = vault.lock_until()
    if picture:
        vault.capture.put(
            prefix + "picture.png", picture, media_type="image/png", retain_until=until
        )
    stored = vault.capture.put(
        prefix + "gap.json", report.to_bytes(), media_type="application/json", retain_until=until
    )
    detail: dict[str, JsonValue] = {
        "account": report.account.id,
        "order_id": report.order.order_id,
        "verdict": report.verdict,
        "key": stored.key,
        "version_id": stored.version_id,
        "sha256": stored.sha256,
    }
    with vault.catalogue.write() as tx:
        tx.append(actor, Act.GAP_NOTED, gap_id, detail)
    vault.seal()
    return gap_id


def _put(
    vault: Vault, description: Description, package: Path, media: Sequence[Path]
) -> tuple[Manifest, StoredObject]:
    """Objects first, the manifest last; an earlier manifest of the same record wins."""
    parts = _checked_parts(package)
    _LOG.info("deposit: package checked")
    prefix = record_prefix(description.record_id, description.account)
    until = vault.lock_until()
    store = vault.capture
    objects = [
        store.put(prefix + PACKAGE, package, media_type=_PACKAGE_TYPE, retain_until=until),
        *(_put_medium(store, prefix, path, until) for path in media),
    ]
    _LOG.info("deposit: package stored")
    manifest = Manifest(
        manifest_version=1, description=description, parts=parts, objects=tuple(objects)
    )
    try:
        stored = store.put(
            prefix + MANIFEST,
            manifest.to_bytes(),
            media_type="application/json",
            retain_until=until,
            only_if_absent=True,
        )
    except AlreadyThere:
        return read_manifest(store, prefix + MANIFEST)
    _LOG.info("deposit: manifest stored")
    return manifest, stored


def _known(vault: Vault, description: Description) -> Record | None:
    with vault.catalogue.read() as connection:
        if find.order_of(connection, description.record_id) is None:
            raise NotFound(
                f"No order has the record id {description.record_id}: accept the order first."
            )
        record = find.record(connection, description.record_id)
    if record is not None and record.status is not Status.ACTIVE:
        raise NotAllowed(
            f"Record {record.record_id} is {record.status}: it is not made anew. Give a new order "
            "if the page is to be captured again."
        )
    return record


def _enter_earlier(
    vault: Vault, record_id: RecordId, account: AccountRef, actor: Actor
) -> Record | None:
    earlier = stored_earlier(vault.reader, record_id, account)
    if earlier is None:
        return None
    manifest, stored = earlier
    return enter(vault, manifest, stored, actor, Act.RECOVERED)


def _checked_parts(package: Path) -> tuple[Part, ...]:
    parts = read_parts(package)
    faults = [f for f in check_package(package, parts) if f.severity is Severity.FAULT]
    if faults:
        told = "\n".join(f"  {f.code} {f.place}: {f.en}" for f in faults)
        raise Damaged(f"The package {package.name} is not fit to be kept:\n{told}")
    return parts


def _put_medium(store: Store, prefix: str, path: Path, until: datetime) -> StoredObject:
    key = f"{prefix}media/{file_sha256(path)}{path.suffix}"
    return store.put(key, path, media_type="application/octet-stream", retain_until=until)
