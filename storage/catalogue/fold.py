"""The fold: what each journal entry makes of the tables. The only code that changes them.

A live transaction and a rebuild call the same function, so they cannot come to differ. It looks
at the entry and, for a record that still exists, at its manifest and text; at nothing else.
"""

from collections.abc import Mapping
from typing import assert_never

from pydantic import JsonValue
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.catalogue import (
    abused,
    apart,
    contents,
    decisions,
    facts,
    peopled,
    posted,
    purged,
    schema,
)
from storage.catalogue.contents import Contents, ContentsOf
from storage.catalogue.moments import stamp
from storage.errors import Held
from storage.journal import Act, Entry, canonical
from storage.keys import is_restricted
from storage.record import POST_ORDERS, Status


def apply(tx: Connection, entry: Entry, contents_of: ContentsOf) -> None:  # noqa: C901, PLR0912, PLR0915  # an arm an act
    """Write the entry and what follows from it."""
    _write_entry(tx, entry)
    detail = entry.detail
    match entry.act:
        case Act.ORDERED:
            tx.execute(insert(schema.orders).values(order_id=entry.subject, **detail))
        case Act.DEPOSITED | Act.RECOVERED:
            _deposited(tx, entry, contents_of(entry))
        case Act.GAP_NOTED:
            tx.execute(
                insert(schema.gaps).values(
                    gap_id=entry.subject, at=stamp(entry.at), met_by="", **detail
                )
            )
        case Act.HOLD_PLACED:
            _hold_placed(tx, entry)
        case Act.HOLD_LIFTED:
            _hold_lifted(tx, entry)
        case Act.HOLD_REVIEWED:
            _hold_reviewed(tx, entry)
        case Act.WITHDRAWAL_BEGUN:
            _withdrawal_begun(tx, entry)
        case Act.DESTRUCTION_BEGUN:
            _destruction_begun(tx, entry)
        case Act.WITHDRAWAL_BLOCKED:
            _drop_intents(tx, [entry.subject])
            _set_status(tx, entry.subject, Status.ACTIVE)
            decisions.blocked(tx, entry)
        case Act.WITHDRAWN:
            _withdrawn(tx, entry)
        case Act.PLAN_ADOPTED:
            facts.plan_adopted(tx, entry)
        case Act.DECLARED | Act.MODERATED:
            facts.declared(tx, entry)
            _call_off(tx, [entry.subject])
        case Act.REVIEWED:
            facts.reviewed(tx, entry)
            _call_off(tx, [entry.subject])
        case Act.CLASSIFIED:
            facts.classified(tx, entry)
            _hold_too(tx, entry.subject, _texts(detail.get("holds", [])))
            _call_off(tx, [entry.subject])
        case Act.REGISTERED:
            facts.registered(tx, entry)
            _call_off(tx, [entry.subject])
        case Act.NUMBERED:
            facts.numbered(tx, entry)
        case Act.RESTRICTED | Act.RELEASED:
            apart.judged(tx, entry)
            _call_off(tx, [entry.subject])
        case Act.MOVED:
            apart.moved(tx, entry, contents_of(entry))
            _call_off(tx, [entry.subject])
        case Act.PERSON_ADDED | Act.ROLES_CHANGED | Act.CREDENTIAL_CHOSEN | Act.PERSON_REMOVED:
            peopled.apply(tx, entry)
        case Act.POSTS_SEEN | Act.POST_GONE:
            posted.apply(tx, entry)
        case Act.ABUSE_NOTED | Act.ABUSE_CLEARED:
            abused.apply(tx, entry)
        case Act.PURGE_BEGUN | Act.PURGED:
            purged.apply(tx, entry)
        case (
            Act.HOLD_MENDED
            | Act.HOLD_TOO_LATE
            | Act.ORPHANS_SWEPT
            | Act.REMOVED_AGAIN
            | Act.INCIDENT_NOTED
            | Act.FINAL_VERIFIED
            | Act.NOTICE_TOLD
            | Act.FEED_WHOLE
            | Act.FEED_CUT
            | Act.TIMESTAMPED
            | Act.COPIES_GONE
            | Act.LEFT_BEHIND
            | Act.READ
        ):
            pass
        case Act.ITEM_SKIPPED | Act.ITEM_FAILED:
            decisions.apply(tx, entry)
            _call_back(tx, str(detail["record_id"]))
        case (
            Act.PROPOSAL_DRAWN
            | Act.PROPOSAL_LISTED
            | Act.PROPOSAL_FROZEN
            | Act.PROPOSAL_APPROVED
            | Act.PROPOSAL_ENDED
            | Act.ITEM_STRUCK
            | Act.DISPOSAL_STARTED
            | Act.DISPOSAL_PAUSED
            | Act.DISPOSAL_RESUMED
            | Act.DISPOSAL_VERIFIED
            | Act.CERTIFIED
        ):
            decisions.apply(tx, entry)
        case _:
            assert_never(entry.act)


