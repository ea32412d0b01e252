"""Choices and dates of command lines. The choices stand here too, so that help needs no room.

A test holds them to the archive's own (storage.record, storage.holds, storage.standing).
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

CaptureChoice = Literal[
    "half_year", "before_change", "before_removal", "wind_up", "on_request", "posts"
]
ReasonChoice = Literal[
    "half_year",
    "before_change",
    "before_removal",
    "wind_up",
    "on_request",
    "posts",
    "disposal",
    "transfer",
    "filed",
]
StatusChoice = Literal["active", "disposing", "destroying", "disposed", "transferred"]
GroundChoice = Literal[
    "research_value",
    "public_insight",
    "disclosure_request",
    "open_case",
    "appeal",
    "secrecy_review",
    "incident",
]
OutcomeChoice = Literal["granted", "refused", "withdrawn"]
EventChoice = Literal[
    "published",
    "superseded",
    "removed",
    "account_closed",
    "case_closed",
    "no_longer_relevant",
    "transferred",
    "moderated",
    "original_verified",
    "profile_captured",
    "research_reviewed",
]
ReviewChoice = Literal["keep-until", "dispose", "preserve"]
CaseChoice = Literal["preserve", "dispose"]
CategoryChoice = Literal[
    "incitement",
    "agitation",
    "unlawful_threat",
    "unlawful_violence",
    "privacy_breach",
    "copyright",
    "personal_attack",
    "spam",
    "other",
    "csam",
]
BasisChoice = Literal["bbs_act", "own_rules"]
ROLES = ("owner", "officer", "archivist", "manager", "operator", "auditor")


def civil_day(text: str) -> date:
    """A date as a person types it.

    Raises:
        ValueError: it is none; the command line says so.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} is no date: write YYYY-MM-DD") from error


def day_begins(on: date) -> datetime:
    """The moment a civil date begins in Sweden."""
    from accounts.stockholm import STOCKHOLM

    return datetime.combine(on, time.min, STOCKHOLM)


def day_ends(on: date) -> datetime:
    """The moment the civil date after it begins in Sweden: 23, 24 or 25 hours later."""
    return day_begins(on + timedelta(days=1))


def role_named(text: str) -> str:
    """A role as a person types it.

    Raises:
        ValueError: there is none of that name; the command line says so.
    """
    if text in ROLES:
        return text
    raise ValueError(f"{text} is no role: give {', '.join(ROLES)}")
