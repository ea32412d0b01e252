"""What the DAG's tasks decide: who may ask for what, when it waits, and what a run came to."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.model import Account
from capture import post_orders, post_tasks
from capture.post_tasks import find_batches, joined, run_accounts, run_batch, total
from examples.platform.server import Platform
from storage.archive import Archive
from storage.errors import Malformed
from storage.settings import Settings
from tests.desk.conftest import REGISTER

SCHEDULED = {"account": "", "post": "", "reason": "posts", "note": "", "ordered_by": ""}
BY_HAND = {**SCHEDULED, "account": "ki", "ordered_by": "Eva Ek"}


@pytest.fixture
def torget(platform: Platform, settings: Settings, tmp_path: Path) -> Settings:
    """The example register on the platform, `ki` with five posts; no pace."""
    told = REGISTER.read_text("utf-8").replace("http://127.0.0.1:8460", platform.url)
    register = tmp_path / "accounts.toml"
    register.write_text(told.replace("karolinskainstitutet", "ki_notiser"), "utf-8")
    return replace(settings, register=register, post_pace_seconds=0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": "before_removal", "post": ""}, "give the address or the id of the post"),
        ({"ordered_by": " "}, "say who orders it"),
        ({"account": "", "post": "1"}, "say whose post it is"),
    ],
)
def test_a_run_that_lacks_something_is_refused_before_anything_is_visited(
    settings: Settings, change: Mapping[str, str], told: str
) -> None:
    with pytest.raises(Malformed, match=told):
        run_accounts(settings, {**BY_HAND, **change})


def test_a_run_is_of_the_account_that_is_named(settings: Settings) -> None:
    assert run_accounts(settings, BY_HAND) == ["ki"]


def test_the_daily_walk_keeps_to_its_hours_and_a_persons_does_not_wait(
    torget: Settings, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk visits the site as the looks do; who ordered it stands in the record."""
    noon = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
    monkeypatch.setattr(post_tasks, "utc_now", lambda: noon)
    night, asked = replace(torget, post_hours=(22, 6)), len(platform.log)
    waits = find_batches(night, "ki", SCHEDULED)
    assert (waits.later_s, waits.batches) == (9 * 3600 + 1, [])
    assert run_batch(night, {"account": "ki", "looks": []}, SCHEDULED).later_s == 9 * 3600 + 1
    assert len(platform.log) == asked
    found = find_batches(replace(night, post_batch=4), "ki", BY_HAND)
    assert (found.later_s, [len(one["looks"]) for one in found.batches]) == (None, [4, 1])
    one = {"account": "ki", "looks": found.batches[0]["looks"][:1]}
    assert run_batch(night, one, {**BY_HAND, "note": "Begäran 7"}).counts == {"captured": 1}
    with Archive.open(night) as archive:
        [record] = archive.records()
        order = archive.manifest(record).description.order
    assert (order.ordered_by, order.note) == ("Eva Ek", "Begäran 7")


def test_no_payload_and_no_log_holds_what_outsiders_wrote(
    torget: Settings, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    """Comments live in the record: tasks, logs and journal have no word and no name of them."""
    with caplog.at_level(logging.DEBUG):
        found = find_batches(torget, "ki", SCHEDULED)
        counts = [run_batch(torget, one, SCHEDULED) for one in found.batches]
    with Archive.open(torget) as archive:
        journal = json.dumps([dict(entry.detail) for entry in archive.journal()])
        assert len(archive.records()) == 5
    summed = total(["ki"], [found.to_task()], [one.counts for one in counts])
    told = f"{json.dumps(found.to_task())} {summed} {counts} {caplog.text} {journal}"
    posts = platform.truth("ki_notiser")["posts"]
    said = [each for post in posts for each in post["dialogue"]]
    assert said
    for post in posts:
        assert post["id"] in told, "what is searched is what is told"
        assert post["text"] not in told
    for each in said:
        assert each["text"] not in told
        assert each["author"] not in told or each["handle"] == "ki_notiser"
        assert each["handle"] not in told or each["handle"] == "ki_notiser"


def test_a_wall_before_an_account_fails_the_run_and_its_legs_are_asked(
    torget: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R9: a gap, and the account's name in what the run came to."""
    asked: list[str] = []
    read = post_orders.read_missed

    def read_missed(account: Account, *given: Any, **more: Any) -> Any:
        asked.append(account.id)
        return read(account, *given, **more)

    monkeypatch.setattr(post_orders, "read_missed", read_missed)
    found = find_batches(torget, "ki-alumn", SCHEDULED)
    assert (found.wall, found.later_s, asked) == ("login_wall", None, ["ki-alumn"])
    with Archive.open(torget) as archive:
        [gap] = archive.gaps()
    assert gap.verdict == "login_wall"
    summed = total(["ki-alumn"], [found.to_task()], [])
    assert (summed.walls, str(summed)) == (1, "page not seen: ki-alumn (login_wall)")


def test_a_site_that_asks_for_a_pause_is_tried_again(
    torget: Settings, platform: Platform, tmp_path: Path
) -> None:
    (tmp_path / "secrets").symlink_to(torget.home / "secrets")
    torget = replace(torget, home=tmp_path)  # a pause holds for everybody with this home
    platform.limit("ki_notiser", 1, 90)
    found = find_batches(torget, "ki", SCHEDULED)
    assert (found.wall, found.later_s) == ("rate_limited", 90)


def test_a_run_tells_of_the_account_whose_task_failed() -> None:
    found = [{"account": "a", "batches": [], "wall": ""}]
    summed = total(["a", "b"], found, [{"captured": 2, "left": 1}, {"captured": 1}])
    assert (summed.counts["captured"], summed.counts["left"]) == (3, 1)
    assert summed.unseen == ("b (error)",)
    with pytest.raises(Malformed, match="Nothing was looked at"):
        total(None, [], [])


def test_batches_of_accounts_take_turns() -> None:
    """One site's batches, which wait for each other, do not take every place at once."""
    found = [
        {"account": name, "batches": [{"account": name, "looks": [n]} for n in range(count)]}
        for name, count in (("a", 3), ("b", 1), ("c", 0))
    ]
    assert [one["account"] for one in joined(found)] == ["a", "b", "a", "a"]
