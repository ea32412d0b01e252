"""Retention periods: the law's arithmetic, compared with another's."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from accounts.stockholm import civil_date
from retention.period import Period, PeriodEnd, eligible_from, end_date, latest_start

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
PERIODS = st.builds(
    Period, months=st.integers(min_value=0, max_value=600), days=st.integers(0, 4000)
)
ENDS = st.sampled_from(PeriodEnd)


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [("P1Y", 12, 0), ("P2Y6M", 30, 0), ("P30D", 0, 30), ("P3W", 0, 21), ("P0D", 0, 0)],
)
def test_a_duration_is_read_as_iso_8601(text: str, months: int, days: int) -> None:
    """R24."""
    assert Period.parse(text) == Period(months=months, days=days)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "1Y",
        "P1",
        "p1y",
        "PT1H",
        "P1DT1H",
        "P1.5Y",
        "P-1Y",
        "-P1Y",
        "P1Y2W",
        "P1D1Y",
        "P١Y",
    ],
)
def test_what_is_no_whole_duration_is_refused(text: str) -> None:
    """R24: no hours, fractions or signs."""
    with pytest.raises(ValueError, match="no duration"):
        Period.parse(text)


@given(PERIODS)
def test_a_period_is_written_as_it_is_read(period: Period) -> None:
    """R24."""
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("start", "period", "ends", "end"),
    [
        ("2024-02-29", "P1Y", PeriodEnd.EXACT, "2025-02-28"),
        ("2024-02-29", "P4Y", PeriodEnd.EXACT, "2028-02-29"),
        ("2023-02-28", "P1Y", PeriodEnd.EXACT, "2024-02-28"),
        ("2026-01-31", "P1M", PeriodEnd.EXACT, "2026-02-28"),
        ("2026-01-31", "P1M1D", PeriodEnd.EXACT, "2026-03-01"),
        ("2026-03-05", "P2Y", PeriodEnd.CALENDAR_YEAR, "2028-12-31"),
        ("2026-12-31", "P1D", PeriodEnd.CALENDAR_YEAR, "2027-12-31"),
        ("2026-12-31", "P0D", PeriodEnd.CALENDAR_YEAR, "2026-12-31"),
        ("2026-11-23", "P9000Y", PeriodEnd.EXACT, "9999-12-31"),
        ("9999-12-31", "P1D", PeriodEnd.EXACT, "9999-12-31"),
    ],
)
def test_a_period_ends_on_the_day_the_calendar_says(
    start: str, period: str, ends: PeriodEnd, end: str
) -> None:
    """R24, F08: leap days, short months, the end of the calendar year, no overflow."""
    counted = end_date(date.fromisoformat(start), Period.parse(period), ends)
    assert counted == date.fromisoformat(end)


def test_a_record_is_eligible_strictly_after_the_end_date() -> None:
    """R24: not on the last day."""
    start, period = date(2026, 6, 30), Period.parse("P1Y")
    assert eligible_from(start, period, PeriodEnd.EXACT) == date(2027, 7, 1)
    assert latest_start(date(2027, 6, 30), period, PeriodEnd.EXACT) == date(2026, 6, 29)
    assert latest_start(date(2027, 7, 1), period, PeriodEnd.EXACT) == start


def test_a_period_that_never_ends_makes_nothing_eligible() -> None:
    """R24."""
    period = Period.parse("P9999Y")
    assert eligible_from(date(2026, 1, 1), period, PeriodEnd.EXACT) is None
    assert latest_start(date(2026, 1, 1), period, PeriodEnd.EXACT) is None


@given(DAYS, PERIODS)
def test_periods_end_where_dateutil_ends_them(start: date, period: Period) -> None:
    """R24: another's arithmetic gives the same day."""
    theirs = start + relativedelta(months=period.months) + timedelta(days=period.days)
    assert end_date(start, period, PeriodEnd.EXACT) == theirs
    assert end_date(start, period, PeriodEnd.CALENDAR_YEAR) == date(theirs.year, 12, 31)


@given(DAYS, DAYS, PERIODS, ENDS)
def test_a_later_start_never_ends_earlier(
    one: date, other: date, period: Period, ends: PeriodEnd
) -> None:
    """R24: what the query for due records rests on."""
    early, late = sorted((one, other))
    assert end_date(early, period, ends) <= end_date(late, period, ends)


@given(DAYS, PERIODS, ENDS)
def test_the_latest_start_is_the_last_day_whose_period_has_passed(
    today: date, period: Period, ends: PeriodEnd
) -> None:
    """R24: neither a day too many nor one too few."""
    latest = latest_start(today, period, ends)
    if latest is None:
        assert end_date(date.min, period, ends) >= today
        return
    assert end_date(latest, period, ends) < today
    assert end_date(latest + timedelta(days=1), period, ends) >= today


@given(DAYS, PERIODS, PERIODS, ENDS)
def test_a_period_called_no_shorter_never_ends_earlier(
    start: date, one: Period, other: Period, ends: PeriodEnd
) -> None:
    """R23, R24."""
    if one.at_least(other):
        assert end_date(start, one, ends) >= end_date(start, other, ends)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_period_starts_on_the_civil_day_in_sweden(moment: datetime, day: date) -> None:
    """R24, F08: at daylight saving's ends and at the turn of the year."""
    start = civil_date(moment)
    assert start == day
    assert end_date(start, Period.parse("P0D"), PeriodEnd.EXACT) == day
