"""A lease: what only one process may do at a time. A process that died holds it no longer."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psutil

from storage.catalogue import Catalogue, Connection, leases
from storage.errors import Busy

_PATIENCE_SECONDS = 90.0


class Lease:
    """One try at being the only one; `held` and `held_unless` take it and give it back."""

    def __init__(self, catalogue: Catalogue, name: str) -> None:
        self._catalogue, self._name = catalogue, name
        self._holder = f"{socket.gethostname()} {os.getpid()} {_born(os.getpid())} {uuid4()}"

    def take(self, done: Callable[[Connection], bool]) -> bool:
        """Wait until it is ours; False when `done` says that there is nothing left to do.

        Raises:
            Busy: another process kept it for too long.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._catalogue.write() as tx:
                if done(tx.connection):
                    return False
                if leases.take(tx.connection, self._name, self._holder, _is_dead):
                    return True
            time.sleep(0.05)
        raise Busy(
            f"Another process has been at {self._name} for {_PATIENCE_SECONDS:.0f} s. Nothing is "
            "lost; try again, or see that the store answers (insyn store status)."
        )

    def renew(self) -> None:
        """Hold it on, before what must not be done by two.

        Raises:
            Busy: it was left for so long that another took it.
        """
        with self._catalogue.write() as tx:
            self.demand(tx.connection)

    def demand(self, connection: Connection) -> None:
        """The same within a transaction, so that what is written in it is written by the holder.

        Raises:
            Busy: as `renew`.
        """
        if not leases.renew(connection, self._name, self._holder):
            raise Busy(f"Another process took over {self._name}: nothing more is done here.")

    def give_back(self) -> None:
        """Let another have it."""
        with self._catalogue.write() as tx:
            leases.give_back(tx.connection, self._name, self._holder)


@contextmanager
def held(catalogue: Catalogue, name: str) -> Iterator[Lease]:
    """Hold a lease within a block.

    Raises:
        Busy: another process kept it for too long.
    """
    lease = Lease(catalogue, name)
    lease.take(lambda _: False)
    try:
        yield lease
    finally:
        lease.give_back()


@contextmanager
def held_unless(
    done: Callable[[Connection], bool], catalogue: Catalogue, name: str
) -> Iterator[bool]:
    """Hold a lease within a block; False where `done` came first, and there is nothing to do.

    Raises:
        Busy: another process kept it for too long.
    """
    lease = Lease(catalogue, name)
    taken = lease.take(done)
    try:
        yield taken
    finally:
        if taken:
            lease.give_back()


def _is_dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that is gone."""
    host, pid, born, _ = holder.split(" ")
    return host == socket.gethostname() and _born(int(pid)) != born


def _born(pid: int) -> str:
    """When a process was started, in seconds; empty when there is none."""
    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.NoSuchProcess:
        return ""
