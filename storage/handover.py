"""The handover of a record to an e-archive (överföring), as a receipt proves it (RULES R46). Pure.

Journaled with the receipt, and again with the removal of the local copy; the tombstone names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from storage.record import RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """Who has the record since when, under which reference, and by which receipt.

    `receipt` is the record that the receipt is kept as, `receipt_sha256` the digest of its bytes,
    `manifest_sha256` that of the record's manifest, which names the digests of all its files.
    """

    received_by: str
    reference: str
    received_on: date
    receipt: RecordId
    receipt_sha256: str
    manifest_sha256: str

    def as_json(self) -> dict[str, JsonValue]:
        """As the journal and the tombstone keep it."""
        return {
            "received_by": self.received_by,
            "reference": self.reference,
            "received_on": self.received_on.isoformat(),
            "receipt": self.receipt,
            "receipt_sha256": self.receipt_sha256,
            "manifest_sha256": self.manifest_sha256,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, JsonValue]) -> "Handover":
        """Read what the journal keeps."""
        return cls(
            received_by=str(said["received_by"]),
            reference=str(said["reference"]),
            received_on=date.fromisoformat(str(said["received_on"])),
            receipt=RecordId(str(said["receipt"])),
            receipt_sha256=str(said["receipt_sha256"]),
            manifest_sha256=str(said["manifest_sha256"]),
        )
