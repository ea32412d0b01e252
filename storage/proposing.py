"""Drawing up, striking, approving and ending proposals: the transactions, and the four eyes.

Every refusal is made inside the transaction, against persons and not role names (RULES R32, R33).
Whether a record is due is judged in `retention`; here it must be whole, unheld and unchanged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import JsonValue

from storage.authority import (
    demand_decider,
    demand_drawer,
    demand_other,
    demand_plan,
    demand_seat,
    over_cap,
)
from storage.catalogue import Connection, Transaction, find, handed, planned, proposed, stamp
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act
from storage.people import Actor, actor_named
from storage.proposals import (
    NEXT,
    SEAT_AT,
    UNDER_WAY,
    Attestation,
    Candidate,
    Drawing,
    ItemState,
    Proposal,
    ProposalId,
    Seat,
    State,
    demand_step,
    list_digest,
)
from storage.record import Record, RecordId, Status, new_id
from storage.vault import Vault
from storage.withdrawal import objects_of

_T = TypeVar("_T")
_BATCH = 500

NOTHING_LEFT = "no record is left on its list"
"""Why a proposal ended whose every record was struck."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """What an approver signs: the digest of the list as shown, and the archivist's judgement."""

    digest: str
    attestation: Attestation | None


def draw(vault: Vault, drawing: Drawing, actor: Actor) -> ProposalId | None:
    """Draw up a proposal and freeze its list; None where no record is left to propose.

    Left out is what is held, has changed since it was looked at, or stands on another open list;
    a certificate, which nothing disposes of (RULES R40); and of what is to end as transferred, all
    that no receipt proves to be with an e-archive as it is here (RULES R46).

    Raises:
        NotAllowed: the plan's version is not the newest.
    """
    wanted = {one.record_id: one for one in drawing.candidates}
    with vault.catalogue.read() as connection:
        seen = [r for some in _batches(list(wanted)) for r in find.records_named(connection, some)]
    objects = {record.record_id: objects_of(vault.reader, record) for record in seen}
    proposal_id = ProposalId(new_id())
    with vault.catalogue.write() as tx:
        demand_drawer(tx.connection, actor)
        if planned.latest_number(tx.connection) < drawing.plan:
            raise NotAllowed(f"There is no version {drawing.plan} of the plan.")
        rows = list(_rows(tx.connection, drawing, wanted, objects))
        if rows:
            _write(tx, proposal_id, drawing, rows, actor)
    vault.seal()
    return proposal_id if rows else None


def strike(
    vault: Vault, proposal_id: ProposalId, record_ids: Sequence[RecordId], why: str, actor: Actor
) -> None:
    """Strike records off the list, where they stay as struck; approvals stand (RULES R35).

    A list of which nothing is left is withdrawn: there is nothing to approve or to certify.

    Raises:
        NotAllowed: the actor has no seat, or the disposal has begun. Malformed: no reason.
        NotFound: the proposal has no such record that could be struck.
    """
    _demand_reason(why, "struck")
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        demand_decider(tx.connection, actor, "strike a record from a proposal")
        _demand_undecided(proposal)
        for record_id in record_ids:
            item = proposed.item(tx.connection, proposal_id, record_id)
            if item is None or item.state not in (ItemState.PROPOSED, ItemState.APPROVED):
                raise NotFound(f"Proposal {proposal_id} has no record {record_id} to strike.")
            detail: dict[str, JsonValue] = {"record_id": record_id, "why": why.strip()}
            tx.append(actor, Act.ITEM_STRUCK, proposal_id, detail)
        left = read(tx.connection, proposal_id)
        if not left.listed:
            append_end(tx, left, State.WITHDRAWN, NOTHING_LEFT, actor)
    vault.seal()


def approve(
    vault: Vault, proposal_id: ProposalId, signature: Signature, actor: Actor, now: datetime
) -> Proposal:
    """Approve in the seat whose turn it is: owner, archivist, and over the cap a third person.

    Raises:
        NotAllowed: it is nobody's turn; the actor lacks the role or has a part in it already; the
            digest is another's; the approvals have run out; a record is held (RULES R27); or
            another version of the plan is in force.
        Malformed: the archivist leaves a test out.
    """
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        seat = _seat(proposal, now)
        demand_other(proposal, actor)
        demand_seat(tx.connection, actor, seat, proposal)
        _check(tx.connection, proposal, signature, seat, now)
        to = _after(vault, tx.connection, proposal, seat)
        detail = _signed(vault, seat, signature, to, now)
        tx.append(actor, Act.PROPOSAL_APPROVED, proposal_id, detail)
        approved = read(tx.connection, proposal_id)
    vault.seal()
    return approved


def end(vault: Vault, proposal_id: ProposalId, to: State, why: str, actor: Actor) -> None:
    """Withdraw or reject a proposal before its execution has begun.

    Raises:
        NotAllowed: the actor may not, or the states do not allow it. Malformed: no reason.
    """
    _demand_reason(why, to.value)
    with vault.catalogue.write() as tx:
        proposal = read(tx.connection, proposal_id)
        if to is State.REJECTED or actor.key != actor_named(proposal.drawn_by).key:
            demand_decider(tx.connection, actor, "end a proposal")
        _demand_undecided(proposal)
        append_end(tx, proposal, to, why.strip(), actor)
    vault.seal()


def append_end(tx: Transaction, proposal: Proposal, to: State, why: str, actor: Actor) -> None:
    """Journal that a proposal ended before its execution, and why.

    Raises:
        NotAllowed: the states do not allow it.
    """
    demand_step(proposal, proposal.stored, to)
    tx.append(actor, Act.PROPOSAL_ENDED, proposal.proposal_id, {"to": to.value, "why": why})


