"""The watch over accounts: what people have to be told today.

What the DAG and the command share. Joins register, archive and logins; what is told stands in
`accounts.notices`, the telling in `storage.telling`.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from accounts.duty import Duty, duties
from accounts.errors import RegisterFaults
from accounts.findings import Finding
from accounts.history import History
from accounts.model import AccountId, Person
from accounts.notices import Known, Notice, closed_key, notices, of_archive, of_findings
from accounts.register import Register, check_register, read_register
from accounts.stockholm import civil_date
from accounts.wind_up import Step, WindUp, wind_ups
from capture.login import paused, read_login
from capture.orders import history
from capture.walls import Verdict
from storage.archive import Archive
from storage.errors import Damaged
from storage.people import Actor
from storage.record import RecordId
from storage.settings import Settings
from storage.telling import Telling, tell

_LOG = logging.getLogger(__name__)

_EVENTS = ("closed/", "incident/")
"""Notices of what happened; the others are of what is so, until it is mended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """What stands on one day. `told` is when each notice was sent, by its key; `faults` is what
    keeps the register from use, and then `register` is None. `paused` are accounts whose login was
    lost.
    """

    register: Register | None

    duties: tuple[Duty, ...]
    paused: frozenset[AccountId]
    notices: tuple[Notice, ...]
    told: dict[str, date]
    wind_ups: tuple[WindUp, ...]
    faults: tuple[Finding, ...]

    @property
    def untold(self) -> tuple[Notice, ...]:
        """What nobody was told yet."""
        return tuple(one for one in self.notices if one.key not in self.told)

    @property
    def open(self) -> tuple[Notice, ...]:
        """What still asks something of somebody, told or not."""
        done = (one for one in self.notices if one.key in self.told)
        over = {one.key for one in done if one.key.startswith(_EVENTS)}
        return tuple(one for one in self.notices if one.key not in over)


def watch(settings: Settings, archive: Archive, today: date) -> Watch:
    """All that stands today. A register that cannot be used is told of, and the rest still is.

    Raises:
        LoginBroken: a login state cannot be read.
    """
    try:
        register = read_register(settings.register)
    except RegisterFaults as error:
        known = _known(archive, today)
        found = [*of_findings(error.findings, today), *of_archive(known, today)]
        return _watch(archive, None, found, known, error.findings)
    seen = history(archive)
    told = duties(register, seen, today)
    ended = look_at_wind_ups(archive, register, told)
    lost = _logins_lost(settings, seen)
    known = _known(archive, today, told, ended, lost=lost, owners=_owners(settings, lost))
    lacking = of_findings(check_register(settings.register, today), today)
    found = list(chain(lacking, notices(register, known, today)))
    return _watch(archive, register, found, known, ())


def look_at_wind_ups(
    archive: Archive, register: Register, told: Collection[Duty]
) -> tuple[WindUp, ...]:
    """How each wind-up stands."""
    finals = [RecordId(one.final_capture.record_id) for one in told if one.final_capture]
    keys = {closed_key(account, day): account for account, day in register.closed.items()}
    days = archive.notes.told(keys)
    told_on = {keys[key]: day for key, day in days.items()}
    return tuple(wind_ups(register, told, archive.notes.verified(finals), told_on))


def verify_finals(archive: Archive, ended: Collection[WindUp], actor: Actor) -> list[str]:
    """Read back each final capture that is not verified yet (RULES R5); gives back what failed."""
    failed = []
    for one in ended:
        if one.step is Step.VERIFY and one.final_capture is not None:
            record = archive.record(one.final_capture.record_id)
            try:
                archive.notes.verify_final(one.account, record, actor)
            except Damaged as error:
                failed.append(str(error))
    return failed


def tell_incidents(settings: Settings, archive: Archive, today: date, actor: Actor) -> Telling:
    """Tell at once of incidents that nobody was told of (RULES R49)."""
    found = list(of_archive(_known(archive, today), today))
    seen = _watch(archive, None, found, _known(archive, today), ())
    incidents = [one for one in seen.untold if one.key.startswith("incident/")]
    return tell(settings, archive, incidents, actor)


def _watch(
    archive: Archive,
    register: Register | None,
    found: list[Notice],
    known: Known,
    faults: tuple[Finding, ...],
) -> Watch:
    return Watch(
        register=register,
        duties=known.duties,
        paused=frozenset(known.logins_lost),
        notices=tuple(found),
        told=archive.notes.told(one.key for one in found),
        wind_ups=known.wind_ups,
        faults=faults,
    )


def _known(
    archive: Archive,
    today: date,
    told: tuple[Duty, ...] = (),
    ended: tuple[WindUp, ...] = (),
    *,
    lost: dict[AccountId, date] | None = None,
    owners: dict[AccountId, Person] | None = None,
) -> Known:
    holds = ((one.hold_id, one.review_by) for one in archive.holds(active=True))
    return Known(
        duties=told,
        wind_ups=ended,
        logins_lost=lost or {},
        login_owners=owners or {},
        reviews={hold: day for hold, day in holds if day is not None and day <= today},
        incidents=archive.notes.incidents(),
        unfinished=tuple(archive.notes.unfinished_purges()),
        abused={one: civil_date(at) for one, at in archive.closed_by_abuse().items()},
    )


def _logins_lost(settings: Settings, seen: History) -> dict[AccountId, date]:
    walls = {one.account: one.at for one in seen.gaps if one.verdict == Verdict.LOGIN_WALL}
    return {account: civil_date(walls[account]) for account in paused(settings, seen.gaps)}


def _owners(settings: Settings, lost: Iterable[AccountId]) -> dict[AccountId, Person]:
    logins = filter(None, (read_login(settings, account) for account in lost))
    return {
        one.account: Person(name=one.owner, title="", email=one.email, until=None) for one in logins
    }
