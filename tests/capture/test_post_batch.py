"""A batch of looks: it ends at a wall before all; what is gone is looked at twice."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.model import Account
from capture.due_looks import looks_doubted
from capture.post_batch import look_at_posts
from capture.post_look import Look, Looked, Request
from examples.platform.server import Platform
from storage import sighting
from storage.archive import Archive
from storage.people import service
from storage.posts import KnownPost, Seen
from storage.record import Reason, today, utc_now
from storage.settings import Settings

ACTOR = service("post_capture")
RECIPES = Path(__file__).parents[2] / "capture" / "recipes"
Looks = Callable[..., list[Looked]]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


@pytest.fixture
def look(archive: Archive, settings: Settings) -> Looks:
    """Looks at an account's posts without any pace."""

    def looked(account: Account, looks: list[Look], recipes: Path | None = None) -> list[Looked]:
        request = Request(account=account, reason=Reason.POSTS, ordered_by="schedule", note="")
        quick = replace(settings, post_pace_seconds=0, recipes=recipes)
        return look_at_posts(looks, request, settings=quick, archive=archive, actor=ACTOR)

    return looked


def planned(platform: Platform, handle: str, count: int, again: str = "") -> list[Look]:
    posts = platform.truth(handle)["posts"][:count]
    return [
        Look(
            post=f"torget:{post['id']}",
            url=f"{platform.url}/@{handle}/p/{post['id']}",
            again=again,
            always=False,
            planned_at=utc_now(),
        )
        for post in posts
    ]


def visits(platform: Platform, since: int) -> list[str]:
    return [one.path for one in platform.log[since:] if "/p/" in one.path and one.status != 404]


def test_five_posts_behind_a_login_are_one_visit_and_one_gap(
    platform: Platform, account_on: Callable[[str], Account], archive: Archive, look: Looks
) -> None:
    """R9: the gap says how many are left; another batch of the plan does not run into it again."""
    account = account_on("ki_alumn")
    first, other = (planned(platform, "ki_alumn", 5) for _ in range(2))
    asked = len(platform.log)
    [one] = look(account, first)
    assert one.outcome == "login_wall"
    assert len(visits(platform, asked)) == 1
    [gap] = archive.gaps()
    assert archive.gap_report(gap).evidence[-1] == "4 more posts are left for another time"
    asked = len(platform.log)
    assert look(account, other) == []
    assert len(platform.log) == asked
    [again] = look(account, planned(platform, "ki_alumn", 5))
    assert again.outcome == "login_wall"


def test_a_post_that_robots_are_kept_from_bars_no_other(
    platform: Platform,
    account_on: Callable[[str], Account],
    look: Looks,
    tmp_path: Path,
) -> None:
    """RFC 9309: the site's rules are of addresses, not of the batch."""
    shutil.copytree(RECIPES, tmp_path / "recipes")
    recipe = tmp_path / "recipes" / "torget.toml"
    recipe.write_text(recipe.read_text().replace("\nlandmark", "\nrobots = true\nlandmark", 1))
    looks = planned(platform, "ki_notiser", 2)
    platform.robots = f"User-agent: insyn\nDisallow: /@ki_notiser/p/{looks[0].post[7:]}\n"
    try:
        done = look(account_on("ki_notiser"), looks, recipes=tmp_path / "recipes")
    finally:
        platform.robots = None
    assert [one.outcome for one in done] == ["bot_wall", "captured"]


def test_a_post_is_gone_for_good_when_a_second_look_finds_it_gone(
    platform: Platform,
    account_on: Callable[[str], Account],
    archive: Archive,
    look: Looks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page may fail once: the next day it is asked for again, and then no more; or it is back."""
    account = account_on("ki_notiser")
    there = {post["id"] for post in platform.truth("ki_notiser")["posts"]}
    platform.go_to(1)
    lost = there - {post["id"] for post in platform.truth("ki_notiser")["posts"]}
    platform.go_to(0)
    looks = [one for one in planned(platform, "ki_notiser", 5) if one.post[7:] in lost][:1]

    def one_post() -> KnownPost:
        [known] = archive.posts.known(account.id)
        return known

    def again(name: str) -> str:
        [one] = look(account, [replace(looks[0], again=name, planned_at=utc_now())])
        return one.outcome

    look(account, looks)
    platform.go_to(1)
    assert again("a") == again("b") == "gone"
    tomorrow = today() + timedelta(days=1)
    doubted = archive.posts.doubted(account.id)
    assert [one.post for one in doubted] == [looks[0].post]
    assert list(looks_doubted(doubted, today())) == []
    [second] = looks_doubted(doubted, tomorrow)
    first_gone = one_post().gone_at
    platform.go_to(0)
    assert again("back") == "unchanged"
    assert (one_post().gone_at, archive.posts.doubted(account.id)) == (None, [])
    platform.go_to(1)
    assert again("c") == "gone"
    gone_at = one_post().gone_at
    monkeypatch.setattr(sighting, "today", lambda: tomorrow)
    assert look(account, [replace(second, planned_at=utc_now())])[0].outcome == "gone"
    assert again("d") == "gone"
    told = [one.outcome for one in archive.posts.sightings(one_post())]
    assert told == [Seen.CAPTURED, Seen.GONE, Seen.UNCHANGED, Seen.GONE, Seen.GONE]
    assert archive.posts.doubted(account.id) == []
    assert one_post().gone_at == gone_at != first_gone
    dumped = list(archive.dump())
    archive.rebuild(lambda *_: None)
    assert list(archive.dump()) == dumped
    platform.go_to(0)
