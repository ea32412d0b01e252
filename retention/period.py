"""Retention periods (gallringsfrister): ISO 8601 durations counted in civil dates (RULES R24).

A period is whole years, months and days from a civil date in Europe/Stockholm, so that hours,
zones and daylight saving cannot move it. Knows nothing of rules or records.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_ISO = re.compile(
    r"P(?=\d)(?:(?P<weeks>\d{1,4})W"
    r"|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,6})D)?)"
)
_LAST = date.max


class PeriodEnd(StrEnum):
    """Where a period ends: on its exact day, or with the calendar year of that day."""

    EXACT = "exact"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Whole months and days; a year is twelve months and a week seven days."""

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read an ISO 8601 duration of years, months and days, or of weeks: `P1Y6M`, `P2W`.

        `P0D` is no further time: eligible the day after the trigger.

        Raises:
            ValueError: it is none, or has fractions, hours, or a sign.
        """
        found = _ISO.fullmatch(text)
        if found is None or not text.isascii():
            raise ValueError(f"{text!r} is no duration of whole years, months, days or weeks")
        count = {name: int(digits or 0) for name, digits in found.groupdict().items()}
        return cls(
            months=count["years"] * 12 + count["months"],
            days=count["weeks"] * 7 + count["days"],
        )

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        told = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M")) if n)
        days = f"{self.days}D" if self.days or not told else ""
        return f"P{told}{days}"

    def at_least(self, other: "Period") -> bool:
        """Whether it is never shorter than `other`, whatever the day it starts on.

        False where that is uncertain: a month has 28 to 31 days.
        """
        return self.months >= other.months and self.days >= other.days


def end_date(start: date, period: Period, ends: PeriodEnd) -> date:
    """The last day of the period that `start` begins; the next day is the first eligible one.

    Months come first, then days. A day that the month lacks is its last one: 29 February and a
    year is 28 February. The calendar year in which the period runs out is counted to its end.
    What would end after the year 9999 ends never (`date.max`).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + period.months, 12)
    if year > _LAST.year:
        return _LAST
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    try:
        end = date(year, month + 1, day) + timedelta(days=period.days)
    except OverflowError:
        return _LAST
    return date(end.year, 12, 31) if ends is PeriodEnd.CALENDAR_YEAR else end


def eligible_from(start: date, period: Period, ends: PeriodEnd) -> date | None:
    """The first day on which the period has passed, strictly after its end; None is never."""
    end = end_date(start, period, ends)
    return None if end == _LAST else end + timedelta(days=1)


def latest_start(today: date, period: Period, ends: PeriodEnd) -> date | None:
    """The latest trigger date whose period has passed before `today`; None: there is none.

    A later start never ends earlier, so the days can be halved until one is left.
    """
    low, high = 0, today.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if end_date(date.fromordinal(middle), period, ends) < today:
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low) if low else None
