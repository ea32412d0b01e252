"""Days off in Sweden: computed, and held against a calendar that was printed."""

from datetime import date, timedelta

from dateutil import easter as reckoned

from accounts.holidays import easter, is_day_off, last_day

OFF_IN_2026 = [
    "01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-19", "12-24", "12-25", "12-31",
]  # fmt: skip
"""From Monday to Friday, by the almanac; the National Day was a Saturday, as was 26 December."""


def test_easter_falls_where_dateutil_lets_it_fall() -> None:
    for year in range(1900, 2300):
        assert easter(year) == reckoned.easter(year)


def test_a_years_days_off_are_those_of_the_almanac() -> None:
    """Lag (1989:253) and lag (1930:173) 2 §."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [day for day in days if is_day_off(day)]
    assert [f"{day:%m-%d}" for day in off if day.weekday() < 5] == OFF_IN_2026
    assert {day for day in days if day.weekday() >= 5} <= set(off)


def test_midsummers_eve_and_the_national_day_on_other_weekdays() -> None:
    assert [is_day_off(date(2025, 6, day)) for day in (5, 6, 13, 19, 20)] == [
        False, True, False, False, True,
    ]  # fmt: skip
    assert is_day_off(date(2024, 6, 6))


def test_a_last_day_moves_to_the_next_working_day_and_no_further() -> None:
    assert last_day(date(2026, 11, 30)) == date(2026, 11, 30)
    assert last_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert last_day(date(2026, 4, 3)) == date(2026, 4, 7)
