"""Days on which Swedish authorities rest, and the last day of a period of law. Pure.

Sundays and holidays: lag (1989:253) om allmänna helgdagar. That a last day moves to the next
working day, and that Saturdays and three eves count as holidays for it: lag (1930:173) om
beräkning av lagstadgad tid, 2 §. Computed, so no table has to be kept; from 2005 on.
"""

from datetime import date, timedelta

_FIXED = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)})
_EVES = frozenset({(12, 24), (12, 31)})
_SATURDAY, _SUNDAY = 5, 6
_FROM_EASTER = frozenset({-2, 0, 1, 39, 49})
"""Good Friday, Easter and its Monday, Ascension Day, Whit Sunday: days from Easter Sunday."""


def is_day_off(day: date) -> bool:
    """Whether nothing falls due on a day: Saturday, Sunday, public holiday or one of the eves."""
    return (
        day.weekday() in (_SATURDAY, _SUNDAY)  # Midsummer's Day and All Saints' are Saturdays
        or (day.month, day.day) in _FIXED | _EVES
        or _is_midsummers_eve(day)
        or (day - easter(day.year)).days in _FROM_EASTER
    )


def last_day(last: date) -> date:
    """The day on which a period of law that runs out on `last` really does (1930:173, 2 §)."""
    while is_day_off(last):
        last += timedelta(days=1)
    return last


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    lift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - lift + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, before = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, before + 1)


def _is_midsummers_eve(day: date) -> bool:
    """The Friday between 19 and 25 June."""
    return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _SATURDAY - 1
