"""Posts from order to record: look, compare, package, deposit; or seen unchanged, gone, a gap.

One post after another in a batch, each whole before the next, so that a crash is resumed at the
next post. Idempotent: the same look at the same post gives one record.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.model import Account
from capture.feed import FeedSeen, walk_feed
from capture.login import Login, read_login
from capture.manners import Manners
from capture.post_record import changes_since, describe_post, is_unchanged, package_post
from capture.post_visit import PostVisit, PostVisitor, post_visitor
from capture.recipe import Recipes, load_recipes
from capture.refusal import Refusal, Stopped
from capture.walls import Judgement, Verdict, partial
from capture.workroom import workroom
from storage.archive import Archive
from storage.gap import GapId, GapReport
from storage.people import Actor
from storage.posts import KnownPost
from storage.record import (
    POST_ORDERS,
    AccountRef,
    Order,
    OrderId,
    Reason,
    Record,
    utc_now,
)
from storage.settings import Settings

_GONE = frozenset({Verdict.NOT_FOUND, Verdict.REMOVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A look at one post: `post` is its key, `again` names the look (`""`: its first).

    Without a key, whatever post is at the address is meant.

    `always`: a record even if nothing has changed, as before a removal.
    """

    post: str
    url: str
    again: str
    always: bool
    planned_at: datetime
    """What was seen after it need not be looked at once more: a batch that is resumed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Who has posts of an account looked at, and why."""

    account: Account
    reason: Reason
    ordered_by: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What a look came to: `captured`, `changed`, `unchanged`, `gone`, or a wall's verdict.

    `known`: the batch had come so far before it was cut off, and nothing was visited.
    """

    look: Look
    outcome: str
    record: Record | None
    gap_id: GapId | None
    retry_after_s: int | None


Told = Callable[[Looked], None]


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

    Ends early when the platform asks for a pause, after the post that met it.

    Raises:
        AddressRefused, BrowserMissing, BrowserBroken, RecipeFaults, PostsUnread, LoginBroken,
            DiskFull: the fault is ours, and no gap is noted.
        NotAllowed: abuse material was reported there (RULES R48); nothing is visited any more.
        StoreError, Damaged: the archive could not take a record.
    """
    archive.require_clean(request.account.id, request.account.url)
    batch = _Batch(looks, request, settings=settings, archive=archive, actor=actor)
    return asyncio.run(batch.run(told))


def find_posts(account: Account, *, settings: Settings, archive: Archive) -> FeedSeen:
    """Walk the account's feed until posts are met below which the archive lacks none.

    Known posts alone are no sign of it: a crawl that was cut off has left gaps among them.

    Raises:
        As `look_at_posts`.
    """
    archive.require_clean(account.id, account.url)
    recipe = load_recipes(settings.recipes).recipe_for(account.platform)
    login = read_login(settings, account.id)
    whole = archive.posts.whole_at(account.id)
    posts = archive.posts.known(account.id)
    known = [one.post for one in posts if whole and one.first_at <= whole]

    async def walk() -> FeedSeen:
        manners = await Manners.of(settings, recipe, account.url)
        try:
            await manners.ask(account.url)
        except Stopped as stopped:
            return FeedSeen(judgement=stopped.judgement, posts=(), stopped_by="wall")
        async with post_visitor(account, recipe, settings, login) as visitor:
            seen = await walk_feed(visitor, known)
        manners.postpone(seen.judgement)
        return seen

    return asyncio.run(walk())


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

    async def run(self, told: Told) -> list[Looked]:
        """Look at each; those that are unchanged are journaled together at the end."""
        done: list[Looked] = []
        try:
            async with aclosing(self._each()) as looks:  # its browser ends before an error goes on
                async for looked in looks:
                    done.append(looked)
                    told(looked)
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
        async with post_visitor(account, recipe, self._settings, self._login) as visitor:
            for look in self._looks:
                looked = await self._look(visitor, look)
                yield looked
                if looked.outcome == Verdict.RATE_LIMITED:
                    return

    async def _look(self, visitor: PostVisitor, look: Look) -> Looked:
        order = self._order(look)
        seen = self._known.get(look.post)
        if seen and (not look.again or seen.seen_at > look.planned_at) and not look.always:
            return _looked(look, "known")  # the batch came so far before it was cut off
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
                return _looked(look, "unchanged")
            record = await asyncio.to_thread(self._deposit, order, visited, room)
            return _looked(look, "captured" if same else "changed", record=record)

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

    def _order(self, look: Look) -> Order:
        account = self._request.account.id
        again = f"/{look.again}" if look.again else ""
        return Order(
            order_id=OrderId(f"{POST_ORDERS}{account}/{look.post or 'page'}{again}"),
            account=account,
            reason=self._request.reason,
            ordered_by=self._request.ordered_by,
            note=self._request.note,
            ordered_at=utc_now(),
        )

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
                return _looked(look, "gone")
        return self._gap(look, order, refusal)

    def _gap(self, look: Look, order: Order, refusal: Refusal) -> Looked:
        judgement = refusal.judgement
        report = GapReport(
            account=AccountRef.of(self._request.account),
            order=order,
            at=refusal.at,
            verdict=judgement.verdict.value,
            evidence=judgement.evidence,
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


def _looked(look: Look, outcome: str, record: Record | None = None) -> Looked:
    return Looked(look=look, outcome=outcome, record=record, gap_id=None, retry_after_s=None)
