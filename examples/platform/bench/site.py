"""The test bench over HTTP: its pages, their posts and pictures, and what never ends.

`/bench/` tells of all pages, `/bench/NAME` is one, `/bench/-/…` are their parts.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image, ImageDraw
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from examples.platform.bench.truth import PAGES, PICTURE_SIZE, BenchPage, BenchPost
from examples.platform.pages import Pages, to_login
from examples.platform.visitors import TOKEN_HEADER, Visitors

_HERE = Path(__file__).parent.parent
_FIRST_BYTE_SECONDS, _PICTURE_SECONDS, _LATE_SECONDS = 4.0, 1.0, 2.5
_STEP_SECONDS = 0.1
_BAR = 16
_SITES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


class Bench:
    """The bench of one server; `stopping` says that the server wants to end."""

    def __init__(self, pages: Pages, visitors: Visitors, stopping: Callable[[], bool]) -> None:
        self._pages, self._visitors, self._stopping = pages, visitors, stopping
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates" / "bench"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
        )

    def routes(self) -> list[BaseRoute]:
        """Everything below `/bench/`."""
        parts = {
            "posts/{name}": self._posts,
            "picture/{colour}.png": self._picture,
            "frame/{name}/{number:int}": self._frame,
            "ask/{language}": self._ask,
            "before/{name}": self._before,
            "stream": self._stream,
            "events": self._events,
            "never.png": self._never,
            "news": lambda _: JSONResponse({"new": 0}),
            "worker.js": _worker,
            "film.webm": lambda _: FileResponse(_HERE / "static" / "film.webm"),
            "track.gif": lambda _: Response(status_code=204),
        }
        return [
            *(Route(f"/bench/-/{path}", answer) for path, answer in parts.items()),
            Route("/bench/-/choice/{name}", self._choice, methods=["POST"]),
            WebSocketRoute("/bench/-/socket", self._socket),
            Route("/bench/", lambda _: self._html("index.html", pages=PAGES.values())),
            Route("/bench/{name}", self._page),
            Route("/bench/{name}/{post}", self._one_post),
        ]

    async def _page(self, request: Request) -> Response:
        page = _found(request)
        if page.layout == "wall":
            return self._wall(page)
        if page.consent == "before" and _cookie(page) not in request.cookies:
            return RedirectResponse(f"/bench/-/before/{page.name}", status_code=302)
        if page.layout == "slow":
            await self._pause(_FIRST_BYTE_SECONDS)
        return self._show(page, request, page.posts)

    async def _one_post(self, request: Request) -> Response:
        page = _found(request)
        posts = tuple(post for post in page.posts if post.id == request.path_params["post"])
        if not posts:
            raise HTTPException(404)
        return self._html("feed.html", page=page, posts=posts, site="")

    def _show(
        self, page: BenchPage, request: Request, posts: tuple[BenchPost, ...]
    ) -> HTMLResponse:
        return self._html(f"{page.layout}.html", page=page, posts=posts, site=_other_site(request))

    def _wall(self, page: BenchPage) -> Response:
        """The walls of Torget, each at an address that does not betray it."""
        human = "Vi kontrollerar att du är en människa. Det tar oftast några sekunder."
        walls: dict[str, Callable[[], Response]] = {
            "wall-login": lambda: to_login(page.path),
            "wall-bot": lambda: self._pages.message(
                "Ett ögonblick …", human, 403, cf_mitigated="challenge"
            ),
            "wall-bot-200": lambda: self._pages.message("Ett ögonblick …", human, 200),
            "wall-rate": lambda: self._pages.too_many(30),
            "wall-private": lambda: self._pages.private("_privat"),
            "wall-removed": self._pages.removed,
            "wall-missing": self._pages.not_found,
            "wall-error": lambda: self._pages.message("Torget vilar en stund", "Försök igen.", 503),
            "wall-blank": lambda: HTMLResponse('<!doctype html><html lang="sv"><body></body>'),
        }
        return walls[page.name]()

    async def _posts(self, request: Request) -> Response:
        """A page's posts as JSON, from one on; the plain feed's ask for the visitor's token."""
        page = _found(request)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if page.layout == "infinite" and not self._visitors.holds(bearer, TOKEN_HEADER):
            return JSONResponse({"error": "token"}, status_code=401)
        if page.layout == "slow":
            await self._pause(_LATE_SECONDS)
        first, count = (int(request.query_params.get(k, d)) for k, d in (("from", 0), ("count", 0)))
        posts = page.posts[first : first + count] if count else page.posts[first:]
        more = first + len(posts) < len(page.posts)
        return JSONResponse({"posts": [asdict(post) for post in posts], "more": more})

    async def _picture(self, request: Request) -> Response:
        if "slow" in request.query_params:
            await self._pause(_PICTURE_SECONDS)
        colour = f"#{request.path_params['colour']}"
        return Response(picture(colour), media_type="image/png")

    async def _frame(self, request: Request) -> Response:
        """Posts in a frame: the second also frames the third, on the first site again."""
        page, number = _found(request), request.path_params["number"]
        posts = _shares(page.posts)[number]
        site = _other_site(request) if number == 1 else ""
        return self._html("frame.html", page=page, posts=posts, site=site)

    async def _ask(self, request: Request) -> Response:
        return self._html("ask.html", language=request.path_params["language"])

    async def _before(self, request: Request) -> Response:
        return self._html("before.html", page=_found(request))

    async def _choice(self, request: Request) -> Response:
        page = _found(request)
        choice = "all" if b"choice=all" in await request.body() else "refused"
        answer = RedirectResponse(f"{page.path}", status_code=303)
        answer.set_cookie(_cookie(page), choice, path="/bench")
        return answer

    async def _stream(self, _: Request) -> Response:
        return StreamingResponse(self._drops("."), media_type="text/plain")

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._drops("data: 1\n\n"), media_type="text/event-stream")

    async def _never(self, _: Request) -> Response:
        return StreamingResponse(self._drops(""), media_type="image/png")

    async def _drops(self, drop: str) -> AsyncIterator[str]:
        while not self._stopping():
            yield drop
            await asyncio.sleep(_STEP_SECONDS)

    async def _socket(self, socket: WebSocket) -> None:
        """Every post as a message of its own, then ticks without end."""
        await socket.accept()
        try:
            for post in PAGES["socket"].posts:
                await socket.send_json(asdict(post))
                await asyncio.sleep(_STEP_SECONDS / 4)
            while not self._stopping():
                await socket.send_json({"tick": True})
                await asyncio.sleep(_STEP_SECONDS)
        except (WebSocketDisconnect, RuntimeError):
            return  # the visitor left

    async def _pause(self, seconds: float) -> None:
        waited = 0.0
        while waited < seconds and not self._stopping():
            await asyncio.sleep(_STEP_SECONDS)
            waited += _STEP_SECONDS

    def _html(self, name: str, **values: object) -> HTMLResponse:
        return HTMLResponse(self._templates.get_template(name).render(**values))


