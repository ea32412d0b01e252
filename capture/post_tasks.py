"""What the DAG's tasks do with posts: find batches, run one, add up. Ids and addresses only."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from capture.legs.missed import Missed
from capture.orders import SCHEDULE
from capture.post_look import Look
from capture.post_orders import (
    Asked,
    accounts_with_posts,
    batches,
    find_looks,
    from_batch,
    names_a_post,
    one_look,
    opens_in,
    run_looks,
)
from capture.walls import OK, RETRYABLE, Judgement, Verdict
from storage.errors import Malformed
from storage.people import service
from storage.record import Reason, utc_now
from storage.settings import Settings

ACTOR = "post_capture"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An account's batches of posts to look at, as what Airflow's tasks may pass on.

    `wall` is what stood before its page, and empty where nothing did. `later_s`: nothing was done,
    and it is to be tried after so many seconds.
    """

    account: str
    batches: list[dict[str, Any]]
    wall: str
    later_s: int | None

    def to_task(self) -> dict[str, Any]:
        """As a task gives it on."""
        return {"account": self.account, "batches": self.batches, "wall": self.wall}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How many posts came to what. `later_s`: what is left is to be tried after so many seconds.

    `unseen` names the accounts whose page was not to be seen.
    """

    counts: Mapping[str, int]
    later_s: int | None
    unseen: tuple[str, ...] = ()

    @property
    def walls(self) -> int:
        """How many posts, and accounts' pages, were not to be seen."""
        return sum(self.counts.get(verdict, 0) for verdict in Verdict) + len(self.unseen)

    def __str__(self) -> str:
        told = [f"{name} {count}" for name, count in sorted(self.counts.items())]
        return ", ".join([*told, *(f"page not seen: {one}" for one in self.unseen)])


def run_accounts(settings: Settings, asked: Mapping[str, str]) -> list[str]:
    """The accounts of a run: the one that is named, or every one whose posts can be read.

    Raises:
        Malformed: a person asks and is not named, or a removal and no post is.
    """
    names_a_post(Reason(asked["reason"]), asked["post"])
    if asked["account"]:
        if not asked["ordered_by"].strip():
            raise Malformed("The posts cannot be captured", ["ordered_by: say who orders it"])
        return [asked["account"]]
    if asked["post"]:
        raise Malformed("The post cannot be captured", ["account: say whose post it is"])
    return [*accounts_with_posts(settings)]


def find_batches(settings: Settings, account: str, asked: Mapping[str, str]) -> Found:
    """The batches of an account's posts to look at, or of the one that is named.

    Outside the hours nothing is visited, unless a person asks.

    Raises:
        As `post_orders.find_looks` and `post_orders.one_look`.
    """
    wanted = _wanted(account, asked)
    if wait := _wait(settings, asked):
        return Found(account=account, batches=[], wall="", later_s=wait)
    looks: tuple[Look, ...]
    if asked["post"]:
        looks, judgement = (one_look(settings, wanted, asked["post"]),), OK
    else:
        finds = find_looks(settings, wanted, service(ACTOR))
        looks, judgement = finds.looks, finds.feed.judgement
        _note(finds.missed)
        for one in finds.findings:
            _LOG.warning("%s %s %s", one.code, one.place, one.en)
        if finds.gap_id:
            _LOG.warning("%s: %s, gap %s", account, judgement.verdict, finds.gap_id)
    return Found(
        account=account,
        batches=[
            {"account": account, "looks": each} for each in batches(looks, settings.post_batch)
        ],
        wall="" if judgement == OK else judgement.verdict.value,
        later_s=_later(judgement),
    )


def run_batch(settings: Settings, batch: Mapping[str, Any], asked: Mapping[str, str]) -> Counted:
    """Look at a batch's posts; outside the hours nothing is visited, unless a person asked.

    Raises:
        Malformed: it is no batch.
        As `post_orders.run_looks`.
    """
    if wait := _wait(settings, asked):
        return Counted(counts={}, later_s=wait)
    looks = from_batch(batch["looks"])
    done = run_looks(settings, _wanted(batch["account"], asked), looks, service(ACTOR))
    counts = Counter(one.outcome for one in done)
    if left := len(looks) - len(done):
        counts["left"] = left
    asks = [one.retry_after_s or 0 for one in done if one.outcome in RETRYABLE]
    return Counted(counts=counts, later_s=max(asks) if asks else None)


def joined(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The batches of all accounts, by turns, so that one site's do not take every place at once."""
    rounds = zip_longest(*(one["batches"] for one in found))
    return [batch for each in rounds for batch in each if batch]


def total(
    accounts: Iterable[str] | None,
    found: Iterable[Mapping[str, Any]],
    counts: Iterable[Mapping[str, int]],
) -> Counted:
    """The sum of a run; an account whose page was walled, or whose task failed, is told.

    Raises:
        Malformed: no accounts were named: the first task failed.
    """
    if accounts is None:
        raise Malformed("Nothing was looked at", ["accounts: see the log of that task"])
    walls = {one["account"]: one["wall"] for one in found}
    summed: Counter[str] = Counter()
    for each in counts:
        summed.update(each)
    unseen = [f"{one} ({wall})" for one in accounts if (wall := walls.get(one, "error"))]
    return Counted(counts=summed, later_s=None, unseen=tuple(unseen))


def _wanted(account: str, asked: Mapping[str, str]) -> Asked:
    return Asked(
        account=account,
        reason=Reason(asked["reason"]),
        ordered_by=asked["ordered_by"].strip() or SCHEDULE,
        note=asked["note"],
    )


def _wait(settings: Settings, asked: Mapping[str, str]) -> int:
    """Seconds until the scheduled run may visit; a person's may at once."""
    return 0 if asked["ordered_by"].strip() else opens_in(settings, utc_now())


def _later(judgement: Judgement) -> int | None:
    """Seconds after which a wall before the feed may be gone; None: it waits for a person."""
    return (judgement.retry_after_s or 0) if judgement.verdict in RETRYABLE else None


def _note(missed: Missed) -> None:
    """Which leg saw what, for the task's log: ids and numbers."""
    for read in missed.reads:
        end = read.evidence or read.stopped_by.value
        _LOG.info("%s found %d posts, stopped by: %s", read.leg, read.found, end)
    for one in missed.findings:
        _LOG.warning("%s %s %s", one.code, one.place, one.en)
