"""The traffic of a second view of a page, which goes into the web archive of the first.

Both views are looked at at once. So that a player shows each as it was, what the second was
answered is held until both are over, and left out where it would be taken for the first's.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

from capture.exchange import Exchange, canonical
from capture.recording import Recording
from capture.secrets import SecretReplacer
from capture.warc import WarcFile

_WHY = "answered otherwise than the first view and before it: a player would give it to that"


class Spool:
    """Exchanges in the order in which they ended; bodies lie in a file that has no name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The web archive that they are meant for."""
        self.size = 0
        """Bytes held."""
        self._out = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115  # closed by `__exit__`
        self._held: list[tuple[Exchange, int, int]] = []
        self._urls: set[str] = set()

    @property
    def records(self) -> int:
        """How many exchanges are held."""
        return len(self._held)

    def has(self, url: str) -> bool:
        """Whether a whole response for the address is held."""
        return canonical(url) in self._urls

    def write(self, exchange: Exchange) -> None:
        """Hold an exchange.

        Raises:
            OSError: the disk is full or gone; what was held before is held still.
        """
        self._out.seek(self.size)
        self._out.write(exchange.body)
        self._out.flush()
        self._held.append((replace(exchange, body=b""), self.size, len(exchange.body)))
        self.size += len(exchange.body)
        if exchange.method == "GET" and exchange.status == 200 and not exchange.truncated:
            self._urls.add(canonical(exchange.url))

    def exchanges(self) -> Iterator[Exchange]:
        """Each as it was held."""
        for exchange, start, length in self._held:
            self._out.seek(start)
            yield replace(exchange, body=self._out.read(length))

    def close(self) -> None:
        """Nothing more comes; it is read from then on."""

    def abandon(self) -> None:
        """What could not be held is told; the rest is read all the same."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything that is held."""
        self._out.close()


async def next_second() -> None:
    """Wait for the next whole second: what is asked from then on comes after what was asked before,
    to a player as well.
    """
    await asyncio.sleep(1 - time.time() % 1)


async def join(
    first: Recording, second: Recording, warc: WarcFile, spool: Spool, replacer: SecretReplacer
) -> tuple[Recording, Recording]:
    """Write what a second view was answered into the web archive of the first, which is closed.

    Both recordings as they are then. What goes wrong makes the first partial; what the archive
    had, it keeps.
    """
    had = warc.records
    left_out, faults = await asyncio.to_thread(_written, warc, spool)
    faults = (*second.faults, *faults)
    whole = warc.path.exists()
    return replace(
        first,
        path=warc.path if whole else None,
        status="partial" if faults else first.status,
        records=warc.records,
        bytes=warc.size if whole else 0,
        faults=(*first.faults, *faults),
    ), replace(
        second,
        records=warc.records - had,
        bytes=warc.size - first.bytes if whole else 0,
        not_recorded=(*second.not_recorded, *((replacer.scrub(u, "list"), _WHY) for u in left_out)),
        faults=faults,
    )


def _written(warc: WarcFile, spool: Spool) -> tuple[list[str], tuple[str, ...]]:
    """The addresses whose answers were left out, and what went wrong."""
    left_out: list[str] = []
    try:
        warc.reopen()
        try:
            left_out += [e.url for e in spool.exchanges() if not warc.write_beside(e)]
        finally:
            warc.close()
    except OSError as error:
        return left_out, (f"{warc.path} could not be written to its end: {error}",)
    return left_out, ()
