"""Finding an account's posts by walking its feed, newest first, until known posts are met.

Nothing of the walk is kept but ids, addresses and days; pictures and films are not asked for.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from capture.browser import Page, Route, add_page
from capture.extract import read_posts
from capture.post_visit import PostVisitor
from capture.scroller import Scroller
from capture.waiting import Underway
from capture.walls import OK, Judgement

_KNOWN_IN_A_ROW = 12
"""So many known posts at the end of what is shown, and what follows is known: pinned posts and
a post that was published late stand among new ones."""
_BATCH_SECONDS = 6.0
_FRUITLESS = 2
_UNASKED = frozenset({"image", "media", "font"})


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPost:
    """A post that the feed shows: its key (`platform:id`) and the address of its own page."""

    post: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedSeen:
    """What a walk found, newest first. `stopped_by`: `end`, `known`, `posts`, `time`.

    Anything but OK: the account's page was not to be seen, and nothing follows from the rest.
    """

    judgement: Judgement
    posts: tuple[FoundPost, ...]
    stopped_by: str


async def walk_feed(visitor: PostVisitor, known: Collection[str]) -> FeedSeen:
    """Walk the account's feed; `known` are keys of posts that need not be met again.

    Raises:
        AddressRefused: the address is private, and the settings do not allow it.
    """
    async with add_page(visitor.context) as page:
        judgement = await _open(visitor, page)
        if judgement != OK:
            return FeedSeen(judgement=judgement, posts=(), stopped_by="wall")
        return await _walk(visitor, page, set(known))


async def _open(visitor: PostVisitor, page: Page) -> Judgement:
    """Load the profile's page without its pictures, judge it, refuse consent."""
    await page.route("**/*", _let)
    url, recipe = visitor.account.url, visitor.profile_recipe
    answer = await visitor.load(page, url, recipe.landmark)
    if isinstance(answer, Judgement):
        return answer
    judgement = await visitor.judge(page, url, recipe, answer)
    if judgement == OK:
        await visitor.refuse(page)
    return judgement


async def _walk(visitor: PostVisitor, page: Page, known: set[str]) -> FeedSeen:
    settings, platform = visitor.settings, visitor.account.platform
    underway, scroller = Underway(page), await Scroller.find(page)
    end = time.monotonic() + settings.capture_seconds
    found: dict[str, FoundPost] = {}
    stopped, fruitless = "", 0
    while not stopped:
        before = len(found)
        for shown in await read_posts(page, visitor.profile_recipe):
            if shown["id"] and shown["link"]:
                one = _found(platform, str(shown["id"]), str(shown["link"]), str(shown["at"]))
                found.setdefault(one.post, one)
        fruitless = 0 if len(found) > before else fruitless + 1
        last = list(found)[-_KNOWN_IN_A_ROW:]
        if known and len(last) == _KNOWN_IN_A_ROW and all(key in known for key in last):
            stopped = "known"
        elif len(found) >= settings.most_posts:
            stopped = "posts"
        elif time.monotonic() > end:
            stopped = "time"
        elif fruitless > _FRUITLESS:
            stopped = "end"
        else:
            await scroller.to((await scroller.place()).height)
            await underway.rest(_BATCH_SECONDS)
    return FeedSeen(judgement=OK, posts=tuple(found.values()), stopped_by=stopped)


async def _let(route: Route) -> None:
    if route.request.resource_type in _UNASKED:
        await route.abort()
    else:
        await route.continue_()


def _found(platform: str, post_id: str, url: str, at: str) -> FoundPost:
    try:
        published = datetime.fromisoformat(at)
    except ValueError:
        published = None
    aware = published if published is not None and published.tzinfo is not None else None
    return FoundPost(post=f"{platform}:{post_id}", url=url, published_at=aware)
