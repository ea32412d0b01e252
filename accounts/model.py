"""What an account is, who answers for it, and what makes it lawful (RULES R1, R2).

Pure values: nothing here reads a file, a clock or the archive.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

AccountId = NewType("AccountId", str)
"""The account's name in the register: lower-case letters, digits and hyphens."""

PlatformId = NewType("PlatformId", str)
"""The platform's name, which is also its recipe's: lower-case letters, digits and hyphens."""


class Status(StrEnum):
    """Where an account is in its life."""

    PLANNED = "planned"
    ACTIVE = "active"
    WINDING_UP = "winding_up"
    CLOSED = "closed"


class Reach(StrEnum):
    """For whom an account speaks; the first two need the communications director (RULES R2)."""

    UNIVERSITY_WIDE = "university_wide"
    CENTRAL_ADMINISTRATION = "central_administration"
    UNIT = "unit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A member of staff in a role; the address is private and leaves no public list.

    `until` is the last day of a deputy (ställföreträdare); None for who is there until further.
    """

    name: str
    title: str
    email: str
    until: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One account in social media, as the register has it."""

    id: AccountId
    platform: PlatformId
    handle: str
    url: str
    name: str
    language: str
    purpose_sv: str
    purpose_en: str
    unit: str
    reach: Reach
    status: Status
    approving_manager: Person | None
    approved_on: date | None
    director_approved_on: date | None
    responsible: tuple[Person, ...]
    registration_number: str
    opened_on: date | None
    wind_up_declared_on: date | None
    closed_on: date | None
    last_published_on: date | None
