"""Proposals, their lists and what became of them, as the commands show them. Opens nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime

from desk.printer import Column, Printer, day, local, short_ids
from desk.record_view import person_name
from retention.disposal import Outcome
from storage.proposals import Item, ItemState, Proposal
from storage.record import RecordId, Status
from storage.tombstone import Tombstone


def print_proposals(printer: Printer, proposals: Sequence[Proposal], now: datetime) -> None:
    """One proposal a row, with whose turn it is."""
    if not proposals:
        printer.say("proposals.none")
        return
    ends = short_ids([one.proposal_id for one in proposals])
    printer.table(
        (
            Column(name="proposal", whole=True),
            Column(name="rule", whole=True),
            Column(name="record_type"),
            Column(name="unit"),
            Column(name="records", number=True),
            Column(name="drawn_at", whole=True),
            Column(name="state"),
        ),
        (
            (
                ends[one.proposal_id],
                one.rule_id,
                one.record_type,
                one.unit,
                str(one.listed),
                local(one.drawn_at),
                printer.word(f"proposal_state.{one.state_at(now)}"),
            )
            for one in proposals
        ),
    )


def print_proposal(
    printer: Printer,
    proposal: Proposal,
    items: Sequence[Item],
    held: Collection[RecordId],
    now: datetime,
) -> None:
    """All of a proposal: what it rests on, who approved, every record (RULES R34)."""
    printer.title(printer.word("proposal.title", proposal=proposal.proposal_id))
    printer.facts(
        (
            ("state", printer.word(f"proposal_state.{proposal.state_at(now)}")),
            ("why", proposal.why),
            ("rule", f"{proposal.rule_id} (plan {proposal.plan}), {proposal.record_type}"),
            ("basis", proposal.basis),
            ("ends_as", printer.word(f"record.{proposal.ends_as}")),
            ("unit", proposal.unit),
            ("drawn_by", f"{person_name(proposal.drawn_by)}, {local(proposal.drawn_at)}"),
            ("records", str(proposal.listed)),
            ("digest", proposal.digest),
            ("ready_at", local(proposal.ready_at)),
            ("executor", person_name(proposal.executor)),
            ("certificate", proposal.certificate or ""),
        )
    )
    _approvals(printer, proposal)
    _items(printer, items, held, proposal.ends_as)


def print_outcomes(printer: Printer, outcomes: Sequence[Outcome]) -> None:
    """What a run came to, one proposal a row; what stopped it stands below."""
    if not outcomes:
        printer.say("dispose.none")
        return
    printer.table(
        (
            Column(name="proposal", whole=True),
            Column(name="state"),
            Column(name="outcome"),
            Column(name="certificate", whole=True),
        ),
        (
            (
                one.proposal_id,
                printer.word(f"proposal_state.{one.state}"),
                ", ".join(
                    f"{_item_word(printer, state, one.ends_as)}: {count}"
                    for state, count in one.counts.items()
                ),
                one.certificate or "",
            )
            for one in outcomes
        ),
    )
    for one in outcomes:
        if one.refused:
            printer.line(f"{one.proposal_id}: {one.refused}")


def print_supplements(printer: Printer, made: Sequence[RecordId], left: int) -> None:
    """Supplements that were deposited, and of how many disposals copies are left."""
    if made:
        printer.say("dispose.supplements", records=", ".join(made))
    if left:
        printer.say("dispose.copies_left", count=left)


def print_tombstone(printer: Printer, stone: Tombstone) -> None:
    """By which decision a record was disposed of, and where its posts still stand."""
    if stone.purged:
        printer.say("tombstone.purged", at=local(stone.disposed_at))
        return
    handed, told = stone.handover, {"basis": stone.basis, "at": local(stone.disposed_at)}
    if handed is None:
        printer.say("tombstone", **told)
    else:
        printer.say(
            "tombstone.transferred",
            name=handed.received_by,
            reference=handed.reference,
            received_on=day(handed.received_on),
            **told,
        )
    printer.facts(
        (
            ("rule", f"{stone.rule_id} (plan {stone.plan})" if stone.rule_id else ""),
            ("proposal", stone.proposal_id),
            ("certificate", stone.certificate or ""),
            ("receipt", handed.receipt if handed else ""),
            ("also_in", ", ".join(stone.also_in)),
        )
    )


def _approvals(printer: Printer, proposal: Proposal) -> None:
    if not proposal.approvals:
        return
    printer.title(printer.word("approvals"))
    printer.table(
        (
            Column(name="seat"),
            Column(name="name"),
            Column(name="approved_at", whole=True),
            Column(name="valid_until", whole=True),
        ),
        (
            (
                printer.word(f"seat.{one.seat}"),
                person_name(one.person),
                local(one.at),
                local(one.valid_until),
            )
            for one in proposal.approvals
        ),
    )


def _item_word(printer: Printer, state: ItemState, ends_as: Status) -> str:
    """What became of a record; what an e-archive has is not called disposed of."""
    elsewhere = ends_as is Status.TRANSFERRED and state in (ItemState.DONE, ItemState.SKIPPED)
    return printer.word(f"moved.{state}" if elsewhere else f"item.{state}")


def _items(
    printer: Printer, items: Sequence[Item], held: Collection[RecordId], ends_as: Status
) -> None:
    printer.title(printer.word("records"))
    printer.table(
        (
            Column(name="record", whole=True),
            Column(name="account"),
            Column(name="captured_at", whole=True),
            Column(name="period", whole=True),
            Column(name="since", whole=True),
            Column(name="state"),
            Column(name="why"),
        ),
        (
            (
                item.record_id,
                item.account,
                local(item.captured_at),
                f"{day(item.period_start)} – {day(item.period_end)}",
                day(item.since),
                printer.word("held")
                if item.record_id in held
                else _item_word(printer, item.state, ends_as),
                printer.word(f"why.{item.why}") if item.why else "",
            )
            for item in items
        ),
    )
