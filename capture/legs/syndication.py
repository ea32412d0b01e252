"""The leg of feeds: RSS and Atom of a site, a blog, a YouTube channel, a Mastodon account.

Most feeds tell the newest posts only, which is said (`Stopped.NEWEST`); WordPress and feeds that
link their next page (RFC 5005) are read on. A text may be a summary: a feed does not tell.
"""

import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from capture.activities import last_step
from capture.legs.feed_form import Entry, FeedFile, announced_feed, read_feed_file
from capture.legs.fetching import Answer, Fetcher, NotAnswered, same_host
from capture.legs.naming import page_address
from capture.legs.result import UNFETCHED, LegRead
from capture.legs.walking import Walk
from capture.plain_text import links_of, text_of
from capture.post import Media, Moment, Post, TimeSource
from capture.untrusted import NotUnderstood, iso_moment, kind_of, moment_of, own_post

LEG = "feed"
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
_WORDPRESS_ID = re.compile(r"[?&]p=(\d+)$")
_CHANNEL = re.compile(r"^/channel/(UC[\w-]{22})")


def read_feed(
    page: str, platform: str, handle: str, fetcher: Fetcher, *, most_pages: int
) -> LegRead:
    """The posts that the feed of the account's `page` tells of, the newest first.

    Never raises for what the site answers.

    Raises:
        AddressRefused: it lies in a private network.
    """
    walk = Walk(LEG, fetcher, most_pages)
    with walk:
        first = url = _address(page, platform, fetcher)
        read_on = False
        while answer := _page(walk, url, read_on):
            file, before = read_feed_file(answer.body, answer.url), len(walk.posts)
            for entry in file.entries:
                walk.take(lambda said=entry: _post(said, platform, handle))  # type: ignore[misc]
            url = _next(first, answer, file, new=len(walk.posts) > before, platform=platform)
            if not url:
                break
            read_on = True
        if not read_on:
            walk.newest_only()
    return walk.result()


def _address(page: str, platform: str, fetcher: Fetcher) -> str:
    """Where the platform keeps the feed; else where the page says that it is.

    Raises:
        NotUnderstood: it announces none, or one on another host. NotAnswered: no answer.
    """
    parts = urlsplit(page)
    bare = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    if platform == "mastodon":
        return f"{bare}.rss"
    if platform == "wordpress":
        return f"{bare}/feed/"
    if platform == "youtube" and (channel := _CHANNEL.match(parts.path)):
        return f"{parts.scheme}://{parts.netloc}/feeds/videos.xml?channel_id={channel[1]}"
    answer = fetcher.get(page, "text/html")
    told = announced_feed(answer.body, answer.url)
    there = same_host(answer.url, told)
    if there is None:
        raise NotUnderstood(f"its feed is on another host: {told}")
    return there


def _page(walk: Walk, url: str, read_on: bool) -> Answer | None:
    """WordPress has no page after the last, and says so with 404."""
    try:
        return walk.page(url, _ACCEPT)
    except NotAnswered as error:
        if read_on and error.gone:
            return None
        raise


def _next(first: str, answer: Answer, file: FeedFile, *, new: bool, platform: str) -> str:
    if file.next_link:
        return same_host(answer.url, file.next_link) or ""
    if not new or not (platform == "wordpress" or "wordpress.org" in file.generator.lower()):
        return ""
    number = re.search(r"[?&]paged=(\d+)$", answer.url)
    page = int(number[1]) + 1 if number else 2
    return f"{first}{'&' if '?' in first else '?'}paged={page}"


def _post(entry: Entry, platform: str, handle: str) -> Post:
    text, link = text_of(entry.html), entry.link
    name = link or entry.guid
    if not name:
        raise NotUnderstood("no address")
    return own_post(
        post_id=_id(platform, entry.guid, name),
        platform=platform,
        account=handle,
        name=None,
        text="\n\n".join(part for part in (entry.title, text) if part),
        published=_moment(entry.published),
        permalink=link or None,
        edited=_moment(entry.updated) if entry.updated not in ("", entry.published) else None,
        links=links_of(entry.html),
        media=tuple(_medium(url, kind) for url, kind in entry.media),
    )


def _id(platform: str, guid: str, name: str) -> str:
    """As the page of the platform names it, where it has more than an address."""
    if platform == "mastodon":
        return last_step(name)
    if platform == "wordpress" and (found := _WORDPRESS_ID.search(guid)):
        return f"post-{found[1]}"
    if platform == "youtube" and guid.startswith("yt:video:"):
        return guid.rpartition(":")[2]
    return page_address(name) if "://" in name else name


def _moment(shown: str) -> Moment:
    """RFC 5322 (RSS) or RFC 3339 (Atom); what is neither is kept as it is written."""
    try:
        return moment_of(parsedate_to_datetime(shown), shown, TimeSource.API)
    except (ValueError, NotUnderstood):
        pass
    try:
        return iso_moment(shown, TimeSource.API)
    except NotUnderstood:
        return Moment(at=None, source=None, precision=None, shown=shown or None)


def _medium(url: str, media_type: str | None) -> Media:
    return Media(
        kind=kind_of(url, media_type),
        url=url,
        alt=None,
        media_type=media_type,
        sha256=None,
        omitted=UNFETCHED,
    )
