"""Ending proposals that time or a newer plan has overtaken, so that their records are free again.

Nobody decides that: the journal has it from the service `expiry`. What is being carried out is
left alone, as its records are judged one by one.
"""

from datetime import datetime

from accounts.stockholm import civil_date
from storage.catalogue import planned, proposed
from storage.people import service
from storage.proposals import OPEN, UNDER_WAY, Proposal, ProposalId, State
from storage.proposing import append_end
from storage.vault import Vault

_EXPIRY = service("expiry")


def lapse(vault: Vault, now: datetime) -> tuple[ProposalId, ...]:
    """End what has expired or was drawn by another plan than is in force; gives back which."""
    with vault.catalogue.write() as tx:
        number = planned.number_in_force(tx.connection, civil_date(now))
        waiting = proposed.proposals(tx.connection, OPEN - UNDER_WAY)
        lapsed = [(one, why) for one in waiting if (why := _overtaken(one, number, now))]
        for proposal, why in lapsed:
            append_end(tx, proposal, State.EXPIRED, why, _EXPIRY)
    if lapsed:
        vault.seal()
    return tuple(proposal.proposal_id for proposal, _ in lapsed)


def _overtaken(proposal: Proposal, number: int, now: datetime) -> str:
    """Why a proposal has come to nothing, or nothing where it has not."""
    if proposal.state_at(now) is State.EXPIRED:
        return "the approvals ran out"
    if proposal.plan != number:
        return f"version {number} of the plan is in force, not {proposal.plan}"
    return ""
