"""How much of bodies is in memory at once: bounded by bytes, first come, first served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_LEAST = 1 << 20
"""Bytes that a body counts for at least: how large it is, is often not told."""


class InFlight:
    """Room for so many bytes; one body that is larger than all the room goes alone."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._door = asyncio.Lock()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def room(self, size: int) -> AsyncIterator[None]:
        """Wait until a body of `size` bytes has room, and keep it until the block is left."""
        size = max(size, _LEAST)
        async with self._door:
            while self._held and self._held + size > self._most:
                self._freed.clear()
                await self._freed.wait()
            self._held += size
        try:
            yield
        finally:
            self._held -= size
            self._freed.set()
