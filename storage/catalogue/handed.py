"""Reading from the journal whether an e-archive has a record as it is here (RULES R46)."""

from sqlalchemy import Connection

from storage.catalogue import find
from storage.handover import Handover
from storage.journal import Act
from storage.record import HERE, Record
from storage.standing import Trigger


def handover(connection: Connection, record: Record) -> Handover | None:
    """What the newest word on a record's transfer proves of it; None: nothing.

    A receipt proves nothing that is not kept, or was given for another manifest than the record's.
    """
    entries = find.entries(connection, subject=record.record_id, limit=None)
    said = [
        entry.detail
        for entry in entries
        if entry.act is Act.DECLARED and entry.detail["event"] == Trigger.TRANSFERRED.value
    ]
    if not said or "receipt" not in said[-1]:
        return None
    proven = Handover.from_json(said[-1])
    receipt = find.record(connection, proven.receipt)
    kept = receipt is not None and receipt.status in HERE
    return proven if kept and proven.manifest_sha256 == record.manifest_sha256 else None
