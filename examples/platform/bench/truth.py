"""The test bench's pages as ground truth: what a true picture shows, and the right verdict.

Every post has a spine, a bar of one colour along its whole left edge, and every picture a bar of
another, so that any tool's picture is scored by its pixels: row by row, each post once. Fixed
columns (CSS pixels from the left, in every window): pinned bars, spines, pictures.
Knows nothing of HTTP.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from examples.platform.drawing import colour_codes

PINNED_COLUMN, SPINE_COLUMN, PICTURE_COLUMN = 8, 22, 48
"""The middles of the three bars."""

PICTURE_SIZE = (320, 180)
HEADER_COLOUR = "#d6006c"
LANGUAGES = ("sv", "en")
CONSENT_KINDS = ("bar", "modal", "layers", "shadow", "frame", "before")

_TOPICS = {
    "sv": ("Ny studie om sömn", "Öppet hus i aulan", "Vi söker doktorander", "Frukostseminarium"),
    "en": ("A new study on sleep", "Open house", "We seek doctoral students", "Breakfast talk"),
}
_MORE = {
    "sv": "Läs mer på vår webb, och välkommen att ställa frågor till forskarna i kommentarerna.",
    "en": "Read more on our site, and do ask the researchers your questions in the comments.",
}
_PICTURE_ROOM = 300
_NEWEST = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchPost:
    """One post. Heights are CSS pixels and the same in every window; no `picture`: empty."""

    id: str
    at: str
    text: str
    colour: str
    height: int
    picture: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchPage:
    """One page of the bench. `layout` is its template; `verdict` as in docs/walls.md.

    `ratios` are the device pixel ratios at which it is to be photographed: 1 in a desktop's
    window, 2 in a phone's. `exact`: the posts fill the page from its first row to its last.
    """

    name: str
    says: str
    layout: str = "feed"
    language: str = "sv"
    consent: str = ""
    verdict: str = "ok"
    posts: tuple[BenchPost, ...] = ()
    header: bool = True
    ratios: tuple[int, ...] = (1,)
    exact: bool = False

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/bench/{self.name}"

    @property
    def pictures(self) -> int:
        """How many pictures a true capture shows."""
        return sum(bool(post.picture) for post in self.posts)

    def truth(self) -> dict[str, Any]:
        """As JSON values, with all that it takes to score a picture."""
        header = HEADER_COLOUR if self.header else ""
        columns = {"pinned": PINNED_COLUMN, "spine": SPINE_COLUMN, "picture": PICTURE_COLUMN}
        size = {"picture_width": PICTURE_SIZE[0], "picture_height": PICTURE_SIZE[1]}
        return asdict(self) | {"path": self.path, "header": header, "columns": columns} | size


def bench_posts(
    name: str, count: int, *, every: int = 2, language: str = "sv", height: int = 0
) -> tuple[BenchPost, ...]:
    """`count` posts, the same for the same name; each `every`th has a picture (0: none has).

    Heights vary as posts' do, unless `height` gives one for all.
    """
    dice = Random(name)
    codes = colour_codes(2 * count)
    made = []
    for n in range(count):
        pictured = bool(every) and n % every == every - 1
        tall = height or dice.randrange(130, 290, 2) + pictured * (_PICTURE_ROOM - 120)
        topic = dice.choice(_TOPICS[language])
        made.append(
            BenchPost(
                id=f"{dice.randrange(10**17, 10**18)}",
                at=(_NEWEST - n * timedelta(hours=7)).isoformat(),
                text=f"{topic} ({n + 1}). {_MORE[language]}",
                colour=codes[2 * n],
                height=max(tall, _PICTURE_ROOM) if pictured else tall,
                picture=codes[2 * n + 1] if pictured else "",
            )
        )
    return tuple(made)


def _feeds() -> list[BenchPage]:
    return [
        BenchPage(
            name="virtual",
            says="80 posts, placed by transform; those out of sight leave the DOM",
            layout="virtual",
            posts=bench_posts("virtual", 80),
            ratios=(1, 2),
        ),
        BenchPage(
            name="virtual-inner",
            says="80 posts in an inner scroller, between two spacers; nodes are used again",
            layout="inner",
            posts=bench_posts("virtual-inner", 80),
            ratios=(1, 2),
        ),
        BenchPage(
            name="feed",
            says="60 posts, fetched twelve at a time with a token as the end comes near",
            layout="infinite",
            posts=bench_posts("feed", 60),
        ),
        BenchPage(
            name="lazy",
            says="100 pictures that wait for an IntersectionObserver",
            layout="lazy",
            posts=bench_posts("lazy", 100, every=1),
            ratios=(1, 2),
        ),
        BenchPage(
            name="tall",
            says="150,000 px of posts, no gap between them",
            layout="tall",
            posts=bench_posts("tall", 500, every=0, height=300),
            header=False,
            ratios=(1, 2),
            exact=True,
        ),
    ]


def _scrolled() -> list[BenchPage]:
    """What scrolls is not the document, or not it alone."""
    return [
        BenchPage(
            name="shadow",
            says="the whole page in an open shadow tree",
            layout="shadow",
            posts=bench_posts("shadow", 20),
        ),
        BenchPage(
            name="shadow-inner",
            says="30 posts in a box that scrolls inside an open shadow tree",
            layout="shadow-inner",
            posts=bench_posts("shadow-inner", 30),
            ratios=(1, 2),
        ),
        BenchPage(
            name="framed",
            says="30 posts in a frame of another site that scrolls, as wide as the window",
            layout="framed",
            posts=bench_posts("framed", 30),
            ratios=(1, 2),
        ),
        BenchPage(
            name="footed",
            says="30 posts in a box of one window that scrolls, and a foot below it",
            layout="footed",
            posts=bench_posts("footed", 30),
        ),
    ]


def _hesitant() -> list[BenchPage]:
    """The end is not the end."""
    return [
        BenchPage(
            name="delayed",
            says="40 posts, eight at a time, fetched a second after the end was seen",
            layout="delayed",
            posts=bench_posts("delayed", 40),
        ),
        BenchPage(
            name="button",
            says="40 posts, eight at a time, when a button is pressed",
            layout="button",
            posts=bench_posts("button", 40),
        ),
    ]


def _wordless() -> list[BenchPage]:
    """Nothing tells a post but its colour, its picture, or what it leads to."""
    return [
        BenchPage(
            name="colours",
            says="40 boxes without a word or a picture; those out of sight leave the DOM",
            layout="colours",
            posts=bench_posts("colours", 40, every=0, height=300),
            ratios=(1, 2),
        ),
        BenchPage(
            name="tiles",
            says="40 links with a picture behind them; those out of sight leave the DOM",
            layout="tiles",
            posts=bench_posts("tiles", 40, every=1),
            ratios=(1, 2),
        ),
    ]


def _restless() -> list[BenchPage]:
    return [
        BenchPage(
            name="reflow",
            says="posts that grow a cutting when they are seen, and a late notice above them",
            layout="reflow",
            posts=bench_posts("reflow", 30),
        ),
        BenchPage(
            name="poll",
            says="asks for news every 0.4 s and counts, so that it never rests",
            layout="poll",
            posts=bench_posts("poll", 20),
        ),
        BenchPage(
            name="endless",
            says="a stream, an event source and a picture whose answers never end",
            layout="endless",
            posts=bench_posts("endless", 12),
        ),
        BenchPage(
            name="slow",
            says="4 s to the first byte, 1 s a picture, half the posts 2.5 s late",
            layout="slow",
            posts=bench_posts("slow", 12),
        ),
    ]


def _sources() -> list[BenchPage]:
    return [
        BenchPage(
            name="worker",
            says="awaits its service worker and fetches its posts through it",
            layout="worker",
            posts=bench_posts("worker", 20),
        ),
        BenchPage(
            name="frames",
            says="posts in two frames of another site, and in one within a frame",
            layout="frames",
            posts=bench_posts("frames", 12),
        ),
        BenchPage(
            name="video",
            says="a film with a poster, fetched in parts",
            layout="video",
            posts=bench_posts("video", 6),
        ),
        BenchPage(
            name="socket",
            says="posts that come over a WebSocket",
            layout="socket",
            posts=bench_posts("socket", 12),
        ),
    ]


def _consents() -> list[BenchPage]:
    kinds = {
        "bar": "a bar along the foot",
        "modal": "a dialogue that stops scrolling",
        "layers": "the refusal stands in the second layer",
        "shadow": "a banner in a shadow tree",
        "frame": "a banner in a frame of another site",
        "before": "a page before the page",
    }
    asked = [
        BenchPage(
            name=f"consent-{kind}-{language}",
            says=f"{kinds[kind]} ({'Swedish' if language == 'sv' else 'English'})",
            consent=kind,
            language=language,
            posts=bench_posts(f"consent-{kind}", 6, language=language),
        )
        for kind in CONSENT_KINDS
        for language in LANGUAGES
    ]
    later = {
        "late": ("a dialogue that comes 1.5 s after the page", "sv"),
        "scroll": ("a dialogue that comes when somebody scrolls", "en"),
    }
    waiting = [
        BenchPage(
            name=f"consent-{kind}",
            says=says,
            consent=kind,
            language=language,
            posts=bench_posts(f"consent-{kind}", 6, language=language),
        )
        for kind, (says, language) in later.items()
    ]
    return [
        *asked,
        *waiting,
        BenchPage(
            name="consent-forced",
            says="a dialogue that can only be accepted",
            consent="forced",
            verdict="consent_wall",
            posts=bench_posts("consent-forced", 6),
        ),
    ]


def _walls() -> list[BenchPage]:
    walls = {
        "wall-login": ("leads to a sign-in page", "login_wall"),
        "wall-bot": ("a check for robots (403, cf-mitigated)", "bot_wall"),
        "wall-bot-200": ("a check for robots that says 200", "bot_wall"),
        "wall-rate": ("too many visits (429, Retry-After)", "rate_limited"),
        "wall-private": ("an account that is private (200)", "private"),
        "wall-removed": ("a removed account (410)", "removed"),
        "wall-missing": ("no such page (404)", "not_found"),
        "wall-error": ("the server's fault (503)", "unreachable"),
        "wall-blank": ("a page without text (200)", "blank"),
    }
    return [
        BenchPage(name=name, says=says, layout="wall", verdict=verdict, header=False)
        for name, (says, verdict) in walls.items()
    ]


PAGES: dict[str, BenchPage] = {
    page.name: page
    for pages in (_feeds, _scrolled, _hesitant, _wordless, _restless, _sources, _consents, _walls)
    for page in pages()
}
"""Every page of the bench, in the order in which it is told of."""
