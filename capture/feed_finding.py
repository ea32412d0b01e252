"""Finding what of an account's feed the archive lacks: the walk, at the site's manners.

What came of a walk is noted: a gap where the page was not to be seen (RULES R9), and in the journal
that it was whole, or since when a limit cuts it off.
"""

import asyncio
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from accounts.findings import Finding
from accounts.model import Account, AccountId
from accounts.stockholm import civil_date
from capture.feed import Familiar, FeedSeen, not_seen, walk_feed
from capture.legs.codes import finding
from capture.login import read_login
from capture.manners import Manners
from capture.post_look import Look, Request
from capture.post_visit import post_visitor
from capture.recipe import load_recipes
from capture.refusal import Stopped
from capture.walls import partial
from storage.archive import Archive
from storage.gap import GapId, GapReport
from storage.people import Actor
from storage.posts import KnownPost
from storage.record import POST_ORDERS, AccountRef, today
from storage.settings import Settings

_LIMITS = "INSYN_WALK_POSTS, INSYN_WALK_SECONDS"


def find_posts(account: Account, *, settings: Settings, archive: Archive) -> FeedSeen:
    """Walk the account's feed until posts are met below which the archive lacks none.

    Known posts alone are no sign of it: a crawl that was cut off has left gaps among them. They
    are passed by, and so are posts that were tried and came to a gap.

    Raises:
        As `post_batch.look_at_posts`.
    """
    archive.require_clean(account.id, account.url)
    recipe = load_recipes(settings.recipes).recipe_for(account.platform)
    login = read_login(settings, account.id)
    posts = archive.posts.known(account.id)
    familiar = _familiar(account, posts, archive)

    async def walk() -> FeedSeen:
        manners = await Manners.of(settings, recipe, account.url)
        try:
            await manners.ask(account.url)
        except Stopped as stopped:
            return not_seen(stopped.refusal(account.url))
        async with post_visitor(account, recipe, settings, login) as visitor:
            seen = await walk_feed(visitor, familiar)
        manners.postpone(seen.judgement)
        return seen

    feed = asyncio.run(walk())
    there = [post for post in posts if post.url and not post.gone_at]
    if there and not feed.posts and feed.refusal is None:
        drift = f"recipe drift: posts.each ({recipe.posts.each}) matches no post"
        known = f"{len(there)} posts of the account are known"
        return not_seen(Stopped(partial(drift, known)).refusal(account.url))
    return feed


def note_feed_gap(request: Request, feed: FeedSeen, archive: Archive, actor: Actor) -> GapId | None:
    """Keep what stood before the feed as a gap, with its picture where there is one (RULES R9)."""
    if feed.refusal is None:
        return None
    refusal = feed.refusal
    report = GapReport(
        account=AccountRef.of(request.account),
        order=request.order(f"feed/{today().isoformat()}"),
        at=refusal.at,
        verdict=refusal.judgement.verdict.value,
        evidence=refusal.judgement.evidence,
        requested_url=request.account.url,
        final_url=refusal.final_url,
        status=refusal.status,
        headers=refusal.headers,
        retry_after_s=refusal.judgement.retry_after_s,
    )
    return archive.note_gap(report, refusal.picture, actor)


def tried(account: AccountId, archive: Archive) -> frozenset[str]:
    """What names the looks that came to a gap before; of a post that is unknown, its key."""
    prefix = f"{POST_ORDERS}{account}/"
    return frozenset(gap.order_id.removeprefix(prefix) for gap in archive.gaps(account))


def note_reach(
    account: Account, feed: FeedSeen, looks: Sequence[Look], archive: Archive, actor: Actor
) -> None:
    """Journal that a walk met no post that the archive lacks, or that a limit cut it off.

    A post that was tried and could not be seen has its gap: it is not lacking unseen.
    """
    before = tried(account.id, archive)
    if feed.cut:
        detail: dict[str, JsonValue] = {"stopped_by": feed.stopped_by, "posts": len(feed.posts)}
        archive.posts.note_cut(account.id, detail, actor)
    elif feed.refusal is None and all(look.again or look.post in before for look in looks):
        whole, cut = archive.posts.whole_at(account.id), archive.posts.cut_since(account.id)
        known = archive.posts.known(account.id)
        if cut or any(whole is None or post.first_at > whole for post in known):
            archive.posts.note_whole(account.id, actor)


def cut_findings(archive: Archive, accounts: Iterable[Account]) -> list[Finding]:
    """A warning for each account whose feed was not walked to its end: since when (L107)."""
    return [
        finding("L107", account.id, day=civil_date(since), limit=_LIMITS)
        for account in accounts
        if (since := archive.posts.cut_since(account.id))
    ]


def _familiar(account: Account, posts: Sequence[KnownPost], archive: Archive) -> Familiar:
    whole, before = archive.posts.whole_at(account.id), tried(account.id, archive)
    settled = {one.post for one in posts if whole and one.first_at <= whole}
    return Familiar(
        settled=settled | before if whole else settled,
        passed=before | {one.post for one in posts},
    )
