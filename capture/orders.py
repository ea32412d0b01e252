"""Orders: which captures are due, what a person asks for, and carrying one out.

What the DAG, the command and the desk share. Joins register, archive and capture; decides nothing
that `accounts.duty` or the archive decides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from accounts import (
    Account,
    AccountId,
    CaptureSeen,
    GapSeen,
    History,
    PostSeen,
    due_accounts,
    duties,
    order_key,
    read_register,
)
from capture.login import paused
from capture.session import PROFILE_TYPES, Outcome, capture_profile
from capture.walls import Verdict
from storage.archive import Archive
from storage.errors import Malformed
from storage.people import Actor
from storage.record import CAPTURES, POST_ORDERS, Order, OrderId, Reason, new_id, today, utc_now
from storage.settings import Settings

SCHEDULE = "schedule"
"""Who ordered what the half-year duty orders."""

UNTRIED = "error"
"""What became of an order without record and gap: the fault was ours, its task's log has it."""

_ORDER = TypeAdapter(Order)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What the orders of one run came to: the accounts of each verdict."""

    by_verdict: Mapping[str, tuple[AccountId, ...]]

    @property
    def missing(self) -> bool:
        """Whether an account that was ordered has no record."""
        return any(verdict != Verdict.OK for verdict in self.by_verdict)

    def __str__(self) -> str:
        told = (f"{name} {len(of)} ({', '.join(of)})" for name, of in self.by_verdict.items())
        return "; ".join(told) or "nothing was due"


def history(archive: Archive) -> History:
    """What the archive knows, in the words of the duty.

    A capture that was disposed of since still closed its half-year when it was made.
    """
    return History(
        captures=tuple(
            CaptureSeen(
                account=record.account,
                at=record.captured_at,
                record_id=record.record_id,
                reason=record.reason.value,
            )
            for record in archive.records()
            if record.record_type in PROFILE_TYPES
        ),
        gaps=tuple(
            GapSeen(
                account=AccountId(gap.account),
                at=gap.at,
                verdict=gap.verdict,
                gap_id=gap.gap_id,
                met_by=gap.met_by,
            )
            for gap in archive.gaps()
            if gap.verdict == Verdict.LOGIN_WALL or not gap.order_id.startswith(POST_ORDERS)
        ),
        newest_posts=tuple(
            PostSeen(account=account, at=at) for account, at in archive.newest_posts().items()
        ),
    )


def due_orders(settings: Settings, on: date, *, ordered_by: str = SCHEDULE) -> list[Order]:
    """An order for each capture that is due; the same duty gives the same order.

    An account whose login was lost is left out until somebody signs in anew, and one at which abuse
    material was reported until it is gone (RULES R48): its duty stays open.

    Raises:
        RegisterFaults: the register cannot be used. LoginBroken: a login state cannot be read.
    """
    register = read_register(settings.register)
    with Archive.open(settings) as archive:
        seen, closed = history(archive), archive.closed_by_abuse()
    waiting = paused(settings, seen.gaps) | closed.keys()
    now = utc_now()
    return [
        Order(
            order_id=OrderId(order_key(duty)),
            account=duty.account,
            reason=Reason(duty.reason),
            ordered_by=ordered_by,
            note="",
            ordered_at=now,
        )
        for duty in due_accounts(duties(register, seen, on))
        if duty.account not in waiting
    ]


def order_for(
    settings: Settings, account: str, reason: str, *, note: str, ordered_by: str, order_id: str = ""
) -> Order:
    """A person's order for one account.

    Raises:
        UnknownAccount: the register has no such account (RULES R13).
        Malformed: nobody is named, or the reason is none of ours.
    """
    known: Account = read_register(settings.register).account(account)
    faults = []
    if not ordered_by.strip():
        faults.append("ordered_by: say who orders the capture")
    if reason not in CAPTURES:
        faults.append(f"reason: {reason!r} is none of {', '.join(CAPTURES)}")
    if faults:
        raise Malformed(f"The capture of {account} cannot be ordered", faults)
    return Order(
        order_id=OrderId(order_id or f"{reason}/{account}/{new_id()}"),
        account=known.id,
        reason=Reason(reason),
        ordered_by=ordered_by.strip(),
        note=note.strip(),
        ordered_at=utc_now(),
    )


def run_orders(
    settings: Settings, account: str, reason: str, *, note: str, ordered_by: str, order_id: str
) -> list[Order]:
    """What a run is to do: one account when it is named, else all that is due today.

    Raises:
        RegisterFaults, UnknownAccount, Malformed: as `due_orders` and `order_for`.
    """
    if account:
        return [
            order_for(
                settings, account, reason, note=note, ordered_by=ordered_by, order_id=order_id
            )
        ]
    return due_orders(settings, today(), ordered_by=ordered_by.strip() or SCHEDULE)


def run_order(order: Order, settings: Settings, actor: Actor) -> Outcome:
    """Carry out an order: a record, or a gap.

    Raises:
        UnknownAccount: the account left the register.
        CaptureError, ArchiveError: what went wrong, and what to do.
    """
    account = read_register(settings.register).account(order.account)
    with Archive.open(settings) as archive:
        return capture_profile(order, account, settings=settings, archive=archive, actor=actor)


def tally(settings: Settings, orders: Sequence[Order], record_ids: Sequence[str]) -> Tally:
    """What the orders came to; `record_ids` are the records that they gave."""
    with Archive.open(settings) as archive:
        captured = {archive.record(record_id).account for record_id in record_ids}
        stopped = {gap.order_id: gap.verdict for gap in archive.gaps()}  # the newest comes last
    found: dict[str, list[AccountId]] = defaultdict(list)
    for order in orders:
        verdict = stopped.get(order.order_id, UNTRIED)
        found[Verdict.OK if order.account in captured else verdict].append(order.account)
    return Tally(by_verdict={name: tuple(found[name]) for name in sorted(found)})


def to_task(order: Order) -> dict[str, str]:
    """An order as what an Airflow task may pass on."""
    made: dict[str, str] = _ORDER.dump_python(order, mode="json")
    return made


def from_task(passed: dict[str, str]) -> Order:
    """What `to_task` made.

    Raises:
        Malformed: it is no order.
    """
    try:
        return _ORDER.validate_python(passed)
    except ValidationError as error:
        raise Malformed("This is not an order", [str(error)]) from error
