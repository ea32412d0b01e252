"""When a hold for a request, or for an appeal, may be lifted (RULES R29). Pure.

A request is over when it is closed and, after a refusal, when the appeal period has passed (three
weeks from receipt: förvaltningslagen 44 §; the last day of it by lag 1930:173) or the court's
decision is final. How it ended is always said: a refusal that is left out would lift at once.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pydantic import JsonValue

from accounts.holidays import last_day
from storage.errors import NotAllowed
from storage.holds import Ground

APPEAL_DAYS = 21


class Outcome(StrEnum):
    """How a request for records (begäran om utlämnande) ended; in part refused is refused."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """How a request ended: closed, with what outcome; a refusal received by who asked; the court's
    final decision. An appeal has a ruling and no outcome of its own.
    """

    closed_on: date
    outcome: Outcome | None
    refusal_received_on: date | None
    ruled_on: date | None

    def as_json(self) -> dict[str, JsonValue]:
        """As the journal keeps it: what is known."""
        days = {
            "closed_on": self.closed_on,
            "refusal_received_on": self.refusal_received_on,
            "ruled_on": self.ruled_on,
        }
        told: dict[str, JsonValue] = {
            name: day.isoformat() for name, day in days.items() if day is not None
        }
        return told | ({"outcome": self.outcome.value} if self.outcome else {})


def demand_over(ground: Ground, closing: Closing | None, today: date) -> None:
    """Refuse to lift a hold whose request, or appeal, may still go on.

    Raises:
        NotAllowed: saying what is missing, or until when the appeal period runs.
    """
    if ground not in (Ground.DISCLOSURE_REQUEST, Ground.APPEAL):
        return
    if closing is None or closing.closed_on > today:
        raise NotAllowed(f"A hold for {ground} stands until it is closed: say when (--closed-on).")
    if closing.ruled_on is not None and closing.ruled_on <= today:
        return
    if ground is Ground.APPEAL:
        raise NotAllowed("An appeal ends with the court's final decision: say when (--ruled-on).")
    if closing.outcome is None:
        raise NotAllowed("Say how the request ended (--outcome granted, refused or withdrawn).")
    if closing.outcome is Outcome.REFUSED or closing.refusal_received_on is not None:
        _demand_unappealable(closing.refusal_received_on, today)


def _demand_unappealable(received: date | None, today: date) -> None:
    if received is None:
        raise NotAllowed(
            "A refusal may be appealed for three weeks from its receipt: say when it reached who "
            "asked (--refusal-received-on)."
        )
    last = last_day(received + timedelta(days=APPEAL_DAYS))
    if today <= last:
        raise NotAllowed(
            f"The refusal may be appealed until {last}: the hold stands until then, or until the "
            "court's decision is final (--ruled-on)."
        )
