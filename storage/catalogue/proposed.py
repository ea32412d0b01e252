"""Reading proposals, their lists and approvals, and tombstones, from the catalogue."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.catalogue import schema
from storage.catalogue.moments import moment
from storage.handover import Handover
from storage.journal import parsed
from storage.proposals import (
    OPEN,
    Approval,
    Item,
    ItemState,
    Proposal,
    ProposalId,
    Seat,
    State,
)
from storage.record import HERE, RecordId, Status
from storage.tombstone import Tombstone

_PENDING = (ItemState.APPROVED, ItemState.BLOCKED, ItemState.FAILED)


def proposal(connection: Connection, proposal_id: ProposalId) -> Proposal | None:
    """One proposal."""
    table = schema.proposals
    found = _read(connection, select(table).where(table.c.proposal_id == proposal_id))
    return found[0] if found else None


def proposals(
    connection: Connection, states: Collection[State] = frozenset(State)
) -> list[Proposal]:
    """Proposals to which the journal gave one of these states, in the order they were drawn."""
    table = schema.proposals
    wanted = table.c.state.in_(sorted(state.value for state in states))
    return _read(connection, select(table).where(wanted).order_by(table.c.proposal_id))


def named(connection: Connection, name: str) -> list[ProposalId]:
    """Proposals whose id begins or ends so."""
    ids = schema.proposals.c.proposal_id
    rows = connection.execute(
        select(ids).where(
            ids.startswith(name, autoescape=True) | ids.endswith(name, autoescape=True)
        )
    )
    return [ProposalId(row.proposal_id) for row in rows]


_ITEMS = select(
    schema.proposal_items,
    schema.records.c.account,
    schema.records.c.captured_at,
    schema.records.c.size,
    schema.records.c.status,
).join(schema.records, schema.records.c.record_id == schema.proposal_items.c.record_id)


def items(connection: Connection, proposal_id: ProposalId) -> list[Item]:
    """The whole list, struck items too, by record id."""
    rows = connection.execute(
        _ITEMS.where(schema.proposal_items.c.proposal_id == proposal_id).order_by(
            schema.proposal_items.c.record_id
        )
    )
    return [_item(row) for row in rows]


def item(connection: Connection, proposal_id: ProposalId, record_id: RecordId) -> Item | None:
    """One record's place on the list."""
    table = schema.proposal_items
    row = connection.execute(
        _ITEMS.where(table.c.proposal_id == proposal_id, table.c.record_id == record_id)
    ).first()
    return _item(row) if row else None


def pending(connection: Connection, proposal_id: ProposalId) -> list[RecordId]:
    """Records that still have to be seen to, those first whose removal was begun for good."""
    table, records = schema.proposal_items, schema.records
    rows = connection.execute(
        select(table.c.record_id, table.c.state, records.c.status)
        .join(records, records.c.record_id == table.c.record_id)
        .where(table.c.proposal_id == proposal_id, table.c.state.in_([s.value for s in _PENDING]))
        .order_by(table.c.record_id)
    ).all()
    begun = [r for r in rows if r.status == Status.DESTROYING.value]
    waiting = [r for r in rows if r not in begun and r.state == ItemState.APPROVED.value]
    return [RecordId(row.record_id) for row in (*begun, *waiting)]


def taken(connection: Connection, record_ids: Sequence[RecordId]) -> set[RecordId]:
    """Which of these stand unstruck on the list of an open proposal; some hundreds at once."""
    table = schema.proposal_items
    rows = connection.execute(
        select(table.c.record_id)
        .join(schema.proposals, schema.proposals.c.proposal_id == table.c.proposal_id)
        .where(
            table.c.record_id.in_(record_ids),
            table.c.state.in_([ItemState.PROPOSED.value, ItemState.APPROVED.value]),
            schema.proposals.c.state.in_([state.value for state in OPEN]),
        )
    )
    return {RecordId(row.record_id) for row in rows}


def held(connection: Connection, proposal_id: ProposalId, limit: int = 100) -> list[RecordId]:
    """Records on the list that an active hold stands on; the first of them."""
    table = schema.proposal_items
    rows = connection.execute(
        select(table.c.record_id)
        .join(schema.records, schema.records.c.record_id == table.c.record_id)
        .where(
            table.c.proposal_id == proposal_id,
            table.c.state.in_([ItemState.PROPOSED.value, ItemState.APPROVED.value]),
            schema.ACTIVE_HOLD,
        )
        .order_by(table.c.record_id)
        .limit(limit)
    )
    return [RecordId(row.record_id) for row in rows]


def run_counts(connection: Connection, plan: int, rule_id: str) -> dict[ItemState, int]:
    """Items of all open proposals of one rule, by state: together they are the run of R39."""
    table = schema.proposal_items
    counted = (
        select(table.c.state, func.count().label("n"))
        .join(schema.proposals, schema.proposals.c.proposal_id == table.c.proposal_id)
        .where(
            schema.proposals.c.plan == plan,
            schema.proposals.c.rule_id == rule_id,
            schema.proposals.c.state.in_([state.value for state in OPEN]),
            table.c.state != ItemState.STRUCK.value,
        )
        .group_by(table.c.state)
    )
    return {ItemState(row.state): row.n for row in connection.execute(counted)}


