"""RSS 0.9 to 2.0 and Atom as entries: pure, and wary of what the file would have a parser do.

Source: RSS 2.0 (rssboard.org), RSS 1.0, RFC 4287 (Atom), RFC 5005 (paging), Media RSS. A document
that declares entities of its own is refused, and nothing that it names is fetched.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from capture.plain_text import text_of
from capture.untrusted import NotUnderstood

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_KINDS = ("rss", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF", f"{_ATOM}feed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry: `html` is its longest text, `published` as it is written."""

    guid: str
    link: str
    title: str
    html: str
    published: str
    updated: str
    media: tuple[tuple[str, str | None], ...]
    """Addresses with media types."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedFile:
    """A feed's file; `next_link` is its next page's, `generator` what made it."""

    entries: tuple[Entry, ...]
    next_link: str | None
    generator: str


def read_feed_file(body: bytes, url: str) -> FeedFile:
    """The entries of a feed from `url`, in their order.

    Raises:
        NotUnderstood: it is no RSS and no Atom, is broken, or declares entities.
    """
    root = _root(body)
    head = root.find("channel")
    head = root if head is None else head
    following = [
        urljoin(url, link.get("href", ""))
        for link in head.iterchildren(f"{_ATOM}link")
        if link.get("rel") == "next"
    ]
    return FeedFile(
        entries=tuple(_entry(one, url) for one in root.iter("item", f"{_RSS1}item"))
        + tuple(_entry(one, url) for one in root.iter(f"{_ATOM}entry")),
        next_link=following[0] if following else None,
        generator=_text(head, "generator", f"{_ATOM}generator"),
    )


def announced_feed(body: bytes, url: str) -> str:
    """The address of the first feed that a page announces (`link rel=alternate`).

    Raises:
        NotUnderstood: it announces none.
    """
    try:
        page = etree.fromstring(body, etree.HTMLParser(no_network=True))
    except etree.XMLSyntaxError as error:
        raise NotUnderstood(f"{url} announces no feed") from error
    for link in page.iter("link") if page is not None else ():
        kind = link.get("type", "").strip().lower()
        if "alternate" in link.get("rel", "").lower().split() and kind in (
            "application/rss+xml",
            "application/atom+xml",
        ):
            return urljoin(url, str(link.get("href", "")))
    raise NotUnderstood(f"{url} announces no feed")


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotUnderstood(f"no XML: {error.msg}") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise NotUnderstood("declares entities of its own")
    if root.tag not in _KINDS:
        raise NotUnderstood(f"neither RSS nor Atom: {root.tag}")
    return root


def _entry(one: etree._Element, url: str) -> Entry:
    texts = [*_texts(one)]
    guid = _text(one, "guid", f"{_ATOM}id")
    return Entry(
        guid=guid,
        link=_link(one, url, guid),
        title=text_of(_text(one, "title", f"{_RSS1}title", f"{_ATOM}title")),
        html=max(texts, key=len, default=""),
        published=_text(one, "pubDate", f"{_ATOM}published", f"{_DC}date", f"{_ATOM}updated"),
        updated=_text(one, f"{_ATOM}updated"),
        media=tuple(dict.fromkeys(_media(one, url))),
    )


def _link(one: etree._Element, url: str, guid: str) -> str:
    for link in one.iterchildren(f"{_ATOM}link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return urljoin(url, str(link.get("href", "")))
    written = _text(one, "link", f"{_RSS1}link")
    if written:
        return urljoin(url, written)
    guids = one.find("guid")
    is_page = guids is not None and guids.get("isPermaLink", "true") == "true"
    return guid if is_page and "://" in guid else ""


def _texts(one: etree._Element) -> Iterator[str]:
    """HTML; a summary beside the whole is shorter."""
    for tag in ("description", f"{_RSS1}description", _ENCODED):
        yield _text(one, tag)
    for tag in ("summary", "content"):
        for part in one.iterchildren(f"{_ATOM}{tag}"):
            kind = part.get("type", "text")
            if kind == "xhtml":
                yield "".join(etree.tostring(inner, encoding="unicode") for inner in part)
            else:
                yield (part.text or "") if kind == "html" else html.escape(part.text or "")
    for part in one.iter(f"{_MEDIA}description"):
        yield html.escape(part.text or "")


def _media(one: etree._Element, url: str) -> Iterator[tuple[str, str | None]]:
    for part in one.iterchildren("enclosure"):
        yield urljoin(url, part.get("url", "")), part.get("type")
    for part in one.iter(f"{_MEDIA}content"):
        yield urljoin(url, part.get("url", "")), part.get("type")


def _text(one: etree._Element, *tags: str) -> str:
    """The text of the first of these children that has any."""
    for tag in tags:
        for child in one.iterchildren(tag):
            if child.text and child.text.strip():
                return str(child.text).strip()
    return ""
