"""What a person files by hand: whether they may, and whether its type can be used (R14, R50)."""

from storage.catalogue import planned
from storage.errors import Malformed
from storage.people import DECIDERS, Actor
from storage.record import EVIDENCE, FINAL_CAPTURE, OWN_POST, PROFILE_CAPTURE, RecordType, today
from storage.roles import demand_role
from storage.vault import Vault

_MADE_HERE = frozenset({PROFILE_CAPTURE, FINAL_CAPTURE, OWN_POST, EVIDENCE})
"""Types of what Insyn itself captures or draws up: a file would pass for one of those."""


def demand_fileable(vault: Vault, record_type: RecordType, actor: Actor) -> None:
    """Refuse a file that could not be judged afterwards.

    Raises:
        NotAllowed: a service acts, or a person without a deciding role.
        Malformed: the plan in force has no rule for the type (RULES R14), or it is a capture's.
    """
    faults = []
    with vault.catalogue.read() as connection:
        demand_role(connection, actor, DECIDERS, "file a record")
        number = planned.number_in_force(connection, today())
        if not planned.has_rule(connection, number, record_type):
            faults.append(f"type: the plan in force has no rule for {record_type!r}")
    if record_type in _MADE_HERE:
        faults.append(f"type: {record_type} is captured or drawn up, never filed")
    if faults:
        raise Malformed("The file cannot be filed", faults)
