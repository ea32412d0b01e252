"""A record of which something can still be said: it is there, and not past return."""

from collections.abc import Sequence

from storage.catalogue import Connection, find
from storage.errors import Malformed, NotAllowed, NotFound
from storage.record import HERE, Record, RecordId


def reachable(
    connection: Connection, record_id: RecordId, act: str, faults: Sequence[str] = ()
) -> Record:
    """The record, as it is in this transaction; `act` is what is to be done to it.

    Raises:
        NotFound: there is none. Malformed: there are faults in what was said of it.
        NotAllowed: it is past return.
    """
    record = find.record(connection, record_id)
    if record is None:
        raise NotFound(f"There is no record {record_id}: see `insyn find`.")
    if faults:
        raise Malformed(f"Record {record_id} cannot be {act}", list(faults))
    if record.status not in HERE:
        raise NotAllowed(f"Record {record_id} is {record.status}: it is too late for that.")
    return record
