"""Times as pages show them, reckoned from the visit: to the precision that the words have."""

from datetime import UTC, datetime

import pytest

from capture.post import Precision
from capture.post_time import resolved

SEEN = datetime(2026, 3, 12, 10, 30, 45, tzinfo=UTC)
"""A Thursday, 11.30 in Sweden."""


@pytest.mark.parametrize(
    ("shown", "at", "precision"),
    [
        ("nyss", "2026-03-12T10:30:00", Precision.MINUTE),
        ("40 s", "2026-03-12T10:30:05", Precision.SECOND),
        ("5 min", "2026-03-12T10:25:00", Precision.MINUTE),
        ("för 5 minuter sedan", "2026-03-12T10:25:00", Precision.MINUTE),
        ("2 tim", "2026-03-12T08:00:00", Precision.HOUR),
        ("2h", "2026-03-12T08:00:00", Precision.HOUR),
        ("2 hours ago", "2026-03-12T08:00:00", Precision.HOUR),
        ("3 d", "2026-03-08T23:00:00", Precision.DAY),
        ("2 v.", "2026-02-25T23:00:00", Precision.DAY),
        ("i går kl. 14:05", "2026-03-11T13:05:00", Precision.MINUTE),
        ("idag 09.15", "2026-03-12T08:15:00", Precision.MINUTE),
        ("yesterday", "2026-03-10T23:00:00", Precision.DAY),
        ("12 nov.", "2025-11-11T23:00:00", Precision.DAY),
        ("1 mars", "2026-02-28T23:00:00", Precision.DAY),
        ("3 juli 2025 kl. 14:05", "2025-07-03T12:05:00", Precision.MINUTE),
        ("4 May 2025", "2025-05-03T22:00:00", Precision.DAY),
        ("2025-07-03", "2025-07-02T22:00:00", Precision.DAY),
    ],
)
def test_a_shown_time_is_reckoned_from_the_visit(shown: str, at: str, precision: Precision) -> None:
    """R10: the source says how exact the time is."""
    assert resolved(shown, SEEN) == (datetime.fromisoformat(f"{at}+00:00"), precision)


@pytest.mark.parametrize("shown", ["", "Redigerad", "31 juni 2025", "12 blorp", "för länge sedan"])
def test_what_is_not_understood_gives_no_time(shown: str) -> None:
    assert resolved(shown, SEEN) is None
