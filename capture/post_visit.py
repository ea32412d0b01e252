"""Visits to posts' own pages: unfold, settle, photograph, read, record; parts into a folder each.

One browser and one context serve a batch: consent is asked once, and each post has a page of its
own whose traffic is recorded without any cache, so that every record stands alone. Knows nothing
of the archive. What stands in the way comes back as a refusal with its evidence, never as parts.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from accounts.model import Account
from capture.browser import (
    DESKTOP,
    Browser,
    BrowserContext,
    BrowserError,
    CDPSession,
    Page,
    add_page,
    first_line,
    is_over,
    open_browser,
    open_context,
)
from capture.consent import NONE, ConsentResult, decline_offer, refuse_consent
from capture.dialogue import Opened, open_dialogue, read_dialogue
from capture.entrance import come_in
from capture.errors import BrowserBroken, PostsUnread
from capture.extract import accessibility_tree, mhtml, visible_text
from capture.guard import AddressGuard, guard_addresses
from capture.login import Login
from capture.picture import Photographer, PictureSet
from capture.post import POSTS_PART, Post, posts_from_json, posts_to_json
from capture.post_media import keep_media
from capture.post_reading import read_post
from capture.recipe import Recipe
from capture.recording import Recording, traffic_parts
from capture.refusal import Refusal, Stopped, broken_off, stop_at, whole
from capture.secrets import SecretReplacer
from capture.settle import Settled, settle
from capture.sight import Bounds, Sight
from capture.snapshot import clean_text
from capture.stages import Stages
from capture.stay import Answer, see_whole
from capture.unrecorded import record
from capture.waiting import wait_for_landmark
from capture.walls import OK, Judgement, Verdict, judge, observe, partial, unreachable
from storage.package import WARC
from storage.record import ReplacedSecret, utc_now
from storage.settings import Settings

_SHARE = 0.35


@dataclass(frozen=True, kw_only=True, slots=True)
class PostVisit:
    """A whole visit to one post; its parts lie in the folder that was given."""

    started_at: datetime
    ended_at: datetime
    requested_url: str
    final_url: str
    title: str
    post: Post
    completeness: Mapping[str, JsonValue]
    consent: ConsentResult
    settled: Settled
    recording: Recording
    secrets_replaced: tuple[ReplacedSecret, ...]
    browser: str
    user_agent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What was taken from the page before it is closed."""

    post: Post
    opened: Opened
    settled: Settled
    pictures: PictureSet
    texts: Mapping[str, str]
    final_url: str
    title: str
    user_agent: str
    images: Mapping[str, bool]


@asynccontextmanager
async def post_visitor(
    account: Account, recipe: Recipe, settings: Settings, login: Login | None = None
) -> AsyncIterator["PostVisitor"]:
    """A visitor of an account's posts, with a browser of its own until the block is left.

    Raises:
        BrowserMissing, BrowserBroken: there is no browser to visit with.
        PostsUnread: the recipe says nothing of posts' own pages.
    """
    state = login.state if login else None
    async with (
        open_browser(settings) as browser,
        open_context(browser, DESKTOP, state=state) as one,
    ):
        yield PostVisitor(
            browser, one, account=account, recipe=recipe, settings=settings, login=login
        )


