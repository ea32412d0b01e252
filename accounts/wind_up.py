"""Winding up an account (avveckling): its steps, and which is next (RULES R5, R6).

Declared in the register → a final capture → that capture verified → closed in the register →
registrar and communications told. Pure: what the archive knows is given.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.duty import Duty
from accounts.history import CaptureSeen
from accounts.model import AccountId, Status
from accounts.register import Register


class Step(StrEnum):
    """What is next in a wind-up."""

    CAPTURE = "capture"
    VERIFY = "verify"
    CLOSE = "close"
    TELL = "tell"
    DONE = "done"


@dataclass(frozen=True, kw_only=True, slots=True)
class WindUp:
    """One account's wind-up: each day is when a step was done, None while it is not."""

    account: AccountId
    declared_on: date | None
    final_capture: CaptureSeen | None
    verified_on: date | None
    closed_on: date | None
    told_on: date | None

    @property
    def step(self) -> Step:
        """The next step; closing without a verified final capture skips none (RULES R5)."""
        if self.final_capture is None:
            return Step.CAPTURE
        if self.verified_on is None:
            return Step.VERIFY
        if self.closed_on is None:
            return Step.CLOSE
        return Step.DONE if self.told_on else Step.TELL

    @property
    def too_early(self) -> bool:
        """Closed, and no final capture is verified."""
        return self.closed_on is not None and self.verified_on is None


def wind_ups(
    register: Register,
    duties: Iterable[Duty],
    verified: Mapping[str, date],
    told: Mapping[AccountId, date],
) -> Iterator[WindUp]:
    """Every wind-up in the register's order; `verified` is by record, `told` by account."""
    by_account = {duty.account: duty for duty in duties}
    for account in register.accounts:
        if account.status not in {Status.WINDING_UP, Status.CLOSED}:
            continue
        final = by_account[account.id].final_capture
        yield WindUp(
            account=account.id,
            declared_on=account.wind_up_declared_on,
            final_capture=final,
            verified_on=verified.get(final.record_id) if final else None,
            closed_on=account.closed_on,
            told_on=told.get(account.id),
        )
