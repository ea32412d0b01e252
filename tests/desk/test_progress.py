"""How far a long run has come: a bar where a person looks on, plain lines in a log."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from desk.progress import counted
from tests.desk.test_post_capture import BY, quick

__all__ = ["quick"]

INSYN = Path(sys.executable).with_name("insyn")
WORDS = ("post", "capture", "ki-forskning", *BY)


def on_a_terminal(words: Sequence[str]) -> tuple[int, str]:
    """Exit code, and all that a terminal of 100 columns was sent while the command ran."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    environ = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(
        [INSYN, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    ) as run:
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # its end: the other side is closed
            while piece := os.read(ours, 65536):
                seen += piece
        os.close(ours)
        return run.wait(60), seen.decode()


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_run_of_posts_shows_a_bar_on_a_terminal_and_takes_it_away() -> None:
    """The command as a person types it: the bar grows post by post, and what it came to stays."""
    code, seen = on_a_terminal(WORDS)
    assert code == 0, seen
    frames = re.findall(r"Capturing posts (?:\x1b\[[\d;]*m)*([━╸╺ ]*).*?(\d)/5", seen)
    counts = [int(count) for _, count in frames]
    assert counts == sorted(counts)
    assert set(counts) >= {0, 1, 2, 3, 4}
    assert "━" in seen
    assert "Looking for posts of ki-forskning" in seen
    last = seen.rpartition("\x1b[2K")[2]
    assert "Posts: 5. new 5." in last
    assert "Capturing" not in last, "the bar is gone"


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_without_a_terminal_plain_lines_say_how_far_it_has_come() -> None:
    """In a log: no bar and no control signs."""
    ran = subprocess.run([INSYN, *WORDS], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    told = [line for line in ran.stderr.splitlines() if line.startswith("Capturing")]
    assert told == [f"Capturing posts: {count}/5" for count in range(1, 6)]
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "Posts: 5. new 5." in ran.stdout


def test_a_long_run_fills_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    with counted("Things", 300) as tell:
        for count in range(1, 301):
            tell(count)
    told = capsys.readouterr().err.splitlines()
    assert told == [f"Things: {count}/300" for count in range(30, 301, 30)]
