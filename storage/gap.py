"""A gap (lucka): a capture that was ordered and could not be made, with its evidence (RULES R9).

A gap is never a record and never closes a duty.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

import rfc8785
from pydantic import TypeAdapter, ValidationError

from storage.errors import Malformed
from storage.record import AccountRef, Order, RecordId

GapId = NewType("GapId", str)
"""A ULID."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GapReport:
    """What stood in the way: verdict and reason code, and what was seen.

    `retry_after_s` is in seconds, where the platform named a time; `headers` have no secrets.
    """

    account: AccountRef
    order: Order
    at: datetime
    verdict: str
    evidence: tuple[str, ...]
    requested_url: str
    final_url: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    retry_after_s: int | None

    def to_bytes(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(_REPORT.dump_python(self, mode="json"))

    @classmethod
    def from_bytes(cls, data: bytes) -> "GapReport":
        """Read what `to_bytes` wrote.

        Raises:
            Malformed: it is no report of a gap.
        """
        try:
            return _REPORT.validate_json(data)
        except ValidationError as error:
            raise Malformed.by(error, "This is no report of a gap") from error


_REPORT = TypeAdapter(GapReport)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A gap as the catalogue knows it; `met_by` is the capture that later filled it."""

    gap_id: GapId
    account: str
    order_id: str
    at: datetime
    verdict: str
    key: str
    met_by: RecordId | None
