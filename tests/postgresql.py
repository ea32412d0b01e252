"""A PostgreSQL server of the tests' own, on loopback, where one is installed.

    python -m tests.postgresql [pytest's arguments]

runs the tests on it; ends with 0 and says so where it cannot be had (`make test-postgresql`).
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from examples.ports import free_port

DRIVER_MISSING = find_spec("psycopg") is None
_USER = "postgres"
_TRIGRAMS = "CREATE EXTENSION pg_trgm"
"""In public, where every test's schema finds it: the first test would take it into its own."""
_ROOMS = ("tests/storage", "tests/retention", "tests/desk")


def missing() -> str:
    """What a run on PostgreSQL lacks here; empty where it can be had."""
    if DRIVER_MISSING:
        return "PostgreSQL's driver is not installed: make postgresql"
    return installed()


def installed() -> str:
    """What a server lacks here; empty where one can be run."""
    if _programs() is None:
        return "no PostgreSQL server is installed (Debian: postgresql)"
    if os.getuid() == 0 and _USER not in {one.pw_name for one in pwd.getpwall()}:
        return f"PostgreSQL does not run as root, and there is no user {_USER}"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives the URL of an empty database. Nothing of it is left."""
    programs = _programs()
    assert programs
    folder = Path(tempfile.mkdtemp(prefix="insyn-postgresql-"))
    port = free_port()
    if os.getuid() == 0:
        shutil.chown(folder, _USER, _USER)
    data, log = folder / "data", folder / "log"
    try:
        _run(programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        said = f"-c listen_addresses=127.0.0.1 -c port={port} -k {folder} -c fsync=off"
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-o", said, "-w", "start")
        try:
            _run(programs / "psql", "-h", folder, "-p", str(port), "-U", _USER, "-c", _TRIGRAMS)
            yield f"postgresql+psycopg://{_USER}@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The folder of the newest server's programs."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: float(one.parent.name)
    )
    known = shutil.which("initdb")
    folders = [*debian[::-1], *([Path(known).resolve().parent] if known else [])]
    return next((one for one in folders if (one / "initdb").exists()), None)


def _run(*command: str | Path) -> None:
    user = _USER if os.getuid() == 0 else None
    words = [str(word) for word in command]
    group = () if user else None
    out = subprocess.DEVNULL
    subprocess.run(
        words,
        check=True,
        stdout=out,
        stderr=out,
        user=user,
        group=user,
        extra_groups=group,
        cwd="/",
    )


def main(arguments: Sequence[str]) -> int:
    """Run the tests that have a catalogue on a server of their own."""
    lacks = missing()
    if lacks:
        print(f"Skipped: {lacks}.")
        return 0
    with server() as url:
        command = [sys.executable, "-m", "pytest", *(arguments or _ROOMS)]
        environ = {**os.environ, "TEST_CATALOGUE": url}
        return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
