"""Which post is meant: by the address of its page, as the capture names posts without an id.

The same cleaning as `capture.extract` does in the page: what tracks is no part of an address.
"""

import re
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
