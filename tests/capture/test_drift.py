"""A recipe that has drifted is a finding with the day on which it was first seen."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from accounts.model import Account
from accounts.register import read_register
from capture.drift import Told, Topic, drift_findings, since
from storage.archive import Archive
from storage.gap import GapReport
from storage.people import service
from storage.record import (
    OWN_POST,
    POST_ORDERS,
    AccountRef,
    Description,
    Order,
    OrderId,
    Reason,
    RecordId,
    today,
)
from tests.storage.conftest import account, archive, describe, order, package, parts

__all__ = ["account", "archive", "describe", "order", "package", "parts"]

NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = service("test")
REGISTER = Path("examples/karolinska/accounts.toml")


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([], {}),
        ([[]], {}),
        ([["h1"]], {"h1": 20}),
        ([["h1"], ["h1"], [], ["h1"]], {"h1": 19}),
        ([["h1", "time"], ["h1"], ["time"]], {"h1": 19, "time": 20}),
        ([[], ["h1"]], {}),
    ],
)
def test_a_drift_began_with_the_first_of_the_looks_that_told_it(
    looks: list[list[str]], found: dict[str, int]
) -> None:
    told = since(_told_by(n, look) for n, look in enumerate(looks))
    assert told == {what: date(2026, 11, day) for what, day in found.items()}


EACH, TEXT = "post_page.comments.each (li) matches", "post_page.comments.text (p) matches"


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([([], "page"), ([EACH], "page")], {EACH: 19}),
        ([([], "page comments"), ([EACH], "page")], {}),
        ([([], "page comments"), ([TEXT], "page comments words")], {TEXT: 19}),
        ([([], "page comments words"), ([TEXT], "page comments words")], {}),
        ([([], "page"), (["h1"], "page"), ([], "page"), ([EACH], "page")], {EACH: 17}),
        ([([], ""), (["h1", EACH], "page")], {"h1": 19, EACH: 19}),
        ([([TEXT], "page comments words"), ([EACH], "page")], {TEXT: 20}),
        (
            [([TEXT], "page comments words"), ([], "page"), ([TEXT], "page comments words")],
            {TEXT: 18},
        ),
    ],
)
def test_a_drift_is_ended_only_by_a_look_that_had_such_to_find(
    looks: list[tuple[list[str], str]], found: dict[str, int]
) -> None:
    """A post without comments says nothing of how comments are read; nor does a gap, of anything.

    Of the words of comments one says nothing that had hidden ones alone.
    """
    told = since(
        _told_by(n, said, {Topic[name.upper()] for name in topics.split()})
        for n, (said, topics) in enumerate(looks)
    )
    assert told == {what: date(2026, 11, day) for what, day in found.items()}


def _told_by(days_ago: int, said: list[str], topics: Collection[Topic] = tuple(Topic)) -> Told:
    return Told(at=NEWEST - timedelta(days=days_ago), said=said, topics=topics)


def test_a_posts_look_tells_of_comments_by_those_that_it_had(
    archive: Archive,
    account: AccountRef,
    order: Order,
    package: Path,
    describe: Callable[[RecordId, Order], Description],
) -> None:
    """By the numbers that its record holds: shown, and of these hidden.

    Of the feed it tells that it was read, but not where a gap of that day says that it was not.
    """
    [ki] = [one for one in read_register(REGISTER).accounts if one.id == account.id]

    def looked(day: int, shown: int, hidden: int, *drift: str) -> list[str]:
        key = OrderId(f"{POST_ORDERS}ki/torget:{day}")
        mine = replace(order, order_id=key, reason=Reason.POSTS)
        at = NEWEST + timedelta(days=day)
        said = replace(
            describe(archive.accept(mine, account, ACTOR).record_id, mine),
            record_type=OWN_POST,
            started_at=at,
            ended_at=at,
            facts={"post_id": f"{day}", "content_sha256": "0" * 64},
            completeness={
                "comments_shown": shown,
                "comments_hidden": hidden,
                "recipe_drift": [f"recipe drift: {one}" for one in drift],
            },
        )
        archive.deposit(said, package, ACTOR)
        return _told(archive, ki)

    [first] = looked(1, 3, 0, TEXT)
    assert TEXT in first
    assert "2026-11-21" in first
    assert looked(2, 0, 0) == [first]
    assert looked(3, 2, 2) == [first]
    assert looked(4, 2, 1) == []
    [none] = looked(5, 0, 0, EACH)
    assert "2026-11-25" in none
    assert looked(6, 0, 0) == [none]
    assert looked(7, 1, 1) == []
    unread = _unread(account, order, "feed/2026-11-28")
    archive.note_gap(unread, None, ACTOR)
    [feed] = _told(archive, ki)
    assert today().isoformat() in feed
    now = (today() - NEWEST.date()).days
    assert looked(now, 1, 0) == [feed]
    assert looked(now + 1, 1, 0) == []


def test_a_drift_is_told_by_captures_and_gaps_until_a_capture_is_without_it(
    archive: Archive,
    account: AccountRef,
    order: Order,
    package: Path,
    describe: Callable[[RecordId, Order], Description],
) -> None:
    """CAPTURE.md: a recipe whose selectors match nothing is a finding, not an empty capture."""
    [ki] = [one for one in read_register(REGISTER).accounts if one.id == account.id]

    def captured(number: int, *drift: str) -> list[str]:
        mine = replace(order, order_id=OrderId(f"order-{number}"))
        at = NEWEST + timedelta(days=number)
        said = replace(
            describe(archive.accept(mine, account, ACTOR).record_id, mine),
            started_at=at,
            ended_at=at,
            completeness={"recipe_drift": list(drift)},
        )
        archive.deposit(said, package, ACTOR)
        return _told(archive, ki)

    handle = "recipe drift: profile.handle (.at) matches nothing"
    assert captured(-8) == []
    [first] = captured(-7, handle)
    assert "2026-11-13" in first
    assert "profile.handle (.at) matches nothing" in first
    assert captured(-6, handle) == [first]
    assert captured(-5) == []
    met = _unread(account, order, "torget:1")
    archive.note_gap(replace(met, verdict="login_wall", evidence=("/login",)), None, ACTOR)
    assert _told(archive, ki) == []
    archive.note_gap(met, None, ACTOR)
    [posts] = _told(archive, ki)
    assert "posts.each (article) matches no post" in posts
    [told] = [gap for gap in archive.gaps() if gap.verdict == "partial"]
    until = NEWEST + timedelta(days=9999)
    archive._vault.capture.put(told.key, b"{}", media_type="text/plain", retain_until=until)
    assert _told(archive, ki) == []  # what cannot be read tells nothing, and stops nothing


def _unread(account: AccountRef, order: Order, name: str) -> GapReport:
    """A gap whose page has no post where the recipe says."""
    url = f"https://torget.example/{name}"
    return GapReport(
        account=account,
        order=replace(order, order_id=OrderId(f"{POST_ORDERS}ki/{name}")),
        at=NEWEST,
        verdict="partial",
        evidence=("recipe drift: posts.each (article) matches no post",),
        requested_url=url,
        final_url=url,
        status=200,
        headers=(),
        retry_after_s=None,
    )


def _told(archive: Archive, ki: Account) -> list[str]:
    found = drift_findings(archive, [ki])
    assert {one.code for one in found} <= {"E104"}
    return [one.en for one in found]
