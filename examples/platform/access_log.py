"""The server's own word on what it answered, for judging what a recorder saw."""

import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_PATHS = "/__"
"""Paths outside of the platform's pages (health, truth, change, log) start so; not logged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """One answered request: `size` is body bytes as sent, `at` seconds since 1970."""

    method: str
    path: str
    query: str
    status: int
    size: int
    at: float


class KeepsLog:
    """ASGI middleware that appends to `entries` as an answer ends, or as its visitor leaves.

    `under_way` holds the paths that are being answered.
    """

    def __init__(self, app: ASGIApp, entries: list[Logged], under_way: list[str]) -> None:
        self._app, self._entries, self._under_way = app, entries, under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OWN_PATHS):
            await self._app(scope, receive, send)
            return
        seen = {"status": 0, "size": 0}
        noted_already = False
        held: list[Message] = []

        async def noted(message: Message) -> None:
            nonlocal noted_already
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                held.append(message)
                return
            seen["size"] += len(message.get("body", b""))
            # Before the last of it is sent: whoever has the whole answer finds it in the log.
            # An answer without a body is whole with its head, so the head waits for the body.
            if not message.get("more_body"):
                noted_already = True
                self._note(scope, seen)
            if held:
                await send(held.pop())
            await send(message)

        self._under_way.append(scope["path"])
        try:
            await self._app(scope, receive, noted)
        finally:
            if not noted_already and seen["status"]:
                self._note(scope, seen)  # it had no end: the visitor left, or the server does
            self._under_way.remove(scope["path"])

    def _note(self, scope: Scope, seen: dict[str, int]) -> None:
        self._entries.append(
            Logged(
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode("latin-1"),
                at=time.time(),
                **seen,
            )
        )
