"""What the DAG's tasks do with posts: find batches, run one, add up. Ids and addresses only."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from capture.legs.missed import Missed
from capture.orders import SCHEDULE
from capture.post_orders import batches, find_looks, from_batch, one_look, opens_in, run_looks
from capture.walls import RETRYABLE, Verdict
from storage.errors import Malformed
from storage.people import service
from storage.record import Reason, utc_now
from storage.settings import Settings

ACTOR = "post_capture"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How many posts came to what. `later_s`: what is left is to be tried after so many seconds."""

    counts: Mapping[str, int]
    later_s: int | None

    @property
    def walls(self) -> int:
        """How many posts were not to be seen."""
        return sum(self.counts.get(verdict, 0) for verdict in Verdict)

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))


def find_batches(settings: Settings, account: str, post: str, reason: str) -> list[dict[str, Any]]:
    """The batches of an account's posts to look at, or of the one that is named.

    Raises:
        As `post_orders.find_looks` and `post_orders.one_look`.
    """
    if post:
        looks = [one_look(settings, account, post, Reason(reason))]
    else:
        looks = find_looks(settings, account, service(ACTOR), told=_note)
    by_hand = bool(post)
    return [
        {"account": account, "looks": looks, "by_hand": by_hand}
        for looks in batches(looks, settings.post_batch)
    ]


def _note(missed: Missed) -> None:
    """Which leg saw what, for the task's log: ids and numbers."""
    for read in missed.reads:
        end = read.evidence or read.stopped_by.value
        _LOG.info("%s found %d posts, stopped by: %s", read.leg, read.found, end)
    for one in missed.findings:
        _LOG.warning("%s %s %s", one.code, one.place, one.en)


def run_batch(settings: Settings, batch: Mapping[str, Any], asked: Mapping[str, str]) -> Counted:
    """Look at a batch's posts; outside the hours nothing is visited, unless a person asked.

    Raises:
        Malformed: nobody is named for what a person asks, or it is no batch.
        As `post_orders.run_looks`.
    """
    ordered_by = asked["ordered_by"].strip()
    if batch["by_hand"] and not ordered_by:
        raise Malformed("The post cannot be captured", ["ordered_by: say who orders it"])
    wait = 0 if batch["by_hand"] else opens_in(settings, utc_now())
    if wait:
        return Counted(counts={}, later_s=wait)
    looks = from_batch(batch["looks"])
    done = run_looks(
        settings,
        batch["account"],
        looks,
        Reason(asked["reason"]),
        ordered_by=ordered_by or SCHEDULE,
        note=asked["note"],
        actor=service(ACTOR),
    )
    counts = Counter(one.outcome for one in done)
    asks = [one.retry_after_s or 0 for one in done if one.outcome in RETRYABLE]
    return Counted(counts=counts, later_s=max(asks) if asks else None)


def total(counts: Iterable[Mapping[str, int]]) -> Counted:
    """The sum of all batches."""
    summed: Counter[str] = Counter()
    for each in counts:
        summed.update(each)
    return Counted(counts=summed, later_s=None)
