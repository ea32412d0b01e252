"""A post's own page for each platform, of our own making, in the markup that its recipe expects.

Each has a post, comments and answers to them, something that must be pressed or scrolled to, and
the number that the platform announces; Swedish or English by turns. A picture is 1 × 1.
"""

from dataclasses import dataclass

DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@dataclass(frozen=True, kw_only=True)
class Said:
    """A comment: its id's end, its parent's, who, when (what the page says), what.

    A parent that the platform does not tell is None.
    """

    id: str
    parent: str | None
    author: str
    at: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PostPageOf:
    """What is read of a platform's post at `path`, whose id the feed of pages.py has too.

    An id `~`: the platform gives none. `at` is a machine's time, or what is shown; `announced` is
    None where the platform tells no number. `interface` is what the page's own script is given.
    """

    path: str
    html: str
    id: str
    author: str
    at: str
    text: str
    announced: int | None
    comments: tuple[Said, ...]
    interface: str = ""


def _more(button: str, html: str) -> str:
    """What a button brings: pressed, it is gone, and stands there in its place."""
    return f"""{button}<template>{html}</template><script>{{
      const template = document.currentScript.previousElementSibling;
      const button = template.previousElementSibling;
      const bring = () => {{ button.after(template.content.cloneNode(true)); button.remove(); }};
      (button.querySelector('button') || button).onclick = bring; }}</script>"""


def _tweet(number: int, who: str, text: str, *, focal: bool = False, replies: int = 0) -> str:
    return f"""<div data-testid="cellInnerDiv"><article data-testid="tweet"
      tabindex="{-1 if focal else 0}"><div data-testid="User-Name"><a
          href="/{who}"><span>{who.upper()}
      </span></a><a href="/{who}" tabindex="-1">@{who}</a></div>
      <a href="/{who}/status/{number}?s=20"><time
          datetime="2026-11-01T08:{number}:00Z">1 nov</time></a>
      <div data-testid="tweetText">{text}</div><button data-testid="reply" aria-label="{replies}
      Replies. Reply">{replies}</button></article></div>"""


def _thread(name: str, who: str, text: str, extra: str = "") -> str:
    return f"""<div data-pressable-container="true"><a href="/@{who}"><span>{who}</span></a>
      <a href="/@{who}/post/{name}"><time datetime="2026-11-01T08:00:00Z">1 nov</time></a>
      <span dir="auto">{text}</span>{extra}</div>"""


def _sky(name: str, who: str, text: str, extra: str = "") -> str:
    return f"""<div data-testid="postThreadItem-by-{who}"><a href="/profile/{who}">{who.upper()}</a>
      <a href="/profile/{who}/post/{name}" aria-label="12 november 2025 kl. 14:05">2 d</a>
      <div data-testid="postText">{text}</div>{extra}</div>"""


def _toot(number: int, who: str, text: str) -> str:
    return f"""<article data-id="{number}"><div class="status"><a class="status__relative-time"
      href="/@{who}/{number}"><time datetime="2026-11-01T09:00:00Z">1 nov</time></a>
      <strong class="display-name__html">{who.upper()}</strong>
      <span class="display-name__account">@{who}</span><div class="status__content">
      <div class="status__content__text">{text}</div></div></div></article>"""


def _gram(name: str, who: str, text: str) -> str:
    return f"""<li><h3><a href="/{who}/">{who}</a></h3><div><span>{text}</span></div>
      <a href="/p/C1/c/{name}/"><time datetime="2026-11-01T09:00:00Z">1 v</time></a></li>"""


def _face(name: str, who: str, text: str) -> str:
    return f"""<div role="article"><a role="link" href="/u/{who}"><span>{who}</span></a>
      <div dir="auto">{text}</div><a href="/ki/posts/pfbid01?comment_id={name}&__cft__=x">2 tim</a>
      </div>"""


def _tube(name: str, who: str, text: str) -> str:
    return f"""<ytd-comment-view-model><a id="author-text" href="/@{who}">@{who}</a>
      <span id="published-time-text"><a href="/watch?v=a1&lc={name}">för 3 månader sedan</a></span>
      <div id="content-text">{text}</div></ytd-comment-view-model>"""


def _tok(level: int, who: str, text: str) -> str:
    return f"""<div class="css-1-DivCommentContentContainer"><span
      data-e2e="comment-username-{level}">{who}</span><p data-e2e="comment-level-{level}">{text}</p>
      <span data-e2e="comment-time-{level}">2025-11-12</span></div>"""


def _press(number: int, who: str, text: str, below: str = "") -> str:
    return f"""<li class="comment" id="comment-{number}"><div class="comment-author"><b
      class="fn">{who}</b></div><div class="comment-metadata"><a href="#comment-{number}"><time
      datetime="2026-11-0{number}T09:00:00Z">nov</time></a></div>
      <div class="comment-content"><p>{text}</p></div>{below}</li>"""


