"""Which ways there are to an account's posts besides its page, and walking all of them."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from accounts.model import Account
from capture.errors import AddressRefused
from capture.legs import bluesky, mastodon, outbox, syndication
from capture.legs.fetching import Fetcher, Pace
from capture.legs.manners import LegManners
from capture.legs.result import LegRead, Stopped
from capture.recipe import load_recipes
from storage.settings import Settings

_Way = Callable[[Account, str, Fetcher, int], LegRead]


def _mastodon(account: Account, server: str, fetcher: Fetcher, most_pages: int) -> LegRead:
    there = server or _host(account)
    return mastodon.read_mastodon(
        there, account.handle, fetcher, most_pages=most_pages, threads=False
    )


def _bluesky(account: Account, server: str, fetcher: Fetcher, most_pages: int) -> LegRead:
    there = server or "https://public.api.bsky.app"
    return bluesky.read_bluesky(
        there, account.handle, fetcher, most_pages=most_pages, threads=False
    )


def _outbox(account: Account, _: str, fetcher: Fetcher, most_pages: int) -> LegRead:
    return outbox.read_outbox(
        account.url, account.platform, account.handle, fetcher, most_pages=most_pages
    )


def _feed(account: Account, _: str, fetcher: Fetcher, most_pages: int) -> LegRead:
    return syndication.read_feed(
        account.url, account.platform, account.handle, fetcher, most_pages=most_pages
    )


_WAYS: Mapping[str, Mapping[str, _Way]] = {
    "mastodon": {mastodon.LEG: _mastodon, outbox.LEG: _outbox, syndication.LEG: _feed},
    "bluesky": {bluesky.LEG: _bluesky},
    "wordpress": {syndication.LEG: _feed},
    "youtube": {syndication.LEG: _feed},
    "generic": {syndication.LEG: _feed},
}
PLATFORMS = tuple(_WAYS)
"""The platforms that have a way besides the page, as the register names them."""


def read_legs(
    account: Account,
    settings: Settings,
    *,
    most_pages: int,
    server: str = "",
    pace: Pace | None = None,
) -> tuple[LegRead, ...]:
    """What each leg of the account's platform tells; none where the platform has none.

    A leg that fails says so and stops no other. Each waits for the site's turns, as the visits to
    pages do, unless a `pace` of its own is given. `server` is the address of the platform's own
    interface; empty: the account's own server, or the platform's.
    """
    ways = _WAYS.get(account.platform, {})
    if not ways:
        return ()
    robots = load_recipes(settings.recipes).recipe_for(account.platform).robots
    own = (pace, None) if pace else (Pace(pause_s=0), LegManners(settings, robots=robots))
    with Fetcher(settings, *own) as fetcher:
        return tuple(
            _walked(leg, way, account, server, fetcher, most_pages) for leg, way in ways.items()
        )


def _walked(  # noqa: PLR0917  # one leg and all that it is asked with
    leg: str, way: _Way, account: Account, server: str, fetcher: Fetcher, most_pages: int
) -> LegRead:
    try:
        return way(account, server, fetcher, most_pages)
    except AddressRefused as error:  # led into a private network: told, as any refusal is
        return LegRead(
            leg=leg,
            posts=(),
            announced=None,
            pages=0,
            gone=(),
            not_understood=0,
            threads_missed=(),
            stopped_by=Stopped.REFUSED,
            evidence=str(error),
            retry_after_s=None,
        )


def _host(account: Account) -> str:
    page = urlsplit(account.url)
    return f"{page.scheme}://{page.netloc}"
