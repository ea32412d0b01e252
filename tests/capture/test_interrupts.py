"""A capture that is broken off: all points and ways are in `make bench`, one of each way here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from accounts.model import Account
from capture.due_looks import looks_wanted
from capture.errors import BrowserBroken
from capture.feed_finding import find_posts
from capture.post_batch import look_at_posts
from capture.post_look import Request
from examples.bench_kit import PROJECT
from examples.interrupts import break_off, kill_chromium
from examples.kill_at import KillAt
from examples.platform.server import Platform
from storage.archive import Archive
from storage.people import service
from storage.query import Query
from storage.record import Reason, today
from storage.settings import Settings

REGISTER = PROJECT / "examples" / "karolinska" / "accounts.toml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "way", "ended"),
    [
        ("visit: consent", "SIGKILL", "dead"),
        ("visit: settled", "browser killed", "gap: unreachable"),
        ("visit: photographed", "renderer killed", "gap: unreachable"),
    ],
)
def test_a_capture_broken_off_leaves_nothing_behind_and_is_made_when_ordered_again(
    settings: Settings, platform: Platform, point: str, way: str, ended: str
) -> None:
    """C23, R12: no process, no file, no half record; then exactly one whole record."""
    settings = replace(settings, register=REGISTER)
    told = break_off(settings, platform.url, point, way)
    assert told.wrong == ()
    assert told.ended == ended


def test_a_page_that_dies_is_one_gap_and_a_browser_that_dies_ends_the_batch(
    settings: Settings, account_on: Callable[[str], Account]
) -> None:
    """C23: after a dead page the next post is visited; after a dead browser it is resumed."""
    account = account_on("ki_notiser")
    quick = replace(settings, post_pace_seconds=0)
    request = Request(account=account, reason=Reason.POSTS, ordered_by="schedule", note="")
    seen: list[str] = []
    with Archive.open(quick) as archive:
        feed = find_posts(account, settings=quick, archive=archive)
        looks = looks_wanted([], feed, account, quick, today())[:3]

        def look_at_all() -> None:
            look_at_posts(
                looks,
                request,
                settings=quick,
                archive=archive,
                actor=service("post_capture"),
                told=lambda one: seen.append(one.outcome),
            )

        with (
            killing("visit: unfolded", 1, "renderer"),
            killing("visit: unfolded", 2, ""),
            pytest.raises(BrowserBroken, match="order it again"),
        ):
            look_at_all()
        assert seen == ["unreachable"]
        look_at_all()
        assert seen == ["unreachable", *3 * ["captured"]]
        assert archive.count(Query()) == 3


@contextmanager
def killing(stage: str, times: int, kind: str) -> Iterator[None]:
    """Chromium's processes of a kind die when a stage is passed for the n-th time."""
    killer = KillAt(stage, times, partial(kill_chromium, kind))
    killer.listen()
    yield
    killer.stop()
