"""Which looks at posts are due: at new ones, at those missing or in doubt, at those of the day.

Pure: what the archive knows, what a walk met, and a day in; looks out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

from accounts import Account
from accounts.half_year import HalfYear
from accounts.stockholm import civil_date
from capture.feed import FeedSeen
from capture.legs.naming import same_site
from capture.post_look import Look, order_name
from storage.posts import KnownPost
from storage.record import utc_now
from storage.settings import Settings

_ASK_AGAIN_DAYS = 7
"""What a feed does not show, though it is there, is not visited each day for it."""


def looks_due(known: Iterable[KnownPost], settings: Settings, on: date) -> Iterator[Look]:
    """Posts whose day has come and that were not seen since: so a missed day heals itself.

    A post that is gone, or whose record was disposed of, is not looked for (RULES R44).
    """
    for post in known:
        day = _last_day(civil_date(post.first_at), settings.post_looks, on)
        if day and civil_date(post.seen_at) < day and post.url and not post.gone_at:
            yield _look(post.post, post.url, day.isoformat())


def looks_doubted(doubted: Iterable[KnownPost], on: date) -> Iterator[Look]:
    """A second look, on a later day, at posts that were found gone once: a page may fail once."""
    for post in doubted:
        if post.url and post.gone_at and civil_date(post.gone_at) < on:
            yield _look(post.post, post.url, f"gone-{on.isoformat()}")


def looks_wanted(
    known: Sequence[KnownPost], feed: FeedSeen, account: Account, settings: Settings, on: date
) -> list[Look]:
    """All that is to be looked at after a walk: new posts first, each post once.

    A known post that stands no longer where the walk has been, or is back, is looked at too.
    """
    by_key = {post.post: post for post in known}
    wanted: dict[str, Look] = {}
    for found in feed.posts:
        before = by_key.get(found.post)
        if before is None and same_site(found.url, account.url):
            wanted[found.post] = _look(found.post, found.url, "")
        elif before is not None and before.gone_at and before.url:
            wanted[found.post] = _look(found.post, before.url, f"back-{on.isoformat()}")
    for look in (*_missing(by_key, feed, on), *looks_due(known, settings, on)):
        wanted.setdefault(look.post, look)
    return list(wanted.values())


def tried_last(looks: Iterable[Look], tried: Collection[str]) -> list[Look]:
    """The looks in their order, at the end those that came to a wall before: they bar no other."""
    return sorted(looks, key=lambda look: order_name(look) in tried)


def _look(post: str, url: str, again: str) -> Look:
    return Look(post=post, url=url, again=again, always=False, planned_at=utc_now())


def _last_day(first: date, after: Sequence[int], on: date) -> date | None:
    """The last day until `on` that a post first captured on `first` is to be seen."""
    half_year = HalfYear.of(on).first
    days = [first + timedelta(days=each) for each in after]
    if not days or half_year > days[-1]:
        days.append(half_year)
    return max((day for day in days if first < day <= on), default=None)


def _missing(by_key: dict[str, KnownPost], feed: FeedSeen, on: date) -> Iterator[Look]:
    """Known posts that the walk must have met, and not those that were there a week ago or less."""
    oldest = _reached(by_key, feed)
    asked_before = on - timedelta(days=_ASK_AGAIN_DAYS)
    for post in by_key.values():
        lost = post.post not in feed.keys and post.published_on > oldest and not post.gone_at
        if lost and post.url and civil_date(post.seen_at) <= asked_before:
            yield _look(post.post, post.url, f"missing-{on.isoformat()}")


def _reached(by_key: dict[str, KnownPost], feed: FeedSeen) -> str:
    """The day down to which a walk has met all posts; empty: the first of all.

    A feed that ends and shows less than half of what was there is a window on the newest.
    """
    there = [post.post for post in by_key.values() if not post.gone_at]
    if feed.stopped_by == "end" and 2 * len(feed.keys.intersection(there)) >= len(there):
        return ""
    days = [civil_date(post.published_at).isoformat() for post in feed.posts if post.published_at]
    return (days or ["9999"])[-1]  # the last that was met: a pinned post may be of any age
