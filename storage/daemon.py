"""A program that runs on after the command that started it: started, found again, ended whole.

A note in INSYN_HOME/run holds its number and time of birth, so that a number that was given to
another program is never taken for it. Ending has a deadline and then kills the whole family.
"""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


def is_taken(port: int) -> bool:
    """Whether a program answers at a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Daemon:
    """One such program of this installation, by its name."""

    name: str
    home: Path

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.home / "logs" / f"{self.name}.log"

    def start(self, command: Sequence[str], environ: Mapping[str, str], cwd: Path) -> None:
        """Start it in a session of its own, unless it runs."""
        if self.process() is not None:
            return
        for folder in (self.log.parent, self._note.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd,
                env={**os.environ, **environ},
                start_new_session=True,
            )
        born = psutil.Process(process.pid).create_time()
        self._note.write_text(json.dumps({"pid": process.pid, "born": born}))
        process.returncode = 0  # it outlives us on purpose: no warning when we let go of it

    def process(self) -> psutil.Process | None:
        """Its process, if it runs."""
        try:
            noted = json.loads(self._note.read_text())
            process = psutil.Process(noted["pid"])
            same = abs(process.create_time() - noted["born"]) < 1
            alive = same and process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if alive else None

    def stop(self, seconds: float) -> bool:
        """End it and all that it started, by force after `seconds`; True when it ran."""
        process = self.process()
        if process is None:
            return False
        family = [process, *process.children(recursive=True)]
        _send(family, signal.SIGTERM)
        _, alive = psutil.wait_procs(family, timeout=seconds)
        _send(alive, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=5)
        self._note.unlink(missing_ok=True)
        return True

    def last_words(self, lines: int = 8) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    @property
    def _note(self) -> Path:
        return self.home / "run" / f"{self.name}.json"


def _send(family: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in family:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
