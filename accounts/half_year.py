"""Half-years, and the part of each in which the profile capture is made (RULES R4).

Civil dates in Europe/Stockholm only; knows nothing of accounts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class HalfYear:
    """January–June (number 1) or July–December (number 2) of a year; written `2026-H2`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-H{self.number}"

    @classmethod
    def of(cls, day: date) -> "HalfYear":
        """The half-year that a civil date lies in."""
        return cls(year=day.year, number=1 if day.month <= 6 else 2)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.number == 1 else 7, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.number == 1 else date(self.year, 12, 31)

    @property
    def following(self) -> "HalfYear":
        """The half-year after it."""
        return HalfYear(year=self.year + self.number - 1, number=3 - self.number)


class MonthDay(NamedTuple):
    """A day of any year."""

    month: int
    day: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The days, both included, in which a half-year's capture is planned."""

    opens: date
    closes: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When captures are planned and when an account still without one is warned about.

    Each pair is the window's first and last day. `warn_days` is counted back in days from the
    half-year's last day.

    Raises:
        ValueError: a window is turned round or reaches outside its half-year.
    """

    first_half: tuple[MonthDay, MonthDay]
    second_half: tuple[MonthDay, MonthDay]
    warn_days: int

    def __post_init__(self) -> None:
        for half in (HalfYear(year=2025, number=1), HalfYear(year=2025, number=2)):
            window = self.window(half)
            if not half.first <= window.opens <= window.closes <= half.last:
                raise ValueError(
                    f"The capture window {window.opens:%d %b}–{window.closes:%d %b} must lie "
                    f"inside its half-year, {half.first:%d %b}–{half.last:%d %b}"
                )

    def window(self, half: HalfYear) -> Window:
        """The half-year's window."""
        opens, closes = self.first_half if half.number == 1 else self.second_half
        return Window(opens=date(half.year, *opens), closes=date(half.year, *closes))

    def warns_on(self, half: HalfYear) -> date:
        """The first day on which a missing capture is warned about."""
        return half.last - timedelta(days=self.warn_days)


CALENDAR = Calendar(
    first_half=(MonthDay(1, 15), MonthDay(6, 15)),
    second_half=(MonthDay(8, 15), MonthDay(12, 15)),
    warn_days=30,
)
"""A proposal: clear of Christmas and high summer, when few are there to mend a failed capture."""
