"""What a command opens before it works: the settings, the register, the archive.

Imported at the top by commands, so it imports no room itself.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.register import Register
    from storage.archive import Archive
    from storage.settings import Settings


def read_settings() -> "Settings":
    """The settings of this process.

    Raises:
        SettingsError: naming every unknown or malformed setting at once.
    """
    from storage.settings import Settings

    return Settings.from_environment(os.environ)


def open_register(settings: "Settings") -> "Register":
    """The register of accounts.

    Raises:
        RegisterFaults: the file cannot be used; every fault is told.
    """
    from accounts.register import read_register

    return read_register(settings.register)


@contextmanager
def open_archive(settings: "Settings", *, check: bool = True) -> "Iterator[Archive]":
    """The archive, closed at the end; `check=False` only to rebuild or verify it.

    Raises:
        Damaged: the bucket knows more than the catalogue. StoreUnreachable: no answer.
        SettingsError: the folder of state cannot be made.
    """
    from storage.archive import Archive
    from storage.errors import SettingsError

    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError([f"INSYN_HOME={settings.home}: {error.strerror}"]) from error
    with Archive.open(settings, check=check) as archive:
        yield archive
