"""One `[[account]]` of the register as it was written, read into an `Account`.

Holds the form: known keys, types, patterns, dates. What makes an account lawful stands in rules.py.
Reads no file.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from accounts.codes import finding
from accounts.findings import Finding
from accounts.model import Account, AccountId, Person, PlatformId, Reach, Status
from accounts.toml_text import Table

Choice = TypeVar("Choice", bound=StrEnum)

ACCOUNT_KEYS = tuple(Account.__dataclass_fields__)
PERSON_KEYS = tuple(Person.__dataclass_fields__)

_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(?:\.[^@\s<>,;.]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_HANDLE_MAX = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An account as far as it could be read, and what was wrong with its form.

    `status_known` is False where the status could not be read: then no rule on status can judge.
    """

    place: str
    account: Account
    status_known: bool
    findings: tuple[Finding, ...]


class Form:
    """A table being read; every `take` notes what is wrong and gives the best value there is."""

    def __init__(self, table: Table, place: str, known: Iterable[str]) -> None:
        self.findings: list[Finding] = []
        self._table = table
        self._place = place
        known = tuple(known)
        for key in table:
            if key not in known:
                self._note("A003", key, key=key, **_hint(key, known))

    def text(self, key: str, *, needed: bool = False) -> str:
        """The text at `key` without surrounding space; empty where there is none."""
        value = self._table.get(key)
        if value is not None and not isinstance(value, str):
            self._wrong(key, value, "en text", "a text")
            return ""
        found = (value or "").strip()
        if needed and not found:
            self._note("A005", key)
        return found

    def matching(self, key: str, code: str, fits: re.Pattern[str], *, needed: bool) -> str:
        """The text at `key`, noted with `code` where it does not fit the pattern."""
        value = self.text(key, needed=needed)
        if value and not fits.fullmatch(value):
            self._note(code, key, value=value)
        return value

    def choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """One of the choices of `kind`; None where it is missing or none of them."""
        value = self.text(key, needed=True)
        if not value:
            return None
        if value not in list(kind):
            self._note("A006", key, value=value, choices=", ".join(kind))
            return None
        return kind(value)

    def day(self, key: str, *, needed: bool = False) -> date | None:
        """The civil date at `key`, as TOML's own date."""
        value = self._table.get(key)
        if value is None:
            if needed:
                self._note("A005", key)
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._note("A012", key, value=value)
        return None

    def person(self, key: str) -> Person | None:
        """The person at `key`."""
        value = self._table.get(key)
        return None if value is None else self._person(value, key)

    def people(self, key: str) -> tuple[Person, ...]:
        """The persons at `key`, in the order written."""
        value = self._table.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(key, value, "en lista av personer", "a list of persons")
            return ()
        read = [self._person(one, f"{key}[{n}]") for n, one in enumerate(value, 1)]
        return tuple(person for person in read if person is not None)

    def handle(self, key: str) -> str:
        """The handle at `key`, fit to be one segment of an object's key."""
        value = self.text(key)
        if value and not _fits_a_key(value):
            self._note("A009", key, value=value)
        return value

    def url(self, key: str) -> str:
        """The web address at `key`."""
        value = self.text(key)
        if value and not _is_web_address(value):
            self._note("A010", key, value=value)
        return value

    def _person(self, value: object, key: str) -> Person | None:
        if not isinstance(value, dict):
            self._wrong(key, value, "en person med name, title och email", "a person")
            return None
        form = Form(value, f"{self._place}.{key}", PERSON_KEYS)
        person = Person(
            name=form.text("name", needed=True),
            title=form.text("title", needed=True),
            email=form.matching("email", "A011", _EMAIL, needed=True),
            until=form.day("until"),
        )
        self.findings += form.findings
        return person

    def _wrong(self, key: str, value: object, wanted_sv: str, wanted_en: str) -> None:
        found = type(value).__name__
        self._note("A004", key, wanted_sv=wanted_sv, wanted_en=wanted_en, found=found)

    def _note(self, code: str, at: str, /, **facts: object) -> None:
        self.findings.append(finding(code, f"{self._place}.{at}", **facts))


def read_entry(table: Table, place: str) -> Entry:
    """The account that `table` describes, and every fault of form in it, each below `place`."""
    form = Form(table, place, ACCOUNT_KEYS)
    status = form.choice("status", Status)
    account = Account(
        id=AccountId(form.matching("id", "A007", _NAME, needed=True)),
        platform=PlatformId(form.matching("platform", "A008", _NAME, needed=False)),
        handle=form.handle("handle"),
        url=form.url("url"),
        name=form.text("name", needed=True),
        language=form.matching("language", "A013", _LANGUAGE, needed=True),
        purpose_sv=form.text("purpose_sv"),
        purpose_en=form.text("purpose_en"),
        unit=form.text("unit"),
        reach=form.choice("reach", Reach) or Reach.UNIT,
        status=status or Status.PLANNED,
        approving_manager=form.person("approving_manager"),
        approved_on=form.day("approved_on"),
        director_approved_on=form.day("director_approved_on"),
        responsible=form.people("responsible"),
        registration_number=form.text("registration_number"),
        opened_on=form.day("opened_on"),
        wind_up_declared_on=form.day("wind_up_declared_on"),
        closed_on=form.day("closed_on"),
        last_published_on=form.day("last_published_on"),
    )
    return Entry(
        place=place,
        account=account,
        status_known=status is not None,
        findings=tuple(form.findings),
    )


def _hint(key: str, known: tuple[str, ...]) -> dict[str, str]:
    near = get_close_matches(key, known, n=1)
    if near:
        return {"hint_sv": f"Menar du ”{near[0]}”?", "hint_en": f"Did you mean “{near[0]}”?"}
    return {"hint_sv": "Ta bort den.", "hint_en": "Remove it."}


def _fits_a_key(handle: str) -> bool:
    if len(handle) > _HANDLE_MAX or handle.startswith("@") or not handle.strip("."):
        return False
    if unicodedata.normalize("NFC", handle) != handle:
        return False
    return all(sign in "._-@" or unicodedata.category(sign)[0] in "LMN" for sign in handle)


def _is_web_address(url: str) -> bool:
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and port != 0
        and parts.username is None
        and parts.password is None
    )