class PostVisitor:
    """Visits posts of one account, one after another, as one visitor."""

    def __init__(
        self,
        browser: Browser,
        context: BrowserContext,
        *,
        account: Account,
        recipe: Recipe,
        settings: Settings,
        login: Login | None,
    ) -> None:
        self.account, self.settings, self.login = account, settings, login
        self.context = context
        if recipe.post_page is None:
            raise PostsUnread(
                f"The recipe for {account.platform} says nothing of posts' own pages (post_page)."
            )
        self.fields, self.profile_recipe = recipe.post_page, recipe
        self.recipe = replace(recipe, landmark=self.fields.landmark)
        self._browser, self.software = browser, f"Chromium {browser.version}"
        self.consent = NONE
        """What was asked and refused, once for all posts."""
        self._guard: AddressGuard | None = None

    async def visit(self, url: str, folder: Path) -> PostVisit | Refusal:
        """Visit a post within the settings' deadline; its parts are left in `folder`.

        Raises:
            AddressRefused: the address is private, and the settings do not allow it.
            BrowserBroken: the browser died; the batch can be resumed at this post.
        """
        for name in ("archive", "pictures", "text", "dom", "data", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        try:
            async with asyncio.timeout(self.settings.capture_seconds):
                async with add_page(self.context) as page:
                    visited = await _Visit(self, page, url, folder).run()
                    if self._guard:
                        self._guard.raise_if_refused()
                    return visited
        except TimeoutError:
            why = f"no whole visit within {self.settings.capture_seconds} s"
            return Stopped(unreachable(why)).refusal(url)
        except BrowserError as error:
            if not is_over(error):
                raise
            if not self._browser.is_connected():
                why = f"Chromium died at {url} ({first_line(error)}): order it again."
                raise BrowserBroken(why) from error
            return broken_off(error).refusal(url)

    async def load(self, page: Page, url: str, landmark: str) -> Answer | Judgement:
        """Navigate, and wait for the landmark; a judgement where there is no answer at all.

        Raises:
            AddressRefused: the address is private, and the settings do not allow it.
        """
        self._guard = guard = await guard_addresses(page, self.settings)
        try:
            response = await guard.goto(url, self.settings.capture_seconds * 0.5)
        except BrowserError as error:
            return unreachable(first_line(error))
        if response is None:
            return unreachable("no response")
        if response.ok and landmark:
            await wait_for_landmark(page, landmark)
        return await Answer.of(response)

    async def judge(self, page: Page, url: str, recipe: Recipe, answer: Answer) -> Judgement:
        """Whether this is the page, and the login still is one."""
        seen = await observe(page, recipe, url, answer.status, answer.headers)
        judgement, login = judge(seen, recipe), self.login
        gone = login.lost(await self.context.cookies(), url) if login else ()
        if login and (gone or judgement.verdict is Verdict.LOGIN_WALL):
            return login.refused(*judgement.evidence, *gone)
        return judgement

    async def sees_profile(self) -> Judgement:
        """Whether the account's own page is to be seen: what is gone is told from a wall by it."""
        async with add_page(self.context) as page:
            answer = await self.load(page, self.account.url, self.profile_recipe.landmark)
            if isinstance(answer, Judgement):
                return answer
            return await self.judge(page, self.account.url, self.profile_recipe, answer)

    async def refuse(self, page: Page) -> ConsentResult:
        """Refuse what is asked, which is kept for all that this visitor sees; close invitations."""
        consent = await refuse_consent(page, self.recipe)
        await decline_offer(page, self.recipe)
        if consent.found:
            self.consent = consent
        return consent


class _Visit:
    """The steps of one visit."""

    def __init__(self, by: PostVisitor, page: Page, url: str, folder: Path) -> None:
        self._by, self._page, self._url, self._folder = by, page, url, folder
        self._replacer = SecretReplacer(secrets.token_bytes(32))
        self._stages = Stages()
        height, seconds = by.settings.most_height, by.settings.capture_seconds * _SHARE
        self._bounds = Bounds(
            height=height, posts=by.settings.most_posts, seconds=seconds, watch_s=0
        )

    async def run(self) -> PostVisit | Refusal:
        """Record, look, read; then write the parts."""
        started = utc_now()
        self._replacer.learn_cookies(await self._by.context.cookies())
        for name, value in self._by.login.secrets if self._by.login else ():
            self._replacer.learn(value, name)
        session = await self._by.context.new_cdp_session(self._page)
        recorder = await record(self._page, self._folder / WARC, secrets=self._replacer)
        recording: Recording | None = None
        try:
            sight = Sight.of(self._page, DESKTOP, self._by.recipe)
            read = await see_whole(
                self._page, self._load, lambda answer: self._look(session, sight, answer)
            )
            recording = await recorder.stop()
            whole(recording)
        except Stopped as stopped:
            recording = recording or await recorder.stop(5)
            final = self._replacer.scrub(self._page.url, "address")
            return stopped.refusal(final, recording)
        finally:
            if recording is None:  # the deadline came: what was written is closed all the same
                await recorder.stop(2)
        self._stages.passed("recorded", records=recording.records, status=recording.status)
        return self._finished(read, recording, started)

    async def _look(self, session: CDPSession, sight: Sight, answer: Answer) -> _Read:
        """Judge, refuse consent, unfold, settle, judge again, photograph, read."""
        page, fields, settings = self._page, self._by.fields, self._by.settings
        sight = sight.anew(self._by.recipe)
        await self._judge(answer)
        consent = await self._by.refuse(page)
        if wall := consent.wall:
            await stop_at(page, wall, answer.status)
        opened = await open_dialogue(
            page,
            sight.underway,
            fields,
            most=settings.most_comments,
            seconds=settings.capture_seconds * _SHARE,
        )
        self._stages.passed("unfolded", rounds=opened.rounds, stopped_by=opened.stopped_by)
        settled, scroller = await settle(sight, self._bounds)
        await self._judge(answer)
        self._stages.passed("settled", settled=settled.settled)
        photographer = Photographer(sight, scroller, self._folder / "pictures")
        pictures = await photographer.photograph(self._bounds, virtualised=settled.virtualised)
        self._stages.passed("photographed", tiles=len(pictures.tiles))
        post = await self._post()
        texts = {
            "text/visible.txt": await visible_text(page),
            "text/accessibility.txt": await accessibility_tree(page),
            "dom/page.mhtml": await mhtml(session),
        }
        self._stages.passed("read")
        return _Read(
            post=post,
            opened=opened,
            settled=settled,
            pictures=pictures,
            texts=texts,
            final_url=page.url,
            title=await page.title(),
            user_agent=str(await page.evaluate("() => navigator.userAgent")),
            images=dict(sight.harvest.pictures),
        )

    async def _load(self) -> Answer:
        answer = await self._by.load(self._page, self._url, self._by.fields.landmark)
        if isinstance(answer, Judgement):
            raise Stopped(answer)
        self._stages.passed("loaded", status=answer.status)
        return answer

    async def _judge(self, answer: Answer) -> None:
        judgement = await self._by.judge(self._page, self._url, self._by.recipe, answer)
        if judgement.verdict is Verdict.CONSENT_WALL and not self._by.consent.found:
            judgement, asked = await come_in(self._page, self._by.recipe, self._url, answer)
            self._by.consent = asked
        if judgement != OK:
            await stop_at(self._page, judgement, answer.status)

    async def _post(self) -> Post:
        seen = await read_dialogue(self._page, self._by.fields)
        if seen is None or not seen.post["id"]:
            drift = f"recipe drift: posts.each ({self._by.fields.post.each}) matches no post"
            await stop_at(self._page, partial(drift))
        return read_post(
            seen,
            platform=self._by.account.platform,
            account=self._by.account.handle,
            url=self._page.url,
            at=utc_now(),
        )

    def _finished(self, read: _Read, recording: Recording, started: datetime) -> PostVisit:
        """Write the text parts, every one with its secrets replaced."""
        scrub = self._replacer.scrub
        (post,) = posts_from_json(scrub(posts_to_json((read.post,)), POSTS_PART))
        post = keep_media(post, recording.path, self._folder)
        (self._folder / POSTS_PART).write_bytes(posts_to_json((post,)))
        settled = json.dumps(read.settled.as_json(), ensure_ascii=False, indent=2)
        files = {
            **read.texts,
            "data/settle.json": settled,
            **traffic_parts(recording),
            "logs/capture.jsonl": self._stages.text(),
        }
        for name, text in files.items():
            path = self._folder / name
            path.write_text(clean_text(name, text, self._replacer), encoding="utf-8", newline="")
        return PostVisit(
            started_at=started,
            ended_at=utc_now(),
            requested_url=self._url,
            final_url=scrub(read.final_url, "address"),
            title=scrub(read.title, "title"),
            post=post,
            completeness=_completeness(read, post, recording),
            consent=self._by.consent,
            settled=read.settled,
            recording=recording,
            secrets_replaced=self._replacer.replaced,
            browser=self._by.software,
            user_agent=read.user_agent,
        )


def _completeness(read: _Read, post: Post, recording: Recording) -> dict[str, JsonValue]:
    """Everything that is counted; comments that the page says are hidden are shown as such."""
    comments, made = read.post.comments or (), read.pictures
    return {
        "comments_announced": read.post.comments_announced,
        "comments_shown": len(comments),
        "comments_hidden": sum(bool(each.hidden) for each in comments),
        "comments_without_text": sum(not each.text and not each.hidden for each in comments),
        "dialogue_stopped_by": read.opened.stopped_by,
        "dialogue_folded": read.opened.folded,
        "dialogue_pressed": read.opened.pressed,
        "media_held": sum(one.sha256 is not None for one in post.media or ()),
        "media_omitted": sum(one.sha256 is None for one in post.media or ()),
        "made": made.made,
        "tiles": len(made.tiles),
        "height": made.height,
        "stopped_by": made.stopped_by,
        "images_loaded": sum(read.images.values()),
        "images_missing": sum(not loaded for loaded in read.images.values()),
        "seams": len(made.seams),
        "seams_loose": sum(not seam.held for seam in made.seams),
        "texts_looked_for": made.inspection.texts_looked_for,
        "texts_painted": made.inspection.texts_painted,
        "blank_px": made.inspection.blank.height,
        "repeated_px": made.inspection.repeated.height,
        "settled": read.settled.settled,
        "warc_records": recording.records,
        "warc_bytes": recording.bytes,
        "requests_seen": recording.requests_seen,
        "requests_not_recorded": len(recording.not_recorded),
    }