# Made once: building a statement costs as much as running it, and each entry runs five of them.
_ENTER = insert(schema.entries)
_MOVE_HEAD = update(schema.head).values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
_ADD_RECORD = insert(schema.records)
_MEET_GAPS = (
    update(schema.gaps)
    .where(
        schema.gaps.c.account == bindparam("of_account"),
        schema.gaps.c.met_by == "",
        ~schema.gaps.c.order_id.startswith(POST_ORDERS),
    )
    .values(met_by=bindparam("record"))
)
_MEET_OWN_GAPS = (
    update(schema.gaps)
    .where(schema.gaps.c.order_id == bindparam("of_order"), schema.gaps.c.met_by == "")
    .values(met_by=bindparam("record"))
)


def _write_entry(tx: Connection, entry: Entry) -> None:
    tx.execute(
        _ENTER,
        {
            "seq": entry.seq,
            "at": stamp(entry.at),
            "actor": entry.actor,
            "act": entry.act.value,
            "subject": entry.subject,
            "detail": canonical(entry.detail),
            "previous": entry.previous,
            "digest": entry.digest,
        },
    )
    tx.execute(_MOVE_HEAD, {"new_seq": entry.seq, "new_digest": entry.digest})


_ORDER_FIELDS = ("record_id", "account", "reason", "ordered_by", "note", "ordered_at")


def _deposited(tx: Connection, entry: Entry, said: Contents | None) -> None:
    detail = dict(entry.detail)
    holds = _texts(detail.pop("holds"))
    order = detail.pop("order", None)
    facts.published(tx, entry.subject, str(detail.pop("published_on", "")))
    changed = " ".join(_texts(detail.pop("changed")))
    post = detail.pop("post", None)
    if entry.act is Act.RECOVERED and isinstance(order, dict):
        _recover_order(tx, str(detail["order_id"]), order)
    tx.execute(
        _ADD_RECORD,
        {
            "seq": entry.seq,
            "record_id": entry.subject,
            "title": said.title if said else "",
            "url": said.url if said else "",
            "newest_post_at": said.newest_post_at if said else "",
            "status": Status.ACTIVE.value,
            "generation": 0,
            "restricted": is_restricted(str(detail["manifest_key"])),
            "changed": changed,
            **detail,
        },
    )
    if said:
        contents.write(tx, entry.subject, entry.seq, said)
    _hold_too(tx, entry.subject, holds)
    if isinstance(post, dict):
        posted.deposited(tx, entry, post)
    if str(detail["order_id"]).startswith(POST_ORDERS):
        tx.execute(_MEET_OWN_GAPS, {"of_order": detail["order_id"], "record": entry.subject})
    else:
        tx.execute(_MEET_GAPS, {"of_account": detail["account"], "record": entry.subject})


def _hold_too(tx: Connection, record_id: str, holds: list[str]) -> None:
    """Holds whose stored query catches a record, and which it is not under yet."""
    members = schema.hold_members
    under = select(members.c.hold_id).where(members.c.record_id == record_id)
    known = set(tx.execute(under).scalars())
    rows = [{"hold_id": one, "record_id": record_id} for one in holds if one not in known]
    if rows:
        tx.execute(insert(members), rows)


def _recover_order(tx: Connection, order_id: str, order: Mapping[str, JsonValue]) -> None:
    known = select(schema.orders.c.order_id).where(schema.orders.c.order_id == order_id)
    if tx.execute(known).first() is None:
        fields = {name: order[name] for name in _ORDER_FIELDS}
        tx.execute(insert(schema.orders).values(order_id=order_id, **fields))


