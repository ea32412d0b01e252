"""Notices (meddelanden): what people have to be told of accounts, logins and holds, each once.

Pure: register, duties and what the archive knows in, notices out; today is an argument. A notice
names accounts and staff, never an outsider, and nothing of what was written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from accounts.duty import Duty, DutyState
from accounts.findings import Finding
from accounts.half_year import HalfYear
from accounts.model import Account, AccountId, Person
from accounts.notice_texts import TEXTS
from accounts.register import Register
from accounts.rules import IN_USE
from accounts.wind_up import WindUp

DEPUTY_WARNING_DAYS = 30
"""How long before a deputy's last day the account's people are told."""

LACKING = frozenset({"A023", "A024", "A025", "A027", "A030", "A103", "A105", "A108"})
"""Findings in the register by which an account lacks a second person or an approval (R1, R2)."""


class Office(StrEnum):
    """Who is told beside an account's own people; the settings say at which address."""

    REGISTRAR = "registrar"
    COMMUNICATIONS = "communications"
    ARCHIVIST = "archivist"
    INCIDENT = "incident"
    OPERATOR = "operator"


BOTH = frozenset({Office.REGISTRAR, Office.COMMUNICATIONS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What is to be told. The same `key` is told once; it names no person."""

    key: str
    account: AccountId
    offices: frozenset[Office]
    people: tuple[Person, ...]
    sv: str
    en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the archive knows beside the register.

    `logins_lost`: the day each paused account's login was refused; `login_owners`: those who made
    the logins, and are told beside the account's people. `reviews`: holds whose review
    is due, with the day. `incidents`: purges, with the day; `unfinished`: records whose purge was
    begun and not ended. `abused`: accounts at which abuse material was reported and not said to be
    gone, with the day.
    """

    duties: tuple[Duty, ...]
    wind_ups: tuple[WindUp, ...]
    logins_lost: Mapping[AccountId, date]
    login_owners: Mapping[AccountId, Person]
    reviews: Mapping[str, date]
    incidents: Mapping[str, date]
    unfinished: tuple[str, ...]
    abused: Mapping[AccountId, date]


def notices(register: Register, known: Known, today: date) -> Iterator[Notice]:
    """Every notice that stands today, told or not."""
    accounts = {account.id: account for account in register.accounts}
    for duty in known.duties:
        yield from _of_duty(accounts[duty.account], duty)
    for account in register.accounts:
        yield from _of_deputies(account, today)
    for wind_up in known.wind_ups:
        yield from _of_wind_up(accounts[wind_up.account], wind_up)
    for account_id, day in known.logins_lost.items():
        notice = _notice("login", accounts[account_id], day)
        owner = known.login_owners.get(account_id)
        told = {person.email for person in notice.people}
        if owner and owner.email and owner.email not in told:
            notice = replace(notice, people=(*notice.people, owner))
        yield notice
    yield from of_archive(known, today)


def of_archive(known: Known, today: date) -> Iterator[Notice]:
    """The notices that need no register: holds, purges, and where nothing is captured."""
    for hold, day in known.reviews.items():
        yield _plain("review", f"{hold}/{day}", {Office.ARCHIVIST}, hold=hold, day=day)
    for incident, day in known.incidents.items():
        yield _plain("incident", incident, {Office.INCIDENT}, incident=incident, day=day)
    for record in known.unfinished:
        yield _plain("purge", f"{record}/{today}", {Office.INCIDENT}, record=record)
    for account, day in known.abused.items():
        yield _plain("abuse", f"{account}/{day}", {Office.INCIDENT}, account=account, day=day)


def of_findings(findings: Iterable[Finding], today: date) -> Iterator[Notice]:
    """What accounts lack by the register; told anew each half-year while it is so."""
    for one in findings:
        if one.code in LACKING:
            yield Notice(
                key=f"register/{one.code}/{one.place}/{HalfYear.of(today)}",
                account=AccountId(""),
                offices=frozenset({Office.COMMUNICATIONS}),
                people=(),
                sv=f"{one.place}: {one.sv}",
                en=f"{one.place}: {one.en}",
            )


def _of_duty(account: Account, duty: Duty) -> Iterator[Notice]:
    match duty.state:
        case DutyState.WARNED:
            yield _notice("warned", account, duty.half, half=duty.half, last=duty.half.last)
        case DutyState.OVERDUE:
            yield _notice("overdue", account, duty.half, half=duty.missed[-1])
        case DutyState.FINAL_CAPTURE_DUE:
            yield _notice("final", account, duty.wound_up_on or duty.half)
        case DutyState.FINAL_CAPTURE_MISSED:
            yield _notice("lost", account, account.closed_on or duty.half, {*BOTH})
        case _:
            pass
    if duty.dormant_since is not None:
        yield _notice("dormant", account, duty.dormant_since, {*BOTH}, since=duty.dormant_since)


def _of_deputies(account: Account, today: date) -> Iterator[Notice]:
    """A deputy whose time ends soon; one whose time has ended is a finding (A108)."""
    if account.status not in IN_USE:
        return
    soon = today + timedelta(days=DEPUTY_WARNING_DAYS)
    ending = {one.until for one in account.responsible if one.until and today <= one.until <= soon}
    for day in sorted(ending):
        yield _notice("deputy", account, day, {Office.COMMUNICATIONS}, day=day)


def _of_wind_up(account: Account, wind_up: WindUp) -> Iterator[Notice]:
    day = wind_up.closed_on
    if day is None:
        return
    if wind_up.too_early:
        yield _notice("closed_early", account, day, {*BOTH, Office.ARCHIVIST}, day=day)
    else:
        yield _notice("closed", account, day, {*BOTH}, day=day)


def closed_key(account: AccountId, day: date) -> str:
    """The key of the notice that ends a wind-up."""
    return f"closed/{account}/{day}"


def _notice(
    kind: str, account: Account, at: object, offices: Iterable[Office] = (), **facts: object
) -> Notice:
    text = TEXTS[kind]
    said = {"name": account.name, "account": account.id, **facts}
    return Notice(
        key=f"{kind}/{account.id}/{at}",
        account=account.id,
        offices=frozenset(offices),
        people=account.responsible,
        sv=text.sv.format(**said),
        en=text.en.format(**said),
    )


def _plain(kind: str, at: str, offices: Iterable[Office], **facts: object) -> Notice:
    text = TEXTS[kind]
    return Notice(
        key=f"{kind}/{at}",
        account=AccountId(""),
        offices=frozenset(offices),
        people=(),
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
