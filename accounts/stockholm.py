"""Civil dates in Europe/Stockholm, which is what half-years and periods are counted in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def civil_date(at: datetime) -> date:
    """The day in Sweden at a moment: 23:30 UTC on 30 June is 1 July.

    Raises:
        ValueError: the moment has no time zone, so no one can say which day it was.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; give it in UTC")
    return at.astimezone(STOCKHOLM).date()
