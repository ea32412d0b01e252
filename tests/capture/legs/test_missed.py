"""What only a leg tells of: captured where it can be visited, told where not (a real browser)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts import read_register
from accounts.model import AccountId, PlatformId
from capture.feed import FeedSeen, FoundPost
from capture.legs.fetching import Pace
from capture.legs.missed import Missed, judge_missed, read_missed
from capture.legs.naming import Names
from capture.legs.result import LegRead, Stopped
from capture.post import Moment, Post, Precision, TimeSource
from capture.untrusted import own_post
from storage.archive import Archive
from storage.posts import KnownPost
from storage.record import RecordId
from storage.settings import Settings
from tests.capture.legs.answering import Pages, serving
from tests.desk.conftest import REGISTER, Insyn, insyn, run

__all__ = ["insyn", "run"]

HTML = {"Content-Type": "text/html; charset=utf-8"}
SITE = "https://s.example"
SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
QUICK = Pace(pause_s=0)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _article(number: int) -> str:
    return (
        f'<article class="post post-{number}" id="post-{number}">'
        f'<h2 class="entry-title"><a rel="bookmark" '
        f'href="/{number}/">Rubrik {number}</a></h2><time class="entry-date" '
        f'datetime="2026-11-2{number}T09:00:00Z">i dag</time>'
        f'<div class="entry-content"><p>Text {number}</p></div></article>'
    )


def _page(number: int, kind: str) -> bytes:
    """As WordPress marks its pages: the front page, or a post's own."""
    body = f'<body class="{kind}"><div id="content">{_article(number)}</div></body>'
    return f'<html lang="sv"><title>KI</title>{body}</html>'.encode()


def _blog() -> Pages:
    """The front page shows the post 1; the feed tells of 2 too, and of 3, which is away."""
    item = "<item><title>Rubrik</title><link>http://{{HOST}}/{0}/</link></item>"
    items = "".join(item.format(number) for number in (3, 2, 1))
    feed = f"<rss><channel>{items}</channel></rss>"
    return {
        "/": [(200, HTML, _page(1, "home blog"))],
        **{f"/{n}/": [(200, HTML, _page(n, f"single single-post postid-{n}"))] for n in (1, 2)},
        "/feed/": [(200, {"Content-Type": "text/xml"}, feed.encode())],
    }


@pytest.mark.slow
def test_a_post_that_the_page_does_not_show_is_captured_by_its_feed(
    insyn: Insyn, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R11: what cannot be visited any more is told, and not tried again each day."""
    with serving(_blog()) as url:
        told = REGISTER.read_text("utf-8").replace('"torget"', '"wordpress"', 1)
        told = told.replace("http://127.0.0.1:8460/@karolinskainstitutet", f"{url}/", 1)
        register = tmp_path / "accounts.toml"
        register.write_text(told, "utf-8")
        monkeypatch.setenv("INSYN_REGISTER", str(register))
        monkeypatch.setenv("INSYN_POST_PACE_SECONDS", "0")
        ran = insyn("post", "capture", "ki", "--ordered-by", "Lånia Katalogsson")
        listed = insyn("post", "list", "ki").out
        with Archive.open(settings) as archive:
            known, gaps = archive.posts.known(AccountId("ki")), archive.gaps(AccountId("ki"))
        [ki] = [one for one in read_register(register).accounts if one.id == "ki"]
        again = read_missed(ki, _walked(f"{url}/1/"), known, gaps, SETTINGS, whole=True, pace=QUICK)
    assert ran.code == 1, ran.err
    assert [n for n in (1, 2, 3) if f"wordpress:post-{n}" in listed] == [1, 2]
    assert [line.split() for line in ran.out.splitlines() if line.startswith("feed")] == [
        ["feed", "3", "2"]
    ]
    assert ran.out.count("L105") == 1
    assert again.handed == ()
    told_again = [(one.code, one.place) for one in again.findings]
    assert told_again == [("L101", f"{url}/3/"), ("L105", f"{url}/3/")]


def _walked(*urls: str) -> FeedSeen:
    posts = tuple(
        FoundPost(post=f"wordpress:{url}", url=url, published_at=None, shared=False) for url in urls
    )
    return FeedSeen(posts=posts, stopped_by="end", refusal=None)


def _read(leg: str, *posts: Post, gone: Sequence[str] = ()) -> LegRead:
    return LegRead(
        leg=leg, posts=posts, announced=None, pages=1, gone=tuple(gone), not_understood=0,
        threads_missed=(), stopped_by=Stopped.END, evidence="", retry_after_s=None,
    )  # fmt: skip


def _post(post_id: str, url: str | None, at: datetime = AT, **more: Any) -> Post:
    when = Moment(at=at, source=TimeSource.API, precision=Precision.SECOND, shown=None)
    return own_post(
        post_id=post_id, platform="mastodon", account="ki", name=None, text="Hej",
        published=when, permalink=url, **more,
    )  # fmt: skip


def _judged(*reads: LegRead, disposed_on: str = "") -> Missed:
    [ki] = [one for one in read_register(REGISTER).accounts if one.id == "ki"]
    account = replace(ki, platform=PlatformId("mastodon"), url=f"{SITE}/@ki")
    known = [
        KnownPost(
            account=ki.id, post="mastodon:1", record_id=RecordId("R"), digest="",
            url="" if disposed_on else f"{SITE}/@ki/1", published_on=disposed_on,
            first_at=AT, seen_at=AT, gone_at=None,
        )
    ]  # fmt: skip
    return judge_missed(account, _walked(f"{SITE}/@ki/2"), known, [], reads)


def test_what_legs_tell_of_is_handed_over_once_and_by_its_address() -> None:
    """R13: known by id or by the address of its page; shares are others'; nowhere else is gone."""
    api = _read(
        "api",
        _post("1", None),  # known by its id
        _post("x", f"{SITE}/@ki/1?utm_source=a#b"),  # known by its address
        _post("2", f"{SITE}/@ki/2"),  # the walk has met it
        _post("3", f"{SITE}/@ki/3"),
        _post("4", "https://other.example/4"),
        _post("5", None),
        _post("6", None, repost_of="https://other.example/6"),
        gone=["7"],
    )
    other = _read("outbox", _post("3", f"{SITE}/@ki/3"), _post("7", f"{SITE}/@ki/7"))
    missed = _judged(api, other)
    assert [(one.post, one.legs, one.look.url) for one in missed.handed] == [
        ("3", ("api", "outbox"), f"{SITE}/@ki/3")
    ]
    assert missed.looks[0].post == ""
    at = f"{SITE}/@ki"
    assert Names([("mastodon:1", at), ("mastodon:2", at)]).of("1", at) == "1"  # its own id first
    assert {(one.code, one.place) for one in missed.findings} == {
        ("L101", "3"), ("L101", "4"), ("L101", "5"), ("L103", "7"), ("L104", "4"), ("L104", "5"),
    }  # fmt: skip


def test_what_may_be_a_post_that_was_disposed_of_is_not_looked_for() -> None:
    """R44: its address is gone with its record, its day is not."""
    api = _read(
        "api",
        _post("8", f"{SITE}/@ki/8"),
        _post("9", f"{SITE}/@ki/9", datetime(2026, 11, 21, 9, tzinfo=UTC)),
    )
    missed = _judged(api, disposed_on="2026-11-20")
    assert [one.post for one in missed.handed] == ["9"]
    assert ("L106", "8") in {(one.code, one.place) for one in missed.findings}
