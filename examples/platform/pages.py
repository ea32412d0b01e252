"""Torget's pages as HTML: profile, post, start, sign-in, and short messages with a status."""

from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from examples.platform.world import Behaviour, Comment, Post, Profile, grouped

_TEMPLATES = Path(__file__).parent / "templates"
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SPRING = ("jan.", "feb.", "mars", "apr.", "maj", "juni")
_MONTHS = (*_SPRING, "juli", "aug.", "sep.", "okt.", "nov.", "dec.")
_SUGGESTED = 4
_POSTS = 30
_THREADS = 12
"""How many the page has at first; a further batch brings as many more."""


class Pages:
    """The pages of one world as it stands at `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        # A running server keeps the templates that it started with (auto_reload off).
        loader = FileSystemLoader(_TEMPLATES)
        self._templates = Environment(
            loader=loader, autoescape=True, auto_reload=False, undefined=StrictUndefined
        )
        self._templates.filters.update(
            grouped=grouped, ago=lambda at: ago(at, self.now), clock=clock, comments=comments
        )

    def profile(self, profile: Profile, world: dict[str, Profile]) -> HTMLResponse:
        """An account's page with its feed."""
        others = _others(profile, world)
        return self._html("profile.html", profile=profile, others=others, batch=_POSTS)

    def more_posts(self, profile: Profile, after: int) -> HTMLResponse:
        """The next batch of a feed."""
        posts = profile.posts[after : after + _POSTS]
        follows = after + _POSTS if len(profile.posts) > after + _POSTS else 0
        values = {"profile": profile, "posts": posts, "first": after, "next": follows}
        return self._html("more_posts.html", **values)

    def post(self, profile: Profile, post: Post, world: dict[str, Profile]) -> HTMLResponse:
        """A post's own page with its dialogue."""
        others = _others(profile, world)
        shown, after = _batch(post, 0)
        values = {"post": post, "shown": shown, "after": after}
        return self._html("post.html", profile=profile, others=others, **values)

    def more_comments(self, post: Post, after: int) -> HTMLResponse:
        """The next batch of a dialogue."""
        shown, follows = _batch(post, after)
        return self._html("more_comments.html", post=post, shown=shown, after=follows)

    def more_replies(self, post: Post, comment_id: str) -> HTMLResponse:
        """The answers in a thread that are folded at first."""
        thread = next((t for t in _threads(post) if t[0].id == comment_id), [])
        return self._html("more_replies.html", replies=thread[2:])

    def start(self, world: dict[str, Profile]) -> HTMLResponse:
        """The front page."""
        shown = [each for each in world.values() if each.behaviour is not Behaviour.REMOVED]
        return self._html("start.html", profiles=shown)

    def login(self, path: str) -> HTMLResponse:
        """The sign-in page; `path` is where the visitor wanted to go."""
        return self._html("login.html", path=path)

    def private(self, handle: str) -> HTMLResponse:
        """An account that shows itself to its followers alone."""
        return self._html("private.html", handle=handle)

    def broken(self) -> HTMLResponse:
        """A page whose script fails and whose content never comes."""
        return self._html("broken.html")

    def message(self, title: str, text: str, status: int, **headers: str) -> HTMLResponse:
        """A short message; a header's `_` stands for `-`."""
        page = self._templates.get_template("message.html").render(title=title, text=text)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return HTMLResponse(page, status_code=status, headers=sent)

    def not_found(self) -> HTMLResponse:
        """No such page."""
        return self.message(
            "Sidan finns inte", "Kontrollera adressen, eller sök efter kontot på Torget.", 404
        )

    def removed(self) -> HTMLResponse:
        """The account was removed by its owner."""
        return self.message(
            "Kontot har tagits bort", "Den som hade kontot har tagit bort det från Torget.", 410
        )

    def too_many(self, seconds: int) -> HTMLResponse:
        """Too many requests; try again after `seconds`."""
        return self.message(
            "Det går lite för fort",
            f"Vi har fått många förfrågningar. Försök igen om {seconds} sekunder.",
            429,
            Retry_After=str(seconds),
        )

    def _html(self, name: str, **values: object) -> HTMLResponse:
        return HTMLResponse(self._templates.get_template(name).render(**values))


def _batch(post: Post, after: int) -> tuple[list[list[Comment]], int]:
    """The next threads, and after how many there are more; 0: none."""
    threads = _threads(post)
    end = after + _THREADS
    return threads[after:end], end if len(threads) > end else 0


def _threads(post: Post) -> list[list[Comment]]:
    """Each comment with every answer below it, however deep, in their order."""
    of: dict[str, list[Comment]] = {}
    for comment in post.dialogue:
        thread = of[comment.parent] if comment.parent else []
        thread.append(comment)
        of[comment.id] = thread
    return [of[comment.id] for comment in post.dialogue if not comment.parent]


def to_login(path: str) -> RedirectResponse:
    """The login wall: on to the sign-in page."""
    return RedirectResponse(f"/login?next={quote(path)}", status_code=302)


def ago(at: datetime, now: datetime) -> str:
    """A time as the page shows it: `5 tim`, `3 d`, `7 v`, and after a year `22 aug. 2025`."""
    hours = int((now - at).total_seconds() // 3600)
    if hours < 24:
        return f"{max(hours, 1)} tim"
    if hours < 24 * 14:
        return f"{hours // 24} d"
    if hours < 24 * 365:
        return f"{hours // 168} v"
    local = at.astimezone(_STOCKHOLM)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def clock(at: datetime) -> str:
    """A time in full, in Swedish local time: `23 nov. 2026 kl. 09.31`."""
    local = at.astimezone(_STOCKHOLM)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} kl. {local:%H.%M}"


def comments(number: int) -> str:
    """`1 kommentar`, `7 kommentarer`."""
    return f"{grouped(number)} kommentar{'' if number == 1 else 'er'}"


def _others(profile: Profile, world: dict[str, Profile]) -> list[Profile]:
    """Accounts to follow beside this one."""
    shown = [other for other in world.values() if other.behaviour is Behaviour.OPEN]
    return [other for other in shown if other is not profile][:_SUGGESTED]
