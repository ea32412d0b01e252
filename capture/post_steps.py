"""The steps of one visit to a post: unfold, settle, photograph, read, record; parts into a folder.

    load → judge → refuse consent → unfold → load films → settle → judge → photograph → read

What stands in the way comes back as a refusal with its evidence, never as parts.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from capture.browser import DESKTOP, CDPSession, Page
from capture.consent import ConsentResult
from capture.dialogue import Dialogue, Opened, Seen
from capture.entrance import come_in
from capture.extract import Drift, accessibility_tree, mhtml, visible_text
from capture.films import load_films
from capture.parents import with_parents
from capture.picture import Photographer, PictureSet
from capture.post import POSTS_PART, Direction, Post, posts_from_json, posts_to_json
from capture.post_completeness import counted, drifted, is_whole, lacks, recorded, texts_cut
from capture.post_media import keep_media
from capture.post_reading import read_post
from capture.post_visitor import Visitor
from capture.recording import Recording, traffic_parts
from capture.refusal import Refusal, Stopped, stop_at, whole
from capture.secrets import SecretReplacer
from capture.settle import Settled, settle
from capture.sight import Bounds, Sight
from capture.snapshot import clean_text
from capture.stages import Stages
from capture.stay import Answer, see_whole
from capture.unrecorded import record
from capture.walls import OK, Judgement, Verdict, partial
from storage.package import WARC
from storage.record import ReplacedSecret, utc_now

_SHARE = 0.35
"""Of the whole deadline: for unfolding, for settling, and for photographing."""
_FILM_SECONDS = 5.0


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
    settled: Settled
    pictures: PictureSet
    texts: Mapping[str, str]
    final_url: str
    title: str
    user_agent: str
    images: Mapping[str, bool]


class PostSteps:
    """The steps, sharing what they look with."""

    def __init__(self, by: Visitor, page: Page, url: str, folder: Path) -> None:
        self._by, self._page, self._url, self._folder = by, page, url, folder
        self._replacer = SecretReplacer(secrets.token_bytes(32))
        self._stages = Stages()
        height, seconds = by.settings.most_height, by.settings.capture_seconds * _SHARE
        self._bounds = Bounds(
            height=height, posts=by.settings.most_posts, seconds=seconds, watch_s=0
        )
        for name in ("archive", "pictures", "text", "dom", "data", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)

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

    async def _load(self) -> Answer:
        answer = await self._by.load(self._page, self._url, self._by.fields.landmark)
        if isinstance(answer, Judgement):
            raise Stopped(answer)
        self._stages.passed("loaded", status=answer.status)
        return answer

    async def _look(self, session: CDPSession, sight: Sight, answer: Answer) -> _Read:
        """Judge, refuse consent, unfold, settle, judge again, photograph, read."""
        page = self._page
        sight = sight.anew(self._by.recipe)
        await self._judge(answer)
        consent = await self._by.refuse(page)
        if wall := consent.wall:
            await stop_at(page, wall, answer.status)
        dialogue, opened = await self._unfold(sight)
        settled, scroller = await settle(sight, self._bounds)
        await self._judge(answer)
        self._stages.passed("settled", settled=settled.settled)
        photographer = Photographer(sight, scroller, self._folder / "pictures")
        pictures = await photographer.photograph(self._bounds, virtualised=settled.virtualised)
        self._stages.passed("photographed", tiles=len(pictures.tiles))
        seen, post, drift = await self._read(dialogue, opened)
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
            settled=settled,
            pictures=pictures,
            texts=texts,
            final_url=page.url,
            title=await page.title(),
            user_agent=str(await page.evaluate("() => navigator.userAgent")),
            images=dict(sight.harvest.pictures),
        )

    async def _judge(self, answer: Answer) -> None:
        judgement = await self._by.judge(self._page, self._url, self._by.recipe, answer)
        if judgement.verdict is Verdict.CONSENT_WALL and not self._by.consent.found:
            judgement, asked = await come_in(self._page, self._by.recipe, self._url, answer)
            self._by.consent = asked
        if judgement != OK:
            await stop_at(self._page, judgement, answer.status)

    async def _unfold(self, sight: Sight) -> tuple[Dialogue, Opened]:
        """All of the dialogue, and the films that would be loaded only when they are played."""
        settings, fields = self._by.settings, self._by.fields
        dialogue = await Dialogue.on(self._page, fields)
        opened = await dialogue.unfold(
            sight.underway,
            most=settings.most_comments,
            seconds=settings.capture_seconds * _SHARE,
        )
        self._stages.passed("unfolded", rounds=opened.rounds, stopped_by=opened.stopped_by)
        places = (fields.post.media, fields.comments.media)
        films = await load_films(self._page, places, _FILM_SECONDS)
        self._stages.passed("films", loaded=films)
        return dialogue, opened

    async def _read(
        self, dialogue: Dialogue, opened: Opened
    ) -> tuple[Seen, Post, tuple[Drift, ...]]:
        """The post as it was met, if it is the account's and enough of its dialogue was."""
        fields, account = self._by.fields, self._by.account
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
        return seen, await self._owned(post, bool(seen.post["shared"])), drifts

    async def _owned(self, post: Post, shared: bool) -> Post:
        """The account's own post, or another's that the account passes on; nothing else is kept.

        Whose it is, is not told: a gap is journaled, and names no outsiders.
        """
        if post.direction is Direction.OTHER:
            if not shared and not await self._by.shares(post.id):
                told = "not this account's post: its author or its address names another account"
                await stop_at(self._page, partial(told))
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
            completeness={
                **counted(post, read.opened, read.pictures, read.images),
                "texts_cut": read.cut,
                "settled": read.settled.settled,
                "recipe_drift": [str(each) for each in read.drift],
                **recorded(recording),
            },
            consent=self._by.consent,
            settled=read.settled,
            recording=recording,
            secrets_replaced=self._replacer.replaced,
            browser=self._by.software,
            user_agent=read.user_agent,
        )