FURTHER = {
    "/2026/11/ett/comment-page-2/": f"""<title>Ett</title><body class="single postid-1">
      <article class="post-1 post"><div class="entry-content">Hej hela världen</div></article>
      <ol class="comment-list">{_press(4, "Doris", "Fyra")}</ol>
      <nav class="comment-navigation"><a href="/2026/11/ett/">Äldre</a></nav>""",
}
"""Pages that stand beside the posts: a blog's second page of comments."""

_ASKED = "<script>fetch('/interface')</script>"
_NOON = "2026-11-01T08:00:00+00:00"
_NINE = "2026-11-01T09:00:00+00:00"

POSTS: dict[str, PostPageOf] = {
    "x": PostPageOf(
        path="/ki/status/11",
        html=f"""<div data-testid="primaryColumn">{_tweet(10, "other", "Before it")}
          {_tweet(11, "ki", "Hello world", focal=True, replies=3)}{_tweet(21, "ann", "First")}
          {_tweet(22, "ki", f'Thanks <img alt="❤" src="{DOT}">')}{_ASKED}{
            _more(
                '<div data-testid="cellInnerDiv"><button role="button">Visa svar</button></div>',
                _tweet(23, "bo", "Last"),
            )
        }</div>""",
        id="11",
        author="KI",
        at="2026-11-01T08:11:00+00:00",
        text="Hello world",
        announced=3,
        comments=(
            Said(id="21", parent="11", author="ANN", at="2026-11-01T08:21:00+00:00", text="First"),
            Said(
                id="22", parent="21", author="KI", at="2026-11-01T08:22:00+00:00", text="Thanks ❤"
            ),
            Said(id="23", parent=None, author="BO", at="2026-11-01T08:23:00+00:00", text="Last"),
        ),
        interface="""{"data": {"instructions": [{"entries": [
            {"legacy": {"id_str": "11", "in_reply_to_status_id_str": "10"}},
            {"items": [{"legacy": {"id_str": "21", "in_reply_to_status_id_str": "11"}},
                       {"legacy": {"id_str": "22", "in_reply_to_status_id_str": "21"}}]}]}]}}""",
    ),
    "threads": PostPageOf(
        path="/@ki/post/t1",
        html=f"""<div role="main">{
            _thread(
                "t1",
                "ki",
                "Hej världen",
                '<div role="button"><svg aria-label="Svara"></svg><span>2</span></div>',
            )
        }
          {_thread("c1", "ann", "Fin bild")}{
            _more('<div role="button">Visa fler svar</div>', _thread("c2", "bo", "Håller med"))
        }</div>""",
        id="t1",
        author="ki",
        at=_NOON,
        text="Hej världen",
        announced=2,
        comments=(
            Said(id="c1", parent=None, author="ann", at=_NOON, text="Fin bild"),
            Said(id="c2", parent=None, author="bo", at=_NOON, text="Håller med"),
        ),
    ),
    "bluesky": PostPageOf(
        path="/profile/ki/post/aa",
        html=f"""<main data-testid="postThreadScreen">{
            _sky(
                "aa",
                "ki",
                "Hello world",
                '<button data-testid="replyBtn" aria-label="Reply (2 replies)">2</button>',
            )
        }
          {_sky("c1", "ann.example", "First")}{_ASKED}{
            _more("<button>Show more replies</button>", _sky("c2", "bo.example", "Second"))
        }</main>""",
        id="aa",
        author="KI",
        at="2025-11-12T13:05:00+00:00",
        text="Hello world",
        announced=2,
        comments=(
            Said(
                id="c1",
                parent="aa",
                author="ANN.EXAMPLE",
                at="2025-11-12T13:05:00+00:00",
                text="First",
            ),
            Said(
                id="c2",
                parent="c1",
                author="BO.EXAMPLE",
                at="2025-11-12T13:05:00+00:00",
                text="Second",
            ),
        ),
        interface="""{"thread": {"post": {"uri": "at://did:plc:ki/app.bsky.feed.post/aa",
            "record": {"text": "Hello world"}}, "replies": [
            {"post": {"uri": "at://did:plc:ann/app.bsky.feed.post/c1", "record": {"reply":
              {"parent": {"uri": "at://did:plc:ki/app.bsky.feed.post/aa"}}}}, "replies": [
            {"post": {"uri": "at://did:plc:bo/app.bsky.feed.post/c2", "record": {"reply":
              {"parent": {"uri": "at://did:plc:ann/app.bsky.feed.post/c1"}}}}}]}]}}""",
    ),
    "mastodon": PostPageOf(
        path="/@ki/1",
        html=f"""<div class="scrollable">{_toot(9, "before", "Dessförinnan")}
          <div class="detailed-status"><strong class="display-name__html">KI</strong>
          <span class="display-name__account">@ki</span><button
          class="status__content__spoiler-link"
          onclick="this.nextElementSibling.hidden = !this.nextElementSibling.hidden">Visa
          mer</button>
          <div class="status__content__text" hidden>Hej hela världen</div>
          <a class="detailed-status__datetime" href="/@ki/1"><time datetime="2026-11-01T08:00:00Z">1
          nov</time></a></div>{_toot(31, "ann", "Först")}{_ASKED}{
            _more(
                '<button class="load-more">Ladda fler</button>',
                _toot(32, "ki", "Tack") + _toot(33, "bo", "Sist"),
            )
        }</div>""",
        id="1",
        author="KI",
        at=_NOON,
        text="Hej hela världen",
        announced=None,
        comments=(
            Said(id="31", parent="1", author="ANN", at=_NINE, text="Först"),
            Said(id="32", parent="31", author="KI", at=_NINE, text="Tack"),
            Said(id="33", parent="1", author="BO", at=_NINE, text="Sist"),
        ),
        interface="""{"ancestors": [{"id": "9", "in_reply_to_id": null}], "descendants": [
            {"id": "31", "in_reply_to_id": "1"}, {"id": "32", "in_reply_to_id": "31"},
            {"id": "33", "in_reply_to_id": "1", "account": {"id": "33"}}]}""",
    ),
    "instagram": PostPageOf(
        path="/ki/p/C1/",
        html=f"""<meta property="og:description" content="12 gilla-markeringar, 3 kommentarer - ki
          den 1 november 2026"><main><article><header><a href="/ki/">ki</a></header>
          <a href="/ki/p/C1/"><time datetime="2026-11-01T08:00:00Z">1 v</time></a><ul><div><li>
          <h1>Hej hela världen</h1></li></div><div><ul>{_gram("91", "ann", "Först")}<li><ul>{
            _more(
                "<li><button>Visa svar (1)</button></li>",
                f"<div>{_gram('92', 'ki', 'Tack')}{_gram('93', 'ann', 'Välkommen')}</div>",
            )
        }</ul></li></ul></div></ul></article></main>""",
        id="C1",
        author="ki",
        at=_NOON,
        text="Hej hela världen",
        announced=3,
        comments=(
            Said(id="91", parent="C1", author="ann", at=_NINE, text="Först"),
            Said(id="92", parent="91", author="ki", at=_NINE, text="Tack"),
            Said(id="93", parent="91", author="ann", at=_NINE, text="Välkommen"),
        ),
    ),
    "facebook": PostPageOf(
        path="/ki/posts/pfbid01",
        html=f"""<div role="main"><div role="article"><h2><strong>KI</strong></h2>
          <a href="/ki/posts/pfbid01?__cft__=x">3 d</a><div data-ad-preview="message"
          dir="auto">Hej <div role="button"
          onclick="this.replaceWith('hela världen')">Visa mer</div>
          </div><div role="button"><span>3 kommentarer</span></div><div><div>{
            _face("51", "Ann", "Först")
        }<div>
          {
            _more(
                '<div role="button">Visa alla 1 svar</div>',
                _face("51&reply_comment_id=52", "KI", "Tack"),
            )
        }
          </div></div><div>{_face("53", "Bo", "Sist")}</div></div></div></div>""",
        id="pfbid01",
        author="KI",
        at="3 d",
        text="Hej hela världen",
        announced=3,
        comments=(
            Said(id="51", parent="pfbid01", author="Ann", at="2 tim", text="Först"),
            Said(id="52", parent="51", author="KI", at="2 tim", text="Tack"),
            Said(id="53", parent="pfbid01", author="Bo", at="2 tim", text="Sist"),
        ),
    ),
    "linkedin": PostPageOf(
        path="/posts/ki_hej-activity-1",
        html="""<article data-activity-urn="urn:li:activity:1"><a href="/company/ki"
          data-tracking-control-name="public_post_feed-actor-name">KI</a><time>2 v</time>
          <p data-test-id="main-feed-activity-card__commentary">Hej hela världen</p>
          <a data-test-id="social-actions__comments" href="/login">2
          kommentarer</a></article><section class="comment" data-comment-urn="urn:li:comment:71"><a
          class="comment__author"
          href="/in/ann">Ann</a><span class="comment__duration-since">1 v</span>
          <p class="comment__text">Först</p></section>"""
        + _more(
            '<button data-id="see-more-comments">Se fler kommentarer</button>',
            """<section class="comment" data-comment-urn="urn:li:comment:72"><a
            class="comment__author" href="/in/bo">Bo</a><span class="comment__duration-since">2 d
            </span><p class="comment__text">Sist</p></section>""",
        ),
        id="urn:li:activity:1",
        author="KI",
        at="2 v",
        text="Hej hela världen",
        announced=2,
        comments=(
            Said(id="comment:71", parent="activity:1", author="Ann", at="1 v", text="Först"),
            Said(id="comment:72", parent="activity:1", author="Bo", at="2 d", text="Sist"),
        ),
    ),
    "tiktok": PostPageOf(
        path="/@ki/video/71",
        html=f"""<div data-e2e="browse-video"><a href="/@ki" data-e2e="browse-username">ki</a>
          <span data-e2e="browser-nickname"><span>KI</span> · <span>2025-11-10</span></span>
          <div data-e2e="browse-video-desc">Hello world</div><strong data-e2e="comment-count">3
          </strong></div><div class="css-2-DivCommentItemContainer">{_tok(1, "ann", "First")}{
            _more('<p data-e2e="view-more-1">View more replies (1)</p>', _tok(2, "ki", "Thanks"))
        }</div><div class="css-2-DivCommentItemContainer">{_tok(1, "bo", "Last")}</div>""",
        id="71",
        author="KI",
        at="2025-11-10",
        text="Hello world",
        announced=3,
        comments=(
            Said(id="~", parent="71", author="ann", at="2025-11-12", text="First"),
            Said(id="~", parent="~", author="ki", at="2025-11-12", text="Thanks"),
            Said(id="~", parent="71", author="bo", at="2025-11-12", text="Last"),
        ),
    ),
    "youtube": PostPageOf(
        path="/watch?v=a1",
        html=f"""<ytd-watch-metadata><ytd-channel-name><a href="/@ki">KI</a></ytd-channel-name>
          <div id="info"><span>3 tn visningar</span><span> </span><span>för 1 år sedan</span></div>
          <div id="description-inline-expander">Om filmen</div></ytd-watch-metadata>
          <ytd-comments><ytd-comments-header-renderer><h2 id="count">3 kommentarer</h2>
          </ytd-comments-header-renderer><div style="height: 3000px"></div>
          <ytd-comment-thread-renderer>{_tube("Ux", "ann", "Först")}<ytd-comment-replies-renderer>
          {
            _more(
                '<div id="more-replies"><button>1 svar</button></div>', _tube("Ux.9y", "ki", "Tack")
            )
        }
          </ytd-comment-replies-renderer></ytd-comment-thread-renderer>
          <ytd-comment-thread-renderer>{_tube("Uz", "bo", "Sist")}</ytd-comment-thread-renderer>
          </ytd-comments>""",
        id="a1",
        author="KI",
        at="för 1 år sedan",
        text="Om filmen",
        announced=3,
        comments=(
            Said(id="Ux", parent="a1", author="@ann", at="för 3 månader sedan", text="Först"),
            Said(id="Ux.9y", parent="Ux", author="@ki", at="för 3 månader sedan", text="Tack"),
            Said(id="Uz", parent="a1", author="@bo", at="för 3 månader sedan", text="Sist"),
        ),
    ),
    "wordpress": PostPageOf(
        path="/2026/11/ett/",
        html=f"""<title>Ett</title><body class="post-template single single-post postid-1"><main>
          <article class="post-1 post" id="post-1"><time class="entry-date"
          datetime="2026-11-01T08:00:00Z">1 nov</time><span class="author"><a
          class="fn">KI</a></span>
          <div class="entry-content"><p>Hej hela världen</p></div></article>
          <h2 class="comments-title">4 svar på ”Ett”</h2><ol class="comment-list">{
            _press(1, "Ann", "Först", f"<ol class='children'>{_press(2, 'KI', 'Tack')}</ol>")
        }{_press(3, "Bo", "Sist")}</ol><nav class="comment-navigation"><a
          href="/2026/11/ett/comment-page-2/#comments">Nyare</a><a href="/2026/10/annat/">Annat</a>
          </nav></main>""",
        id="post-1",
        author="KI",
        at=_NOON,
        text="Hej hela världen",
        announced=4,
        comments=(
            Said(
                id="4", parent="post-1", author="Doris", at="2026-11-04T09:00:00+00:00", text="Fyra"
            ),
            Said(id="1", parent="post-1", author="Ann", at=_NINE, text="Först"),
            Said(id="2", parent="1", author="KI", at="2026-11-02T09:00:00+00:00", text="Tack"),
            Said(id="3", parent="post-1", author="Bo", at="2026-11-03T09:00:00+00:00", text="Sist"),
        ),
    ),
}
