"""Visitors of Torget and the secrets that they are given; every secret value is remembered.

Cookies on the first page, a token in a response header; none of them ever stands in a page.
"""

import secrets
from collections.abc import Mapping
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION, CSRF, LOGIN = "torget_sid", "torget_csrf", "torget_login"
TOKEN_HEADER = "X-Torget-Token"  # noqa: S105 - the name of a header, not a secret


class Visitors:
    """The secrets given out by one server."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret value given out so far."""
        return frozenset(self._given)

    def give(self, purpose: str) -> str:
        """A new secret value, remembered with its purpose."""
        value = secrets.token_urlsafe(32)
        self._given[value] = purpose
        return value

    def holds(self, value: str, purpose: str) -> bool:
        """Whether the value was given out for that purpose."""
        return self._given.get(value) == purpose

    def revoke(self, purpose: str) -> None:
        """Accept no value of that purpose any more; they stay known as secrets."""
        self._given = {v: "" if p == purpose else p for v, p in self._given.items()}

    def signed_in(self, request: Request) -> bool:
        """Whether the visitor has signed in."""
        return self.holds(request.cookies.get(LOGIN, ""), LOGIN)

    def cookies(self, had: Mapping[str, str]) -> list[str]:
        """The Set-Cookie values for a visitor who came with the cookies `had`."""
        return [
            f"{name}={self.give(name)}; Path=/; SameSite=Lax{more}"
            for name, more in ((SESSION, "; HttpOnly"), (CSRF, ""))
            if name not in had
        ]


class GivesCookies:
    """ASGI middleware: a page (not its parts) gives its visitor the two cookies."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app, self._visitors = app, visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_page(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def giving(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for cookie in self._visitors.cookies(_cookies(scope)):
                    headers.append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, giving)


def _is_page(path: str) -> bool:
    bench = path.startswith("/bench/") and not path.startswith("/bench/-/")
    return bench or path in {"/", "/login"} or path.startswith("/@")


def _cookies(scope: Scope) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie(Request(scope).headers.get("cookie", ""))
    return {name: morsel.value for name, morsel in jar.items()}
