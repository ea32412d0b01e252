"""The steps of one visit to a post: unfold, settle, photograph, read, record; parts into a folder.

    load → judge → refuse consent → unfold → load films → settle → judge → photograph → read

The look is a profile's (`capture.look`), with the dialogue unfolded before the page settles.

What stands in the way comes back as a refusal with its evidence, never as parts.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from capture.browser import DESKTOP, Page
from capture.completeness import Look, recorded_numbers
from capture.dialogue import Dialogue, Opened, Seen
from capture.extract import Drift, accessibility_tree, mhtml, visible_text
from capture.films import load_films
from capture.look import Looker
from capture.parents import with_parents
from capture.post import POSTS_PART, Direction, Post, posts_from_json, posts_to_json
from capture.post_completeness import counted, drifted, is_whole, lacks, texts_cut
from capture.post_media import keep_media
from capture.post_reading import read_post
from capture.post_shares import Shares
from capture.post_visitor import Visitor
from capture.questions import Questions
from capture.recording import Recording, traffic_parts
from capture.refusal import Refusal, Stopped, stop_at
from capture.secrets import SecretReplacer
from capture.sight import Bounds, Sight
from capture.stages import Stages
from capture.stay import Answer, see_whole
from capture.unrecorded import record, recorded
from capture.visited import Visited, make_folders, write_texts
from capture.walls import Judgement, partial
from storage.package import WARC
from storage.record import utc_now

_SHARE = 0.35
"""Of the whole deadline: for unfolding, for settling, and for photographing."""
_FILM_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PostVisit(Visited):
    """A whole visit to one post."""

    requested_url: str
    post: Post

    @property
    def whole(self) -> bool:
        """Whether all of the dialogue was seen: only then does it tell what is there no more."""
        return is_whole(self.completeness)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What was taken from the page before it is closed."""

    post: Post
    opened: Opened
    cut: int
    drift: tuple[Drift, ...]
    look: Look
    texts: Mapping[str, str]
    final_url: str
    title: str
    user_agent: str


