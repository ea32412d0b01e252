"""Runs one program under a limit and watches its memory; ends it with all that it started."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from examples.bench_kit import family, pss

_LOOK_SECONDS = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """How a program went; `ended` is empty when it ended well by itself.

    `peak_mb` is proportional memory (PSS) with all that it started, looked at four times a second:
    a shorter peak is missed.
    """

    code: int
    seconds: float
    peak_mb: float
    ended: str


def watch(
    line: Sequence[str | Path], environment: Mapping[str, str], said: Path, limit_s: float
) -> Run:
    """Run a program to its end or for `limit_s` seconds; what it says goes to the file `said`.

    However this is left, by an interruption too, nothing that was started runs on.
    """
    began, peak, ended = time.monotonic(), 0.0, ""
    with said.open("w", encoding="utf-8") as told:
        program = psutil.Popen(
            line, env=dict(environment), stdout=told, stderr=told, start_new_session=True
        )
        seen: dict[int, psutil.Process] = {}
        try:
            while program.poll() is None:
                seen |= {process.pid: process for process in family(program)}
                peak = max(peak, sum(map(pss, seen.values())) / 1e6)
                if time.monotonic() - began > limit_s:
                    ended = f"not finished in {limit_s:.0f} s"
                    break
                time.sleep(_LOOK_SECONDS)
        finally:
            _end(program, seen)
    if program.returncode and not ended:
        ended = _last_line(said)
    seconds = time.monotonic() - began
    return Run(code=program.returncode, seconds=seconds, peak_mb=peak, ended=ended)


def _end(program: psutil.Popen, seen: Mapping[int, psutil.Process]) -> None:
    """End the program and whatever it ever started; a process keeps its identity (psutil)."""
    for process in [*family(program), *seen.values()]:
        try:
            process.kill()
        except psutil.Error:
            continue
    program.wait()


def _last_line(said: Path) -> str:
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((f"failed: {line.strip()}" for line in reversed(lines) if line.strip()), "failed")
