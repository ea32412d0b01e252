"""LinkedIn: `Shares.csv` of the data archive, and a page's content report saved as CSV.

The former dates to the second (UTC), the latter by American dates. An id is that of the address's
`urn:li:…`. LinkedIn's archive quotes every line of a text by itself; that is undone.
"""

import re
from urllib.parse import unquote

from capture.imports.reading import Reader
from capture.post import Moment, Post, Precision, Reaction
from capture.untrusted import NotUnderstood, count_of, formed_moment, own_post

KIND = "linkedin"
_SHARES = ("Date", "ShareLink", "ShareCommentary")
_REPORT = ("Post title", "Post link", "Created date")
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):(\d+)")
_LINES = re.compile(r'"\r?\n"')
_COUNTED = {"Likes": "like", "Reposts": "repost"}


def sources(reader: Reader) -> list[str]:
    """The files that posts are read from, by name or by a table's headings; else none."""
    return [*_shares(reader), *_reports(reader)]


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """No handle is told; the posts."""
    posts: list[Post] = []
    shares, reports = _shares(reader), _reports(reader)
    reader.leave(*(name for name in reader.named("*.csv") if name not in (*shares, *reports)))
    for file, heads in (*((f, _SHARES) for f in shares), *((f, _REPORT) for f in reports)):
        for row in reader.rows(file, *heads):
            try:
                post = _shared(row) if heads is _SHARES else _reported(row)
            except (NotUnderstood, KeyError):
                reader.missed[file] += 1
                continue
            reader.understood[file] += 1
            posts.append(post)
    return None, posts


def _shared(row: dict[str, str]) -> Post:
    link = row.get("SharedUrl", "")
    return _post(
        row["ShareLink"],
        _LINES.sub("\n", row["ShareCommentary"]).strip('"'),
        formed_moment(row["Date"], "%Y-%m-%d %H:%M:%S"),
        links=(link,) if link else (),
    )


def _reported(row: dict[str, str]) -> Post:
    counts = tuple(
        Reaction(name=word, count=count_of(row.get(head))) for head, word in _COUNTED.items()
    )
    at = formed_moment(row["Created date"], "%m/%d/%Y", Precision.DAY)
    return _post(
        row["Post link"],
        row["Post title"],
        at,
        reactions=counts,
        announced=count_of(row.get("Comments")),
    )


def _post(
    address: str,
    text: str,
    at: Moment,
    *,
    links: tuple[str, ...] | None = None,
    reactions: tuple[Reaction, ...] | None = None,
    announced: int | None = None,
) -> Post:
    named = _URN.search(unquote(address))
    if named is None:
        raise NotUnderstood("link")
    return own_post(
        post_id=named[1],
        platform=KIND,
        account=None,
        name=None,
        text=text,
        published=at,
        permalink=address,
        reactions=reactions,
        links=links,
        media=None,
        announced=announced,
    )


def _shares(reader: Reader) -> list[str]:
    return reader.named("shares.csv", "shares_*.csv")


def _reports(reader: Reader) -> list[str]:
    """A report's file has the page's name, so it is known by its headings."""
    found = []
    for name in reader.named("*.csv"):
        start = reader.container.data[name][:4096]
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        heads = start.decode("utf-16" if wide else "utf-8", "replace")
        if all(head in heads for head in _REPORT):
            found.append(name)
    return found
