"""ActivityPub outboxes: whole ones, and those that loop, lie or are something else."""

from typing import Any

import pytest

from capture.legs.fetching import Fetcher, Pace
from capture.legs.outbox import read_outbox
from capture.legs.result import LegRead, Stopped
from storage.settings import Settings
from tests.capture.legs.answering import Pages, serving

SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
TYPE = {"Content-Type": "application/activity+json; charset=utf-8"}
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ME = "https://s.example/users/ki"


def _made(number: int, **more: Any) -> dict[str, Any]:
    said = {"id": f"{ME}/statuses/{number}", "published": "2026-11-20T09:00:00Z",
            "content": f"<p>Hej {number}</p>", "attributedTo": ME, "url": f"{ME}/{number}",
            "attachment": [{"url": "https://s.example/a.png", "name": "Labb"}]}  # fmt: skip
    return {"type": "Create", "actor": ME, "to": [PUBLIC], "object": {**said, **more}}


def _pages(*first: Any, following: object = None, **box: Any) -> Pages:
    page = {"orderedItems": [*first], "next": following}
    actor = {"id": ME, "name": "KI", "outbox": "/outbox"}
    return {
        "/@ki": [(200, TYPE, actor)],
        "/outbox": [(200, TYPE, {"totalItems": 9, "first": "/outbox?page=1", **box})],
        "/outbox?page=1": [(200, TYPE, page)],
    }


def _read(pages: Pages, most_pages: int = 9) -> LegRead:
    with serving(pages) as url, Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher:
        return read_outbox(f"{url}/@ki", "mastodon", "ki", fetcher, most_pages=most_pages)


def test_an_outbox_is_read_page_by_page() -> None:
    """R10: public posts and shares; not what is private, nor what others say."""
    share = {"type": "Announce", "id": f"{ME}/statuses/4/activity", "to": PUBLIC,
             "published": "2026-11-20T09:00:00Z", "object": "https://b.example/1"}  # fmt: skip
    pages = _pages(
        _made(5, summary="Blod"),
        share,
        {**_made(6), "to": [f"{ME}/followers"]},
        _made(7, attributedTo="https://evil.example/u"),
        {**_made(8), "actor": "https://evil.example/u"},
        {"type": "Like", "to": PUBLIC},
        {"type": "Delete", "object": {"id": f"{ME}/statuses/2"}},
        following="/outbox?page=2",
    )
    pages["/outbox?page=2"] = [(200, TYPE, {"orderedItems": [_made(5), _made(2), _made(1)]})]
    read = _read(pages)
    assert [post.id for post in read.posts] == ["5", "4", "1"]
    assert (read.announced, read.pages, read.gone, read.not_understood) == (9, 2, ("2",), 3)
    assert (read.stopped_by, read.whole) == (Stopped.END, False)
    post, shared, _ = read.posts
    assert (post.text, post.permalink) == ("Blod\n\nHej 5", f"{ME}/5")
    assert [(one.kind, one.alt) for one in post.media or ()] == [("image", "Labb")]
    assert shared.repost_of == "https://b.example/1"


def test_an_outbox_without_pages_is_read_too() -> None:
    read = _read(_pages(orderedItems=[_made(2), _made(1)], first=None))
    assert ([post.id for post in read.posts], read.whole) == (["2", "1"], True)


@pytest.mark.parametrize(
    ("changes", "stopped", "why"),
    [
        ({"/outbox?page=1": (200, TYPE, {"next": "/outbox?page=1", "orderedItems": []})},
         Stopped.REFUSED, "leads back to itself"),
        ({"/outbox": (200, TYPE, {"first": "https://evil.example/1"})},
         Stopped.REFUSED, "another host"),
        ({"/@ki": (200, {"Content-Type": "text/html"}, {"id": ME, "outbox": "/outbox"})},
         Stopped.REFUSED, "text/html"),
        ({"/outbox?page=1": (200, {"Content-Type": "application/json"}, {"orderedItems": []})},
         Stopped.REFUSED, "application/json"),
        ({"/outbox?page=1": (200, TYPE, {"orderedItems": {}})}, Stopped.REFUSED, "no list"),
        ({"/outbox?page=1": (200, TYPE, [])}, Stopped.REFUSED, "no object"),
        ({"/outbox": (401, TYPE, {})}, Stopped.REFUSED, "401"),
        ({"/outbox": (429, TYPE, {})}, Stopped.RATE_LIMITED, "429"),
    ],
)  # fmt: skip
def test_whatever_a_server_answers_ends_the_walk_and_is_told(
    changes: dict[str, Any], stopped: Stopped, why: str
) -> None:
    pages = _pages(_made(1)) | {path: [answer] for path, answer in changes.items()}
    read = _read(pages)
    assert (read.stopped_by, why in read.evidence) == (stopped, True), read.evidence
    assert not read.whole


def test_as_many_pages_are_read_as_are_allowed() -> None:
    pages = _pages(_made(2), following="/outbox?page=2")
    pages["/outbox?page=2"] = [(200, TYPE, {"orderedItems": [_made(1)]})]
    read = _read(pages, most_pages=1)
    assert ([post.id for post in read.posts], read.stopped_by) == (["2"], Stopped.CAP)
