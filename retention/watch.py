"""The watch over retention: what people have to be told of proposals, reviews and the worklist.

What the DAGs and `insyn duties` share; what is told stands in `retention.notices`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from accounts.notices import Notice
from accounts.register import Register
from accounts.stockholm import civil_date
from retention.adopting import plan_in_force
from retention.due import due
from retention.notices import MOST_WORK, Waiting, of_proposals, of_reviews, of_work
from retention.plan import Plan
from retention.verdict import Review
from retention.worklist import work
from storage.archive import Archive
from storage.catalogue.standings import Closed
from storage.proposals import OPEN, State

_EVENTS = ("ready/", "faults/")
"""Notices of what happened; the others are of what is so, until it is mended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What stands at a moment. `told` is when each notice was sent, by its key."""

    notices: tuple[Notice, ...]
    told: dict[str, date]

    @property
    def untold(self) -> tuple[Notice, ...]:
        """What nobody was told yet."""
        return tuple(one for one in self.notices if one.key not in self.told)

    @property
    def open(self) -> tuple[Notice, ...]:
        """What still asks something of somebody, told or not."""
        over = {one for one in self.told if one.startswith(_EVENTS)}
        return tuple(one for one in self.notices if one.key not in over)


def waiting(archive: Archive, register: Register | None, now: datetime) -> Told:
    """All that stands now. A register that cannot be used (None) leaves out what takes its dates:
    the reviews and the worklist.
    """
    found = list(of_proposals(_open(archive), register, now))
    if register is not None:
        found += _to_do(archive, register.closed, civil_date(now))
    return Told(notices=tuple(found), told=archive.notes.told(one.key for one in found))


def _open(archive: Archive) -> Iterator[Waiting]:
    disposals = archive.disposals
    for proposal in disposals.all(OPEN | {State.CERTIFIED}):
        paused = proposal.stored is State.PAUSED
        yield Waiting(
            proposal=proposal,
            over_cap=proposal.stored in OPEN and disposals.over_cap(proposal),
            pauses=disposals.pauses(proposal.proposal_id) if paused else 0,
        )


def _to_do(archive: Archive, closed: Closed, today: date) -> Iterator[Notice]:
    plan = plan_in_force(archive, today)
    tasks = work(archive.standing_records(closed), plan, today)
    to_settle = (task for task in tasks if task.review_since is None)
    count = sum(1 for _ in islice(to_settle, MOST_WORK + 1))
    reviews = of_reviews(_reviews(archive, plan, closed, today), plan.rules, today) if plan else ()
    yield from chain(reviews, of_work(count, today))


def _reviews(archive: Archive, plan: Plan, closed: Closed, today: date) -> Counter[str]:
    """How many records await a review and are free, by rule."""
    found = due(plan, today, lambda wanted: archive.reached(wanted, closed))
    return Counter(str(verdict.rule.rule_id) for _, _, verdict in found if type(verdict) is Review)