def read(connection: Connection, proposal_id: ProposalId) -> Proposal:
    """A proposal as it stands in this transaction.

    Raises:
        NotFound: there is none.
    """
    found = proposed.proposal(connection, proposal_id)
    if found is None:
        raise NotFound(f"There is no proposal {proposal_id}: see `insyn proposal list`.")
    return found


def _rows(
    connection: Connection,
    drawing: Drawing,
    wanted: Mapping[RecordId, Candidate],
    objects: Mapping[RecordId, str],
) -> Iterator[dict[str, JsonValue]]:
    """The frozen list: what still is as it was looked at, by record id."""
    for some in _batches(sorted(objects)):
        taken = proposed.taken(connection, some)
        for record in sorted(find.records_named(connection, some), key=lambda r: r.record_id):
            seen = wanted[record.record_id]
            if record.record_id in taken or not _is_as_seen(record, drawing, seen):
                continue
            if _is_proven(connection, record, drawing):
                yield {
                    "record_id": record.record_id,
                    "generation": record.generation,
                    "manifest_sha256": record.manifest_sha256,
                    "objects_sha256": objects[record.record_id],
                    "period_start": seen.period_start.isoformat(),
                    "period_end": seen.period_end.isoformat(),
                    "since": seen.since.isoformat(),
                }


def _is_as_seen(record: Record, drawing: Drawing, seen: Candidate) -> bool:
    return (
        record.status is Status.ACTIVE
        and not record.held
        and not record.is_evidence
        and record.generation == seen.generation
        and (record.record_type, record.unit) == (drawing.record_type, drawing.unit)
    )


def _is_proven(connection: Connection, record: Record, drawing: Drawing) -> bool:
    """What is to be called transferred is with an e-archive as it is here (RULES R46)."""
    transfers = drawing.ends_as is Status.TRANSFERRED
    return not transfers or handed.handover(connection, record) is not None


def _write(
    tx: Transaction,
    proposal_id: ProposalId,
    drawing: Drawing,
    rows: Sequence[dict[str, JsonValue]],
    actor: Actor,
) -> None:
    about: dict[str, JsonValue] = {
        "plan": drawing.plan,
        "rule_id": drawing.rule_id,
        "record_type": drawing.record_type,
        "unit": drawing.unit,
        "basis": drawing.basis,
        "ends_as": drawing.ends_as.value,
    }
    tx.append(actor, Act.PROPOSAL_DRAWN, proposal_id, about)
    for some in _batches(rows):
        tx.append(actor, Act.PROPOSAL_LISTED, proposal_id, {"items": list(some)})
    frozen: dict[str, JsonValue] = {"digest": list_digest(about, rows), "count": len(rows)}
    tx.append(actor, Act.PROPOSAL_FROZEN, proposal_id, frozen)


def _seat(proposal: Proposal, now: datetime) -> Seat:
    state = proposal.state_at(now)
    seat = SEAT_AT.get(state)
    if seat is None:
        raise NotAllowed(
            f"Proposal {proposal.proposal_id} is {state}: it waits for no approval."
            + (" Withdraw it and draw anew." if state is State.EXPIRED else "")
        )
    return seat


def _check(
    connection: Connection, proposal: Proposal, signature: Signature, seat: Seat, now: datetime
) -> None:
    if signature.digest != proposal.digest:
        raise NotAllowed(
            f"The list of proposal {proposal.proposal_id} has the digest {proposal.digest}, not "
            f"{signature.digest}: look at it again (`insyn proposal show`)."
        )
    demand_plan(connection, proposal, now)
    held = proposed.held(connection, proposal.proposal_id)
    if held:
        raise NotAllowed(
            f"Proposal {proposal.proposal_id} lists records that are held: strike them first "
            f"({', '.join(held)})."
        )
    if seat is Seat.ARCHIVIST:
        if signature.attestation is None:
            raise Malformed("The archivist has to answer every test in words", ["all of them"])
        signature.attestation.check()


def _after(vault: Vault, connection: Connection, proposal: Proposal, seat: Seat) -> State:
    """Where an approval in a seat leads; each step is one that the states allow."""
    if seat is Seat.OWNER:
        steps = [State.OWNER_OK]
    elif seat is Seat.ARCHIVIST:
        cooling = [] if over_cap(vault, connection, proposal) else [State.COOLING]
        steps = [State.ARCHIVIST_OK, *cooling]
    else:
        steps = [State.COOLING]
    before = proposal.stored
    for step in steps:
        demand_step(proposal, before, step)
        before = step
    return before


def _signed(
    vault: Vault, seat: Seat, signature: Signature, to: State, now: datetime
) -> dict[str, JsonValue]:
    """What the journal says of an approval: what was signed, until when, and where it leads."""
    settings, attested = vault.settings, signature.attestation
    cooled = stamp(now + timedelta(days=settings.cooling_days))
    return {
        "seat": seat.value,
        "digest": signature.digest,
        "valid_until": stamp(now + timedelta(days=settings.approval_days)),
        "attested": attested.as_json() if attested and seat is Seat.ARCHIVIST else {},
        "to": to.value,
        "ready_at": cooled if to is State.COOLING else "",
    }


def _demand_reason(why: str, what: str) -> None:
    if not why.strip():
        raise Malformed(f"Nothing is {what} without a reason", ["reason: say why"])


def _demand_undecided(proposal: Proposal) -> None:
    if proposal.stored in UNDER_WAY or not NEXT[proposal.stored]:
        raise NotAllowed(
            f"Proposal {proposal.proposal_id} is {proposal.stored}: its list cannot be changed or "
            "taken back. Place a hold to stop what has not been removed yet."
        )


def _batches(values: Sequence[_T]) -> list[Sequence[_T]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]
