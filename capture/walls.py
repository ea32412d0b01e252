"""Walls and faults: is this the page, or what stands in its way? Pure, and never by words first.

Judged by status, headers, redirects, roles and landmarks; visible text in Swedish and English is
asked only last. A program that meets a wall stops: none is ever evaded.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from capture.browser import BrowserError, Page
from capture.piercing import piercing
from capture.recipe_model import Recipe
from capture.wall_words import asks_to_sign_in, wall_in, wall_in_headings


class Verdict(StrEnum):
    """What a page turned out to be."""

    OK = "ok"
    LOGIN_WALL = "login_wall"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    RATE_LIMITED = "rate_limited"
    NOT_FOUND = "not_found"
    REMOVED = "removed"
    PRIVATE = "private"
    BLANK = "blank"
    PARTIAL = "partial"
    UNREACHABLE = "unreachable"


EXIT_CODES = {
    Verdict.OK: 0,
    Verdict.LOGIN_WALL: 10,
    Verdict.CONSENT_WALL: 11,
    Verdict.BOT_WALL: 12,
    Verdict.RATE_LIMITED: 13,
    Verdict.NOT_FOUND: 14,
    Verdict.REMOVED: 15,
    Verdict.PRIVATE: 16,
    Verdict.BLANK: 17,
    Verdict.PARTIAL: 18,
    Verdict.UNREACHABLE: 19,
}
"""Exit code of `insyn capture` for each verdict (docs/walls.md)."""

RETRYABLE = frozenset({Verdict.RATE_LIMITED, Verdict.UNREACHABLE})
"""What another try in a while may cure; a wall is for a person."""

RETRIED_ONCE = frozenset({Verdict.PARTIAL, Verdict.BLANK})
"""What may come of a bad moment, such as pictures that did not load: one more try tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What was seen of a page. `text` is its visible text, `landmarks` None without a landmark.

    `sign_in_fields` are visible; `posts` are those with a time or an address. `signs` counts what
    the recipe's signs match visibly, each by its name. `headings` are the title and the first
    main heading, `content` the characters outside forms, menus and the foot.
    """

    requested_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    sign_in_fields: int
    landmarks: int | None
    posts: int
    signs: Mapping[str, int]
    text: str
    headings: str
    content: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """A verdict with the facts that led to it; `retry_after_s` in seconds, where it was told."""

    verdict: Verdict
    evidence: tuple[str, ...]
    retry_after_s: int | None = None


OK = Judgement(verdict=Verdict.OK, evidence=())

_BY_STATUS = {
    401: Verdict.LOGIN_WALL,
    403: Verdict.BOT_WALL,
    404: Verdict.NOT_FOUND,
    408: Verdict.UNREACHABLE,
    410: Verdict.REMOVED,
    429: Verdict.RATE_LIMITED,
    451: Verdict.REMOVED,
    999: Verdict.BOT_WALL,  # LinkedIn's own, to what it takes for a robot: never asked again
}
_BY_REDIRECT = {
    "login": Verdict.LOGIN_WALL,
    "consent": Verdict.CONSENT_WALL,
    "gone": Verdict.NOT_FOUND,
}
_BY_SIGN = {
    "removed": Verdict.REMOVED,
    "not_found": Verdict.NOT_FOUND,
    "private": Verdict.PRIVATE,
    "bot": Verdict.BOT_WALL,
    "login": Verdict.LOGIN_WALL,
}
_LOW_SIGNS = frozenset({"login", "bot"})
"""Signs that stand on many a page beside what was asked for: they count without the landmark."""
_BOT_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": ""}
_SHORT_PAGE = 400
"""A page with fewer characters than this outside forms and menus has no content of its own."""
_SIGN_IN = (
    'input[type="password"], input[autocomplete~="username"], input[autocomplete~="webauthn"], '
    'input[autocomplete~="current-password"]'
)

# A heading's or a foot's words count where they stand in the content; a form round the whole page
# is no form to sign in.
_READ = piercing("""(short) => {
  const told = (n) => n ? shown(n).trim() : '';
  const beside = all('nav, header, footer, aside, form, dialog, ' +
    '[role=navigation], [role=dialog], [role=search], [role=contentinfo], [role=banner]')
    .filter(n => !n.closest('main, article, [role=main]') || n.matches('form, dialog'))
    .filter(n => !n.matches('form') || told(n).length < short);
  const outer = beside.filter(n => !beside.some(one => one !== n && within(n, one)));
  const text = document.body ? shown(document.body) : '';
  const headings = [document.title, ...all('h1')
    .filter(n => n.checkVisibility()).slice(0, 1).map(n => told(n).replace(/\\s+/g, ' '))];
  return [text, headings.join('\\n'),
    text.trim().length - outer.reduce((sum, n) => sum + told(n).length, 0)];
}""")


def judge(seen: Observation, recipe: Recipe) -> Judgement:
    """The verdict on what was seen."""
    for verdict, evidence in _signs(seen, recipe):
        return Judgement(
            verdict=verdict, evidence=(evidence,), retry_after_s=_retry_after(seen.headers)
        )
    return OK


def unreachable(why: str) -> Judgement:
    """The site gave no page at all."""
    return Judgement(verdict=Verdict.UNREACHABLE, evidence=(why,))


def partial(*why: str) -> Judgement:
    """The page, but not the whole of it."""
    return Judgement(verdict=Verdict.PARTIAL, evidence=why)


def consent_wall(*why: str) -> Judgement:
    """A question of consent that stays."""
    return Judgement(verdict=Verdict.CONSENT_WALL, evidence=why)


def rate_limited(seconds: float) -> Judgement:
    """The site asked before to be left alone, and still is to be."""
    evidence = (f"the site asked for a pause; it lasts {seconds:.0f} s more",)
    return Judgement(
        verdict=Verdict.RATE_LIMITED, evidence=evidence, retry_after_s=math.ceil(seconds)
    )


async def observe(
    page: Page, recipe: Recipe, requested_url: str, status: int, headers: dict[str, str]
) -> Observation:
    """Look at the page as it is now."""

    async def count(selector: str) -> int:
        return await page.locator(selector).count() if selector else 0

    async def count_visible(selector: str) -> int:
        return await page.locator(selector).filter(visible=True).count() if selector else 0

    text, headings, content = await _texts(page)
    return Observation(
        requested_url=requested_url,
        final_url=page.url,
        status=status,
        headers=tuple(sorted(headers.items())),
        sign_in_fields=await count_visible(_SIGN_IN),
        landmarks=await count(recipe.landmark) if recipe.landmark else None,
        posts=await _posts(page, recipe),
        signs={
            name: await count_visible(selector) for name, selector in asdict(recipe.signs).items()
        },
        text=text,
        headings=headings,
        content=content,
    )


async def _posts(page: Page, recipe: Recipe) -> int:
    """Posts that tell their time or their address: an article may be a wall's, too."""
    telling = ", ".join(filter(None, (recipe.posts.link, recipe.posts.time)))
    if not recipe.posts.each:
        return 0
    posts = page.locator(recipe.posts.each)
    return await (posts.filter(has=page.locator(telling)) if telling else posts).count()


