"""Recipes that have drifted (föråldrade): since when captures tell that a selector matches nothing.

Reads what captures and gaps themselves have told, the newest first; visits no page.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from accounts.findings import Finding
from accounts.model import Account
from accounts.stockholm import civil_date
from capture.recipe_codes import finding
from capture.walls import Verdict
from storage.archive import Archive
from storage.errors import Damaged, Malformed, ObjectMissing
from storage.gap import Gap
from storage.query import Query
from storage.record import POST_ORDERS, PROFILE_CAPTURE, Reason, Record, Status

_SIGN = "recipe drift"
_MOST = 20
"""Captures that are looked back at: ten years of profiles."""
_OF_FEED = "posts."
_OF_COMMENTS = "post_page.comments."
_OF_WORDS = tuple(f"{_OF_COMMENTS}{name} " for name in ("author", "time", "text"))


class Topic(Enum):
    """What a drift is of, by what a page must have for it to be seen or seen mended."""

    FEED = auto()
    PAGE = auto()
    COMMENTS = auto()
    WORDS = auto()
    """What is within a comment, which one that is hidden has not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one look told, and of what it had any to find: of the rest it tells neither way."""

    at: datetime
    said: Collection[str]
    topics: Collection[Topic]

    def ends(self, what: str) -> bool:
        """Whether it found what had drifted."""
        return what not in self.said and _topic(what) in self.topics


def drift_findings(archive: Archive, accounts: Iterable[Account]) -> list[Finding]:
    """A warning for each place where a recipe no longer fits an account, with its first day.

    A capture that had it to find and tells nothing of it ends it; a gap tells of drift alone.
    """
    return [
        finding("E104", f"{account.platform}.toml", day=day, account=account.id, what=what)
        for account in accounts
        for what, day in _of_account(archive, account).items()
    ]


def _of_account(archive: Archive, account: Account) -> dict[str, date]:
    of_profile = Query(account=account.id, record_type=PROFILE_CAPTURE, status=Status.ACTIVE)
    of_posts = Query(account=account.id, reason=Reason.POSTS, status=Status.ACTIVE)
    every = archive.gaps(account.id)
    unread = {civil_date(gap.at) for gap in every if gap.order_id.startswith(_feed(account))}
    gaps = [gap for gap in every if gap.verdict == Verdict.PARTIAL]
    posts = [gap for gap in gaps if gap.order_id.startswith(POST_ORDERS)]
    profile = [gap for gap in gaps if not gap.order_id.startswith(POST_ORDERS)]
    return since(_looks(archive, of_profile, profile, set())) | since(
        _looks(archive, of_posts, posts, unread)
    )


def _feed(account: Account) -> str:
    """How the order of a walk of the feed begins."""
    return f"{POST_ORDERS}{account.id}/feed/"


def since(looks: Iterable[Told]) -> dict[str, date]:
    """The first day of what each look up to the newest has told; looks come the newest first."""
    found: dict[str, date] = {}
    newer: list[Told] = []

    def ended(what: str) -> bool:
        return any(look.ends(what) for look in newer)

    for look in looks:
        found |= {what: civil_date(look.at) for what in sorted(look.said) if not ended(what)}
        newer.append(look)
        if {topic for each in newer for topic in each.topics} == {*Topic} and all(
            map(ended, found)
        ):
            break
    return found


def _topic(what: str) -> Topic:
    if what.startswith(_OF_FEED):
        return Topic.FEED
    if not what.startswith(_OF_COMMENTS):
        return Topic.PAGE
    return Topic.WORDS if what.startswith(_OF_WORDS) else Topic.COMMENTS


def _looks(
    archive: Archive, query: Query, gaps: list[Gap], unread: Collection[date]
) -> Iterator[Told]:
    """What each capture and gap told, the newest first; none is read before it is asked for.

    Posts are captured when the feed has been walked: it was read then, but for the days `unread`.
    """
    seen: list[tuple[datetime, Record | Gap]] = [(gap.at, gap) for gap in gaps]
    seen += [(hit.record.captured_at, hit.record) for hit in archive.find(query, _MOST)]
    for at, one in sorted(seen, key=lambda each: each[0], reverse=True):
        try:
            said, topics = _said(archive, one, fed=civil_date(at) not in unread)
        except (Damaged, Malformed, ObjectMissing):
            continue  # `insyn verify` tells of it
        drifts = [line.removeprefix(f"{_SIGN}: ") for line in said if _SIGN in line]
        yield Told(at=at, said=drifts, topics=topics)


def _said(
    archive: Archive, one: Record | Gap, *, fed: bool
) -> tuple[tuple[str, ...], Collection[Topic]]:
    if isinstance(one, Gap):
        return archive.gap_report(one).evidence, ()
    if one.restricted:
        return (), ()  # what it told of its recipe lies apart with it
    numbers = archive.manifest(one).description.completeness
    told = numbers.get("recipe_drift")
    shown, hidden = numbers.get("comments_shown"), numbers.get("comments_hidden")
    if not isinstance(shown, int) or not isinstance(hidden, int):
        topics = {*Topic}  # a profile, which has none
    else:
        topics = {Topic.PAGE} | ({Topic.FEED} if fed else set())
        topics |= {Topic.COMMENTS} if shown else set()
        topics |= {Topic.WORDS} if shown > hidden else set()
    return tuple(map(str, told)) if isinstance(told, list) else (), topics