class PostSteps:
    """The steps, sharing what they look with."""

    def __init__(self, by: Visitor, page: Page, url: str, folder: Path, shares: Shares) -> None:
        self._by, self._page, self._url, self._folder = by, page, url, folder
        self._shares = shares
        self._replacer = SecretReplacer(secrets.token_bytes(32))
        self._stages = Stages()
        self._unfolded: tuple[Dialogue, Opened] | None = None
        pictures = folder / "pictures"
        self._questions = Questions(
            page, DESKTOP, by.recipe, pictures, first_sight=False, before=by.consent
        )
        bounds = Bounds(
            height=by.settings.most_height,
            posts=by.settings.most_posts,
            seconds=by.settings.capture_seconds * _SHARE,
            watch_s=0,
        )
        self._looker = Looker(
            url,
            recipe=by.recipe,
            login=by.login,
            bounds=bounds,
            pictures=pictures,
            stages=self._stages,
            prepare=self._unfold,
        )
        make_folders(folder)

    async def run(self) -> PostVisit | Refusal:
        """Record, look, read; then write the parts."""
        started = utc_now()
        self._replacer.learn_cookies(await self._by.context.cookies())
        for name, value in self._by.login.secrets if self._by.login else ():
            self._replacer.learn(value, name)
        recorder = await record(self._page, self._folder / WARC, secrets=self._replacer)
        seen = await recorded(self._page, recorder, self._replacer, self._see)
        if isinstance(seen, Refusal):
            return seen
        read, recording = seen
        self._stages.passed("recorded", records=recording.records, status=recording.status)
        return self._finished(read, recording, started)

    async def _see(self) -> _Read:
        sight = Sight.of(self._page, DESKTOP, self._by.recipe)
        return await see_whole(self._page, self._load, lambda answer: self._look(sight, answer))

    async def _load(self) -> Answer:
        answer = await self._by.load(self._page, self._url, "")  # the looker awaits its landmark
        if isinstance(answer, Judgement):
            raise Stopped(answer)
        self._stages.passed("loaded", status=answer.status)
        return answer

    async def _look(self, sight: Sight, answer: Answer) -> _Read:
        """What a profile's look is, its dialogue unfolded; then read."""
        page = self._page
        try:
            look = await self._looker.look(sight, self._questions, answer)
        finally:
            self._by.consent = self._questions.told
        seen, opened, post, drift = await self._read()
        session = await page.context.new_cdp_session(page)
        texts = {
            "text/visible.txt": await visible_text(page),
            "text/accessibility.txt": await accessibility_tree(page),
            "dom/page.mhtml": await mhtml(session),
        }
        self._stages.passed("read")
        return _Read(
            post=post,
            opened=opened,
            cut=texts_cut(seen),
            drift=drift,
            look=look,
            texts=texts,
            final_url=page.url,
            title=await page.title(),
            user_agent=str(await page.evaluate("() => navigator.userAgent")),
        )

    async def _unfold(self, sight: Sight, bounds: Bounds) -> None:
        """All of the dialogue, and the films that would be loaded only when they are played."""
        fields = self._by.fields
        dialogue = await Dialogue.on(self._page, fields)
        opened = await dialogue.unfold(
            sight.underway, most=self._by.settings.most_comments, seconds=bounds.seconds
        )
        self._stages.passed("unfolded", rounds=opened.rounds, stopped_by=opened.stopped_by)
        places = (fields.post.media, fields.comments.media)
        films = await load_films(self._page, places, _FILM_SECONDS)
        self._stages.passed("films", loaded=films)
        self._unfolded = dialogue, opened

    async def _read(self) -> tuple[Seen, Opened, Post, tuple[Drift, ...]]:
        """The post as it was met, if it is the account's and enough of its dialogue was."""
        fields, account = self._by.fields, self._by.account
        assert self._unfolded is not None  # noqa: S101  # it was photographed
        dialogue, opened = self._unfolded
        await dialogue.read()
        seen = dialogue.seen
        if seen is None:
            drift = Drift(field="post_page.post.each", selector=fields.post.each)
            await stop_at(self._page, partial(str(drift)))
        post = read_post(
            seen,
            platform=account.platform,
            account=account.handle,
            owner=fields.post.owner,
            url=self._page.url,
            at=utc_now(),
        )
        drifts = drifted(seen, post, fields)
        if lack := lacks(seen, opened, self._by.settings):
            await stop_at(self._page, partial(*lack, *map(str, drifts)))
        return seen, opened, await self._owned(post, bool(seen.post["shared"])), drifts

    async def _owned(self, post: Post, shared: bool) -> Post:
        """The account's own post, or another's that the account passes on; nothing else is kept.

        Whose it is, is not told: a gap is journaled, and names no outsiders.
        """
        if post.direction is Direction.OTHER:
            seconds = self._by.settings.capture_seconds * _SHARE
            if not shared and not await self._shares.has(post.id, seconds):
                told = "not this account's post: its author or its address names another account"
                await stop_at(self._page, partial(told, *self._shares.walked))
            return replace(post, repost_of=post.permalink or self._page.url)
        return post

    def _finished(self, read: _Read, recording: Recording, started: datetime) -> PostVisit:
        """Write the text parts, every one with its secrets replaced."""
        scrub = self._replacer.scrub
        (post,) = posts_from_json(scrub(posts_to_json((read.post,)), POSTS_PART))
        if self._by.fields.answers and recording.path:
            post = with_parents(post, recording.path, self._by.fields.answers)
        post = keep_media(post, recording.path, self._folder, dict(recording.not_recorded))
        (self._folder / POSTS_PART).write_bytes(posts_to_json((post,)))
        settled = read.look.settled
        texts = {
            **read.texts,
            "data/settle.json": json.dumps(settled.as_json(), ensure_ascii=False, indent=2),
            **traffic_parts(recording),
            "logs/capture.jsonl": self._stages.text(),
        }
        write_texts(self._folder, texts, self._replacer)
        return PostVisit(
            started_at=started,
            ended_at=utc_now(),
            requested_url=self._url,
            final_url=scrub(read.final_url, "address"),
            title=scrub(read.title, "title"),
            post=post,
            completeness={
                **counted(post, read.opened, read.look),
                "texts_cut": read.cut,
                "settled": settled.settled,
                "recipe_drift": [str(each) for each in read.drift],
                **recorded_numbers(recording),
            },
            consent=self._by.consent,
            settled=settled,
            recording=recording,
            secrets_replaced=self._replacer.replaced,
            browser=self._by.software,
            user_agent=read.user_agent,
        )
