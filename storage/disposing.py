"""Carrying out an approved proposal, record by record; `certifying` ends it.

Each step is one transaction, and each can be repeated: what a crash left is taken up where it was.
Whether a record is still due is answered by the caller (`Judge`), inside the transaction that
writes the intents; holds, approvals, roles, plan and objects are looked at here.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pydantic import JsonValue

from storage.authority import demand_authority, demand_decider, demand_executor, demand_third
from storage.catalogue import Connection, Transaction, find, handed, proposed, standings
from storage.catalogue.standings import Closed
from storage.entering import order_detail
from storage.errors import (
    Damaged,
    Held,
    Locked,
    Malformed,
    NotAllowed,
    NotFound,
    Outdated,
)
from storage.evidence import certificate_order, evidence_order
from storage.fixity import verify_record
from storage.handover import Handover
from storage.journal import Act
from storage.people import Actor
from storage.proposals import (
    Item,
    ItemState,
    Proposal,
    ProposalId,
    State,
    Why,
    demand_step,
)
from storage.proposing import NOTHING_LEFT, append_end, read
from storage.record import (
    Reason,
    Record,
    RecordId,
    Status,
    new_id,
)
from storage.standing import Standing
from storage.vault import Vault
from storage.withdrawal import Warrant, withdraw

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """Says what a record becomes today by a version of the plan, as it stands; None: it is not due.

    `closed` is when accounts were closed, by the register.
    """

    plan: int
    closed: Closed
    ends_as: Callable[[Record, Standing], Status | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Who carries out, by whose judgement, and when that is."""

    actor: Actor
    judge: Judge
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Hindrance:
    """Why a record was not disposed of, and as what the journal says it."""

    act: Act
    why: str


def start(vault: Vault, proposal_id: ProposalId, actor: Actor, now: datetime) -> Proposal:
    """Begin to carry out a proposal that is ready, or take up one that was begun.

    Raises:
        NotAllowed: it is not ready; the actor has a part in the decision or no power to carry it
            out; the approvals have run out or no record is left (which is journaled); or the run
            is over the cap and no third person approved.
    """
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        demand_executor(tx.connection, actor, proposal)
        state = proposal.state_at(now)
        if state is State.EXPIRED and proposal.stored is not State.EXPIRED:
            append_end(tx, proposal, state, "the approvals ran out", actor)
        elif state is State.READY and not proposal.listed:
            append_end(tx, proposal, State.WITHDRAWN, NOTHING_LEFT, actor)
        elif state is not State.EXECUTING:
            demand_step(proposal, state, State.EXECUTING)
            if state is State.PAUSED:
                raise NotAllowed(f"Proposal {proposal_id} is paused ({proposal.why}): resume it.")
            demand_authority(tx.connection, proposal, now)
            demand_third(vault, tx.connection, proposal)
            _append_start(tx, proposal, actor)
        begun = read(tx.connection, proposal_id)
    vault.seal()
    if begun.stored is not State.EXECUTING:
        raise NotAllowed(f"Proposal {proposal_id} is {begun.stored}, {begun.why}: draw it anew.")
    _LOG.info("disposal: started")
    return begun


def dispose(vault: Vault, run: Run, proposal_id: ProposalId, record_id: RecordId) -> Item:
    """Dispose of one record of the list, or say in the journal why not.

    Raises:
        NotAllowed: the proposal is not being carried out, or not by this actor.
        NotFound: the record is not on its list.
    """
    with vault.catalogue.read() as connection:
        proposal, item = read(connection, proposal_id), _item(connection, proposal_id, record_id)
        demand_executor(connection, run.actor, proposal)
        record = find.record(connection, record_id)
    if item.settled or record is None:
        return item
    _demand_executing(proposal)
    hindrance = _damage(vault, record) or _withdraw(vault, run, proposal, record, item)
    if hindrance is not None:
        _settle(vault, run, item, hindrance, proposal_id)
    with vault.catalogue.read() as connection:
        return _item(connection, proposal_id, record_id)


def pause(vault: Vault, proposal_id: ProposalId, why: str, actor: Actor) -> None:
    """Stop a run in which too much went wrong; a person resumes it.

    Raises:
        NotAllowed: it is not being carried out, or not by this actor.
    """
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        demand_executor(tx.connection, actor, proposal)
        demand_step(proposal, proposal.stored, State.PAUSED)
        tx.append(actor, Act.DISPOSAL_PAUSED, proposal_id, {"why": why})
    vault.seal()


def resume(vault: Vault, proposal_id: ProposalId, why: str, actor: Actor) -> None:
    """Let a paused run go on.

    Raises:
        NotAllowed: the actor decides nothing, or it is not paused. Malformed: no reason.
    """
    if not why.strip():
        raise Malformed("Nothing is resumed without a reason", ["reason: say what was found"])
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        demand_decider(tx.connection, actor, "resume a disposal")
        if proposal.stored is not State.PAUSED:
            raise NotAllowed(f"Proposal {proposal_id} is {proposal.stored}, not paused.")
        tx.append(actor, Act.DISPOSAL_RESUMED, proposal_id, {"why": why.strip()})
    vault.seal()


