"""The supplement to a certificate (tilläggsprotokoll): copies that it named are gone.

A certificate is never changed. Where it had to name a replica, the store's files or backups, each
later run looks again; what is gone then is journaled, and a supplement says so. Each try can be
repeated: the entry names the supplement's record before it is written.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from storage.catalogue import Connection, find, proposed
from storage.copies import Copies, look
from storage.entering import order_detail
from storage.errors import NotFound
from storage.evidence import Evidence, deposit_evidence, evidence_order, supplement_order
from storage.journal import Act, Entry
from storage.people import Actor
from storage.proposals import ItemState, ProposalId, State
from storage.proposing import read
from storage.record import Reason, Record, RecordId, new_id
from storage.vault import Vault

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplement:
    """A supplement that is to be deposited: what is gone, by name, and all that was seen."""

    proposal_id: ProposalId
    record_id: RecordId
    number: int
    gone: tuple[str, ...]
    left: tuple[str, ...]
    copies: Copies
    entry: Entry


def open_ended(vault: Vault) -> list[ProposalId]:
    """Certified disposals of which copies are left, or whose supplement was cut off."""
    with vault.catalogue.read() as connection:
        certified = proposed.proposals(connection, {State.CERTIFIED})
        named = [one.proposal_id for one in certified]
        return [one for one in named if _is_open(connection, one)]


def follow_up(
    vault: Vault, proposal_id: ProposalId, actor: Actor, today: date
) -> Supplement | None:
    """Look again for copies; the supplement that is due, if any of them are gone.

    Raises:
        StoreUnreachable: the archive's own store gives no answer.
    """
    with vault.catalogue.read() as connection:
        last = _last(connection, proposal_id)
        records = _disposed(connection, proposal_id)
        if last is None or _is_cut_off(connection, last):
            return _supplement(last)
    before = Copies.from_json(last.detail["copies"])
    copies = look(vault, records, before.backups_until, before)
    left = _left(last) & set(copies.outstanding(today))
    if left == _left(last):
        return None
    with vault.catalogue.write() as tx:
        if _last(tx.connection, proposal_id) == last:  # else another run was quicker
            number, record_id = _number(last) + 1, new_id()
            named = supplement_order(proposal_id, number)
            order = evidence_order(named, Reason.DISPOSAL, actor)
            tx.append(actor, Act.ORDERED, order.order_id, order_detail(order, record_id))
            detail: dict[str, JsonValue] = {
                "number": number,
                "record_id": record_id,
                "gone": [*sorted(_left(last) - left)],
                "left": [*sorted(left)],
                "copies": copies.as_json(),
            }
            tx.append(actor, Act.COPIES_GONE, proposal_id, detail)
        last = _last(tx.connection, proposal_id)
    vault.seal()
    _LOG.info("supplement: journaled")
    return _supplement(last)


def deposit_supplement(
    vault: Vault, supplement: Supplement, files: Mapping[str, bytes], actor: Actor
) -> Record:
    """Deposit it as a record of its own, once.

    Raises:
        NotFound: nobody ordered it. Damaged: another lies there already.
    """
    order_id = supplement_order(supplement.proposal_id, supplement.number)
    with vault.catalogue.read() as connection:
        accepted = find.order(connection, order_id)
        unit = read(connection, supplement.proposal_id).unit
    if accepted is None:
        raise NotFound(f"There is no order {order_id}.")
    order, record_id = accepted
    evidence = Evidence(
        record_id=record_id,
        order=order,
        unit=unit,
        title=f"Tilläggsprotokoll {supplement.number} till gallring {supplement.proposal_id}",
        began=order.ordered_at,
        ended=supplement.entry.at,
        files=files,
    )
    return deposit_evidence(vault, evidence, actor)


def _disposed(connection: Connection, proposal_id: ProposalId) -> list[Record]:
    items = proposed.items(connection, proposal_id)
    found = [find.record(connection, i.record_id) for i in items if i.state is ItemState.DONE]
    return [record for record in found if record is not None]


def _is_open(connection: Connection, proposal_id: ProposalId) -> bool:
    last = _last(connection, proposal_id)
    return last is not None and bool(_left(last) or _is_cut_off(connection, last))


def _last(connection: Connection, proposal_id: ProposalId) -> Entry | None:
    """The entry that says what was seen last."""
    gone = find.last_entry(connection, proposal_id, Act.COPIES_GONE)
    return gone or find.last_entry(connection, proposal_id, Act.DISPOSAL_VERIFIED)


def _left(last: Entry) -> frozenset[str]:
    left = last.detail.get("left")
    return frozenset(map(str, left)) if isinstance(left, list) else frozenset()


def _number(last: Entry) -> int:
    return int(str(last.detail["number"])) if last.act is Act.COPIES_GONE else 0


def _is_cut_off(connection: Connection, last: Entry) -> bool:
    """Whether a supplement was journaled and never deposited."""
    if last.act is not Act.COPIES_GONE:
        return False
    return find.record(connection, RecordId(str(last.detail["record_id"]))) is None


def _supplement(last: Entry | None) -> Supplement | None:
    if last is None or last.act is not Act.COPIES_GONE:
        return None
    gone = last.detail["gone"]
    return Supplement(
        proposal_id=ProposalId(last.subject),
        record_id=RecordId(str(last.detail["record_id"])),
        number=_number(last),
        gone=tuple(map(str, gone)) if isinstance(gone, list) else (),
        left=tuple(sorted(_left(last))),
        copies=Copies.from_json(last.detail["copies"]),
        entry=last,
    )
