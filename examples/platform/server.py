"""Torget, an imitation social platform on loopback: the demo's target and the tests' judge.

    with Platform() as platform:
        platform.url                      http://127.0.0.1:PORT
        platform.truth("ki_forskning")    what a true capture shows
        platform.change("ki_forskning", bio="…")
    platform.go_to(day=1)                 feeds of many posts: what is edited, hidden, deleted
        platform.log, platform.secrets    every request; every secret value that was given out

It behaves as platforms do: a consent banner that blocks scrolling, lazy pictures of two kinds, a
sticky header, secrets in cookies and headers, a login wall, a removed account, rate limits.
"""

import asyncio
import threading
import time
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Any, Self
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from examples.platform.access_log import KeepsLog, Logged
from examples.platform.bench.site import Bench
from examples.platform.bench.truth import PAGES
from examples.platform.feeds import feeds
from examples.platform.pages import Pages, to_login
from examples.platform.visitors import CSRF, LOGIN, TOKEN_HEADER, GivesCookies, Visitors
from examples.platform.walls import Walls
from examples.platform.world import Behaviour, Post, Profile, changed, world

_STATIC = Path(__file__).parent / "static"
_START_SECONDS = 10.0
_LIMITED_SECONDS = 2
_GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
_PIXEL = _GIF + b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