def _append_start(tx: Transaction, proposal: Proposal, actor: Actor) -> None:
    """The start, and the order of the certificate: tombstones name it before it is written."""
    certificate = new_id()
    order = evidence_order(certificate_order(proposal.proposal_id), Reason.DISPOSAL, actor)
    tx.append(actor, Act.ORDERED, order.order_id, order_detail(order, certificate))
    detail: dict[str, JsonValue] = {"certificate": certificate}
    tx.append(actor, Act.DISPOSAL_STARTED, proposal.proposal_id, detail)


def _check(
    connection: Connection,
    record: Record,
    *,
    proposal_id: ProposalId,
    item: Item,
    run: Run,
    handover: Handover | None,
) -> None:
    """What the transaction of the intents looks at beside holds, generation and objects."""
    proposal = read(connection, proposal_id)
    _demand_executing(proposal)
    demand_executor(connection, run.actor, proposal)
    demand_authority(connection, proposal, run.now)
    if record.manifest_sha256 != item.manifest_sha256:
        raise Outdated(f"Record {record.record_id} is not the one of the list.", Why.OBJECTS)
    if run.judge.plan != proposal.plan:
        raise Outdated(f"The judge has version {run.judge.plan} of the plan.", Why.PLAN)
    standing = standings.standings(connection, [record.record_id], run.judge.closed)
    if run.judge.ends_as(record, standing[record.record_id]) is not proposal.ends_as:
        raise Outdated(f"By its rule record {record.record_id} is not due any more.", Why.RULE)
    proven = _handover(connection, record, proposal)
    if proven != handover or (proposal.ends_as is Status.TRANSFERRED and proven is None):
        raise Outdated(f"No receipt proves the transfer of {record.record_id}.", Why.RECEIPT)


def _demand_executing(proposal: Proposal) -> None:
    if proposal.stored is not State.EXECUTING:
        raise NotAllowed(f"Proposal {proposal.proposal_id} is {proposal.stored}, not executing.")


def _handover(connection: Connection, record: Record, proposal: Proposal) -> Handover | None:
    """What proves that the record is with an e-archive, where it is to be called transferred."""
    transfers = proposal.ends_as is Status.TRANSFERRED
    return handed.handover(connection, record) if transfers else None


def _warrant(proposal: Proposal, item: Item, handover: Handover | None) -> Warrant:
    return Warrant(
        warrant_id=proposal.proposal_id,
        record_id=item.record_id,
        generation=item.generation,
        objects_sha256=item.objects_sha256,
        plan=proposal.plan,
        rule_id=proposal.rule_id,
        basis=proposal.basis,
        approved_by=tuple(approval.person for approval in proposal.approvals),
        certificate=proposal.certificate,
        handover=handover,
    )


def _damage(vault: Vault, record: Record) -> Hindrance | None:
    """What is damaged is an incident, and no disposal covers it up (RULES R62).

    A hold's lock follows the journal a moment later: what is held, or was changed while it was
    read, is not removed in any case, and the withdrawal says why.
    """
    if record.status is Status.DESTROYING or record.held:
        return None
    codes = sorted({finding.code for finding in verify_record(vault, record)})
    if not codes or _has_changed(vault, record):
        return None
    return Hindrance(act=Act.ITEM_FAILED, why=f"damaged: {', '.join(codes)}")


def _has_changed(vault: Vault, record: Record) -> bool:
    with vault.catalogue.read() as connection:
        now = find.record(connection, record.record_id)
    return now is None or now.generation != record.generation


def _withdraw(
    vault: Vault, run: Run, proposal: Proposal, record: Record, item: Item
) -> Hindrance | None:
    with vault.catalogue.read() as connection:
        handover = _handover(connection, record, proposal)
    check = partial(_check, proposal_id=proposal.proposal_id, item=item, run=run, handover=handover)
    try:
        withdraw(vault, _warrant(proposal, item, handover), run.actor, check)
    except Outdated as error:
        return Hindrance(act=Act.ITEM_SKIPPED, why=error.why)
    except Locked:
        return Hindrance(act=Act.ITEM_FAILED, why=Why.LEGAL_HOLD)
    except Held:
        return Hindrance(act=Act.ITEM_SKIPPED, why=Why.HELD)
    except Damaged as error:
        _LOG.warning("disposal: %s", error)
        return Hindrance(act=Act.ITEM_FAILED, why=Why.REMAINS)
    return None


def _settle(vault: Vault, run: Run, item: Item, found: Hindrance, proposal_id: ProposalId) -> None:
    """Journal why a record was not disposed of, unless that is known already.

    Where the store's lock left the record whole, its item was blocked when that was found.
    """
    with vault.catalogue.write() as tx:
        now = _item(tx.connection, proposal_id, item.record_id)
        known = now.settled or (now.state is ItemState.FAILED and now.why == found.why)
        if not known:
            detail: dict[str, JsonValue] = {"record_id": item.record_id, "why": found.why}
            tx.append(run.actor, found.act, proposal_id, detail)
    vault.seal()
    _LOG.info("disposal: item settled")


def _item(connection: Connection, proposal_id: ProposalId, record_id: RecordId) -> Item:
    found = proposed.item(connection, proposal_id, record_id)
    if found is None:
        raise NotFound(f"Record {record_id} is not on the list of proposal {proposal_id}.")
    return found
