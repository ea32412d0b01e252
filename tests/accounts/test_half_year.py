"""Half-years, their windows, and the civil day in Sweden."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.dormant import months_after
from accounts.half_year import CALENDAR, Calendar, HalfYear, MonthDay
from accounts.stockholm import civil_date

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


@given(DAYS)
def test_every_day_lies_in_exactly_one_half_year(day: date) -> None:
    half = HalfYear.of(day)
    assert half.first <= day <= half.last < half.following.first
    assert (half.following.first - half.last).days == 1


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2028, 2, 28, 23, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_day_is_the_one_in_sweden_in_summer_and_in_winter(at: datetime, day: date) -> None:
    assert civil_date(at) == day


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        civil_date(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001 (the naive moment is the test)


def test_the_windows_avoid_christmas_and_high_summer() -> None:
    """R4: no capture is planned from midsummer to mid-August, nor over Christmas and New Year."""
    quiet = [date(2026, 6, 20), date(2026, 7, 31), date(2026, 12, 24), date(2026, 1, 6)]
    for day in quiet:
        window = CALENDAR.window(HalfYear.of(day))
        assert not window.opens <= day <= window.closes


def test_the_warning_comes_thirty_days_before_the_half_year_ends() -> None:
    """R4."""
    assert CALENDAR.warns_on(HalfYear(year=2026, number=1)) == date(2026, 5, 31)
    assert CALENDAR.warns_on(HalfYear(year=2026, number=2)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(MonthDay(6, 1), MonthDay(3, 1)), (MonthDay(5, 1), MonthDay(7, 1))],
)
def test_a_window_outside_its_half_year_is_refused(opens: MonthDay, closes: MonthDay) -> None:
    with pytest.raises(ValueError, match="must lie inside its half-year"):
        Calendar(first_half=(opens, closes), second_half=CALENDAR.second_half, warn_days=30)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_six_months_later_is_the_same_day_or_the_months_last(day: date, later: date) -> None:
    assert months_after(day, 6) == later
