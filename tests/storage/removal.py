"""Removing a record on a warrant by itself, for tests of what a removal does and leaves."""

from typing import Any

from storage import withdrawal
from storage.archive import Archive
from storage.people import Actor, service
from storage.record import Record
from storage.withdrawal import Warrant

DISPOSER = service("disposal")


def warrant(archive: Archive, record: Record, **other: Any) -> Warrant:
    """A warrant decided on a record as it lies in the store now."""
    decided: dict[str, Any] = {
        "warrant_id": "w1",
        "record_id": record.record_id,
        "generation": record.generation,
        "objects_sha256": withdrawal.objects_of(archive._vault.reader, record),
        "plan": 1,
        "rule_id": "SM-04",
        "basis": "RA-FS 2021:6, dnr 1-1/2026",
        "approved_by": ("person:Eva Ek", "person:Ali Alm"),
        "certificate": None,
    }
    return Warrant(**{**decided, **other})


def withdraw(archive: Archive, decided: Warrant, actor: Actor = DISPOSER) -> Record:
    """Carry out a warrant; nothing but holds, generation and objects speaks against it."""
    return withdrawal.withdraw(archive._vault, decided, actor, lambda _connection, _record: None)
