"""When a hold for a request, or for an appeal, may be lifted (RULES R29). Pure.

A request is over when it is closed and, after a refusal, when the appeal period has passed (three
weeks from receipt: förvaltningslagen 44 §) or the court's decision is final.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from storage.errors import NotAllowed
from storage.holds import Ground

APPEAL_DAYS = 21


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """How a request ended: closed; a refusal received by who asked; the court's final decision."""

    closed_on: date
    refusal_received_on: date | None
    ruled_on: date | None


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
    if closing.refusal_received_on is not None:
        last = closing.refusal_received_on + timedelta(days=APPEAL_DAYS)
        if today <= last:
            raise NotAllowed(
                f"The refusal may be appealed until {last}: the hold stands until then, or until "
                "the court's decision is final (--ruled-on)."
            )