async def _texts(page: Page) -> tuple[str, str, int]:
    try:
        text, headings, content = await page.evaluate(_READ, _SHORT_PAGE)
    except BrowserError:
        return "", "", 0
    return str(text), str(headings), int(content)


def _signs(seen: Observation, recipe: Recipe) -> Iterator[tuple[Verdict, str]]:
    """Every sign that this is not the page, the surest first."""
    for name, value in seen.headers:
        if name.lower() in _BOT_HEADERS and _BOT_HEADERS[name.lower()] in value:
            yield Verdict.BOT_WALL, f"header {name}: {value}"
    if seen.status in _BY_STATUS:
        yield _BY_STATUS[seen.status], f"status {seen.status}"
    if seen.status >= 500 or seen.status == 0:
        yield Verdict.UNREACHABLE, f"status {seen.status}"
    if seen.status >= 400:
        yield Verdict.NOT_FOUND, f"status {seen.status}"
    if away := led_away(recipe, seen.requested_url, seen.final_url):
        yield away
    for name, verdict in _BY_SIGN.items():
        if seen.signs[name] and not (name in _LOW_SIGNS and seen.landmarks):
            yield verdict, f"the recipe's sign: {name}"
    yield from _absences(seen)


def _absences(seen: Observation) -> Iterator[tuple[Verdict, str]]:
    """What is missing that the page must have; words only here, and only without content."""
    empty = not seen.text.strip()
    if seen.landmarks and empty:
        yield Verdict.BLANK, "the landmark is there, but no visible text"
    if seen.landmarks:
        return
    yield from _without_content(seen)
    if empty:
        yield Verdict.BLANK, "no visible text"
    if seen.landmarks == 0:
        yield Verdict.PARTIAL, "the recipe's landmark is missing (broken page or recipe drift)"


def _without_content(seen: Observation) -> Iterator[tuple[Verdict, str]]:
    """A field to sign in, or words, where the profile should be."""
    missed, short = seen.landmarks == 0, seen.content < _SHORT_PAGE
    if seen.posts and not missed:
        return
    if seen.sign_in_fields and (missed or short or asks_to_sign_in(seen.headings)):
        yield Verdict.LOGIN_WALL, "a visible field to sign in instead of the profile"
    told = wall_in_headings(seen.headings) or (wall_in(seen.text) if short else None)
    if told and not seen.posts:
        name, words = told
        yield Verdict(name), f"the page says “{words}”"


def led_away(recipe: Recipe, asked: str, ended: str) -> tuple[Verdict, str] | None:
    """Where the address alone says that a visitor was led elsewhere: the verdict, and to where."""
    for kind, verdict in _BY_REDIRECT.items():
        if told := _sent_to(asked, ended, getattr(recipe.redirects, kind)):
            return verdict, f"redirected to {told}"
    return None


def _sent_to(asked_url: str, ended_url: str, places: Sequence[str]) -> str:
    """The first of the places where the visitor ended and did not ask to go; a path or a host.

    Whole steps of a path count, wherever they stand: `/sv/login`, but not `/loginfo`. A host counts
    with all below it; one with a dot at its end, with all that begin with it.
    """
    asked, ended = urlsplit(asked_url), urlsplit(ended_url)
    for place in places:
        if place.startswith("/"):
            within = f"{place.rstrip('/')}/"
            if within in f"{ended.path}/" and within not in f"{asked.path}/":
                return ended.path
        elif _of_host(ended.hostname or "", place) and not _of_host(asked.hostname or "", place):
            return ended.hostname or ""
    return ""


def _of_host(host: str, place: str) -> bool:
    if place.endswith("."):
        return host.startswith(place)
    return host == place or host.endswith(f".{place}")


def _retry_after(headers: tuple[tuple[str, str], ...]) -> int | None:
    """Seconds, or an HTTP date, which counts from the answer's own (RFC 9110, 10.2.3)."""
    by_name = {name.lower(): value.strip() for name, value in headers}
    told = by_name.get("retry-after", "")
    if told.isdecimal():
        return int(told)
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(by_name.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0, round(wait.total_seconds()))
