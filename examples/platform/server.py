"""Torget, an imitation social platform on loopback: the demo's target and the tests' judge.

    with Platform() as platform:
        platform.url                      http://127.0.0.1:PORT
        platform.truth("ki_forskning")    what a true capture shows
        platform.change("ki_forskning", bio="…")
        platform.log, platform.secrets    every request; every secret value that was set

It behaves as platforms do: a consent banner that blocks scrolling, lazy pictures of two kinds, a
sticky header, secrets in cookies and headers, a login wall, a removed account, rate limits.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Self

import uvicorn
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from examples.platform.world import Profile, changed, world

_HERE = Path(__file__).parent
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(), enable_async=False
)
_REMOVED = frozenset({"ki_karriar"})
_WALLED = frozenset({"ki_alumn"})
_LIMITED_ONCE = frozenset({"ki_mmi"})


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One request that the server answered; `size` is the body's bytes, where it is known."""

    method: str
    path: str
    status: int
    size: int
    at: float


def grouped(number: int) -> str:
    """A number as Swedish pages write it: `12 480`, with a no-break space."""
    return f"{number:,}".replace(",", "\u00a0")


def ago(at: datetime, now: datetime) -> str:
    """A time as the page shows it: `5 tim`, `3 d`, `7 v`."""
    hours = int((now - at).total_seconds() // 3600)
    if hours < 24:
        return f"{max(hours, 1)} tim"
    return f"{hours // 24} d" if hours < 24 * 14 else f"{hours // 168} v"


_PAGES.filters["grouped"] = grouped


class Platform:
    """One server with a world of its own; a context manager that runs it in a thread."""

    def __init__(self, port: int = 0, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.profiles = world(self.now)
        self.log: list[Logged] = []
        self.secrets: set[str] = set()
        self._limited = set(_LIMITED_ONCE)
        self._socket = socket()
        self._socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self.app(), log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="torget", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def serve(self) -> None:
        """Run in this thread until interrupted."""
        with closing(self._socket):
            self._run()

    def truth(self, handle: str) -> dict[str, object]:
        """What a true capture of the profile shows."""
        return self.profiles[handle].truth()

    def change(self, handle: str, **changes: object) -> None:
        """The account's owner changes name, bio, link or avatar_seed."""
        self.profiles[handle] = changed(self.profiles[handle], **changes)

    def app(self) -> Starlette:
        """The application, with its log around it."""
        return Starlette(
            routes=[
                Route("/__health", lambda _: JSONResponse({"ok": True})),
                Route("/__truth/{handle}", self._truth),
                Route("/__change/{handle}", self._change, methods=["POST"]),
                Route("/__log", lambda _: JSONResponse([asdict(entry) for entry in self.log])),
                Route("/login", self._login),
                Route("/api/session", self._session),
                Route("/api/profile/{handle}", self._api_profile),
                Route("/api/view", lambda _: Response(status_code=204), methods=["POST"]),
                Route("/picture/{handle}/{name}", self._picture),
                Route("/track.gif", lambda _: Response(b"GIF89a", media_type="image/gif")),
                Mount("/static", StaticFiles(directory=_HERE / "static")),
                Route("/@{handle}", self._profile),
            ],
            middleware=[
                Middleware(_Log, entries=self.log),
                Middleware(GZipMiddleware, minimum_size=500),
            ],
            exception_handlers={404: self._not_found},
        )

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def _profile(self, request: Request) -> Response:
        handle = request.path_params["handle"]
        if handle in _SPECIAL:
            return await _SPECIAL[handle](request)
        if handle in _WALLED:
            return RedirectResponse(f"/login?next=/@{handle}", status_code=302)
        if handle in _REMOVED:
            return _message("Kontot har tagits bort", "Kontot finns inte längre på Torget.", 410)
        if handle in self._limited:
            self._limited.discard(handle)
            return _too_many(2)
        profile = self.profiles.get(handle)
        if profile is None:
            return await self._not_found(request, None)
        return self._with_secrets(request, self._page(profile))

    def _page(self, profile: Profile) -> Response:
        posts = [(post, ago(post.at, self.now)) for post in profile.posts]
        page = _PAGES.get_template("profile.html").render(profile=profile, posts=posts)
        return HTMLResponse(page)

    def _with_secrets(self, request: Request, response: Response) -> Response:
        if "torget_sid" not in request.cookies:
            for name, http_only in (("torget_sid", True), ("torget_csrf", False)):
                value = secrets.token_urlsafe(24)
                self.secrets.add(value)
                response.set_cookie(name, value, httponly=http_only)
        return response

    async def _session(self, request: Request) -> Response:
        if request.headers.get("x-csrf-token") != request.cookies.get("torget_csrf"):
            return JSONResponse({"error": "csrf"}, status_code=403)
        token = secrets.token_urlsafe(32)
        self.secrets.add(token)
        return JSONResponse({"ok": True}, headers={"X-Torget-Token": token})

    async def _api_profile(self, request: Request) -> Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if bearer not in self.secrets:
            return JSONResponse({"error": "token"}, status_code=401)
        profile = self.profiles[request.path_params["handle"]]
        return JSONResponse({"followers": profile.followers, "following": profile.following})

    async def _picture(self, request: Request) -> Response:
        profile = self.profiles[request.path_params["handle"]]
        name = request.path_params["name"].removesuffix(".png")
        if name in ("avatar", "cover"):
            data = profile.avatar() if name == "avatar" else profile.cover()
        else:
            data = next(post.picture() for post in profile.posts if post.id == name)
        return Response(data, media_type="image/png", headers={"Cache-Control": "max-age=600"})

    async def _truth(self, request: Request) -> Response:
        return JSONResponse(self.truth(request.path_params["handle"]))

    async def _change(self, request: Request) -> Response:
        self.change(request.path_params["handle"], **await request.json())
        return JSONResponse({"ok": True})

    async def _login(self, _: Request) -> Response:
        return HTMLResponse(_PAGES.get_template("login.html").render())

    async def _not_found(self, _: Request, __: Exception | None) -> Response:
        return _message("Sidan finns inte", "Kontrollera adressen och försök igen.", 404)


class _Log:
    """ASGI middleware: the server's own word on what it answered."""

    def __init__(self, app: Callable[..., Awaitable[None]], entries: list[Logged]) -> None:
        self._app, self._entries = app, entries

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:  # type: ignore[type-arg]
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = {"status": 0, "size": 0}

        async def noted(message: dict) -> None:  # type: ignore[type-arg]
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["size"] += len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, noted)
        self._entries.append(
            Logged(method=scope["method"], path=scope["path"], at=time.time(), **seen)
        )


def _message(title: str, text: str, status: int) -> Response:
    page = _PAGES.get_template("message.html").render(title=title, text=text)
    return HTMLResponse(page, status_code=status)


def _too_many(seconds: int) -> Response:
    response = _message("För många förfrågningar", "Vänta en stund och försök igen.", 429)
    response.headers["Retry-After"] = str(seconds)
    return response


async def _blank(_: Request) -> Response:
    return HTMLResponse("<!doctype html><html lang=sv><title></title><body></body></html>")


async def _always_limited(_: Request) -> Response:
    return _too_many(30)


async def _unavailable(_: Request) -> Response:
    return _message("Tillfälligt fel", "Torget vilar en stund.", 503)


async def _forbidden(_: Request) -> Response:
    return _message("Åtkomst nekad", "Du har inte rätt att se sidan.", 403)


async def _bot(_: Request) -> Response:
    response = _message("Ett ögonblick …", "Vi kontrollerar att du är människa.", 403)
    response.headers["cf-mitigated"] = "challenge"
    return response


async def _private(_: Request) -> Response:
    return HTMLResponse(_PAGES.get_template("private.html").render())


async def _slow(request: Request) -> Response:
    for _ in range(200):
        if await request.is_disconnected():
            break
        await asyncio.sleep(0.1)
    return await _blank(request)


async def _broken(_: Request) -> Response:
    return HTMLResponse(_PAGES.get_template("broken.html").render())


_SPECIAL: dict[str, Callable[[Request], Awaitable[Response]]] = {
    "_blank": _blank,
    "_alltid429": _always_limited,
    "_503": _unavailable,
    "_403": _forbidden,
    "_bot": _bot,
    "_privat": _private,
    "_langsam": _slow,
    "_trasig": _broken,
}


def special_handles() -> Iterator[str]:
    """The handles that stand for a wall or a fault."""
    yield from _SPECIAL
