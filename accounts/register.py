"""The register of accounts (kontoregister), read from accounts.toml with all faults told at once.

The one module of `accounts` that touches the outside: it reads one file. It judges nothing itself:
form stands in entry.py, law in rules.py, texts in codes.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.codes import finding
from accounts.dormant import dormant_since
from accounts.entry import Entry, Form, read_entry
from accounts.errors import RegisterFaults, UnknownAccount
from accounts.findings import Finding, Severity
from accounts.model import Account, AccountId, Person
from accounts.rules import IN_USE, judge, judge_on, judge_together
from accounts.toml_text import Table, Unreadable, misread, read_toml


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """The authority's accounts, each lawful by RULES R1 and R2, in the order of the file.

    `duty_from` is the day from which this archive answers for the half-year duty: half-years before
    it are not called missed.
    """

    authority: str
    duty_from: date
    accounts: tuple[Account, ...]

    @property
    def closed(self) -> dict[AccountId, date]:
        """When accounts were closed; those in use are not named."""
        return {one.id: one.closed_on for one in self.accounts if one.closed_on is not None}

    @property
    def people(self) -> list[Person]:
        """The responsible persons of all accounts, each as often as they are named."""
        return [person for account in self.accounts for person in account.responsible]

    def account(self, account_id: str) -> Account:
        """The account with this id.

        Raises:
            UnknownAccount: there is none; the error names the nearest ids.
        """
        for account in self.accounts:
            if account.id == account_id:
                return account
        raise UnknownAccount(account_id, [account.id for account in self.accounts])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What a file held, and everything found on the way."""

    register: Register
    places: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_register(path: Path) -> Register:
    """The register in the TOML file at `path`.

    Raises:
        RegisterFaults: the file cannot be used; it holds every fault (warnings left out).
    """
    reading = _read(path)
    faults = [one for one in reading.findings if one.severity is Severity.FAULT]
    if faults:
        raise RegisterFaults(faults)
    return reading.register


def check_register(path: Path, today: date | None = None) -> list[Finding]:
    """Every fault and warning in the file at `path`; empty when all is well.

    With a day it also tells which accounts are dormant (RULES R6) and which dates lie ahead.
    """
    reading = _read(path)
    findings = list(reading.findings)
    if today is not None:
        for place, account in zip(reading.places, reading.register.accounts, strict=True):
            findings += judge_on(account, place, today)
            findings += _dormant(account, place, today)
    return findings


def _read(path: Path) -> _Reading:
    try:
        data = path.read_bytes()
    except OSError as error:
        return _nothing(finding("A001", path.name, why=error.strerror or type(error).__name__))
    read = read_toml(data, path.name)
    if isinstance(read, Unreadable):
        return _nothing(finding(f"A{read.number}", read.place, why=read.why))
    return _judge(read, path.name)


def _judge(table: Table, name: str) -> _Reading:
    head = Form(table, name, ("authority", "duty_from", "account"))
    authority = head.text("authority", needed=True)
    duty_from = head.day("duty_from", needed=True)
    tables, findings = _tables(table, name)
    entries = [read_entry(one, _place(name, n, one)) for n, one in enumerate(tables, 1)]
    placed = [(entry.place, entry.account) for entry in entries]
    findings += _law(entries)
    findings += judge_together(placed)
    return _Reading(
        register=Register(
            authority=authority,
            duty_from=duty_from or date.max,
            accounts=tuple(account for _, account in placed),
        ),
        places=tuple(place for place, _ in placed),
        findings=(*head.findings, *findings),
    )


def _tables(table: Table, name: str) -> tuple[list[Table], list[Finding]]:
    value = table.get("account")
    if value is None:
        return [], [finding("A005", f"{name}.account")]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        wanted = {"wanted_sv": "tabeller [[account]]", "wanted_en": "tables [[account]]"}
        return [], [finding("A004", f"{name}.account", found=type(value).__name__, **wanted)]
    return value, []


def _law(entries: Iterable[Entry]) -> list[Finding]:
    """What form and law say of each entry; a value of bad form is not also called missing."""
    findings: list[Finding] = []
    for entry in entries:
        findings += entry.findings
        if entry.status_known:
            wrong = misread(entry.findings)
            findings += [f for f in judge(entry.account, entry.place) if f.place not in wrong]
    return findings


def _dormant(account: Account, place: str, today: date) -> list[Finding]:
    since = dormant_since(account, today)
    if since is None or account.status not in IN_USE:
        return []
    return [finding("A102", f"{place}.last_published_on", since=since)]


def _place(name: str, number: int, table: Table) -> str:
    called = table.get("id") or table.get("handle")
    return f"{name}: account {number} ({called})" if called else f"{name}: account {number}"


def _nothing(found: Finding) -> _Reading:
    return _Reading(
        register=Register(authority="", duty_from=date.max, accounts=()),
        places=(),
        findings=(found,),
    )
