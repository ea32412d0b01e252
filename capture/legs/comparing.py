"""What a platform's open interface has of an account beside what the archive has captured of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.findings import Finding
from accounts.model import Account
from capture.errors import PostsUnread
from capture.legs.bluesky import read_bluesky
from capture.legs.crosscheck import Seen, cross_check, findings
from capture.legs.fetching import Fetcher, Pace
from capture.legs.mastodon import read_mastodon
from capture.legs.result import LegRead
from storage.posts import KnownPost
from storage.settings import Settings

ARCHIVE = "archive"
_MOST_PAGES = 500
_READERS: dict[str, Callable[..., LegRead]] = {
    "mastodon": read_mastodon,
    "bluesky": read_bluesky,
}
_SERVERS = {"bluesky": "https://public.api.bsky.app"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What was read, and each post that one of the two has and the other lacks."""

    read: LegRead
    captured: int
    findings: tuple[Finding, ...]


def compare(
    account: Account,
    known: Sequence[KnownPost],
    settings: Settings,
    *,
    server: str = "",
    pace: Pace | None = None,
) -> Compared:
    """Read the account's posts from the platform's open interface and compare by id.

    `server` is the interface's address; empty: the account's own server, or the platform's.

    Raises:
        PostsUnread: the platform has no open interface that can be read.
        AddressRefused: the server lies in a private network.
    """
    if account.platform not in _READERS:
        raise PostsUnread(
            f"No open interface of {account.platform} is read; these are: {', '.join(_READERS)}."
        )
    page = urlsplit(account.url)
    server = server or _SERVERS.get(account.platform, f"{page.scheme}://{page.netloc}")
    with Fetcher(settings, pace) as fetcher:
        read = _READERS[account.platform](
            server, account.handle, fetcher, most_pages=_MOST_PAGES, threads=False
        )
    captured = {one.post.partition(":")[2]: one.gone_at for one in known}
    here = Seen(
        leg=ARCHIVE,
        posts=set(captured),
        whole=True,
        gone=[post for post, gone_at in captured.items() if gone_at],
    )
    there = Seen(
        leg=read.leg, posts={post.id for post in read.posts}, whole=read.whole, gone=read.gone
    )
    return Compared(
        read=read, captured=len(captured), findings=findings(cross_check([here, there]))
    )
