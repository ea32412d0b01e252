"""Which post is meant: by the address of its page, as the capture names posts without an id.

The same cleaning as `capture.extract` does in the page: what tracks is no part of an address.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

_TRACKS = re.compile(r"^(_|utm_)|^(fbclid|igsh|igshid|ref|ref_src|si|pp|trk|s)$")


def page_address(url: str) -> str:
    """An address without fragment and without what tracks; the host in small letters."""
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if one and not _TRACKS.match(one.split("=")[0])]
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", "&".join(kept), "")
    )


def same_site(url: str, own: str) -> bool:
    """A post's page is on the site of the account's own; nothing else is visited (RULES R13)."""
    there, here = urlsplit(url), urlsplit(own)
    return (there.scheme, there.netloc) == (here.scheme, here.netloc)


class Names:
    """The ids under which the archive and the walk know posts, found by the address of a page."""

    def __init__(self, posts: Iterable[tuple[str, str]]) -> None:
        """Keys (`platform:id`) with addresses, empty where there is none any more."""
        self._ids: set[str] = set()
        self._by_page: dict[str, str] = {}
        for key, url in posts:
            post = key.partition(":")[2]
            self._ids.add(post)
            if url:
                self._by_page[page_address(url)] = post

    def of(self, post: str, permalink: str | None) -> str:
        """The id of a post that a leg tells of; its own where nobody knows it."""
        if post in self._ids or not permalink:
            return post
        return self._by_page.get(page_address(permalink), post)

    def knows(self, post: str) -> bool:
        """Whether it is an id of theirs."""
        return post in self._ids