class Platform:
    """One server with a world and a memory of its own; a context manager, run in a thread.

    `port` 0 takes a free one. `today` fixes the world's dates (15.00 UTC of that day); without it
    the world stands at the present hour.
    """

    def __init__(self, port: int = 0, today: date | None = None, seed: str = "torget") -> None:
        self.now = _moment(today)
        self.profiles = world(self.now, seed)
        self.day = 0
        self._feeds = feeds(self.now, seed)
        self.robots: str | None = None
        """What `/robots.txt` says; None: there is none."""
        self._away: set[str] = set()
        self._at_day: dict[tuple[str, int], Profile] = {}
        self._port = port
        self._entries: list[Logged] = []
        self._under_way: list[str] = []
        self._visitors = Visitors()
        self._limited = {
            each.handle: (1, _LIMITED_SECONDS)
            for each in self.profiles.values()
            if each.behaviour is Behaviour.LIMITED_ONCE
        }
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app(),
                lifespan="off",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )

    def __enter__(self) -> Self:
        self._socket = socket()
        try:
            self._socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            self._socket.bind(("127.0.0.1", self._port))
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, name="torget", daemon=True)
        self._thread.start()
        self._await_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=_START_SECONDS)
        self._socket.close()

    def wait(self) -> None:
        """Wait until the server ends."""
        self._thread.join()

    @property
    def log(self) -> list[Logged]:
        """Every request answered so far, outside of the `/__` paths."""
        return list(self._entries)

    @property
    def under_way(self) -> tuple[str, ...]:
        """The paths that are being answered now; what their visitors left behind, too."""
        return tuple(self._under_way)

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret value given out so far, in cookies and headers."""
        return self._visitors.secrets

    def truth(self, handle: str) -> dict[str, Any]:
        """What a true capture of the profile shows, as JSON values."""
        return self._profile(handle).truth()

    def go_to(self, day: int) -> None:
        """Let it be so many days after the first: feeds are what they are by then (feeds.py)."""
        self.day = day
        self._pages.now = self.now + timedelta(days=day)

    def change(self, handle: str, **changes: Any) -> None:
        """The owner changes name, bio, links, avatar_seed or cover_seed.

        Raises:
            KeyError: no such account.
            ValueError: a field that cannot be changed.
        """
        self.profiles[handle] = changed(self.profiles[handle], changes)

    def take_away(self, handle: str) -> None:
        """The whole account is gone, its posts with it; `bring_back` undoes it."""
        self._away.add(handle)

    def limit(self, handle: str, times: int, seconds: int) -> None:
        """The account's next pages are refused so many times, each asking for a pause."""
        self._limited[handle] = (times, seconds)

    def bring_back(self) -> None:
        """Every account that was taken away is there again."""
        self._away.clear()

    def sign_everybody_out(self) -> None:
        """Whoever had signed in meets the wall again."""
        self._visitors.revoke(LOGIN)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def _await_start(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"Torget did not start on {self.url}; see its log above")
            time.sleep(0.01)

    def _app(self) -> Starlette:
        self._pages = Pages(self.now)
        self._walls = Walls(self._pages, lambda: self._server.should_exit)
        bench = Bench(self._pages, self._visitors, lambda: self._server.should_exit)
        packed = [Middleware(GZipMiddleware, minimum_size=500)]
        return Starlette(
            routes=[
                *self._own_routes(),
                *bench.routes(),
                Route("/", self._start_page, middleware=packed),
                Route("/robots.txt", self._robots),
                Route("/login", self._login, methods=["GET", "POST"], middleware=packed),
                Route("/api/session", self._session),
                Route("/api/profile/{handle}", self._counters),
                Route("/api/feed/{handle}", self._more_posts, middleware=packed),
                Route("/api/comments/{handle}/{post}", self._more_comments, middleware=packed),
                Route("/api/replies/{handle}/{post}/{comment}", self._more_replies),
                Route("/api/view", lambda _: Response(status_code=204), methods=["POST"]),
                Route("/media/{handle}/{name}", self._moved_picture),
                Route("/picture/{handle}/{name}", self._picture),
                Route("/track.gif", lambda _: Response(_PIXEL, media_type="image/gif")),
                Mount("/static", StaticFiles(directory=_STATIC), middleware=packed),
                Route("/@{handle}", self._profile_page, middleware=packed),
                Route("/@{handle}/p/{post}", self._post_page, middleware=packed),
            ],
            middleware=[
                Middleware(KeepsLog, entries=self._entries, under_way=self._under_way),
                Middleware(GivesCookies, visitors=self._visitors),
            ],
            exception_handlers={404: lambda _, __: self._pages.not_found()},
        )

    def _own_routes(self) -> list[Route]:
        """The acts of `Platform` over HTTP, for a server in another process."""
        return [
            Route("/__health", lambda _: JSONResponse({"ok": True})),
            Route("/__truth/{handle}", lambda r: JSONResponse(self._find(r).truth())),
            Route("/__change/{handle}", self._change, methods=["POST"]),
            Route("/__day/{day:int}", self._go, methods=["POST"]),
            Route("/__bench", lambda _: JSONResponse([p.truth() for p in PAGES.values()])),
            Route("/__log", lambda _: JSONResponse([asdict(entry) for entry in self.log])),
        ]

    async def _change(self, request: Request) -> Response:
        handle = self._find(request).handle
        try:
            self.change(handle, **await request.json())
        except (ValueError, TypeError) as fault:
            return JSONResponse({"error": str(fault)}, status_code=400)
        return JSONResponse({"ok": True})

    async def _go(self, request: Request) -> Response:
        self.go_to(request.path_params["day"])
        return JSONResponse({"ok": True})

    async def _more_posts(self, request: Request) -> Response:
        return self._pages.more_posts(self._find(request), _after(request))

    async def _more_comments(self, request: Request) -> Response:
        post = _post(self._find(request), request.path_params["post"])
        return self._pages.more_comments(post, _after(request))

    async def _more_replies(self, request: Request) -> Response:
        post = _post(self._find(request), request.path_params["post"])
        return self._pages.more_replies(post, request.path_params["comment"])

    async def _start_page(self, _: Request) -> Response:
        return self._pages.start(self.profiles)

    async def _profile_page(self, request: Request) -> Response:
        handle = request.path_params["handle"]
        if handle in self._walls.handles:
            return await self._walls.answer(handle)
        return self._barred(request) or self._pages.profile(self._find(request), self.profiles)

    async def _post_page(self, request: Request) -> Response:
        profile = self._find(request)
        return self._barred(request) or self._pages.post(
            profile, _post(profile, request.path_params["post"]), self.profiles
        )

    async def _robots(self, _: Request) -> Response:
        return self._pages.not_found() if self.robots is None else PlainTextResponse(self.robots)

    def _barred(self, request: Request) -> Response | None:
        """The wall that stands before the account's pages, if one does."""
        profile = self._find(request)
        if profile.behaviour is Behaviour.REMOVED or profile.handle in self._away:
            return self._pages.removed()
        if profile.behaviour is Behaviour.LOGIN_WALL and not self._visitors.signed_in(request):
            return to_login(request.url.path)
        times, seconds = self._limited.get(profile.handle, (0, 0))
        if times:
            self._limited[profile.handle] = (times - 1, seconds)
            return self._pages.too_many(seconds)
        return None

    async def _login(self, request: Request) -> Response:
        """Any name and password sign in: the wall is what is imitated, not the lock."""
        wanted = request.query_params.get("next", "/")
        path = wanted if wanted.startswith("/@") else "/"
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        if request.method == "GET" or not {"email", "password"} <= set(form):
            return self._pages.login(path)
        answer = RedirectResponse(path, status_code=303)
        answer.set_cookie(LOGIN, self._visitors.give(LOGIN), httponly=True)
        return answer

    async def _session(self, request: Request) -> Response:
        sent = request.headers.get("x-csrf-token", "")
        if sent != request.cookies.get(CSRF) or not self._visitors.holds(sent, CSRF):
            return JSONResponse({"error": "csrf"}, status_code=403)
        return JSONResponse({"ok": True}, headers={TOKEN_HEADER: self._visitors.give(TOKEN_HEADER)})

    async def _counters(self, request: Request) -> Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._visitors.holds(bearer, TOKEN_HEADER):
            return JSONResponse({"error": "token"}, status_code=401)
        return JSONResponse(self._find(request).counts())

    async def _moved_picture(self, request: Request) -> Response:
        return RedirectResponse(
            f"/picture/{request.url.path.removeprefix('/media/')}", status_code=302
        )

    def _picture(self, request: Request) -> Response:
        """In a worker thread, since drawing takes its time."""
        profile, name = self._find(request), request.path_params["name"].removesuffix(".png")
        if name == "avatar":
            data = profile.avatar()
        elif name == "cover":
            data = profile.cover()
        else:
            data = _post(profile, name).picture()
        return Response(data, media_type="image/png", headers={"Cache-Control": "max-age=600"})

    def _find(self, request: Request) -> Profile:
        try:
            return self._profile(request.path_params["handle"])
        except KeyError as error:
            raise HTTPException(404) from error

    def _profile(self, handle: str) -> Profile:
        """As it stands today; a feed is reckoned once a day."""
        if handle in self.profiles:
            return self.profiles[handle]
        key = (handle, self.day)
        if key not in self._at_day:
            self._at_day[key] = self._feeds[handle].on(self.day)
        return self._at_day[key]


def _post(profile: Profile, post_id: str) -> Post:
    for post in profile.posts:
        if post.id == post_id:
            return post
    raise HTTPException(404)


def _after(request: Request) -> int:
    told = request.query_params.get("after", "0")
    return int(told) if told.isdecimal() else 0


def _moment(today: date | None) -> datetime:
    if today is None:
        return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return datetime.combine(today, clock_time(15), UTC)
