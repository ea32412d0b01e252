"""The part of the fold that a disposal turns on: proposals, their lists and approvals, tombstones.

Called by `fold.apply` alone; what may follow what is judged before (`storage.proposing`).
"""

from pydantic import JsonValue
from sqlalchemy import Connection, insert, update

from storage.catalogue import schema
from storage.catalogue.moments import stamp
from storage.journal import Act, Entry, canonical
from storage.proposals import ItemState, State
from storage.record import Status


def apply(tx: Connection, entry: Entry) -> None:
    """What an entry about a proposal makes of the tables."""
    _ARMS[entry.act](tx, entry)


def withdrawn(tx: Connection, entry: Entry) -> None:
    """A record is gone: its tombstone, and its item done."""
    detail = entry.detail
    proposal_id = str(detail["warrant_id"])
    _set_item(tx, proposal_id, entry.subject, ItemState.DONE)
    also_in, handover = detail["also_in"], detail.get("handover")
    tx.execute(
        insert(schema.tombstones).values(
            record_id=entry.subject,
            proposal_id=proposal_id,
            basis=detail["basis"],
            disposed_at=detail["disposed_at"],
            also_in=" ".join(map(str, also_in)) if isinstance(also_in, list) else "",
            handover=canonical(handover) if isinstance(handover, dict) else "",
        )
    )


def blocked(tx: Connection, entry: Entry) -> None:
    """The store's lock stopped a removal."""
    detail = entry.detail
    _set_item(
        tx, str(detail["warrant_id"]), entry.subject, ItemState.BLOCKED, why=str(detail["why"])
    )


def _drawn(tx: Connection, entry: Entry) -> None:
    tx.execute(
        insert(schema.proposals).values(
            proposal_id=entry.subject,
            drawn_by=entry.actor,
            drawn_at=stamp(entry.at),
            state=State.DRAFT.value,
            digest="",
            ready_at="",
            executor="",
            started_at="",
            verified_at="",
            ended_by="",
            why="",
            certificate="",
            **{"ends_as": Status.DISPOSED.value, **entry.detail},
        )
    )


def _listed(tx: Connection, entry: Entry) -> None:
    new = {"proposal_id": entry.subject, "state": ItemState.PROPOSED.value, "why": "", "by": ""}
    tx.execute(insert(schema.proposal_items), [{**new, **row} for row in _rows(entry)])


def _frozen(tx: Connection, entry: Entry) -> None:
    _set(tx, entry, state=State.FROZEN.value, digest=entry.detail["digest"])


def _approved(tx: Connection, entry: Entry) -> None:
    detail = entry.detail
    attested = detail["attested"]
    tx.execute(
        insert(schema.approvals).values(
            proposal_id=entry.subject,
            seat=detail["seat"],
            person=entry.actor,
            at=stamp(entry.at),
            valid_until=detail["valid_until"],
            digest=detail["digest"],
            attested=canonical(attested) if isinstance(attested, dict) else "",
        )
    )
    _set(tx, entry, state=detail["to"], ready_at=detail["ready_at"])
    if detail["to"] == State.COOLING.value:
        items = schema.proposal_items
        tx.execute(
            update(items)
            .where(items.c.proposal_id == entry.subject, items.c.state == ItemState.PROPOSED.value)
            .values(state=ItemState.APPROVED.value)
        )


def _ended(tx: Connection, entry: Entry) -> None:
    detail = entry.detail
    _set(tx, entry, state=detail["to"], ended_by=entry.actor, why=detail["why"])


def _struck(tx: Connection, entry: Entry) -> None:
    record_id, why = str(entry.detail["record_id"]), str(entry.detail["why"])
    _set_item(tx, entry.subject, record_id, ItemState.STRUCK, why=why, by=entry.actor)


def _skipped(tx: Connection, entry: Entry) -> None:
    record_id, why = str(entry.detail["record_id"]), str(entry.detail["why"])
    _set_item(tx, entry.subject, record_id, ItemState.SKIPPED, why=why)


def _failed(tx: Connection, entry: Entry) -> None:
    record_id, why = str(entry.detail["record_id"]), str(entry.detail["why"])
    _set_item(tx, entry.subject, record_id, ItemState.FAILED, why=why)


def _started(tx: Connection, entry: Entry) -> None:
    _set(
        tx,
        entry,
        state=State.EXECUTING.value,
        executor=entry.actor,
        started_at=stamp(entry.at),
        certificate=entry.detail["certificate"],
    )


def _paused(tx: Connection, entry: Entry) -> None:
    _set(tx, entry, state=State.PAUSED.value, why=entry.detail["why"])


def _resumed(tx: Connection, entry: Entry) -> None:
    _set(tx, entry, state=State.EXECUTING.value, why="")


def _verified(tx: Connection, entry: Entry) -> None:
    _set(tx, entry, state=State.VERIFIED.value, verified_at=stamp(entry.at))


def _certified(tx: Connection, entry: Entry) -> None:
    _set(tx, entry, state=State.CERTIFIED.value)


_ARMS = {
    Act.PROPOSAL_DRAWN: _drawn,
    Act.PROPOSAL_LISTED: _listed,
    Act.PROPOSAL_FROZEN: _frozen,
    Act.PROPOSAL_APPROVED: _approved,
    Act.PROPOSAL_ENDED: _ended,
    Act.ITEM_STRUCK: _struck,
    Act.ITEM_SKIPPED: _skipped,
    Act.ITEM_FAILED: _failed,
    Act.DISPOSAL_STARTED: _started,
    Act.DISPOSAL_PAUSED: _paused,
    Act.DISPOSAL_RESUMED: _resumed,
    Act.DISPOSAL_VERIFIED: _verified,
    Act.CERTIFIED: _certified,
}


def _set(tx: Connection, entry: Entry, **values: JsonValue) -> None:
    table = schema.proposals
    tx.execute(update(table).where(table.c.proposal_id == entry.subject).values(**values))


def _set_item(
    tx: Connection, proposal_id: str, record_id: str, state: ItemState, **said: str
) -> None:
    items = schema.proposal_items
    tx.execute(
        update(items)
        .where(items.c.proposal_id == proposal_id, items.c.record_id == record_id)
        .values(state=state.value, **{"why": "", "by": "", **said})
    )


def _rows(entry: Entry) -> list[dict[str, JsonValue]]:
    rows = entry.detail["items"]
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
