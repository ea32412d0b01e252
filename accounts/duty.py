"""The half-year duty (RULES R4, R5, R6, R9): what is due, done, missed, and what stood in the way.

Pure: register, history and today in, duties out. Reads no clock, no file and no archive.

Any accepted capture of the profile within the half-year closes its duty, whatever it was ordered
for: the rule asks for one true picture of the page a half-year, and the picture taken before a
change is as true as the planned one. Captures of posts alone show no profile and close nothing.
A gap is no capture and closes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from accounts.dormant import dormant_since
from accounts.half_year import CALENDAR, Calendar, HalfYear, Window
from accounts.history import CaptureSeen, GapSeen, History
from accounts.model import Account, AccountId, Status
from accounts.register import Register
from accounts.rules import IN_USE
from accounts.stockholm import civil_date

HALF_YEAR = "half_year"
WIND_UP = "wind_up"
POSTS = "posts"

GONE = frozenset({"not_found", "removed"})
"""Verdicts which show that a closed account can no longer be captured."""


class DutyState(StrEnum):
    """How an account stands to its duty."""

    NOT_REQUIRED = "not_required"
    UPCOMING = "upcoming"
    DUE = "due"
    WARNED = "warned"
    DONE = "done"
    OVERDUE = "overdue"
    FINAL_CAPTURE_DUE = "final_capture_due"
    FINAL_CAPTURE_MISSED = "final_capture_missed"


URGENCY = (
    DutyState.FINAL_CAPTURE_DUE,
    DutyState.OVERDUE,
    DutyState.WARNED,
    DutyState.DUE,
)
"""The states in which a capture is to be made now, most pressing first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One account's duty on one day.

    `closed_by` is the capture that closed the half-year; `final_capture` the one that lets a
    wind-up be completed. `missed` are half-years that ended without a capture: they stay listed
    for ever. `gaps` are those of this half-year. `next_on` is the day on which something is next
    to be done, None where nothing is. `wound_up_on` is the day the wind-up was declared, or the
    day of closing where that is unknown.
    """

    account: AccountId
    half: HalfYear
    window: Window
    state: DutyState
    closed_by: CaptureSeen | None
    final_capture: CaptureSeen | None
    missed: tuple[HalfYear, ...]
    gaps: tuple[GapSeen, ...]
    next_on: date | None
    dormant_since: date | None
    wound_up_on: date | None

    @property
    def due(self) -> bool:
        """Whether a capture is to be made now."""
        return self.state in URGENCY

    @property
    def reason(self) -> str:
        """The reason a capture made for this duty is ordered with (RULES R8)."""
        return WIND_UP if self.state is DutyState.FINAL_CAPTURE_DUE else HALF_YEAR


def duties(
    register: Register, history: History, today: date, calendar: Calendar = CALENDAR
) -> tuple[Duty, ...]:
    """Each account's duty on a civil date in Europe/Stockholm, in the register's order.

    What happened after `today` is left out, so that any past day can be asked about.

    Raises:
        ValueError: a moment in the history has no time zone.
    """
    seen = _by_account(history, today)
    cases = (
        _Case(
            account=account,
            seen=seen[account.id],
            today=today,
            calendar=calendar,
            kept_from=register.duty_from,
        )
        for account in register.accounts
    )
    return tuple(case.duty() for case in cases)


def due_accounts(told: Iterable[Duty]) -> tuple[Duty, ...]:
    """The duties that call for a capture now, the most pressing first."""
    return tuple(sorted((one for one in told if one.due), key=lambda d: URGENCY.index(d.state)))


def order_key(duty: Duty) -> str:
    """The id of the order that this duty gives: the same duty, the same order (RULES R12).

    `half_year/2026-H2/ki-main` or `wind_up/2026-10-05/ki-medh`; the day keeps apart the wind-ups
    of an account that was opened again in between.
    """
    if duty.reason == WIND_UP:
        return f"{WIND_UP}/{duty.wound_up_on or duty.half}/{duty.account}"
    return f"{HALF_YEAR}/{duty.half}/{duty.account}"


@dataclass(kw_only=True, slots=True)
class _Seen:
    """One account's history up to a day, each kind in the order of time."""

    captures: list[CaptureSeen]
    gaps: list[GapSeen]
    newest_post: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    """One account with all that its duty depends on."""

    account: Account
    seen: _Seen
    today: date
    calendar: Calendar
    kept_from: date

    def duty(self) -> Duty:
        """The account's duty."""
        half = max(HalfYear.of(self.today), self._first())
        missed = tuple(self._missed())
        final, closed_by = self._final(), self._captured_in(half)
        state = self._state(half, missed, closed_by, final)
        return Duty(
            account=self.account.id,
            half=half,
            window=self.calendar.window(half),
            state=state,
            closed_by=closed_by,
            final_capture=final,
            missed=missed,
            gaps=tuple(g for g in self.seen.gaps if HalfYear.of(civil_date(g.at)) == half),
            next_on=self._next(half, state),
            dormant_since=self._dormant_since(),
            wound_up_on=self._wound_up_on(),
        )

    def _state(
        self,
        half: HalfYear,
        missed: tuple[HalfYear, ...],
        closed_by: CaptureSeen | None,
        final: CaptureSeen | None,
    ) -> DutyState:
        match self.account.status:
            case Status.PLANNED:
                return DutyState.NOT_REQUIRED
            case Status.CLOSED:
                return DutyState.NOT_REQUIRED if final else self._without_final()
            case Status.WINDING_UP:
                return DutyState.DONE if final else DutyState.FINAL_CAPTURE_DUE
            case Status.ACTIVE:
                return self._active(half, missed, closed_by)

    def _active(
        self, half: HalfYear, missed: tuple[HalfYear, ...], closed_by: CaptureSeen | None
    ) -> DutyState:
        if closed_by is not None:
            return DutyState.DONE
        if missed and missed[-1].following == half:
            return DutyState.OVERDUE
        if self.today < self._opens(half):
            return DutyState.UPCOMING
        if self.today >= self.calendar.warns_on(half):
            return DutyState.WARNED
        return DutyState.DUE

    def _without_final(self) -> DutyState:
        """A closed account whose final capture was never made: tried until it is seen to be gone.

        The register may say closed before the page is; once it is gone the loss stays visible.
        """
        closed = self.account.closed_on
        tried = [g for g in self.seen.gaps if closed is None or civil_date(g.at) >= closed]
        if any(gap.verdict in GONE for gap in tried):
            return DutyState.FINAL_CAPTURE_MISSED
        return DutyState.FINAL_CAPTURE_DUE

    def _first(self) -> HalfYear:
        """The first half-year with a duty: one entered after its window closed has none."""
        begins = max(self.account.opened_on or self.kept_from, self.kept_from)
        half = HalfYear.of(begins)
        return half.following if begins > self.calendar.window(half).closes else half

    def _missed(self) -> Iterator[HalfYear]:
        """The half-years that ended without a capture while the account was in use."""
        if self.account.status is Status.PLANNED:
            return
        until = min(self.today, self._wound_up_on() or self.today)
        captured = {HalfYear.of(civil_date(one.at)) for one in self.seen.captures}
        half = self._first()
        while half.last < until:
            if half not in captured:
                yield half
            half = half.following

    def _captured_in(self, half: HalfYear) -> CaptureSeen | None:
        inside = (c for c in self.seen.captures if HalfYear.of(civil_date(c.at)) == half)
        return next(inside, None)

    def _final(self) -> CaptureSeen | None:
        """The capture that ends the account; one from before the notice ended nothing."""
        if self.account.status not in {Status.WINDING_UP, Status.CLOSED}:
            return None
        since = self._wound_up_on() if self.account.wind_up_declared_on else None
        final = (
            one
            for one in self.seen.captures
            if one.reason == WIND_UP and (since is None or civil_date(one.at) >= since)
        )
        return next(final, None)

    def _wound_up_on(self) -> date | None:
        return self.account.wind_up_declared_on or self.account.closed_on

    def _opens(self, half: HalfYear) -> date:
        opens = self.calendar.window(half).opens
        return max(opens, self.account.opened_on or opens)

    def _next(self, half: HalfYear, state: DutyState) -> date | None:
        if state in URGENCY:
            return self.today
        if state is DutyState.UPCOMING:
            return self._opens(half)
        if state is DutyState.DONE and self.account.status is Status.ACTIVE:
            return self.calendar.window(half.following).opens
        return None

    def _dormant_since(self) -> date | None:
        if self.account.status not in IN_USE:
            return None
        return dormant_since(self.account, self.today, newest_post=self.seen.newest_post)


def _by_account(history: History, today: date) -> defaultdict[AccountId, _Seen]:
    seen: defaultdict[AccountId, _Seen] = defaultdict(
        lambda: _Seen(captures=[], gaps=[], newest_post=None)
    )
    for capture in sorted(history.captures, key=lambda c: (c.at, c.record_id)):
        if capture.reason != POSTS and civil_date(capture.at) <= today:
            seen[capture.account].captures.append(capture)
    for gap in sorted(history.gaps, key=lambda g: (g.at, g.gap_id)):
        if civil_date(gap.at) <= today:
            seen[gap.account].gaps.append(gap)
    for post in sorted(history.newest_posts, key=lambda p: p.at):
        if civil_date(post.at) <= today:
            seen[post.account].newest_post = post.at
    return seen
