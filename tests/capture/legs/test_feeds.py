"""Feeds: RSS and Atom as sites, blogs, channels and Mastodon publish them, and broken ones."""

import pytest

from capture.errors import AddressRefused
from capture.legs.feed_form import announced_feed, read_feed_file
from capture.legs.fetching import Fetcher, Pace
from capture.legs.result import LegRead, Stopped
from capture.legs.syndication import read_feed
from capture.untrusted import NotUnderstood
from storage.settings import Settings
from tests.capture.legs.answering import Pages, serving

SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
XML = {"Content-Type": "application/rss+xml; charset=utf-8"}
HTML = {"Content-Type": "text/html"}


def _rss(*items: str, head: str = "") -> bytes:
    told = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return f"{told}<channel>{head}{''.join(items)}</channel></rss>".encode()


def _item(number: int) -> str:
    return (
        f"<item><title>Rubrik {number} &amp; mer</title><link>http://{{HOST}}/{number}?utm_x=1"
        f'</link><guid isPermaLink="false">http://{{HOST}}/?p={number}</guid>'
        "<pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate><description>Kort</description>"
        f"<content:encoded><![CDATA[<p>Hela {number}</p><a href='https://ki.example/'>mer</a>"
        "<script>x</script>]]></content:encoded>"
        '<enclosure url="/a.jpg" type="image/jpeg" length="1"/></item>'
    )


def _read(pages: Pages, platform: str, path: str, most_pages: int = 9) -> LegRead:
    with serving(pages) as url, Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher:
        return read_feed(f"{url}{path}", platform, "ki", fetcher, most_pages=most_pages)


def test_a_blog_is_read_page_by_page_to_its_end() -> None:
    """Text, time, address and media of each; the page after the last is not there (404)."""
    pages: Pages = {
        "/feed/": [(200, XML, _rss(_item(3), _item(2), "<item/>"))],
        "/feed/?paged=2": [(200, XML, _rss(_item(2), _item(1)))],
    }
    read = _read(pages, "wordpress", "/")
    assert [post.id for post in read.posts] == ["post-3", "post-2", "post-1"]
    assert (read.stopped_by, read.pages, read.not_understood) == (Stopped.END, 2, 1)
    post = read.posts[0]
    assert post.text == "Rubrik 3 & mer\n\nHela 3\n\nmer"
    assert post.links == ("https://ki.example/",)
    assert post.published.at
    assert post.published.at.isoformat() == "2026-11-20T09:00:00+00:00"
    assert (post.comments, post.comments_announced) == (None, None)
    (picture,) = post.media or ()
    assert (picture.kind, str(picture.url).endswith("/a.jpg")) == ("image", True)


@pytest.mark.parametrize(
    ("second", "stopped"),
    [
        ((200, XML, _rss(_item(3))), Stopped.END),  # a blog that knows no pages: nothing new
        ((500, XML, b""), Stopped.REFUSED),
        ((200, XML, _rss(_item(2))), Stopped.CAP),
    ],
)
def test_where_a_blogs_pages_end_is_told(
    second: tuple[int, dict[str, str], bytes], stopped: Stopped
) -> None:
    pages: Pages = {"/feed/": [(200, XML, _rss(_item(3)))], "/feed/?paged=2": [second]}
    read = _read(pages, "wordpress", "/", most_pages=2)
    assert (read.stopped_by, read.posts[0].id) == (stopped, "post-3")


def test_a_channel_and_an_account_tell_their_newest_posts() -> None:
    """Their ids are those of the platform's pages; what a feed does not reach is not said of it."""
    channel = "UC" + "a" * 22
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://search.yahoo.com/mrss/"><entry>'
        '<id>yt:video:v1</id><title>Film</title><link rel="alternate" href="/watch?v=v1&amp;si=2"/>'
        "<published>2026-11-20T09:00:00+00:00</published><updated>2026-11-21T09:00:00Z</updated>"
        "<m:group><m:description>1 &lt; 2</m:description></m:group></entry></feed>"
    )
    pages: Pages = {
        f"/feeds/videos.xml?channel_id={channel}": [(200, {}, atom.encode())],
        "/@ki.rss": [(200, XML, _rss("<item><guid>https://s.example/@ki/31</guid></item>"))],
    }
    films = _read(pages, "youtube", f"/channel/{channel}")
    assert films.posts[0].id == "v1"
    assert films.posts[0].text == "Film\n\n1 < 2"
    assert films.posts[0].edited
    toots = _read(pages, "mastodon", "/@ki")
    assert (toots.posts[0].id, toots.posts[0].published.at) == ("31", None)
    for read in (films, toots):
        assert (read.stopped_by, read.whole) == (Stopped.NEWEST, False)


def test_a_sites_page_says_where_its_feed_is_and_the_feed_where_it_goes_on() -> None:
    """RFC 5005; a page that leads back to itself ends the walk, as one on another host does."""
    link = '<link rel="{0}" type="application/rss+xml" href="{1}">'
    page = (link.format("alternate", "/f") + "<p>a").encode()
    following = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{}"/>'
    pages: Pages = {
        "/": [(200, HTML, page)],
        "/f": [(200, {}, _rss(_item(2), head=following.format("/f?2")))],
        "/f?2": [(200, {}, _rss(_item(1), head=following.format("/f")))],
    }
    read = _read(pages, "generic", "/")
    assert [post.id.rpartition("/")[2] for post in read.posts] == ["2", "1"]
    assert (read.stopped_by, "leads back" in read.evidence) == (Stopped.REFUSED, True)
    away = link.format("alternate", "https://other.example/f").encode()
    for body, why in (
        (away, "another host"),
        (b"<p>", "announces no feed"),
        (b"", "announces no feed"),
    ):
        read = _read({"/": [(200, HTML, body)]}, "generic", "/")
        assert (read.stopped_by, why in read.evidence) == (Stopped.REFUSED, True), read.evidence


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BAD = {
    "a bomb of entities": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss>&l9;</rss>',
    "a file by an entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
    "a page": "<html><body>Logga in</body></html>",
    "half a feed": "<rss><channel><item>",
    "too deep": "<rss>" + "<a>" * 5000,
    "nothing": "",
    "JSON": "{}",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(NotUnderstood):
        read_feed_file(body.encode(), "https://site.example/")
    with pytest.raises(NotUnderstood):
        announced_feed(body.encode(), "https://site.example/")


def test_a_feed_that_leads_into_a_private_network_is_not_followed() -> None:
    """Each step of a redirection is judged by itself, before anything is sent."""
    asked: list[str] = []
    inside = Settings.from_environment({})

    class Outside(Fetcher):
        """Stands in for a public server: the first address is let through."""

        def _check(self, url: str) -> None:
            asked.append(url)
            if len(asked) > 1:
                super()._check(url)

        def _judge(self, url: str, addresses: list[str]) -> None:
            if len(asked) > 1:
                super()._judge(url, addresses)

    to = {"Location": "http://127.0.0.1:9/secret"}
    with serving({"/feed/": [(302, to, b"")]}) as url, Outside(inside, Pace(pause_s=0)) as fetcher:
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.1"):
            read_feed(f"{url}/", "wordpress", "ki", fetcher, most_pages=1)
        assert fetcher.asked == 1
