"""Turns at a site: whatever processes ask of it, they do so one after another, at its pace.

The next free moment of each site stands in a file under INSYN_HOME; who wants a turn takes that
moment and moves it on. A platform's `Retry-After` moves it for everybody.
"""

import asyncio
import fcntl
import os
import random
import time
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from storage.settings import Settings

PATIENCE_SECONDS = 120
"""A pause that a task waits for; what is longer is left for another time."""
_MOST_AHEAD_SECONDS = 24 * 3600
"""A moment further ahead than any pause that is obeyed was written by a clock that went wrong."""


class Turns:
    """Turns at one site, that of an address; `least` seconds apart, where it asks for that."""

    def __init__(self, settings: Settings, url: str, least: float = 0.0) -> None:
        host = urlsplit(url).hostname or "site"
        self._file = settings.home / "turns" / host
        self._pace = max(settings.post_pace_seconds, 1.5 * least)

    async def take(self) -> float | None:
        """Wait for a turn; or, without waiting, the seconds for which the site is to be left."""
        wait = await asyncio.to_thread(self._reserve)
        if wait > PATIENCE_SECONDS:
            return wait
        await asyncio.sleep(wait)
        return None

    def wait(self) -> float | None:
        """As `take`, for what is not asynchronous."""
        wait = self._reserve()
        if wait > PATIENCE_SECONDS:
            return wait
        time.sleep(wait)
        return None

    def postpone(self, seconds: float) -> None:
        """The site asks to be left alone for so long."""
        with _Moment(self._file) as moment:
            moment.at = max(moment.at, time.time() + seconds)

    def _reserve(self) -> float:
        """Seconds until this turn; the next is a pace later, a third more or less."""
        with _Moment(self._file) as moment:
            now = time.time()
            at = max(now, moment.at)
            if at - now <= PATIENCE_SECONDS:
                moment.at = at + self._pace * random.uniform(2 / 3, 4 / 3)  # noqa: S311  # no secret
        return at - now


class _Moment:
    """The next free moment, in seconds since 1970, as long as the file is held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.at = 0.0

    def __enter__(self) -> Self:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._key, fcntl.LOCK_EX)
        told = os.read(self._key, 64).decode("ascii", "replace")
        try:
            self.at = float(told or 0)
        except ValueError:
            self.at = 0.0  # a power cut in the midst of writing: no more is lost than a pause
        if not 0 <= self.at - time.time() <= _MOST_AHEAD_SECONDS:
            self.at = 0.0
        return self

    def __exit__(self, *_: object) -> None:
        os.lseek(self._key, 0, os.SEEK_SET)
        os.truncate(self._key, os.write(self._key, f"{self.at:.3f}".encode()))
        os.close(self._key)