@lru_cache(maxsize=1024)
def picture(colour: str) -> bytes:
    """A PNG of PICTURE_SIZE with a bar of the colour along its left edge."""
    width, height = PICTURE_SIZE
    image = Image.new("RGB", PICTURE_SIZE, "#e8eeec")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(_hills(colour)):
        draw.polygon([(0, height), *line, (width, height)], fill=("#b9cfc7", "#7fa599")[number])
    draw.rectangle((0, 0, _BAR - 1, height), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _hills(colour: str) -> Iterator[list[tuple[int, int]]]:
    """Two lines of hills, other for every colour."""
    steps = bytes.fromhex(colour[1:])
    for base in (70, 120):
        yield [(n * 80, base + (steps[n % 3] * (n + 1) + base) % 50 - 25) for n in range(5)]


async def _worker(_: Request) -> Response:
    path = _HERE / "static" / "bench-worker.js"
    return FileResponse(
        path, media_type="text/javascript", headers={"Service-Worker-Allowed": "/bench/"}
    )


def _found(request: Request) -> BenchPage:
    page = PAGES.get(request.path_params["name"])
    if page is None:
        raise HTTPException(404)
    return page


def _shares(posts: tuple[BenchPost, ...]) -> list[tuple[BenchPost, ...]]:
    """A page's posts in three equal parts, one a frame; and all of them, for a frame alone."""
    third = len(posts) // 3
    return [posts[:third], posts[third : 2 * third], posts[2 * third :], posts]


def _cookie(page: BenchPage) -> str:
    return f"samtycke-{page.name}"


def _other_site(request: Request) -> str:
    """The same server as another site."""
    host = _SITES.get(request.url.hostname or "", "localhost")
    return f"http://{host}:{request.url.port}"
