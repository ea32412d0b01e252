"""A folder for the parts of one capture, gone when it ends; what a crash leaves is under `work`."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capture.errors import DiskFull
from storage.settings import Settings

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def workroom(settings: Settings, kind: str) -> Iterator[Path]:
    """A room below INSYN_HOME, named after its kind.

    Raises:
        DiskFull: there was no room for what was written in it.
    """
    work = settings.home / "work"
    try:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{kind}-", dir=work) as room:
            yield Path(room)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            f"No room for a capture in {work} ({error.strerror}): make room and order it again. "
            "Nothing of it was kept."
        ) from error
