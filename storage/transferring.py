"""Transfer to an e-archive, proven file by file by the receipt that it gives (RULES R46).

`deliver` lays out every file of the records, with their digests in `delivery.json`. The e-archive
answers with a receipt that names the same digests. Only such a receipt brings the trigger
`transferred` about. It is kept as a record, and without it no local copy is removed; the removal
itself is proposed, decided and carried out as a disposal is.
"""

import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from storage.catalogue import find, handed
from storage.entering import order_detail
from storage.errors import Malformed, NotFound
from storage.evidence import Evidence, deposit_evidence, evidence_order, receipt_order
from storage.handover import Handover
from storage.journal import Act
from storage.keys import prefix_of
from storage.manifests import checked_manifest
from storage.people import DECIDERS, Actor
from storage.record import (
    HERE,
    Reason,
    Record,
    RecordId,
    StoredObject,
    new_id,
    sha256,
    today,
)
from storage.roles import demand_role
from storage.signing import Signer
from storage.standing import Trigger
from storage.vault import Vault

_LOG = logging.getLogger(__name__)

LIST = "delivery.json"
_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class TransferredFile:
    """One file of a record: its path in the delivery and its digest (hex)."""

    record_id: str
    path: str
    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$")


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Receipt:
    """What the e-archive says that it has: by whom, under which reference, on which day."""

    receipt_version: Literal[1]
    received_by: str = Field(min_length=1)
    reference: str = Field(min_length=1)
    received_on: date
    files: tuple[TransferredFile, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What was laid out: the files of each record, below one folder."""

    folder: Path
    records: tuple[RecordId, ...]
    files: tuple[TransferredFile, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """A receipt that was accepted: the record it is kept as, and the records that it proves."""

    receipt: RecordId
    records: tuple[RecordId, ...]


_RECEIPT = TypeAdapter(Receipt)
_FILES = TypeAdapter(tuple[TransferredFile, ...])


def deliver(vault: Vault, records: Sequence[Record], folder: Path) -> Delivery:
    """Lay out the records' files in a new folder, each read back against its digest.

    Raises:
        Malformed: the folder is there already, or a record is no longer here.
        Damaged: a file is not what it was; nothing is laid out.
    """
    faults = [f"{one.record_id}: is {one.status}" for one in records if one.status not in HERE]
    faults += [
        f"{one.record_id}: is kept apart for secrecy; release it, or hand it over by hand"
        for one in records
        if one.restricted
    ]
    if folder.exists():
        faults.append(f"{folder}: is there already; name a new folder")
    if faults:
        raise Malformed("Nothing can be delivered", faults)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as room:
        laid = Path(room) / folder.name
        laid.mkdir()
        files = tuple(file for one in records for file in _lay_out(vault, one, laid))
        told = {"delivery_version": 1, "files": _FILES.dump_python(files, mode="json")}
        (laid / LIST).write_text(json.dumps(told, indent=2), encoding="utf-8")
        laid.rename(folder)
    return Delivery(folder=folder, records=tuple(one.record_id for one in records), files=files)


def accept_receipt(vault: Vault, data: bytes, actor: Actor) -> Noted:
    """Keep a receipt as a record, signed as it came, and journal what it proves: all or none.

    A receipt that was accepted before changes nothing; one that was cut off is ended.

    Raises:
        NotAllowed: a service acts, or one without a role that decides.
        Malformed: it is no receipt, or a file is missing, unknown, or has another digest.
        Damaged: a record's own manifest was changed.
    """
    receipt = _read(data)
    records = _proven(vault, receipt)
    kept = _keep(vault, data, receipt, records, actor)
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "note a receipt")
        for record in records:
            proven = Handover(
                received_by=receipt.received_by,
                reference=receipt.reference,
                received_on=receipt.received_on,
                receipt=kept,
                receipt_sha256=sha256(data),
                manifest_sha256=record.manifest_sha256,
            )
            if handed.handover(tx.connection, record) != proven:
                tx.append(actor, Act.DECLARED, record.record_id, _detail(proven))
    vault.seal()
    _LOG.info("transfer: noted")
    return Noted(receipt=kept, records=tuple(record.record_id for record in records))


def _proven(vault: Vault, receipt: Receipt) -> list[Record]:
    """The records that a receipt names, each of which it has whole.

    Raises:
        Malformed: naming all that differs.
    """
    named = sorted({RecordId(file.record_id) for file in receipt.files})
    faults: list[str] = []
    if receipt.received_on > today():
        faults.append(f"received_on: {receipt.received_on} lies ahead")
    with vault.catalogue.read() as connection:
        found = {one: find.record(connection, one) for one in named}
    for record_id, record in found.items():
        faults += [f"{record_id}: {why}" for why in _differences(vault, record, record_id, receipt)]
    if faults:
        raise Malformed("The receipt does not prove a transfer; nothing was noted", faults)
    return [record for record in found.values() if record is not None]


def _keep(
    vault: Vault, data: bytes, receipt: Receipt, records: Sequence[Record], actor: Actor
) -> RecordId:
    """Deposit the receipt, once: the journal names its record before it is written."""
    order_id = receipt_order(sha256(data))
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "note a receipt")
        if find.order(tx.connection, order_id) is None:
            order = evidence_order(order_id, Reason.TRANSFER, actor)
            tx.append(actor, Act.ORDERED, order_id, order_detail(order, new_id()))
        accepted = find.order(tx.connection, order_id)
    if accepted is None:
        raise NotFound(f"There is no order {order_id}.")
    order, record_id = accepted
    _LOG.info("transfer: receipt ordered")
    units = {record.unit for record in records}
    signer = Signer.of(vault.settings)
    evidence = Evidence(
        record_id=record_id,
        order=order,
        unit=units.pop() if len(units) == 1 else "",
        title=f"Kvitto {receipt.reference} från {receipt.received_by}",
        began=order.ordered_at,
        ended=order.ordered_at,
        files={
            "receipt.json": data,
            "receipt.json.sig": signer.sign(data),
            "receipt.pem": signer.public_pem,
        },
    )
    return deposit_evidence(vault, evidence, actor).record_id


def _detail(proven: Handover) -> dict[str, JsonValue]:
    """As any declared event, and what proves it."""
    return {
        **proven.as_json(),
        "event": Trigger.TRANSFERRED.value,
        "on": proven.received_on.isoformat(),
        "reason": f"{proven.received_by}, {proven.reference}",
    }


def _lay_out(vault: Vault, record: Record, room: Path) -> Iterator[TransferredFile]:
    for path, stored in _objects(vault, record).items():
        target = room / path
        target.parent.mkdir(parents=True, exist_ok=True)
        vault.download(stored, target)
        yield TransferredFile(record_id=record.record_id, path=path, sha256=stored.sha256)


def _objects(vault: Vault, record: Record) -> dict[str, StoredObject]:
    """Each of a record's files, the manifest too, by its path in a delivery.

    Raises:
        Damaged: the manifest is not the one that the journal names.
    """
    store = vault.reader_of(record.manifest_key)
    manifest, itself = checked_manifest(store, record)
    prefix, name = prefix_of(record.manifest_key), f"{record.record_id}/"
    files = {name + one.key.removeprefix(prefix): one for one in (itself, *manifest.objects)}
    return dict(sorted(files.items()))


def _differences(
    vault: Vault, record: Record | None, record_id: RecordId, receipt: Receipt
) -> Iterator[str]:
    """What of a record the receipt has otherwise than the archive."""
    if record is None:
        yield "there is no such record"
        return
    if record.status not in HERE:
        yield f"is {record.status}"
        return
    ours = {path: stored.sha256 for path, stored in _objects(vault, record).items()}
    theirs = {f.path: f.sha256.lower() for f in receipt.files if f.record_id == record_id}
    for path in sorted(ours.keys() | theirs.keys()):
        if path not in theirs:
            yield f"{path} is not in the receipt"
        elif path not in ours:
            yield f"{path} is no file of the record"
        elif ours[path] != theirs[path]:
            yield f"{path} was received with another digest ({theirs[path][:12]}…)"


def _read(data: bytes) -> Receipt:
    try:
        return _RECEIPT.validate_json(data)
    except ValidationError as error:
        raise Malformed.by(error, "This is no receipt") from error
