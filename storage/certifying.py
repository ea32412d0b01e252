"""The end of a disposal: nothing can be read any more, and a certificate says so.

Both can be repeated: a certificate is put once and compared afterwards (DISPOSAL cases 5 and 27).
"""

import logging
from collections.abc import Mapping

from pydantic import JsonValue

from accounts.stockholm import civil_date
from storage.authority import demand_executor
from storage.catalogue import Transaction, find, proposed
from storage.copies import Copies, backups_until, look
from storage.errors import Damaged, NotAllowed, ObjectMissing
from storage.evidence import Evidence, certificate_order, deposit_evidence
from storage.journal import Act
from storage.keys import tombstone_key
from storage.people import Actor
from storage.proposals import ItemState, Proposal, ProposalId, State, demand_step
from storage.proposing import read
from storage.record import Record, Status, utc_now
from storage.vault import Vault
from storage.withdrawal import versions_of

_LOG = logging.getLogger(__name__)

TITLES: Mapping[Status, str] = {
    Status.DISPOSED: "Gallringsprotokoll",
    Status.TRANSFERRED: "Protokoll över borttagning efter överföring till e-arkiv",
}
"""What a certificate is called, by what the removal ended as."""


def verify(vault: Vault, proposal_id: ProposalId, actor: Actor) -> Proposal:
    """Confirm that nothing of what was disposed of can be read (RULES R38); VERIFIED if so.

    Raises:
        NotAllowed: a record on the list is not yet settled, or the actor may not carry it out.
        Damaged: a version is there, or a tombstone is missing.
    """
    with vault.catalogue.read() as connection:
        proposal, items = read(connection, proposal_id), proposed.items(connection, proposal_id)
        demand_executor(connection, actor, proposal)
        done = [item.record_id for item in items if item.state is ItemState.DONE]
        records = [find.record(connection, record_id) for record_id in done]
    if proposal.stored in (State.VERIFIED, State.CERTIFIED):
        return proposal
    gone = [record for record in records if record is not None]
    for record in gone:
        _demand_gone(vault, record)
    if gone:
        vault.catalogue.settle_texts()
    copies = look(vault, gone, backups_until(vault, utc_now()), None)
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        demand_executor(tx.connection, actor, proposal)
        if proposal.stored is not State.VERIFIED:
            _append_verified(tx, proposal, copies, actor)
        verified = read(tx.connection, proposal_id)
    vault.seal()
    _LOG.info("disposal: verified")
    return verified


def certify(
    vault: Vault, proposal_id: ProposalId, files: Mapping[str, bytes], actor: Actor
) -> Record:
    """Deposit the certificate (gallringsprotokoll) as a record, once (RULES R40).

    Raises:
        NotAllowed: the disposal is not verified, or the actor may not carry it out.
        Damaged: another certificate lies there already.
    """
    with vault.catalogue.read() as connection:
        proposal = read(connection, proposal_id)
        demand_executor(connection, actor, proposal)
        accepted = find.order(connection, certificate_order(proposal_id))
    if proposal.stored not in (State.VERIFIED, State.CERTIFIED) or accepted is None:
        raise NotAllowed(f"Proposal {proposal_id} is {proposal.stored}: nothing to certify yet.")
    order, record_id = accepted
    evidence = Evidence(
        record_id=record_id,
        order=order,
        unit=proposal.unit,
        title=f"{TITLES[proposal.ends_as]} {proposal_id}",
        began=proposal.started_at or order.ordered_at,
        ended=proposal.verified_at or order.ordered_at,
        files=files,
    )
    record = deposit_evidence(vault, evidence, actor)
    with vault.catalogue.write() as tx:
        now = read(tx.connection, proposal_id)
        demand_executor(tx.connection, actor, now)
        if now.stored is State.VERIFIED:
            detail: dict[str, JsonValue] = {"certificate": record_id}
            tx.append(actor, Act.CERTIFIED, proposal_id, detail)
    vault.seal()
    _LOG.info("disposal: certified")
    return record


def _append_verified(tx: Transaction, proposal: Proposal, copies: Copies, actor: Actor) -> None:
    """What was seen of copies goes with it: a repeated try certifies the same."""
    demand_step(proposal, proposal.stored, State.VERIFIED)
    items = proposed.items(tx.connection, proposal.proposal_id)
    unsettled = [item.record_id for item in items if not item.settled]
    if unsettled:
        raise NotAllowed(
            f"Proposal {proposal.proposal_id} has records that are not settled: "
            f"{', '.join(unsettled[:10])}."
        )
    detail: dict[str, JsonValue] = {
        state.value: count for state, count in sorted(proposal.counts.items())
    }
    detail["copies"] = copies.as_json()
    detail["left"] = [*copies.outstanding(civil_date(utc_now()))]
    tx.append(actor, Act.DISPOSAL_VERIFIED, proposal.proposal_id, detail)


def _demand_gone(vault: Vault, record: Record) -> None:
    """Reading fails, listing shows nothing, the tombstone stands."""
    left = [version.key for version in versions_of(vault.reader, record.manifest_key)]
    if left:
        raise Damaged(f"Record {record.record_id} was disposed of, but {left} can be read.")
    try:
        vault.reader.head(tombstone_key(record.record_id))
    except ObjectMissing as error:
        raise Damaged(f"The tombstone of record {record.record_id} is missing.") from error
