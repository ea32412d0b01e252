"""The leg of the AT protocol against its own servers: counted against the signed repository."""

import time
from typing import Any

import pytest

from capture.legs.bluesky import read_bluesky
from capture.legs.fetching import Fetcher, Pace
from capture.legs.result import LegRead
from capture.post import Direction
from storage.settings import Settings
from tests.atproto.network import Member, Network, missing, network

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
POSTS, POST = 130, "app.bsky.feed.post"
_WAIT_S = 90


def read(net: Network, handle: str) -> LegRead:
    with Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher:
        return read_bluesky(net.appview, handle, fetcher, most_pages=20, threads=True)


def written(net: Network, member: Member) -> dict[str, Any]:
    """The posts and answers in a member's signed repository, by their keys."""
    records = net.repository(member.did)
    return {one["rkey"]: one["record"] for one in records if one["collection"] == POST}


@pytest.mark.skipif(bool(missing()), reason=missing() or "-")
def test_every_post_and_reply_is_found_as_the_signed_repository_has_it() -> None:
    """R10, R11: over a page's length, dialogue with answers to answers, one post taken back."""
    with network() as net:
        ki, anna = Member(net, "kiprov.test"), Member(net, "anna.test")
        posts = [ki.say(f"Inlägg {n}: öppettider och forskning") for n in range(POSTS)]
        asked = [anna.say(f"Fråga {n}", to=(posts[n], posts[n])) for n in range(20)]
        answered = [ki.say(f"Svar {n}", to=(posts[n], asked[n])) for n in range(10)]
        for n, answer in enumerate(answered):
            anna.say(f"Tack {n}", to=(posts[n], answer))
        elsewhere = anna.say("Annas eget inlägg")
        ki.write("app.bsky.feed.repost", subject=elsewhere)
        ki.remove(posts[7]["uri"])

        own = {
            one["rkey"]: one["record"]
            for one in net.repository(ki.did)
            if one["collection"] == POST
        }
        theirs = {
            f"at://{anna.did}/{POST}/{one['rkey']}": one["record"]
            for one in net.repository(anna.did)
            if one["collection"] == POST
        }
        assert len(own) == POSTS - 1 + 10
        assert len(theirs) == 20 + 10 + 1
        end = time.monotonic() + _WAIT_S
        while (seen := read(net, "kiprov.test")).announced != len(own) or not _indexed(seen):
            assert time.monotonic() < end, (seen.announced, len(own))
            time.sleep(1)

    assert seen.whole, seen.evidence
    shared = {post.id for post in seen.posts if post.id.startswith("repost/")}
    assert shared == {f"repost/{elsewhere['uri']}"}
    found = {post.id: post for post in seen.posts if post.id not in shared}
    assert {name: post.text for name, post in found.items()} == {
        name: record["text"] for name, record in own.items()
    }
    comments = {one.id: one for post in found.values() for one in post.comments or ()}
    there = {
        uri: record
        for uri, record in theirs.items()
        if _root(record) not in (None, posts[7]["uri"])
    }
    outside = {name for name, one in comments.items() if one.direction is Direction.OTHER}
    assert there.keys() <= outside <= theirs.keys()
    for uri, record in there.items():
        parent = record["reply"]["parent"]["uri"]
        assert comments[uri].text == record["text"]
        assert comments[uri].parent == parent.removeprefix(f"at://{ki.did}/{POST}/")
        assert comments[uri].author.handle == "anna.test"


def _indexed(seen: LegRead) -> bool:
    """The open interface follows the repositories with some delay."""
    return sum(len(post.comments or ()) for post in seen.posts) >= 20


def _root(record: dict[str, Any]) -> str | None:
    return record["reply"]["root"]["uri"] if "reply" in record else None
