"""The tombstone (gravsten): what stands where a record was. No content, no personal data (R41)."""

from dataclasses import dataclass
from datetime import datetime

import rfc8785
from pydantic import JsonValue

from storage.catalogue.moments import stamp
from storage.handover import Handover
from storage.journal import Entry
from storage.record import Record, RecordId


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """By which decision a record was disposed of (gallrad), and where its posts still stand.

    One with a `handover` is preserved in an e-archive (överförd); only its local copy went.
    """

    record_id: RecordId
    proposal_id: str
    plan: int
    rule_id: str
    basis: str
    disposed_at: datetime
    certificate: RecordId | None
    also_in: tuple[RecordId, ...]
    handover: Handover | None

    @property
    def purged(self) -> bool:
        """Whether two persons purged it (RULES R49): by no proposal and no rule."""
        return not self.proposal_id


def tombstone_bytes(record: Record, begun: Entry) -> bytes:
    """The tombstone object: made of the record's dates and digests and of the entry of its intents,
    so that a repeated try gives the same bytes.
    """
    detail = begun.detail
    body: dict[str, JsonValue] = {
        "record_id": record.record_id,
        "record_type": record.record_type,
        "account": record.account,
        "captured_at": stamp(record.captured_at),
        "manifest_sha256": record.manifest_sha256,
        "proposal_id": detail["warrant_id"],
        "plan": detail["plan"],
        "rule_id": detail["rule_id"],
        "basis": detail["basis"],
        "certificate": detail["certificate"],
        "also_in": detail["also_in"],
        "begun_at": stamp(begun.at),
        **({"handover": detail["handover"]} if "handover" in detail else {}),
    }
    return rfc8785.dumps(body)


def purge_stone(record: Record, begun: Entry) -> bytes:
    """The tombstone of a purge: no digest either, and nothing of why (RULES R48)."""
    body: dict[str, JsonValue] = {
        "record_id": record.record_id,
        "record_type": record.record_type,
        "account": record.account,
        "captured_at": stamp(record.captured_at),
        "purged": True,
        "begun_at": stamp(begun.at),
    }
    return rfc8785.dumps(body)
