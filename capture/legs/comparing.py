"""What each way to an account's posts has beside what the archive has captured of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from accounts.findings import Finding
from accounts.model import Account
from capture.errors import PostsUnread
from capture.legs.crosscheck import Seen, cross_check, findings, told_comments
from capture.legs.fetching import Pace
from capture.legs.naming import Names
from capture.legs.result import LegRead, Stopped
from capture.legs.ways import PLATFORMS, read_legs
from storage.posts import KnownPost
from storage.settings import Settings

ARCHIVE = "archive"
MOST_PAGES = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What was read, and each post that one of them has and another lacks."""

    reads: tuple[LegRead, ...]
    captured: int
    findings: tuple[Finding, ...]

    @property
    def unread(self) -> tuple[LegRead, ...]:
        """The legs that did not tell all that they have."""
        return tuple(
            read
            for read in self.reads
            if not read.whole and (read.stopped_by is not Stopped.NEWEST or read.not_understood)
        )


def compare(
    account: Account,
    known: Sequence[KnownPost],
    settings: Settings,
    shown: Callable[[KnownPost], Collection[int]],
    *,
    server: str = "",
    pace: Pace | None = None,
) -> Compared:
    """Read the account's posts by every leg and compare by id, or by the address of their page.

    `shown` tells the numbers of comments that the record of a post shows, none where it is not to
    be read; it is asked where a leg announces a number. `server` is the address of the platform's
    interface; empty: the account's own server, or the platform's.

    Raises:
        PostsUnread: the platform has no way besides the page.
    """
    if account.platform not in PLATFORMS:
        raise PostsUnread(
            f"No open interface of {account.platform} is read; these are: {', '.join(PLATFORMS)}."
        )
    reads = read_legs(account, settings, most_pages=MOST_PAGES, server=server, pace=pace)
    names = Names((one.post, one.url) for one in known)
    here = Seen(
        leg=ARCHIVE,
        posts={one.post.partition(":")[2] for one in known},
        whole=True,
        gone=[one.post.partition(":")[2] for one in known if one.gone_at],
    )
    seen = [here, *(as_seen(read, names) for read in reads)]
    by_id = {one.post.partition(":")[2]: one for one in known if not one.gone_at}
    comments = [
        told
        for read in reads
        for post in read.posts
        if post.comments_announced is not None
        and (one := by_id.get(names.of(post.id, post.permalink)))
        for told in told_comments(read.leg, post.id, post.comments_announced, shown(one))
    ]
    return Compared(
        reads=reads, captured=len(known), findings=(*findings(cross_check(seen)), *comments)
    )


def as_seen(read: LegRead, names: Names) -> Seen:
    """A leg's posts by the archive's ids; one that was turned away at the door tells of none."""
    away = not read.whole and not read.posts
    return Seen(
        leg=read.leg,
        posts={names.of(post.id, post.permalink) for post in read.posts},
        whole=read.whole,
        gone=read.gone,
        window=away or read.stopped_by is Stopped.NEWEST,
    )
