"""Times as pages show them, in Swedish and English, reckoned from the moment of the visit.

Relative ones ("2 tim", "3 d", "i går kl. 14:05") and dates ("12 nov.", "12 november 2025"), which
are civil dates in Sweden. A reckoned time is the earliest that the words allow to its precision.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from capture.post import Precision

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_UNITS = (
    (r"s|sek(?:under?)?|secs?|seconds?", timedelta(seconds=1), Precision.SECOND),
    (r"min(?:uter?|s|utes?)?|m", timedelta(minutes=1), Precision.MINUTE),
    (r"tim(?:mar|me)?|h|t|hrs?|hours?", timedelta(hours=1), Precision.HOUR),
    (r"d|dgr|dag(?:ar)?|days?", timedelta(days=1), Precision.DAY),
    (r"v|veck(?:a|or)|w|wks?|weeks?", timedelta(days=7), Precision.DAY),
)
_AGO = tuple(
    (
        re.compile(rf"(?:för\s+)?(\d+)\s*(?:{names})\.?(?:\s+(?:sedan|ago))?", re.IGNORECASE),
        span,
        unit,
    )
    for names, span, unit in _UNITS
)
_NOW = re.compile(r"nu|just nu|nyss|now|just now", re.IGNORECASE)
_CLOCK = r"(?:,?\s*(?:kl\.?|at|·)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2}))?"
_NEAR = re.compile(rf"(?P<day>i\s?dag|today|i\s?går|yesterday){_CLOCK}", re.IGNORECASE)
_DATE = re.compile(
    rf"(?P<day>\d{{1,2}})\s+(?P<month>[^\W\d]{{3,}})\.?(?:,?\s+(?P<year>\d{{4}}))?{_CLOCK}",
    re.IGNORECASE,
)
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d){_CLOCK}")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": 5, "oct": 10}


def resolved(shown: str, at: datetime) -> tuple[datetime, Precision] | None:
    """The moment (UTC) that the words mean when they are seen at `at`; None: not understood."""
    text = " ".join(shown.split())
    if _NOW.fullmatch(text):
        return at.replace(second=0, microsecond=0), Precision.MINUTE
    for pattern, span, precision in _AGO:
        if match := pattern.fullmatch(text):
            return _floored(at - int(match[1]) * span, precision), precision
    try:
        return _by_date(text, at)
    except ValueError:  # the 31st of June
        return None


def _by_date(text: str, at: datetime) -> tuple[datetime, Precision] | None:
    if match := _NEAR.fullmatch(text):
        back = 0 if match["day"].lower().replace(" ", "") in ("idag", "today") else 1
        day = at.astimezone(_STOCKHOLM) - timedelta(days=back)
        return _civil(day.year, day.month, day.day, match)
    if match := _ISO.fullmatch(text):
        return _civil(int(match["year"]), int(match["month"]), int(match["day"]), match)
    if (match := _DATE.fullmatch(text)) and (month := _month(match["month"])):
        return _dated(match, month, at)
    return None


def _dated(match: re.Match[str], month: int, at: datetime) -> tuple[datetime, Precision]:
    """A date without a year is the last such day that has been."""
    here = at.astimezone(_STOCKHOLM)
    year = int(match["year"]) if match["year"] else here.year
    found = _civil(year, month, int(match["day"]), match)
    if match["year"] or found[0] <= at:
        return found
    return _civil(year - 1, month, int(match["day"]), match)


def _civil(year: int, month: int, day: int, match: re.Match[str]) -> tuple[datetime, Precision]:
    if match["hour"] is None:
        return datetime(year, month, day, tzinfo=_STOCKHOLM).astimezone(UTC), Precision.DAY
    hour, minute = int(match["hour"]), int(match["minute"])
    at = datetime(year, month, day, hour, minute, tzinfo=_STOCKHOLM)
    return at.astimezone(UTC), Precision.MINUTE


def _month(name: str) -> int:
    """1 to 12, or 0 for no month."""
    start = name.lower()[:3]
    return _MONTHS.index(start) + 1 if start in _MONTHS else _ENGLISH.get(start, 0)


def _floored(at: datetime, precision: Precision) -> datetime:
    """Whole units; days are those of Sweden."""
    if precision is Precision.DAY:
        day = at.astimezone(_STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
        return day.astimezone(UTC)
    if precision is Precision.SECOND:
        return at.replace(microsecond=0)
    if precision is Precision.MINUTE:
        return at.replace(second=0, microsecond=0)
    return at.replace(minute=0, second=0, microsecond=0)
