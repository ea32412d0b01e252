"""Replays a package in pywb, a web archive player that we did not write, cut off from the net.

pywb has an environment of its own (`make .venv-replay/.done`): what it needs would make warcio
crash in ours (RECORDER: brotli).
"""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from examples.ports import free_port

_ENVIRONMENT = Path(__file__).parents[2] / ".venv-replay" / "bin"
_READY_S, _STOP_S = 60, 5
_COLLECTION = "record"
# Nothing but the collection: no live web, no page of pywb's around the replayed one.
_CONFIG = "enable_memento: false\nframed_replay: false\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """A player on loopback; `base` is its address."""

    base: str

    def address(self, url: str, at: datetime) -> str:
        """Where the captured page is replayed, as it was at the time given."""
        return f"{self.base}/{_COLLECTION}/{at.astimezone(UTC):%Y%m%d%H%M%S}mp_/{url}"


@contextmanager
def replay(wacz: Path, folder: Path) -> Iterator[Replay]:
    """Unpack a package into a collection of its own in `folder` and serve it."""
    if not (_ENVIRONMENT / "wayback").exists():
        pytest.fail("pywb is not installed: run `make .venv-replay/.done`")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(_CONFIG)
    _manager(folder, "init", _COLLECTION)
    _manager(folder, "add", "--unpack-wacz", _COLLECTION, str(wacz))
    port = free_port()
    with (folder / "pywb.log").open("wb") as log:
        player = subprocess.Popen(
            [_ENVIRONMENT / "wayback", "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)],
            cwd=folder,
            env=_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await_answer(player, port, folder / "pywb.log")
            yield Replay(base=f"http://127.0.0.1:{port}")
        finally:
            _stop(player)


def _manager(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [_ENVIRONMENT / "wb-manager", *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _environment() -> dict[str, str]:
    """No proxy and no warnings of pywb's own."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return kept | {"PYTHONWARNINGS": "ignore"}


def _await_answer(player: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end and player.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"pywb did not start:\n{log.read_text(errors='replace')}")


def _stop(player: subprocess.Popen[bytes]) -> None:
    os.killpg(player.pid, signal.SIGTERM)
    try:
        player.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(player.pid, signal.SIGKILL)
        player.wait(_STOP_S)
