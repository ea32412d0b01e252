"""Finding an account's posts by walking its feed, newest first, until known posts are met.

Where the page keeps what it showed, a walk jumps to its end again and again; where it drops what is
off screen, it goes window by window. Nothing of the walk is kept but ids, addresses and days;
pictures and films are not asked for.
"""

import time
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from capture.browser import BrowserError, Page, Route, add_page, is_over
from capture.extract import IDENTITY
from capture.legs.naming import same_site
from capture.post_visitor import Visitor
from capture.refusal import Refusal, Stopped, broken_off, stop_at
from capture.scroller import Place, Scroller
from capture.waiting import Underway, pictures_in_view
from capture.walls import OK, Judgement

_KNOWN_IN_A_ROW = 12
"""So many known posts at the end of what is shown, and what follows is known: pinned posts and
a post that was published late stand among new ones."""
_BATCH_SECONDS = 6.0
_FRUITLESS = 2
_STEP = 0.85
"""Of the window, where the page drops what is off screen."""
_UNASKED = frozenset({"image", "media", "font"})

_POSTS = f"""(p) => {{ {IDENTITY}
  return [...document.querySelectorAll(p.each)].map(n => {{
    const time = one(n, p.time);
    return [identity(n, p), one(n, p.link)?.href || '',
      time?.getAttribute('datetime') || time?.content || '',
      Boolean(p.shared && one(n, p.shared))];
  }});
}}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPost:
    """A post that the feed shows: its key (`platform:id`) and the address of its own page.

    `shared`: the feed shows it as another's that the account passes on.
    """

    post: str
    url: str
    published_at: datetime | None
    shared: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedSeen:
    """What a walk found, newest first. `stopped_by`: `end`, `known`, `posts`, `time`, `wall`,
    `met` (what it was to go on to).

    With a refusal the account's page was not to be seen, and nothing follows from the rest.
    """

    posts: tuple[FoundPost, ...]
    stopped_by: str
    refusal: Refusal | None

    @property
    def judgement(self) -> Judgement:
        """What stood in the way, or OK."""
        return self.refusal.judgement if self.refusal else OK

    @property
    def keys(self) -> frozenset[str]:
        """The posts that were met."""
        return frozenset(one.post for one in self.posts)

    @property
    def cut(self) -> bool:
        """Whether a limit of ours ended it, so that more posts lie below."""
        return self.stopped_by in ("posts", "time")


@dataclass(frozen=True, kw_only=True, slots=True)
class Familiar:
    """What a walk may pass by: keys of posts.

    `settled`: nothing is lacking below them, so that many in a row end the walk. `passed`: these
    and all others that need not be met anew: they count against no limit, so that a walk that was
    cut off gets further the next time.
    """

    settled: Collection[str]
    passed: Collection[str]


def not_seen(refusal: Refusal) -> FeedSeen:
    """A walk that a wall stopped before its first post."""
    return FeedSeen(posts=(), stopped_by="wall", refusal=refusal)


async def walk_feed(
    visitor: Visitor, familiar: Familiar, *, until: str = "", seconds: float | None = None
) -> FeedSeen:
    """Walk the account's feed, until a post is met if its key is given.

    Within so many seconds, else within the settings'.

    Raises:
        AddressRefused: the address is private, and the settings do not allow it.
    """
    async with add_page(visitor.context) as page:
        try:
            underway = Underway(page)
            await _open(visitor, page)
            await underway.rest(_BATCH_SECONDS)
            scroller = await Scroller.find(page)
            walk = _Walk(visitor, page, underway, scroller, familiar)
            return await walk.run(until, seconds or visitor.settings.walk_seconds)
        except Stopped as stopped:
            return not_seen(stopped.refusal(page.url))
        except BrowserError as error:
            if not is_over(error):
                raise
            return not_seen(broken_off(error).refusal(visitor.account.url))


async def _open(visitor: Visitor, page: Page) -> None:
    """Load the profile's page without its pictures, judge it, refuse consent.

    Raises:
        Stopped: it is not to be seen.
    """
    await page.route("**/*", _let)
    url, recipe = visitor.account.url, visitor.profile_recipe
    answer = await visitor.load(page, url, recipe.landmark)
    if isinstance(answer, Judgement):
        raise Stopped(answer)
    judgement = await visitor.judge(page, url, recipe, answer)
    wall = None if judgement != OK else (await visitor.refuse(page)).wall
    if judgement != OK or wall:
        await stop_at(page, wall or judgement, answer.status)


class _Walk:
    """One way down a feed."""

    def __init__(
        self,
        visitor: Visitor,
        page: Page,
        underway: Underway,
        scroller: Scroller,
        familiar: Familiar,
    ) -> None:
        self._account, self._recipe = visitor.account, visitor.profile_recipe
        self._settings, self._page = visitor.settings, page
        self._underway, self._scroller = underway, scroller
        self._settled, self._passed = set(familiar.settled), set(familiar.passed)
        self._found: dict[str, FoundPost] = {}
        self._new = 0
        self._steps = False
        """Whether the page was seen to drop posts."""

    async def run(self, until: str, seconds: float) -> FeedSeen:
        """Read, and go on, until something ends it."""
        fruitless, spent = 0, 0.0
        mounted = self._take(await self._shown())
        while not (stopped := self._ended(until, fruitless, seconds - spent)):
            began, met, new = time.monotonic(), len(self._found), self._new
            place = await self._on()
            shown = await self._shown()
            if not self._steps and not mounted <= shown.keys():
                self._steps = True
                await self._scroller.to(place.top)
                await self._rest()
                shown = await self._shown()
            mounted = self._take(shown)
            more = len(self._found) > met
            fruitless = 0 if more or place.moved else fruitless + 1
            # Passing by what is familiar takes the time it takes, and so does the end.
            if self._new > new or (place.moved and not more):
                spent += time.monotonic() - began
        return FeedSeen(posts=tuple(self._found.values()), stopped_by=stopped, refusal=None)

    def _ended(self, until: str, fruitless: int, seconds_left: float) -> str:
        if until in self._found:
            return "met"
        last = list(self._found)[-_KNOWN_IN_A_ROW:]
        if len(last) == _KNOWN_IN_A_ROW and self._settled.issuperset(last):
            return "known"
        if self._new >= self._settings.walk_posts:
            return "posts"
        if fruitless > _FRUITLESS:
            return "end"
        return "time" if seconds_left < 0 else ""

    async def _shown(self) -> dict[str, FoundPost]:
        """The posts that the page holds now, in its order."""
        found: dict[str, FoundPost] = {}
        for post_id, link, at, shared in await self._page.evaluate(
            _POSTS, asdict(self._recipe.posts)
        ):
            if post_id and link:
                one = _found(f"{self._account.platform}:{post_id}", link, at, shared)
                found.setdefault(one.post, one)
        return found

    def _take(self, shown: dict[str, FoundPost]) -> set[str]:
        """Count them as met; only what can be visited at the account's own site is new."""
        for key, one in shown.items():
            if key not in self._found:
                self._found[key] = one
                self._new += key not in self._passed and same_site(one.url, self._account.url)
        return set(shown)

    async def _on(self) -> Place:
        """Go on; the place is where the page stood before, and whether it moved."""
        before = await self._scroller.place()
        window = before.frame.height
        after = await self._scroller.by(window * _STEP if self._steps else before.height)
        await self._rest()
        return replace(before, moved=after.moved)

    async def _rest(self) -> None:
        await pictures_in_view(self._page)
        await self._underway.rest(_BATCH_SECONDS)


async def _let(route: Route) -> None:
    if route.request.resource_type in _UNASKED:
        await route.abort()
    else:
        await route.continue_()


def _found(post: str, url: str, at: str, shared: bool) -> FoundPost:
    try:
        published = datetime.fromisoformat(at)
    except ValueError:
        published = None
    aware = published if published is not None and published.tzinfo is not None else None
    return FoundPost(post=post, url=url, published_at=aware, shared=shared)
