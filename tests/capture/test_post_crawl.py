"""A crawl that is killed, in programs of its own: `make bench` does so with 300 posts."""

import pytest

from examples.bench_posts import crawl, crawling
from examples.score_posts import score
from storage.archive import Archive
from storage.settings import Settings


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_crawl_that_is_killed_ends_with_every_post_once(running_store: Settings) -> None:
    """R12: killed (-9) twice on its way through five posts, it goes on at the next; all is true."""
    with crawling(running_store, "ki_notiser") as (settings, platform):
        told = crawl(settings, platform, total=5, kills=2)
        assert (told.kills, told.records, told.posts) == (2, 5, 5)
        truth = platform.truth("ki_notiser")
        with Archive.open(settings) as archive:
            posts = {f"torget:{post['id']}" for post in truth["posts"]}
            assert {known.post for known in archive.posts.known("ki-forskning")} == posts
            for one in score(archive, "ki_notiser", truth, pictures=5):
                assert one.true == one.captured == one.right > 0, one
            assert [fault for _, faults in archive.verify_all() for fault in faults] == []
