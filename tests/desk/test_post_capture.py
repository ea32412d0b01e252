"""`insyn post capture` on the imitation platform: walls, limits, and what it refuses."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capture import post_orders
from capture.walls import EXIT_CODES, Verdict
from examples.platform.server import Platform
from storage.archive import Archive
from storage.settings import Settings
from tests.desk.conftest import Insyn

BY = ("--ordered-by", "Lånia Katalogsson")


@pytest.fixture
def quick(on_torget: Insyn, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Insyn]:
    """`insyn` on a platform that asks for no pace, where `ki-forskning` has five posts."""
    monkeypatch.setenv("INSYN_POST_PACE_SECONDS", "0")
    register = Path(os.environ["INSYN_REGISTER"])
    told = register.read_text("utf-8").replace("ki_forskning", "ki_notiser")
    register.write_text(told, "utf-8")
    yield on_torget
    shutil.rmtree(settings.home / "turns", ignore_errors=True)  # a pause holds for everybody


@pytest.mark.slow
def test_a_walk_that_a_limit_cuts_off_is_told_until_one_reaches_the_end(
    quick: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command, the list of duties and the journal say so; then none does."""
    monkeypatch.setenv("INSYN_WALK_POSTS", "2")
    ran = quick("post", "capture", "ki-forskning", *BY, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["walk"]["stopped_by"], ran.json["counts"]) == ("posts", {"captured": 5})
    assert [one["code"] for one in ran.json["findings"]] == ["L107"]
    assert ran.json["left"] == 0
    assert "L107" in quick("duties", "--account", "ki-forskning").out
    [duty] = quick("duties", "--account", "ki-forskning", "--json").json
    assert [one["code"] for one in duty["feed"]] == ["L107"]
    again = quick("post", "capture", "ki-forskning", *BY)
    assert (again.code, "No post to look at" in again.out) == (0, True), again.out
    assert "L107" not in again.out
    assert "L107" not in quick("duties").out
    listed = quick("post", "list", "ki-forskning", "--comments", "--json").json
    assert len(listed) == 5
    assert all(one["comments_shown"] == one["comments_announced"] for one in listed)
    told = quick("post", "list", "ki-forskning", "--comments").out
    shown = listed[0]["comments_shown"]
    assert f"{shown} of {shown}" in told
    history = quick("history", listed[0]["post"], "--json").json
    assert [one["outcome"] for one in history["looks"]] == ["captured"]
    assert [one["record"] for one in history["versions"]] == [listed[0]["record_id"]]


def test_a_wall_before_the_feed_is_a_gap_with_its_own_exit_code(
    quick: Insyn, settings: Settings
) -> None:
    """R9: nothing is said to be done that was not."""
    ran = quick("post", "capture", "ki-alumn", *BY)
    assert ran.code == EXIT_CODES[Verdict.LOGIN_WALL], ran.err
    [gap] = quick("gap", "list", "--account", "ki-alumn", "--json").json
    assert (gap["verdict"], gap["gap_id"] in ran.out) == ("login_wall", True)
    assert "No post to look at" not in ran.out
    with Archive.open(settings) as archive:
        [kept] = archive.gaps()
        report = archive.gap_report(kept)
        picture = archive._vault.reader.get(kept.key.replace("gap.json", "picture.png"))
    assert report.evidence
    assert report.order.ordered_by == "Lånia Katalogsson"
    assert "/login" in report.final_url
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("account", ["ki-forskning", "ki"])
def test_before_a_removal_the_post_is_named_or_nothing_is_done(
    quick: Insyn, torget: Platform, account: str
) -> None:
    """R5: nobody is left to believe that a post was saved."""
    ran = quick("post", "capture", account, *BY, "--reason", "before_removal")
    assert (ran.code, ran.out) == (3, "")
    assert "give the address or the id of the post" in ran.err
    assert torget.log == []
    assert quick("find", "--json").json == []


def test_posts_of_an_account_that_there_is_not_are_no_empty_list(insyn: Insyn) -> None:
    ran = insyn("post", "list", "no-such-account")
    assert (ran.code, "no account 'no-such-account'" in ran.err) == (3, True)
    none = insyn("post", "list", "ki", "--json")
    assert (none.code, none.json) == (0, [])


def test_a_pause_that_ends_a_batch_says_how_many_posts_are_left(
    quick: Insyn, torget: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = post_orders.find_looks

    def then_limited(*given: Any) -> post_orders.Finds:
        finds = found(*given)
        torget.limit("ki_notiser", 1, 600)
        return finds

    monkeypatch.setattr(post_orders, "find_looks", then_limited)
    ran = quick("post", "capture", "ki-forskning", *BY)
    assert (ran.code, "4 posts are left" in ran.out) == (1, True), ran.out
    [gap] = quick("gap", "list", "--json").json
    assert gap["verdict"] == "rate_limited"


@pytest.mark.slow
def test_a_post_behind_a_wall_is_not_gone_in_its_history_and_one_that_was_deleted_is(
    quick: Insyn, torget: Platform
) -> None:
    """R9: the whole account away is a gap; the post alone away, while the account is there."""
    day_0, day_1 = {post["id"] for post in torget.truth("ki_notiser")["posts"]}, set[str]()
    torget.go_to(1)
    day_1 |= {post["id"] for post in torget.truth("ki_notiser")["posts"]}
    torget.go_to(0)
    [lost] = day_0 - day_1
    by_address = f"{torget.url}/@ki_notiser/p/{lost}"
    assert quick("post", "capture", "ki-forskning", *BY, "--post", by_address).code == 0
    again = ("post", "capture", "ki-forskning", *BY, "--post", f"torget:{lost}", "--json")

    def outcomes() -> list[str]:
        told = quick("history", f"torget:{lost}", "--json").json
        return [one["outcome"] for one in told["looks"]]

    torget.take_away("ki_notiser")
    ran = quick(*again)
    assert (ran.code, ran.json["counts"]) == (1, {"removed": 1})
    assert outcomes() == ["captured"]
    assert "gone" not in quick("history", f"torget:{lost}").out
    torget.bring_back()
    torget.go_to(1)
    ran = quick(*again)
    assert (ran.code, ran.json["counts"]) == (0, {"gone": 1})
    assert outcomes() == ["captured", "gone"]
    assert quick("history", f"torget:{lost}").out.count("gone") == 1
