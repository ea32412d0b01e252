"""Files that a command writes: whole or not at all, and never over another file unasked."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from storage.errors import NotAllowed, NotFound


@contextmanager
def whole_file(target: Path, *, force: bool) -> Iterator[Path]:
    """A file to write beside `target`, which takes its place when all went well.

    Raises:
        NotAllowed: `target` is there already and `force` was not given, or it cannot be written.
        NotFound: its folder is not there.
    """
    if target.exists() and not force:
        raise NotAllowed(f"{target} is there already: give another name, or --force.")
    if not target.parent.is_dir():
        raise NotFound(f"There is no folder {target.parent}: make it first.")
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        yield part
        _take_place(part, target, force=force)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise NotAllowed(f"{target} cannot be written: {why}. Choose another place.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_text(text: str, target: Path | None) -> None:
    """Write text with its own line ends to a file, or to stdout; an older file is replaced."""
    if target is None:
        sys.stdout.write(text)
        return
    with whole_file(target, force=True) as part:
        part.write_bytes(text.encode())


def _take_place(part: Path, target: Path, *, force: bool) -> None:
    """Without `force` by a hard link, which fails where another file came in between."""
    if force:
        part.replace(target)
        return
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise NotAllowed(f"{target} came to be meanwhile: give another name.") from error
