"""kill -9 in the midst of disposals, while holds are placed from another process."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from examples.disposal_kit import adopt
from examples.kills import POINTS, kill_run
from storage.archive import Archive
from storage.record import Record
from storage.settings import Settings
from tests.storage.proposed import quick

Deposit = Callable[..., Record]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_disposal_killed_anywhere_loses_nothing_held_and_comes_to_its_end(
    settings: Settings, archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """F01 after the intents, F02 after the point of no return, F03 after a version's deletion,
    F04 after the tombstone, F05 after the certificate's put, R27, R43: twenty kills.

    A held record is whole; DISPOSED means no version and a tombstone; nothing is stuck; one
    certificate for each; and the bucket alone gives the same catalogue (F21).
    """
    adopt(archive)
    numbers = count(1)
    hasty = quick(settings)
    tally = kill_run(hasty, lambda: deposited(next(numbers)), len(POINTS), random.Random(4))
    assert tally.wrong == []
    assert tally.killed == len(POINTS)
    assert len(tally.kills) >= len(POINTS) - 2
    assert tally.disposed
    assert tally.held
    fresh = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    before = list(archive.dump())
    with Archive.open(fresh, check=False) as rebuilt:
        rebuilt.rebuild(lambda _: None)
        assert list(rebuilt.dump()) == before
