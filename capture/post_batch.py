"""Posts from order to record: look, compare, package, deposit; or seen unchanged, gone, a gap.

One post after another in a batch, each whole before the next, so that a crash is resumed at the
next post. Idempotent: the same look at the same post gives one record.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from capture.login import Login, read_login
from capture.manners import Manners
from capture.post_look import Look, Looked, Request, Told, looked, order_name
from capture.post_record import changes_since, describe_post, is_unchanged, package_post
from capture.post_visit import PostVisit, PostVisitor, post_visitor
from capture.recipe import Recipes, load_recipes
from capture.refusal import Refusal, Stopped
from capture.walls import Judgement, Verdict, partial
from capture.workroom import workroom
from storage.archive import Archive
from storage.gap import GapReport
from storage.people import Actor
from storage.posts import KnownPost
from storage.record import POST_ORDERS, AccountRef, Order, Record
from storage.settings import Settings

_GONE = frozenset({Verdict.NOT_FOUND, Verdict.REMOVED})
_BARS = frozenset({Verdict.LOGIN_WALL, Verdict.BOT_WALL})
"""Walls that stand before all posts, or may: none is run into again and again."""


def look_at_posts(
    looks: Sequence[Look],
    request: Request,
    *,
    settings: Settings,
    archive: Archive,
    actor: Actor,
    told: Told = lambda _: None,
) -> list[Looked]:
    """Look at posts one after another; each is told when it is whole.

    Ends early when the platform asks for a pause, or for a login or a human being: after the post
    that met it, whose gap says how many are left. What another batch of the same plan has met is
    not met again.

    Raises:
        AddressRefused, BrowserMissing, BrowserBroken, RecipeFaults, PostsUnread, LoginBroken,
            DiskFull: the fault is ours, and no gap is noted.
        NotAllowed: abuse material was reported there (RULES R48); nothing is visited any more.
        StoreError, Damaged: the archive could not take a record.
    """
    archive.require_clean(request.account.id, request.account.url)
    batch = _Batch(looks, request, settings=settings, archive=archive, actor=actor)
    return asyncio.run(batch.run(told))


class _Batch:
    """One visitor's way through the posts."""

    def __init__(
        self,
        looks: Sequence[Look],
        request: Request,
        *,
        settings: Settings,
        archive: Archive,
        actor: Actor,
    ) -> None:
        self._looks, self._request, self._settings = looks, request, settings
        self._archive, self._actor = archive, actor
        self._recipes: Recipes = load_recipes(settings.recipes)
        self._login: Login | None = read_login(settings, request.account.id)
        known = archive.posts.known(request.account.id)
        self._known: dict[str, KnownPost] = {one.post: one for one in known}
        self._open: Judgement | None = None
        self._left = 0

    async def run(self, told: Told) -> list[Looked]:
        """Look at each; those that are unchanged are journaled together at the end."""
        done: list[Looked] = []
        try:
            async with aclosing(self._each()) as looks:  # its browser ends before an error goes on
                async for one in looks:
                    done.append(one)
                    told(one)
        finally:
            unchanged = {
                one.look.post: self._known[one.look.post].record_id
                for one in done
                if one.outcome == "unchanged"
            }
            self._archive.posts.note_unchanged(self._request.account.id, unchanged, self._actor)
        return done

    async def _each(self) -> AsyncGenerator[Looked]:
        recipe = self._recipes.recipe_for(self._request.account.platform)
        account = self._request.account
        self._manners = await Manners.of(self._settings, recipe, account.url)
        if self._barred():
            return
        async with post_visitor(account, recipe, self._settings, self._login) as visitor:
            for number, look in enumerate(self._looks, start=1):
                self._left = len(self._looks) - number
                one = await self._look(visitor, look)
                yield one
                if one.gap_id and self._ends(look, one.outcome):
                    return

    def _ends(self, look: Look, verdict: str) -> bool:
        """Whether what stands before this post stands before the next as well."""
        if verdict == Verdict.RATE_LIMITED:
            return True
        return verdict in _BARS and not self._manners.forbid(look.url)

    def _barred(self) -> bool:
        """Whether another batch of the plan has come to a wall that ended it."""
        if not self._looks or self._manners.robots:
            return False
        planned = self._looks[0].planned_at
        gaps = self._archive.gaps(self._request.account.id)
        mine = (one for one in gaps if one.order_id.startswith(POST_ORDERS))
        return any(one.verdict in _BARS and one.at > planned for one in mine)

    async def _look(self, visitor: PostVisitor, look: Look) -> Looked:
        order = self._request.order(order_name(look))
        seen = self._known.get(look.post)
        if seen and (not look.again or _came_to(seen) > look.planned_at) and not look.always:
            return looked(look, "known")  # the batch came so far before it was cut off
        self._archive.require_clean(self._request.account.id, look.url)
        with workroom(self._settings, "post") as room:
            visited = await self._visited(visitor, look.url, room / "parts")
            if isinstance(visited, Refusal):
                return await self._refused(visitor, look, order, visited)
            key = f"{visitor.account.platform}:{visited.post.id}"
            known = self._known.get(key)
            if look.post and key != look.post:
                return self._gap(look, order, _other(visited, look))
            same = known is None or is_unchanged(self._archive, known, visited)
            if known and same and not look.always:
                return looked(look, "unchanged")
            record = await asyncio.to_thread(self._deposit, order, visited, room)
            return looked(look, "captured" if same else "changed", record=record)

    async def _visited(self, visitor: PostVisitor, url: str, parts: Path) -> PostVisit | Refusal:
        """Visit a post when it is our turn, and once more after a pause that can be waited for."""
        try:
            await self._manners.ask(url)
            visited = await visitor.visit(url, parts)
            if isinstance(visited, Refusal) and self._manners.postpone(visited.judgement):
                shutil.rmtree(parts)
                await self._manners.ask(url)
                visited = await visitor.visit(url, parts)
        except Stopped as stopped:
            return stopped.refusal(url)
        return visited

    async def _refused(
        self, visitor: PostVisitor, look: Look, order: Order, refusal: Refusal
    ) -> Looked:
        """A wall before one post, or before them all; only a post that is alone away is gone."""
        known = self._known.get(look.post)
        if known is not None and refusal.judgement.verdict in _GONE:
            if self._open is None:
                self._open = await visitor.sees_profile()
            if self._open.verdict is Verdict.OK:
                evidence = refusal.judgement.evidence
                self._archive.posts.note_gone(known, evidence, self._actor)
                return looked(look, "gone")
        return self._gap(look, order, refusal)

    def _gap(self, look: Look, order: Order, refusal: Refusal) -> Looked:
        judgement = refusal.judgement
        evidence = judgement.evidence
        if self._left and self._ends(look, judgement.verdict):
            evidence += (f"{self._left} more posts are left for another time",)
        report = GapReport(
            account=AccountRef.of(self._request.account),
            order=order,
            at=refusal.at,
            verdict=judgement.verdict.value,
            evidence=evidence,
            requested_url=look.url,
            final_url=refusal.final_url,
            status=refusal.status,
            headers=refusal.headers,
            retry_after_s=judgement.retry_after_s,
        )
        gap_id = self._archive.note_gap(report, refusal.picture, self._actor)
        return Looked(
            look=look,
            outcome=judgement.verdict.value,
            record=None,
            gap_id=gap_id,
            retry_after_s=judgement.retry_after_s,
        )

    def _deposit(self, order: Order, visited: PostVisit, room: Path) -> Record:
        account = self._request.account
        accepted = self._archive.accept(order, AccountRef.of(account), self._actor)
        if accepted.record is not None:
            return accepted.record
        known = self._known.get(f"{account.platform}:{visited.post.id}")
        package = package_post(visited, room)
        description = describe_post(
            visited,
            accepted,
            account,
            previous=known.record_id if known else None,
            changes=changes_since(self._archive, known, visited),
            recipe=self._recipes.used_for(account.platform),
            login=self._login,
        )
        return self._archive.deposit(description, package, self._actor)


def _came_to(seen: KnownPost) -> datetime:
    """When it was last looked at: it was there, or was found gone."""
    return max(seen.seen_at, seen.gone_at or seen.seen_at)


def _other(visited: PostVisit, look: Look) -> Refusal:
    """The address shows another post than was looked for: nothing is filed under a wrong id."""
    told = f"the page shows the post {visited.post.id}, not {look.post}"
    return Refusal(
        judgement=partial(told),
        at=visited.ended_at,
        final_url=visited.final_url,
        status=None,
        headers=(),
        picture=None,
    )
