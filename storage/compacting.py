"""Taking removed bytes off the disk of the embedded store.

A removal through S3 marks bytes in a volume as garbage; they stay readable to whoever opens the
file until the volume is written anew (measured on SeaweedFS 4.48). What may not be possessed must
not lie there either (RULES R49).
"""

import subprocess
import time

from storage import embedded
from storage.settings import Settings

_PAUSE_S = 2.0
_QUIET_ROUNDS = 3
"""Rounds without a change that count as done: volumes learn of a removal some seconds after it."""

_VOLUMES = frozenset({".dat", ".cpd"})
_COMMANDS = "lock\nvolume.vacuum -garbageThreshold=0.0000001\nunlock\nexit\n"


def compact(settings: Settings, wait: float = 120.0) -> bool:
    """Have every volume of the embedded store written anew without its garbage.

    Gives back whether the volumes came to rest within `wait` seconds.
    """
    deadline = time.monotonic() + wait
    before, quiet = _sizes(settings), 0
    while quiet < _QUIET_ROUNDS:
        if time.monotonic() > deadline or not _vacuum(settings):
            return False
        time.sleep(_PAUSE_S)
        now = _sizes(settings)
        before, quiet = now, quiet + 1 if now == before else 0
    return True


def _vacuum(settings: Settings) -> bool:
    port = embedded.ports(settings)
    done = subprocess.run(
        [
            str(embedded.weed_program()),
            f"-config_dir={settings.home / 'secrets'}",
            "shell",
            f"-master=127.0.0.1:{port['master']}",
            f"-filer=127.0.0.1:{port['filer']}",
        ],
        input=_COMMANDS,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=settings.home / "run",
    )
    return done.returncode == 0


def _sizes(settings: Settings) -> dict[str, int]:
    """Bytes of each volume's file; a volume that is being written anew has two for a moment."""
    return {
        path.name: path.stat().st_size
        for path in (settings.home / "store").iterdir()
        if path.suffix in _VOLUMES and path.exists()
    }