def holdings(connection: Connection) -> int:
    """Records that are here."""
    counted = select(func.count()).select_from(schema.records).where(schema.IS_HERE)
    return int(connection.execute(counted).scalar_one())


def also_in(connection: Connection, record_id: RecordId) -> list[RecordId]:
    """Other records that are here and show a post that this one shows (DISPOSAL case 22)."""
    mine, other = schema.appearances.alias("mine"), schema.appearances.alias("other")
    rows = connection.execute(
        select(other.c.record_id)
        .distinct()
        .join(mine, mine.c.post == other.c.post)
        .join(schema.records, schema.records.c.record_id == other.c.record_id)
        .where(
            mine.c.record_id == record_id,
            other.c.record_id != record_id,
            schema.records.c.status.in_(sorted(status.value for status in HERE)),
        )
        .order_by(other.c.record_id)
    )
    return [RecordId(row.record_id) for row in rows]


def tombstone(connection: Connection, record_id: RecordId) -> Tombstone | None:
    """What stands where a record was; None while it is here."""
    row = connection.execute(_STONES.where(schema.tombstones.c.record_id == record_id)).first()
    return _tombstone(row) if row else None


def tombstones(connection: Connection, proposal_id: ProposalId) -> list[Tombstone]:
    """What a disposal left, by record id."""
    table = schema.tombstones
    rows = connection.execute(
        _STONES.where(table.c.proposal_id == proposal_id).order_by(table.c.record_id)
    )
    return [_tombstone(row) for row in rows]


_STONES = select(
    schema.tombstones,
    schema.proposals.c.plan,
    schema.proposals.c.rule_id,
    schema.proposals.c.certificate,
).join(
    schema.proposals,
    schema.proposals.c.proposal_id == schema.tombstones.c.proposal_id,
    isouter=True,
)


def _tombstone(row: Row[Any]) -> Tombstone:
    return Tombstone(
        record_id=RecordId(row.record_id),
        proposal_id=row.proposal_id,
        plan=row.plan or 0,
        rule_id=row.rule_id or "",
        basis=row.basis,
        disposed_at=moment(row.disposed_at),
        certificate=RecordId(row.certificate) if row.certificate else None,
        also_in=tuple(RecordId(one) for one in row.also_in.split()),
        handover=Handover.from_json(parsed(row.handover)) if row.handover else None,
    )


def _read(connection: Connection, selected: Any) -> list[Proposal]:
    rows = connection.execute(selected).all()
    ids = [row.proposal_id for row in rows]
    approvals, counts = _approvals(connection, ids), _counts(connection, ids)
    return [_proposal(row, approvals[row.proposal_id], counts[row.proposal_id]) for row in rows]


def _approvals(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Approval]]:
    table = schema.approvals
    found: dict[str, list[Approval]] = defaultdict(list)
    for row in connection.execute(
        select(table).where(table.c.proposal_id.in_(ids)).order_by(table.c.at, table.c.seat)
    ):
        found[row.proposal_id].append(
            Approval(
                seat=Seat(row.seat),
                person=row.person,
                at=moment(row.at),
                valid_until=moment(row.valid_until),
                digest=row.digest,
                attested=parsed(row.attested) if row.attested else {},
            )
        )
    return found


def _counts(connection: Connection, ids: Sequence[str]) -> Mapping[str, dict[ItemState, int]]:
    table = schema.proposal_items
    found: dict[str, dict[ItemState, int]] = defaultdict(dict)
    for row in connection.execute(
        select(table.c.proposal_id, table.c.state, func.count().label("n"))
        .where(table.c.proposal_id.in_(ids))
        .group_by(table.c.proposal_id, table.c.state)
        .order_by(table.c.state)
    ):
        found[row.proposal_id][ItemState(row.state)] = row.n
    return found


def _proposal(
    row: Row[Any], approvals: Sequence[Approval], counts: Mapping[ItemState, int]
) -> Proposal:
    return Proposal(
        proposal_id=ProposalId(row.proposal_id),
        plan=row.plan,
        rule_id=row.rule_id,
        record_type=row.record_type,
        unit=row.unit,
        basis=row.basis,
        ends_as=Status(row.ends_as),
        drawn_by=row.drawn_by,
        drawn_at=moment(row.drawn_at),
        stored=State(row.state),
        digest=row.digest,
        approvals=tuple(approvals),
        ready_at=moment(row.ready_at) if row.ready_at else None,
        executor=row.executor,
        started_at=moment(row.started_at) if row.started_at else None,
        verified_at=moment(row.verified_at) if row.verified_at else None,
        ended_by=row.ended_by,
        why=row.why,
        certificate=RecordId(row.certificate) if row.certificate else None,
        counts=counts,
    )


def _item(row: Row[Any]) -> Item:
    return Item(
        record_id=RecordId(row.record_id),
        generation=row.generation,
        manifest_sha256=row.manifest_sha256,
        objects_sha256=row.objects_sha256,
        period_start=date.fromisoformat(row.period_start),
        period_end=date.fromisoformat(row.period_end),
        since=date.fromisoformat(row.since),
        state=ItemState(row.state),
        why=row.why,
        by=row.by,
        account=row.account,
        captured_at=moment(row.captured_at),
        size=row.size,
        status=Status(row.status),
    )