def _hold_placed(tx: Connection, entry: Entry) -> None:
    detail = dict(entry.detail)
    members = _texts(detail.pop("records"))
    tx.execute(
        insert(schema.holds).values(
            hold_id=entry.subject,
            placed_by=entry.actor,
            placed_at=stamp(entry.at),
            active=True,
            lifted_by="",
            lifted_at="",
            lift_reason="",
            **detail,
        )
    )
    if members:
        rows = [{"hold_id": entry.subject, "record_id": member} for member in members]
        tx.execute(insert(schema.hold_members), rows)
    _call_off(tx, members)


def _call_off(tx: Connection, members: list[str]) -> None:
    """What changes a record's standing calls off its disposal before the point of no return."""
    _drop_intents(tx, members)
    for some in _batches(members):
        tx.execute(
            update(schema.records)
            .where(
                schema.records.c.record_id.in_(some),
                schema.IS_HERE,
            )
            .values(status=Status.ACTIVE.value, generation=schema.records.c.generation + 1)
        )


def _call_back(tx: Connection, record_id: str) -> None:
    """A record whose removal was begun, but not for good, is as before."""
    where = (
        schema.records.c.record_id == record_id,
        schema.records.c.status == Status.DISPOSING.value,
    )
    if tx.execute(update(schema.records).where(*where).values(status=Status.ACTIVE.value)).rowcount:
        _drop_intents(tx, [record_id])


def _hold_lifted(tx: Connection, entry: Entry) -> None:
    tx.execute(
        update(schema.holds)
        .where(schema.holds.c.hold_id == entry.subject)
        .values(
            active=False,
            lifted_by=entry.actor,
            lifted_at=stamp(entry.at),
            lift_reason=entry.detail["reason"],
        )
    )


def _hold_reviewed(tx: Connection, entry: Entry) -> None:
    """Looked at again: only the next review moves; whether it stands does not."""
    where = schema.holds.c.hold_id == entry.subject
    tx.execute(update(schema.holds).where(where).values(review_by=entry.detail["review_by"]))


def _withdrawal_begun(tx: Connection, entry: Entry) -> None:
    _drop_intents(tx, [entry.subject])
    rows = [
        {"record_id": entry.subject, "warrant_id": entry.detail["warrant_id"], **target}
        for target in _objects(entry.detail["targets"])
    ]
    tx.execute(insert(schema.intents), rows)
    _set_status(tx, entry.subject, Status.DISPOSING)


def _destruction_begun(tx: Connection, entry: Entry) -> None:
    """Pass the point of no return, unless a hold won (DISPOSAL.md, transaction 2)."""
    records = schema.records.c
    passed = tx.execute(
        update(schema.records)
        .where(
            records.record_id == entry.subject,
            records.status == Status.DISPOSING.value,
            records.generation == entry.detail["generation"],
            ~schema.ACTIVE_HOLD,
        )
        .values(status=Status.DESTROYING.value)
    )
    if passed.rowcount != 1:
        raise Held(f"A hold called off the removal of record {entry.subject}.")


def _withdrawn(tx: Connection, entry: Entry) -> None:
    _drop_intents(tx, [entry.subject])
    contents.forget(tx, entry.subject)
    status = Status.TRANSFERRED if "handover" in entry.detail else Status.DISPOSED
    tx.execute(
        update(schema.records)
        .where(schema.records.c.record_id == entry.subject)
        .values(status=status.value, title="", url="", newest_post_at="")
    )
    decisions.withdrawn(tx, entry)


def _set_status(tx: Connection, record_id: str, status: Status) -> None:
    tx.execute(
        update(schema.records)
        .where(schema.records.c.record_id == record_id)
        .values(status=status.value)
    )


def _drop_intents(tx: Connection, record_ids: list[str]) -> None:
    for some in _batches(record_ids):
        tx.execute(delete(schema.intents).where(schema.intents.c.record_id.in_(some)))


def _batches(values: list[str], size: int = 500) -> list[list[str]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _texts(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
