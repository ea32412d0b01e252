"""Times as pages show them, in Swedish and English, reckoned from the moment of the visit.

Relative ones ("2 tim", "3 months ago", "i går kl. 14:05", "måndag kl. 10:00") and dates ("12 nov.",
"Nov 12, 2025"), which are civil dates in Sweden. Platforms round what has passed down: "2 tim" is
at least two hours and less than three. The reckoned time is the earliest that the words allow; the
latest lies one unit of the precision after it.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from capture.post import Precision

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_NAMES = {
    Precision.SECOND: r"s|sek(?:und(?:er)?)?|secs?|seconds?",
    Precision.MINUTE: r"min(?:ut(?:er)?|s|utes?)?|m",
    Precision.HOUR: r"tim(?:mar|me)?|h|t|hrs?|hours?",
    Precision.DAY: r"d|dgr|dag(?:ar)?|dygn|days?",
    Precision.WEEK: r"v|veck(?:a|or)|w|wks?|weeks?",
    Precision.MONTH: r"mån(?:ad(?:er)?)?|mo|mos|mths?|months?",
    Precision.YEAR: r"å|år|y|yrs?|years?",
}
_SPANS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.WEEK: timedelta(days=7),
}
_MONTHS_IN = {Precision.MONTH: 1, Precision.YEAR: 12}
_AGO = {
    unit: re.compile(
        rf"(?:för\s+)?(?P<count>\d+|en|ett|an?|one)\s*(?:{names})\.?(?:\s+(?:sedan|ago))?",
        re.IGNORECASE,
    )
    for unit, names in _NAMES.items()
}
_BESIDE = re.compile(
    r"^(?:(?:redigera[dt]|edited|direktsändes|streamed|premiered)\b\s*[·•:,]?\s*)"
    r"|\s*[·•,]?\s*\(?\b(?:redigera[dt]|edited)\)?$|^[·•\s]+|[·•\s]+$",
    re.IGNORECASE,
)
"""What stands beside a time and is none: "Redigerad · 2 d", "3 years ago (edited)"."""
_NOW = re.compile(r"nu|just nu|nyss|now|just now", re.IGNORECASE)
_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?(?:\s?(?P<half>[ap])\.?m\.?)?"
_CLOCK = rf"(?:,?\s*(?:kl\.?|klockan|at|·)?\s*{_TIME})?"
_WEEKDAY = (
    r"mån(?:dag)?|tis(?:dag)?|ons(?:dag)?|tors?(?:dag)?|fre(?:dag)?|lör(?:dag)?|sön(?:dag)?|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r?s(?:day)?)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?"
)
_WEEKDAYS = {"mån": 0, "tis": 1, "ons": 2, "tor": 3, "fre": 4, "lör": 5, "sön": 6}
_WEEKDAYS |= {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_LEAD = rf"(?:(?:i\s|på\s|den\s)?(?:{_WEEKDAY})\.?,?\s+)?(?:den\s+)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_MONTH = r"(?P<month>[^\W\d]{3,})\.?"
_NEAR = re.compile(rf"(?P<near>i\s?dag|today|i\s?går|yesterday){_CLOCK}", re.IGNORECASE)
_THIS_WEEK = re.compile(rf"(?:i\s|på\s|on\s)?(?P<weekday>{_WEEKDAY})s?\.?{_CLOCK}", re.IGNORECASE)
_DATES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_LEAD}(?P<day>\d{{1,2}})\.?\s+{_MONTH}{_YEAR}{_CLOCK}",
        rf"{_LEAD}{_MONTH}\s+(?P<day>\d{{1,2}})(?!\d){_YEAR}{_CLOCK}",
        rf"{_TIME}\s*·\s*{_MONTH}\s+(?P<day>\d{{1,2}}){_YEAR}",
        rf"{_TIME}\s*·\s*(?P<day>\d{{1,2}})\s+{_MONTH}{_YEAR}",
    )
)
_OF_MONTH = re.compile(rf"{_MONTH}\s+(?P<year>\d{{4}})", re.IGNORECASE)
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d){_CLOCK}")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": 5, "oct": 10}

_Reckoned = tuple[datetime, Precision]


def resolved(shown: str, at: datetime) -> _Reckoned | None:
    """The moment (UTC) that the words mean when they are seen at `at`; None: not understood."""
    text = _bare(" ".join(shown.split()))
    if _NOW.fullmatch(text):
        return _whole_second(at - _SPANS[Precision.MINUTE]), Precision.MINUTE
    for unit, pattern in _AGO.items():
        if match := pattern.fullmatch(text):
            told = match["count"]
            count = int(told) if told.isdecimal() else 1
            return _ago(at, count, unit)
    for by_date in (_near, _this_week, _iso, _dated, _of_month):
        try:
            if reckoned := by_date(text, at):
                return reckoned
        except (ValueError, OverflowError):  # the 31st of June, 25 o'clock
            return None
    return None


def latest(at: datetime, precision: Precision) -> datetime:
    """Until when the truth may lie, where `at` is known with this precision."""
    if precision in _MONTHS_IN:
        return at + timedelta(days=31 if precision is Precision.MONTH else 366)
    return at + _SPANS[precision]


def _bare(text: str) -> str:
    """The words without what stands beside the time."""
    while (less := _BESIDE.sub("", text).strip()) != text:
        text = less
    return text


def _ago(at: datetime, count: int, unit: Precision) -> _Reckoned | None:
    """The earliest moment of which so many whole units have passed."""
    try:
        if months := _MONTHS_IN.get(unit):
            return _months_before(_whole_second(at), (count + 1) * months), unit
        return _whole_second(at - (count + 1) * _SPANS[unit]), unit
    except (ValueError, OverflowError):  # before the calendar
        return None


def _months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last of a month that is shorter."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def _near(text: str, at: datetime) -> _Reckoned | None:
    if not (match := _NEAR.fullmatch(text)):
        return None
    back = 0 if match["near"].lower().replace(" ", "") in ("idag", "today") else 1
    return _civil(at.astimezone(_STOCKHOLM) - timedelta(days=back), match)


def _this_week(text: str, at: datetime) -> _Reckoned | None:
    """A weekday is the last such day before today: today's own posts are shown by the hour."""
    if not (match := _THIS_WEEK.fullmatch(text)):
        return None
    here = at.astimezone(_STOCKHOLM)
    back = (here.weekday() - _WEEKDAYS[match["weekday"].lower()[:3]]) % 7 or 7
    return _civil(here - timedelta(days=back), match)


