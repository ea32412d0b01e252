"""A folder for the parts of one capture, gone when it ends; what a crash left goes with the next.

Who is in a room holds its lock, which the system lets go when the process dies, however it dies.
"""

import errno
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from capture.errors import DiskFull
from storage.settings import Settings

_LOG = logging.getLogger(__name__)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def workroom(settings: Settings, kind: str) -> Iterator[Path]:
    """A room below INSYN_HOME, named after its kind; rooms that nobody is in are cleared first.

    Raises:
        DiskFull: there was no room for what was written in it.
    """
    work = settings.home / "work"
    try:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as inside:
            with _locked(work):  # nobody clears a room between its making and its locking
                _clear(work)
                room = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=work))
                inside.enter_context(_locked(room, wait=False))
            try:
                yield room
            finally:
                shutil.rmtree(room)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            f"No room for a capture in {work} ({error.strerror}): make room and order it again. "
            "Nothing of it was kept."
        ) from error


def _clear(work: Path) -> None:
    for room in work.iterdir():
        try:
            with _locked(room, wait=False):
                shutil.rmtree(room)
        except BlockingIOError:
            continue  # somebody is in it
        except FileNotFoundError:
            continue  # who was in it has just cleared it
        except (NotADirectoryError, PermissionError) as error:
            _LOG.warning("%s is in the way and cannot be cleared: %s", room, error.strerror)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a folder's lock.

    Raises:
        BlockingIOError: another holds it, and this is not to wait.
    """
    key = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(key, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(key)
