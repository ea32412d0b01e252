"""The recorder's work under way: one task an exchange, none lost, none waited for beyond a moment.

What a task raises is told as a fault; it never reaches the capture.
"""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import takewhile
from typing import Any


class Chores:
    """Tasks, each named by the address that it is about."""

    def __init__(self, on_fault: Callable[[str], None]) -> None:
        self._on_fault = on_fault
        self._tasks: dict[asyncio.Task[None], None] = {}

    def start(self, work: Coroutine[Any, Any, None], url: str) -> None:
        """Begin a piece of work for an address."""
        task = asyncio.get_running_loop().create_task(work, name=url)
        self._tasks[task] = None
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if task.cancelled():
            self._on_fault(f"{task.get_name()} was not recorded before the deadline")
        elif error := task.exception():
            self._on_fault(f"{task.get_name()} was not recorded: {error!r}")

    async def earlier(self) -> None:
        """Within a piece of work: wait for those that were begun before it for its address."""
        me = asyncio.current_task()
        before = [
            task
            for task in takewhile(lambda t: t is not me, self._tasks)
            if me and task.get_name() == me.get_name()
        ]
        if before:
            await asyncio.wait(before)

    async def drain(self, until: float) -> None:
        """Wait for all tasks, and for those that they begin."""
        while self._tasks:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.wait(set(self._tasks), timeout=left)

    async def give_up(self) -> None:
        """End what is not done; each piece is a fault."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