def _iso(text: str, _: datetime) -> _Reckoned | None:
    if not (match := _ISO.fullmatch(text)):
        return None
    return _civil(_day(int(match["year"]), int(match["month"]), match), match)


def _dated(text: str, at: datetime) -> _Reckoned | None:
    """A date without a year is the last such day that has been."""
    match = next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
    if match is None or not (month := _month(match["month"])):
        return None
    here = at.astimezone(_STOCKHOLM)
    if match["year"]:
        return _civil(_day(int(match["year"]), month, match), match)
    this_year = _civil(_day(here.year, month, match), match)
    return this_year if this_year[0] <= at else _civil(_day(here.year - 1, month, match), match)


def _of_month(text: str, _: datetime) -> _Reckoned | None:
    if not (match := _OF_MONTH.fullmatch(text)) or not (month := _month(match["month"])):
        return None
    first = datetime(int(match["year"]), month, 1, tzinfo=_STOCKHOLM)
    return first.astimezone(UTC), Precision.MONTH


def _day(year: int, month: int, match: re.Match[str]) -> datetime:
    return datetime(year, month, int(match["day"]), tzinfo=_STOCKHOLM)


def _civil(day: datetime, match: re.Match[str]) -> _Reckoned:
    """The civil day, at the time of the clock where one is told."""
    if match["hour"] is None:
        at = datetime(day.year, day.month, day.day, tzinfo=_STOCKHOLM)
        return at.astimezone(UTC), Precision.DAY
    hour = int(match["hour"])
    if half := match["half"]:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    at = datetime(day.year, day.month, day.day, hour, int(match["minute"]), tzinfo=_STOCKHOLM)
    return at.astimezone(UTC), Precision.MINUTE


def _month(name: str) -> int:
    """1 to 12, or 0 for no month."""
    start = name.lower()[:3]
    return _MONTHS.index(start) + 1 if start in _MONTHS else _ENGLISH.get(start, 0)


def _whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
