"""Surveying how records stand: all that a plan still reaches, or those that a trigger has reached.

A batch at a time, each read in a transaction of its own: a survey of millions takes no more memory
than one batch, and holds up no writer while its caller thinks.
"""

from collections.abc import Iterator, Sequence

from storage.catalogue import find, standings
from storage.catalogue.standings import BATCH, Closed, Reached
from storage.record import Record, RecordId
from storage.standing import Standing
from storage.vault import Vault

Found = tuple[Record, Standing]


def standing(vault: Vault, record: Record, closed: Closed) -> Standing:
    """How one record stands; `closed` is when accounts were closed, by the register."""
    with vault.catalogue.read() as connection:
        return standings.standings(connection, [record.record_id], closed)[record.record_id]


def reached(vault: Vault, wanted: Reached, closed: Closed) -> Iterator[Found]:
    """Records that a trigger has reached, by index; oldest first."""
    with vault.catalogue.read() as connection:
        record_ids: Sequence[RecordId] = standings.reached(connection, wanted, closed)
    for start in range(0, len(record_ids), BATCH):
        some = record_ids[start : start + BATCH]
        with vault.catalogue.read() as connection:
            records = find.records_named(connection, some)
            how = standings.standings(connection, some, closed)
        yield from ((record, how[record.record_id]) for record in records)


def everything(vault: Vault, closed: Closed) -> Iterator[Found]:
    """Every record that a plan still reaches; oldest first, each once."""
    after = 0
    while True:
        with vault.catalogue.read() as connection:
            records, after = find.records_here(connection, after, BATCH)
            how = standings.standings(connection, [one.record_id for one in records], closed)
        if not records:
            return
        yield from ((record, how[record.record_id]) for record in records)
