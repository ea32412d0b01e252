"""A capture that is broken off: all points and ways are in `make bench`, one of each way here."""

from dataclasses import replace

import pytest

from examples.bench_kit import PROJECT
from examples.interrupts import break_off
from examples.platform.server import Platform
from storage.settings import Settings

REGISTER = PROJECT / "examples" / "karolinska" / "accounts.toml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "way", "ended"),
    [
        ("visit: consent", "SIGKILL", "dead"),
        ("visit: settled", "browser killed", "gap: unreachable"),
        ("visit: photographed", "renderer killed", "gap: unreachable"),
    ],
)
def test_a_capture_broken_off_leaves_nothing_behind_and_is_made_when_ordered_again(
    settings: Settings, platform: Platform, point: str, way: str, ended: str
) -> None:
    """C23, R12: no process, no file, no half record; then exactly one whole record."""
    settings = replace(settings, register=REGISTER)
    told = break_off(settings, platform.url, point, way)
    assert told.wrong == ()
    assert told.ended == ended
