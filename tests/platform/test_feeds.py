"""Accounts of many posts: batches, folded dialogues, and what each day changes."""

from datetime import UTC, datetime

import httpx
import pytest

from examples.platform.feeds import MOST_COMMENTS, feeds
from examples.platform.server import Platform
from examples.platform.world import Profile

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def days() -> dict[str, list[Profile]]:
    return {name: [feed.on(day) for day in range(3)] for name, feed in feeds(NOW).items()}


def test_three_accounts_have_the_posts_that_the_issue_names(days: dict[str, list[Profile]]) -> None:
    on_the_first = {name: len(on[0].posts) for name, on in days.items()}
    assert on_the_first == {"ki_flode": 300, "ki_kurser": 40, "ki_notiser": 5}
    for on in days.values():
        assert max(len(post.dialogue) for post in on[0].posts) == MOST_COMMENTS


@pytest.mark.parametrize("name", ["ki_flode", "ki_kurser", "ki_notiser"])
def test_every_kind_of_change_comes_in_each_account(
    days: dict[str, list[Profile]], name: str
) -> None:
    before, after = ({post.id: post for post in on.posts} for on in days[name][:2])
    assert set(before) - set(after), "none was deleted"
    assert set(after) - set(before), "none is new"
    both = [(before[i], after[i]) for i in before.keys() & after.keys()]
    assert [new for old, new in both if new.text != old.text and new.edited]
    said = [({c.id for c in old.dialogue}, {c.id for c in new.dialogue}, new) for old, new in both]
    assert [one for one in said if one[0] - one[1]], "no comment was deleted"
    assert [one for one in said if one[1] - one[0]], "no comment is new"
    assert any(c.hidden for *_, new in said for c in new.dialogue)
    assert any(c.edited for *_, new in said for c in new.dialogue)
    for *_, new in said:  # what answers something that is gone, is gone
        assert {c.parent for c in new.dialogue} <= {c.id for c in new.dialogue} | {""}


def test_a_dialogue_is_whole_when_every_button_was_pressed(platform: Platform) -> None:
    post = platform.truth("ki_notiser")["posts"][0]
    with httpx.Client(base_url=platform.url, trust_env=False) as visitor:
        seen = list[str]()
        waiting = [post["link"]]
        while waiting:
            page = visitor.get(waiting.pop()).text
            seen += [part.split('"')[0] for part in page.split('data-comment-id="')[1:]]
            waiting += [
                part.split('"')[0].replace("&amp;", "&") for part in page.split('data-fetch="')[1:]
            ]
    assert sorted(seen) == sorted(comment["id"] for comment in post["dialogue"])
    assert len(seen) == MOST_COMMENTS
