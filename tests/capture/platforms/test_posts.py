"""Each platform's recipe on a post's own page of our own: the post, its dialogue, what agrees."""

import pytest

from capture.browser import DESKTOP, open_page
from capture.dialogue import Dialogue, Opened, Seen
from capture.extract import read_posts
from capture.parents import with_parents
from capture.post import Comment, Direction, Moment
from capture.post_completeness import drifted
from capture.post_reading import read_post
from capture.post_time import latest
from capture.recipe import load_recipes
from capture.recorder import Recorder
from capture.waiting import Underway
from storage.record import utc_now
from tests.capture.conftest import Stage
from tests.capture.platforms.pages import PLATFORMS
from tests.capture.platforms.post_pages import FURTHER, POSTS, PostPageOf, Said

RECIPES = load_recipes()


def test_every_platform_with_pages_has_a_post() -> None:
    assert set(POSTS) == set(PLATFORMS)


@pytest.mark.parametrize("platform", POSTS)
def test_a_recipe_reads_a_post_and_its_dialogue_and_agrees_with_the_feed(
    stage: Stage, platform: str
) -> None:
    """R11: text, author, time and parent as data; the same id wherever the post is met.

    Where comments stand in one row, the parent is what the platform's interface says, or unknown.
    """
    recipe, told = RECIPES.recipe_for(platform), POSTS[platform]
    fields = recipe.post_page
    assert fields is not None
    stage.site.page(told.path.partition("?")[0], told.html)
    for path, html in FURTHER.items():
        stage.site.page(path, html)
    stage.site.page("/profile", PLATFORMS[platform].profile)
    stage.site.body("/interface", told.interface.encode(), kind="application/json; charset=utf-8")
    warc = stage.folder / "traffic.warc.gz"

    async def visit() -> tuple[Seen | None, Opened, str, list[str]]:
        async with open_page(stage.browser, DESKTOP) as page:
            recorder = await Recorder.start(page, warc, secrets=stage.replacer)
            underway = Underway(page)
            await page.goto(f"{stage.site.url}{told.path}", wait_until="load")
            assert await page.locator(fields.landmark).count()
            dialogue = await Dialogue.on(page, fields)
            opened = await dialogue.unfold(underway, most=100, seconds=30)
            url = page.url
            await recorder.stop(5)
            await page.goto(f"{stage.site.url}/profile")
            return (
                dialogue.seen,
                opened,
                url,
                [str(p["id"]) for p in await read_posts(page, recipe)],
            )

    seen, opened, url, feed = stage.run(visit())
    assert seen is not None
    at = utc_now()
    post = read_post(seen, platform=platform, account="ki", owner=fields.post.owner, url=url, at=at)
    if fields.answers:
        post = with_parents(post, warc, fields.answers)
    assert post.parent == ("10" if platform == "x" else None)
    assert (post.id, post.author.name, post.text) == (told.id, told.author, told.text)
    assert post.id in feed, "the feed and the page name the post alike"
    _is_when(post.published, told.at)
    assert post.direction is Direction.OWN
    assert post.comments_announced == told.announced
    _dialogue(told, post.comments or (), post.id)
    assert (opened.stopped_by, opened.folded) == ("end", 0)
    assert drifted(seen, post, fields) == ()
    others = read_post(
        seen, platform=platform, account="annan", owner=fields.post.owner, url=url, at=at
    )
    # A blog tells nobody's handle: all of it is the account's.
    assert others.direction is (Direction.OWN if platform == "wordpress" else Direction.OTHER)


def _dialogue(told: PostPageOf, comments: tuple[Comment, ...], post_id: str) -> None:
    said = {str(one.text): one for one in comments}
    assert [one.text for one in comments] == [one.text for one in told.comments]
    assert len({one.id for one in said.values()}) == len(told.comments)
    for expected in told.comments:
        _is(expected, said[expected.text], told, said, post_id)


def _is(
    expected: Said, one: Comment, told: PostPageOf, said: dict[str, Comment], post_id: str
) -> None:
    assert one.author.name == expected.author
    _is_when(one.published, expected.at)
    if expected.id == "~":
        assert one.id.startswith("said-")
        first = said[told.comments[0].text].id
        assert one.parent == (first if expected.parent == "~" else post_id)
    else:
        assert one.id.endswith(expected.id)
        if told.interface or expected.parent is None:
            assert one.parent == expected.parent, "untold, it is not said to answer the post"
        else:
            assert str(one.parent).endswith(expected.parent)


def _is_when(moment: Moment, told: str) -> None:
    """A machine's time to the second; a shown one kept word for word, and the truth within it."""
    if "+" in told:
        assert moment.at is not None
        assert moment.at.isoformat() == told
    else:
        assert moment.shown == told
        assert moment.at is not None
        assert moment.precision is not None
        assert moment.at < latest(moment.at, moment.precision) <= utc_now()
