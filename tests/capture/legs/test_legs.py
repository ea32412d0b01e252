"""Open interfaces, on loopback servers that speak their documented JSON; and the cross-check."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts import read_register
from accounts.model import Account, AccountId, PlatformId
from capture.errors import AddressRefused, PostsUnread
from capture.legs.bluesky import read_bluesky
from capture.legs.comparing import compare
from capture.legs.crosscheck import Seen, cross_check, findings
from capture.legs.fetching import Fetcher, Pace
from capture.legs.mastodon import read_mastodon
from capture.legs.result import Stopped
from capture.post import Direction
from storage.posts import KnownPost
from storage.record import RecordId
from storage.settings import Settings
from tests.capture.legs.answering import Pages, serving

REGISTER = Path("examples/karolinska/accounts.toml").absolute()
SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})


def _status(number: int, author: str = "1", **more: Any) -> dict[str, Any]:
    return {"id": str(number), "created_at": "2026-11-20T09:00:00Z", "content": "<p>Hej</p>",
            "url": f"https://s.example/@ki/{number}", "replies_count": 0, "favourites_count": 4,
            "account": {"id": author, "acct": "ki" if author == "1" else "x@b.example"},
            "media_attachments": [], **more}  # fmt: skip


def _mastodon() -> Pages:
    base = "/api/v1/accounts/1/statuses"
    link = {"Link": f'<http://{{HOST}}{base}?max_id=2>; rel="next"'}
    picture = {"type": "image", "url": "https://s.example/a.jpg", "description": "Labb"}
    first = [
        _status(3, replies_count=2, spoiler_text="Blod", media_attachments=[picture]),
        _status(2, replies_count=1),
        "odd",
    ]
    below = [
        _status(31, "2", in_reply_to_id="3"),
        _status(32, "1", in_reply_to_id="31"),
    ]
    return {
        "/api/v1/accounts/lookup?acct=ki": [(200, {}, {"id": "1", "statuses_count": 4})],
        base + "?limit=40": [(429, {"Retry-After": "7"}, {}), (200, link, first)],
        base + "?max_id=2": [(200, {}, [_status(2), _status(1)])],
        "/api/v1/statuses/3/context": [(200, {}, {"descendants": below})],
    }


def test_mastodon_pages_waits_and_tells_what_it_lacks() -> None:
    """R10, R11."""
    waited: list[float] = []
    pace = Pace(pause_s=0, wait=waited.append)
    with serving(_mastodon()) as url, Fetcher(SETTINGS, pace) as fetcher:
        read = read_mastodon(url, "ki", fetcher, most_pages=9, threads=True)
    assert 7 in waited
    assert [post.id for post in read.posts] == ["3", "1"]
    assert (read.announced, read.found, read.gone) == (4, 2, ("2",))
    assert (read.stopped_by, read.not_understood, read.whole) == (Stopped.END, 1, False)
    post = read.posts[0]
    assert post.text == "Blod\n\nHej"
    assert [one.alt for one in post.media or ()] == ["Labb"]
    answer, own = post.comments or ()
    assert (answer.direction, answer.author.handle) == (Direction.OTHER, "x@b.example")
    assert (own.direction, own.parent) == (Direction.OWN, "31")


def test_a_wait_that_is_too_long_ends_the_leg_and_is_told() -> None:
    pages = _mastodon()
    pages["/api/v1/accounts/1/statuses?max_id=2"] = [(429, {"Retry-After": "7200"}, {})]
    with serving(pages) as url, Fetcher(SETTINGS, Pace(pause_s=0, wait=lambda _: None)) as fetcher:
        read = read_mastodon(url, "ki", fetcher, most_pages=9, threads=True)
    assert (read.stopped_by, read.retry_after_s) == (Stopped.RATE_LIMITED, 7200)
    assert read.threads_missed == ("3", "2")


def test_bluesky_pages_and_reads_the_dialogue() -> None:
    """R10, R11."""
    uri = "at://did:plc:a/app.bsky.feed.post/k"

    def view(n: int, did: str = "did:plc:a", **more: Any) -> dict[str, Any]:
        record = {"text": f"Hej {n}", "createdAt": "2026-11-20T09:00:00.5Z", **more}
        return {"uri": f"at://{did}/app.bsky.feed.post/k{n}", "record": record, "likeCount": 1,
                "replyCount": int(n == 1), "author": {"did": did, "handle": did[-1]}}  # fmt: skip

    feed = "/xrpc/app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3Aa&limit=100"
    feed += "&filter=posts_with_replies"
    answer = view(9, "did:plc:b", reply={"parent": {"uri": uri + "1"}})
    thread = {"replies": [{"post": answer}, {"$type": "app.bsky.feed.defs#notFoundPost"}]}
    pages: Pages = {
        "/xrpc/app.bsky.actor.getProfile?actor=a": [
            (200, {}, {"did": "did:plc:a", "postsCount": 2})
        ],
        feed: [(200, {}, {"feed": [{"post": view(2)}], "cursor": "c"})],
        feed + "&cursor=c": [(200, {}, {"feed": [{"post": view(1)}]})],
        "/xrpc/app.bsky.feed.getPostThread?uri=at%3A%2F%2Fdid%3Aplc%3Aa%2Fapp.bsky.feed.post%2Fk1"
        "&depth=1000&parentHeight=0": [(200, {}, {"thread": thread})],
    }
    with serving(pages) as url, Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher:
        read = read_bluesky(url, "a", fetcher, most_pages=9, threads=True)
    assert read.whole, read.evidence
    assert [post.id for post in read.posts] == ["k2", "k1"]
    (comment,) = read.posts[1].comments or ()
    assert (comment.parent, comment.direction) == ("k1", Direction.OTHER)


def test_a_private_network_is_not_asked() -> None:
    with Fetcher(Settings.from_environment({}), Pace(pause_s=0)) as fetcher:
        with pytest.raises(AddressRefused):
            fetcher.get("http://127.0.0.1:9/", "*/*")
        assert fetcher.asked == 0


def test_what_one_leg_has_and_another_lacks_is_told() -> None:
    api = Seen(leg="api", posts={"1", "2"}, whole=True, gone={"3"})
    page = Seen(leg="page", posts={"1", "3"}, whole=False)
    told = findings(cross_check([api, page]))
    assert [(one.code, one.place) for one in told] == [("L102", "2"), ("L103", "3")]
    export = Seen(leg="export", posts={"1", "4"}, whole=True)
    codes = {one.place: one.code for one in findings(cross_check([api, export]))}
    assert codes == {"2": "L101", "4": "L101"}


def test_a_window_on_the_newest_posts_lacks_nothing_and_what_it_has_is_told() -> None:
    page = Seen(leg="page", posts={"1"}, whole=True)
    feed = Seen(leg="feed", posts={"2"}, whole=False, window=True)
    told = [(one.code, one.place, one.en) for one in findings(cross_check([page, feed]))]
    assert told == [("L101", "2", "The post is in feed, but not in page. Find out why.")]


def _known(post: str, gone: bool = False) -> KnownPost:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return KnownPost(
        account=AccountId("ki"), post=f"mastodon:{post}", record_id=RecordId("R"), digest="",
        url="", published_on="", first_at=at, seen_at=at, gone_at=at if gone else None,
    )  # fmt: skip


def _account(platform: str, url: str) -> Account:
    [ki] = [a for a in read_register(REGISTER).accounts if a.id == "ki-forskning"]
    return replace(ki, platform=PlatformId(platform), handle="ki", url=f"{url}/@ki")


def test_what_is_captured_is_compared_with_the_open_interface() -> None:
    """What one has and the other lacks is told by its id; what was not read whole excuses."""
    pages = _mastodon()
    pages["/api/v1/accounts/1/statuses?limit=40"] = [(200, {}, [_status(n) for n in (4, 3, 1)])]
    item = "<item><link>https://s.example/@ki/{}</link></item>"
    items = f"<rss><channel>{item.format(3)}{item.format(5)}</channel></rss>"
    pace = Pace(pause_s=0, wait=lambda _: None)
    known = [_known("3"), _known("1"), _known("2"), _known("4", gone=True)]

    def none(_: KnownPost) -> frozenset[int]:
        return frozenset()

    with serving(pages) as url:
        found = compare(_account("mastodon", url), known, SETTINGS, none, pace=pace)
        assert (found.reads[0].whole, found.captured) == (True, 4)
        assert [read.leg for read in found.unread] == ["outbox", "feed"]
        assert [(one.code, one.place) for one in found.findings] == [("L101", "2")]
        lacking = compare(_account("mastodon", url), known[:1], SETTINGS, none, pace=pace)
        assert [(one.code, one.place) for one in lacking.findings] == [
            ("L101", "1"),
            ("L101", "4"),
        ]
        pages["/@ki.rss"] = [(200, {}, items.encode())]
        fed = compare(_account("mastodon", url), known, SETTINGS, none, pace=pace)
        assert [(one.code, one.place) for one in fed.findings] == [("L101", "2"), ("L101", "5")]
        assert [read.leg for read in fed.unread] == ["outbox"]
        with pytest.raises(PostsUnread, match="No open interface of torget"):
            compare(_account("torget", url), known, SETTINGS, none, pace=pace)


def test_a_leg_that_announces_another_number_of_comments_than_the_record_shows_is_told() -> None:
    """R11: all comments may agree, or those to the post alone; without dialogue nothing is told."""
    told = {"1": (2, {5, 2}), "2": (5, {5, 2}), "3": (3, {5, 2}), "4": (0, {1}), "6": (7, set())}
    statuses = [_status(int(post), replies_count=count) for post, (count, _) in told.items()]
    pages = _mastodon()
    pages["/api/v1/accounts/1/statuses?limit=40"] = [(200, {}, [*statuses, _status(7)])]
    known = [*(_known(post) for post in told), _known("7", gone=True)]
    asked: list[str] = []

    def shown(one: KnownPost) -> set[int]:
        post = one.post.partition(":")[2]
        asked.append(post)
        return told[post][1]

    with serving(pages) as url:
        pace = Pace(pause_s=0, wait=lambda _: None)
        found = compare(_account("mastodon", url), known, SETTINGS, shown, pace=pace)
    comments = {one.place: one.en for one in found.findings if one.code == "L111"}
    assert comments.keys() == {"3", "4"}
    assert comments["3"].startswith(
        "The post has 3 comments according to mastodon_api, but 5 in the archive."
    )
    assert asked == ["1", "2", "3", "4", "6"], "what is gone is not read"
