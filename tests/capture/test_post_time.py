"""Times as pages show them, reckoned from the visit: the truth lies within the precision told."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.post import Precision
from capture.post_time import latest, resolved

SEEN = datetime(2026, 3, 12, 10, 30, 45, tzinfo=UTC)
"""A Thursday, 11.30 in Sweden."""


@pytest.mark.parametrize(
    ("shown", "at", "precision"),
    [
        ("nyss", "2026-03-12T10:29:45", Precision.MINUTE),
        ("40 s", "2026-03-12T10:30:04", Precision.SECOND),
        ("5 min", "2026-03-12T10:24:45", Precision.MINUTE),
        ("för 5 minuter sedan", "2026-03-12T10:24:45", Precision.MINUTE),
        ("en minut", "2026-03-12T10:28:45", Precision.MINUTE),
        ("2 tim", "2026-03-12T07:30:45", Precision.HOUR),
        ("2h", "2026-03-12T07:30:45", Precision.HOUR),
        ("2 hours ago", "2026-03-12T07:30:45", Precision.HOUR),
        ("an hour ago", "2026-03-12T08:30:45", Precision.HOUR),
        ("för en timme sedan", "2026-03-12T08:30:45", Precision.HOUR),
        ("Redigerad · 2 d", "2026-03-09T10:30:45", Precision.DAY),
        ("2d • Edited", "2026-03-09T10:30:45", Precision.DAY),
        ("3 d", "2026-03-08T10:30:45", Precision.DAY),
        ("2 v.", "2026-02-19T10:30:45", Precision.WEEK),
        ("2w", "2026-02-19T10:30:45", Precision.WEEK),
        ("för 3 månader sedan", "2025-11-12T10:30:45", Precision.MONTH),
        ("3 months ago", "2025-11-12T10:30:45", Precision.MONTH),
        ("3 mån", "2025-11-12T10:30:45", Precision.MONTH),
        ("3mo", "2025-11-12T10:30:45", Precision.MONTH),
        ("för 1 år sedan", "2024-03-12T10:30:45", Precision.YEAR),
        ("1 yr", "2024-03-12T10:30:45", Precision.YEAR),
        ("5 å", "2020-03-12T10:30:45", Precision.YEAR),
        ("3 years ago (edited)", "2022-03-12T10:30:45", Precision.YEAR),
        ("Streamed 3 years ago", "2022-03-12T10:30:45", Precision.YEAR),
        ("i går kl. 14:05", "2026-03-11T13:05:00", Precision.MINUTE),
        ("idag 09.15", "2026-03-12T08:15:00", Precision.MINUTE),
        ("Yesterday at 2:05 PM", "2026-03-11T13:05:00", Precision.MINUTE),
        ("yesterday", "2026-03-10T23:00:00", Precision.DAY),
        ("måndag kl. 10:00", "2026-03-09T09:00:00", Precision.MINUTE),
        ("Monday at 12:05 AM", "2026-03-08T23:05:00", Precision.MINUTE),
        ("torsdag kl. 10:00", "2026-03-05T09:00:00", Precision.MINUTE),
        ("i fredags", "2026-03-05T23:00:00", Precision.DAY),
        ("12 nov.", "2025-11-11T23:00:00", Precision.DAY),
        ("1 mars", "2026-02-28T23:00:00", Precision.DAY),
        ("onsdag den 3 juli 2024 kl. 14:05", "2024-07-03T12:05:00", Precision.MINUTE),
        ("3 juli 2025 kl. 14:05", "2025-07-03T12:05:00", Precision.MINUTE),
        ("4 May 2025", "2025-05-03T22:00:00", Precision.DAY),
        ("Nov 12, 2025", "2025-11-11T23:00:00", Precision.DAY),
        ("November 12", "2025-11-11T23:00:00", Precision.DAY),
        ("Wednesday, November 12, 2025 at 2:05 PM", "2025-11-12T13:05:00", Precision.MINUTE),
        ("2:05 PM · Nov 12, 2025", "2025-11-12T13:05:00", Precision.MINUTE),
        ("14:05 · 12 nov. 2025", "2025-11-12T13:05:00", Precision.MINUTE),
        ("2025-07-03", "2025-07-02T22:00:00", Precision.DAY),
        ("november 2025", "2025-10-31T23:00:00", Precision.MONTH),
    ],
)
def test_a_shown_time_is_reckoned_from_the_visit(shown: str, at: str, precision: Precision) -> None:
    """R10: the source says how exact the time is."""
    assert resolved(shown, SEEN) == (datetime.fromisoformat(f"{at}+00:00"), precision)


_SECONDS = {"s": 1, "min": 60, "tim": 3600, "d": 86_400, "v": 7 * 86_400}
_MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the zone is a strategy


@given(_MOMENTS, st.timedeltas(timedelta(), timedelta(days=2000)), st.sampled_from([*_SECONDS]))
def test_the_truth_lies_within_the_precision_after_the_reckoned_time(
    written: datetime, passed: timedelta, unit: str
) -> None:
    """What a platform shows of what has passed is rounded down, and loses less than one unit."""
    seen = written + passed
    found = resolved(f"{int(passed.total_seconds()) // _SECONDS[unit]} {unit}", seen)
    assert found
    assert found[0] <= written <= latest(*found) + timedelta(seconds=1)


@given(_MOMENTS, st.integers(0, 60), st.integers(0, 27), st.sampled_from([1, 12]))
def test_months_and_years_keep_to_their_precision_too(
    seen: datetime, months: int, days: int, unit: int
) -> None:
    back = seen.year * 12 + seen.month - 1 - months
    year, month = divmod(back, 12)
    same = seen.replace(
        year=year, month=month + 1, day=min(seen.day, monthrange(year, month + 1)[1])
    )
    written = same - timedelta(days=days)
    found = resolved(f"{months // unit} {'mån' if unit == 1 else 'år'}", seen)
    assert found
    assert found[0] <= written <= latest(*found) + timedelta(seconds=1)


@pytest.mark.parametrize(
    "shown",
    ["", "Redigerad", "31 juni 2025", "12 blorp", "för länge sedan", "kl. 25:00", "9999 år", "May"],
)
def test_what_is_not_understood_gives_no_time(shown: str) -> None:
    assert resolved(shown, SEEN) is None
