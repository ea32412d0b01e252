"""Posts that a leg tells of and that neither the walk nor the archive has: told, and looked for.

What is on the account's own site is handed to the capture. What cannot be visited, or could not
the last time, is said so; a shared post of others is none of the account's. Asks every leg of the
platform; decides nothing of what is kept.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.findings import Finding
from accounts.model import Account
from accounts.stockholm import civil_date
from capture.feed import FeedSeen
from capture.legs.codes import finding
from capture.legs.comparing import MOST_PAGES, as_seen
from capture.legs.crosscheck import Seen, cross_check, findings
from capture.legs.fetching import Pace
from capture.legs.naming import Names, page_address, same_site
from capture.legs.result import LegRead
from capture.legs.ways import read_legs
from capture.post import Post
from capture.post_look import Look, Looked
from capture.walls import Verdict
from storage.gap import Gap
from storage.posts import KnownPost
from storage.record import POST_ORDERS, utc_now
from storage.settings import Settings

WALK = "page"
_AGAIN = "leg-"
_DAILY_PAGES = 5
_LOST = frozenset({Verdict.NOT_FOUND, Verdict.REMOVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A post that legs tell of, to be looked at: its id as they name it, and who has it."""

    post: str
    legs: tuple[str, ...]
    look: Look


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """What each leg told; the posts that only legs have; what is to be said of them."""

    reads: tuple[LegRead, ...]
    handed: tuple[Handed, ...]
    findings: tuple[Finding, ...]

    @property
    def looks(self) -> list[Look]:
        """The looks at what was handed over."""
        return [one.look for one in self.handed]


def read_missed(
    account: Account,
    walked: FeedSeen,
    known: Sequence[KnownPost],
    gaps: Sequence[Gap],
    settings: Settings,
    *,
    whole: bool,
    pace: Pace | None = None,
) -> Missed:
    """Ask the account's legs after a walk of its page.

    `known` and `gaps` are the archive's of the account; `whole`: it was walked to its end before,
    so that the newest pages are enough.
    """
    most = _DAILY_PAGES if whole else MOST_PAGES
    reads = read_legs(account, settings, most_pages=most, pace=pace)
    return judge_missed(account, walked, known, gaps, reads)


def judge_missed(
    account: Account,
    walked: FeedSeen,
    known: Sequence[KnownPost],
    gaps: Sequence[Gap],
    reads: tuple[LegRead, ...],
) -> Missed:
    """Which posts of the legs are unknown, and what is to be done about each."""
    names = Names([*((p.post, p.url) for p in known), *((p.post, p.url) for p in walked.posts)])
    page = Seen(
        leg=WALK,
        posts={found.post.partition(":")[2] for found in walked.posts},
        whole=walked.stopped_by == "end",
    )
    posts = {
        names.of(post.id, post.permalink): post
        for read in reads
        for post in read.posts
        if post.repost_of is None
    }
    unknown = [
        one
        for one in cross_check([page, *(as_seen(read, names) for read in reads)])
        if one.post in posts and not names.knows(one.post)
    ]
    disposed = {one.published_on for one in known if not one.url}
    lost = {gap.order_id for gap in gaps if gap.verdict in _LOST}
    handed: list[Handed] = []
    told: list[Finding] = [*findings(unknown)]
    for one in unknown:
        post = posts[one.post]
        look = _look(post)
        if one.gone or not post.permalink or not same_site(post.permalink, account.url):
            told += [] if one.gone else [finding("L104", one.post, has=", ".join(one.has))]
        elif post.published.at and civil_date(post.published.at).isoformat() in disposed:
            told.append(finding("L106", one.post, has=", ".join(one.has)))
        elif f"{POST_ORDERS}{account.id}/page/{look.again}" in lost:
            told.append(finding("L105", one.post, has=", ".join(one.has)))
        else:
            handed.append(Handed(post=one.post, legs=one.has, look=look))
    return Missed(reads=reads, handed=tuple(handed), findings=tuple(told))


def lost_meanwhile(missed: Missed, done: Iterable[Looked]) -> tuple[Finding, ...]:
    """What was handed over and turned out not to be there any more."""
    away = {one.look.again for one in done if one.outcome in _LOST}
    return tuple(
        finding("L105", one.post, has=", ".join(one.legs))
        for one in missed.handed
        if one.look.again in away
    )


def _look(post: Post) -> Look:
    """By its address: the page itself says which post it is. One name an address, so one order."""
    url = post.permalink or ""
    named = hashlib.sha256(page_address(url).encode()).hexdigest()[:16]
    return Look(post="", url=url, again=f"{_AGAIN}{named}", always=False, planned_at=utc_now())
