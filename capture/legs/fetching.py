"""Asking an open interface: slowly, without secrets, within bounds, never in private networks.

The one door to httpx. `Retry-After` (RFC 9110 10.2.3), Mastodon's `X-RateLimit-Reset` and
Bluesky's `RateLimit-Reset` are obeyed up to a longest wait; what would take longer is told and
left for another time.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx

from capture.addresses import is_public, resolve
from capture.errors import AddressRefused, CaptureError
from capture.legs.result import Stopped
from storage.settings import Settings

_MOST_BYTES = 32 * 1024**2
_MOST_STEPS = 5
_TRIES = 3
_GONE = (404, 410)
_WAITS = ("retry-after", "x-ratelimit-reset", "ratelimit-reset")
_EPOCH = 1_000_000_000
"""A number above it is a moment in seconds since 1970, as Bluesky's `ratelimit-reset`."""
_DIGITS = 13


class NotAnswered(CaptureError):
    """An interface gave no usable answer; `status` is None where there was none at all."""

    def __init__(
        self, told: str, stopped: Stopped, *, status: int | None, retry_after_s: float | None = None
    ) -> None:
        self.stopped, self.status, self.retry_after_s = stopped, status, retry_after_s
        super().__init__(told)

    @property
    def gone(self) -> bool:
        """Whether the platform says that it is not there (any more)."""
        return self.status in _GONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Seconds between two questions, and the longest wait that a platform is granted."""

    pause_s: float = 1.0
    longest_wait_s: float = 900.0
    timeout_s: float = 60.0
    wait: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A whole answer from `url`, where redirections led to; `media_type` is without parameters.

    `next_url` is that of its Link header (RFC 8288), on the same host.
    """

    url: str
    media_type: str
    body: bytes
    next_url: str | None

    def json(self) -> Any:
        """Its JSON.

        Raises:
            NotAnswered: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            told = f"{self.url} answered what is no JSON: {error}"
            raise NotAnswered(told, Stopped.REFUSED, status=200) from error


class Gate(Protocol):
    """What is asked before a site is, and told when it wants to be left alone."""

    def ask(self, url: str) -> None:
        """Wait for a turn; raises NotAnswered where there is none."""

    def postpone(self, url: str, seconds: float) -> None:
        """The site asks to be left alone for so long."""


class Fetcher:
    """Asks one interface after another question, and counts them."""

    def __init__(
        self, settings: Settings, pace: Pace | None = None, gate: Gate | None = None
    ) -> None:
        self._settings, self._pace, self._gate = settings, pace or Pace(), gate
        self.asked = 0
        self._client = httpx.Client(
            timeout=self._pace.timeout_s,
            trust_env=False,
            headers={"User-Agent": f"insyn/{version('insyn')} (public records)"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, url: str, accept: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """An answer with status 200, after as many waits as the platform asks for.

        Raises:
            NotAnswered: there is none; it says why. AddressRefused: the address is private.
        """
        asked = str(httpx.URL(url, params=dict(params)) if params else url)
        for _ in range(_TRIES):
            response, body = self._followed(asked, accept)
            if response.status_code == 200:
                return _answer(response, body)
            wait = _told_wait(response)
            if response.status_code not in (429, 503) or wait is None:
                asks = response.status_code == 429  # without saying for how long
                stopped = Stopped.RATE_LIMITED if asks else Stopped.REFUSED
                told = f"{asked} answered {response.status_code}"
                raise NotAnswered(told, stopped, status=response.status_code)
            if self._gate:
                self._gate.postpone(asked, wait)
            if wait > self._pace.longest_wait_s:
                break
            self._pace.wait(wait)
        told = f"{asked} asks for a wait of {wait:.0f} s"
        raise NotAnswered(told, Stopped.RATE_LIMITED, status=429, retry_after_s=wait)

    def _followed(self, url: str, accept: str) -> tuple[httpx.Response, bytes]:
        """Each step of a redirection is checked by itself."""
        for _ in range(_MOST_STEPS):
            self._check(url)
            if self._gate:
                self._gate.ask(url)
            response, body = self._once(url, accept)
            if not response.has_redirect_location:
                return response, body
            url = urljoin(url, response.headers["location"])
        raise NotAnswered(f"{url}: too many redirections", Stopped.REFUSED, status=None)

    def _once(self, url: str, accept: str) -> tuple[httpx.Response, bytes]:
        if self.asked:
            self._pace.wait(self._pace.pause_s)
        self.asked += 1
        body = b""
        try:
            with self._client.stream("GET", url, headers={"Accept": accept}) as response:
                peer = response.extensions["network_stream"].get_extra_info("server_addr")
                self._judge(url, [peer[0]] if peer else [])
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        told = f"{url}: more than {_MOST_BYTES} bytes"
                        raise NotAnswered(told, Stopped.REFUSED, status=response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotAnswered(f"{url}: {error}", Stopped.REFUSED, status=None) from error
        return response, body

    def _check(self, url: str) -> None:
        """Before anything is sent; the name may lead elsewhere a moment later (see `_once`)."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise AddressRefused(f"{url} is no web address without credentials.")
        if not self._settings.allow_private:
            self._judge(url, asyncio.run(resolve(parts.hostname)))

    def _judge(self, url: str, addresses: list[str]) -> None:
        if self._settings.allow_private:
            return
        if private := [one for one in addresses if not is_public(one)]:
            raise AddressRefused(f"{url} leads into a private network ({', '.join(private)}).")


def same_host(url: str, other: object) -> str | None:
    """An address that a platform names, if it is on the same host: a page leads nowhere else."""
    if not isinstance(other, str):
        return None
    there = urljoin(url, other)
    return there if urlsplit(there)[:2] == urlsplit(url)[:2] else None


def _answer(response: httpx.Response, body: bytes) -> Answer:
    return Answer(
        url=str(response.url),
        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        body=body,
        next_url=_next(response),
    )


def _next(response: httpx.Response) -> str | None:
    return same_host(str(response.url), response.links.get("next", {}).get("url"))


def _told_wait(response: httpx.Response) -> float | None:
    """Seconds that the platform asks to be left alone, or None."""
    told = next((response.headers[name] for name in _WAITS if name in response.headers), "")
    if told.isdecimal() and len(told) < _DIGITS:
        return float(told) if int(told) < _EPOCH else max(0.0, int(told) - time.time())
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(told)
        except ValueError:
            continue
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    return None
