"""When an account counts as dormant (vilande): nothing published for six months (RULES R6).

Pure: today is an argument, and what was seen on the platform is given.
"""

from calendar import monthrange
from datetime import date, datetime

from accounts.model import Account
from accounts.stockholm import civil_date

DORMANT_AFTER_MONTHS = 6


def dormant_since(
    account: Account,
    today: date,
    *,
    newest_post: datetime | None = None,
    months: int = DORMANT_AFTER_MONTHS,
) -> date | None:
    """The civil date on which the account became dormant; None while it is not.

    `newest_post` (UTC) is what a capture saw; the later of it and the register's
    `last_published_on` counts. An account of which neither is known is not called dormant:
    not knowing is no evidence of silence.
    """
    seen = [account.last_published_on, newest_post and civil_date(newest_post)]
    known = [day for day in seen if day is not None]
    if not known:
        return None
    since = months_after(max(known), months)
    return since if since <= today else None


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
