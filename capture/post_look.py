"""A look at a post: what is looked at, for whom and why, its order, what it came to. Values only.

The same look at the same post gives the same order, and so one record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.model import Account
from storage.gap import GapId
from storage.record import POST_ORDERS, Order, OrderId, Reason, Record, utc_now


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A look at one post: `post` is its key, `again` names the look (`""`: its first).

    Without a key, whatever post is at the address is meant.

    `always`: a record even if nothing has changed, as before a removal.
    """

    post: str
    url: str
    again: str
    always: bool
    planned_at: datetime
    """What was seen after it need not be looked at once more: a batch that is resumed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Who has posts of an account looked at, and why."""

    account: Account
    reason: Reason
    ordered_by: str
    note: str

    def order(self, what: str) -> Order:
        """The order for one thing of the account's posts, now."""
        return Order(
            order_id=OrderId(f"{POST_ORDERS}{self.account.id}/{what}"),
            account=self.account.id,
            reason=self.reason,
            ordered_by=self.ordered_by,
            note=self.note,
            ordered_at=utc_now(),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What a look came to: `captured`, `changed`, `unchanged`, `gone`, or a wall's verdict.

    `known`: the batch had come so far before it was cut off, and nothing was visited.
    """

    look: Look
    outcome: str
    record: Record | None
    gap_id: GapId | None
    retry_after_s: int | None


Told = Callable[[Looked], None]


def order_name(look: Look) -> str:
    """What names a look among those at an account's posts."""
    again = f"/{look.again}" if look.again else ""
    return f"{look.post or 'page'}{again}"


def looked(look: Look, outcome: str, record: Record | None = None) -> Looked:
    """A look without a gap."""
    return Looked(look=look, outcome=outcome, record=record, gap_id=None, retry_after_s=None)
