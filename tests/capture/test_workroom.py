"""Rooms: what is in one is its owner's while it lives, and nobody's after."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from capture.workroom import workroom
from storage.settings import Settings

_DIES = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from capture.workroom import workroom
from storage.settings import Settings
settings = replace(Settings.from_environment({}), home=Path(sys.argv[1]))
with workroom(settings, "capture") as room:
    (room / "half").write_text("a face")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_crash_left_goes_with_the_next_room_and_nobody_else_is_disturbed(
    tmp_path: Path,
) -> None:
    """C23: a room whose owner was killed is cleared; one that is in use is not."""
    settings = replace(Settings.from_environment({}), home=tmp_path)
    with workroom(settings, "capture") as mine:
        (mine / "part").write_text("half")
        died = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path)], check=False, timeout=60)
        assert died.returncode == -signal.SIGKILL
        [left] = [room for room in (tmp_path / "work").iterdir() if room != mine]
        assert (left / "half").exists()
        with workroom(settings, "post") as other:
            assert set((tmp_path / "work").iterdir()) == {mine, other}
            assert (mine / "part").read_text() == "half"
    assert list((tmp_path / "work").iterdir()) == []
