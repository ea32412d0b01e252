"""The half-year duty: what closes it, what does not, and what is never forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.duty import Duty, DutyState, due_accounts, duties, order_key
from accounts.half_year import CALENDAR, HalfYear
from accounts.history import CaptureSeen, GapSeen, History, PostSeen
from accounts.model import Account, AccountId, PlatformId, Reach, Status
from accounts.register import Register
from accounts.stockholm import civil_date

ETT = AccountId("ett")
REASONS = ["half_year", "before_change", "before_removal", "wind_up", "on_request", "posts"]
VERDICTS = ["login_wall", "not_found", "blank", "rate_limited", "removed", "partial"]
H1, H2 = HalfYear(year=2026, number=1), HalfYear(year=2026, number=2)
EMPTY = History(captures=(), gaps=())


def _account(**facts: Any) -> Account:
    plain = Account(
        id=ETT,
        platform=PlatformId("torget"),
        handle="ett",
        url="https://torget.example/@ett",
        name="Ett",
        language="sv",
        purpose_sv="Informera.",
        purpose_en="Inform.",
        unit="Enheten",
        reach=Reach.UNIT,
        status=Status.ACTIVE,
        approving_manager=None,
        approved_on=None,
        director_approved_on=None,
        responsible=(),
        registration_number="1-1/2025",
        opened_on=date(2024, 2, 1),
        wind_up_declared_on=None,
        closed_on=None,
        last_published_on=None,
    )
    return replace(plain, **facts)


def _duty(today: date, history: History = EMPTY, *, kept: date | None = None, **facts: Any) -> Duty:
    kept_from = kept or date(2026, 1, 1)
    register = Register(authority="X", duty_from=kept_from, accounts=(_account(**facts),))
    (duty,) = duties(register, history, today)
    return duty


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc] # the parts of a moment


def _captured(*moments: datetime, reason: str = "half_year") -> History:
    captures = [
        CaptureSeen(account=ETT, at=at, record_id=f"r{n}", reason=reason)
        for n, at in enumerate(moments)
    ]
    return History(captures=tuple(captures), gaps=())


def _gap(at: datetime, verdict: str = "login_wall") -> GapSeen:
    return GapSeen(account=ETT, at=at, verdict=verdict, gap_id="g")


@pytest.mark.parametrize(
    ("today", "state", "next_on"),
    [
        (date(2026, 1, 1), DutyState.UPCOMING, date(2026, 1, 15)),
        (date(2026, 1, 14), DutyState.UPCOMING, date(2026, 1, 15)),
        (date(2026, 1, 15), DutyState.DUE, date(2026, 1, 15)),
        (date(2026, 2, 28), DutyState.DUE, date(2026, 2, 28)),
        (date(2026, 5, 30), DutyState.DUE, date(2026, 5, 30)),
        (date(2026, 5, 31), DutyState.WARNED, date(2026, 5, 31)),
        (date(2026, 6, 30), DutyState.WARNED, date(2026, 6, 30)),
        (date(2026, 7, 1), DutyState.OVERDUE, date(2026, 7, 1)),
        (date(2026, 12, 31), DutyState.OVERDUE, date(2026, 12, 31)),
    ],
)
def test_the_duty_opens_warns_and_falls_overdue(
    today: date, state: DutyState, next_on: date
) -> None:
    """R4: due in the window, warned 30 days before the end, overdue at once when missed."""
    duty = _duty(today)
    assert (duty.state, duty.next_on) == (state, next_on)


@pytest.mark.parametrize("reason", [r for r in REASONS if r != "posts"])
def test_any_accepted_profile_capture_closes_the_half_year(reason: str) -> None:
    """R4: the rule asks for one true picture, whatever it was ordered for."""
    duty = _duty(date(2026, 3, 2), _captured(_at(2026, 1, 3), reason=reason))
    assert duty.state is DutyState.DONE
    assert duty.closed_by is not None
    assert duty.next_on == date(2026, 8, 15)


def test_a_capture_of_posts_alone_closes_nothing() -> None:
    """R4: the duty is to picture the profile page."""
    duty = _duty(date(2026, 3, 2), _captured(_at(2026, 3, 1), reason="posts"))
    assert duty.state is DutyState.DUE


def test_the_first_capture_of_the_half_year_is_the_one_that_closed_it() -> None:
    duty = _duty(date(2026, 4, 1), _captured(_at(2026, 3, 5), _at(2026, 2, 5)))
    assert duty.closed_by is not None
    assert duty.closed_by.at == _at(2026, 2, 5)


def test_of_two_captures_at_one_moment_the_first_id_closed_the_half_year() -> None:
    """The answer may not depend on the order in which the archive tells its records."""
    one, two = _captured(_at(2026, 3, 5), _at(2026, 3, 5)).captures
    for told in ((one, two), (two, one)):
        assert _duty(date(2026, 4, 1), History(captures=told, gaps=())).closed_by == one


def test_a_gap_never_closes_the_duty_and_is_told_with_its_date() -> None:
    """R9: a login wall leaves the duty open and the gap in sight."""
    wall = _gap(_at(2026, 3, 1, 9))
    earlier = _gap(_at(2025, 12, 1, 9))
    duty = _duty(date(2026, 3, 2), History(captures=(), gaps=(wall, earlier)))
    assert duty.state is DutyState.DUE
    assert duty.gaps == (wall,)


@pytest.mark.parametrize(
    ("at", "half"),
    [
        (_at(2026, 6, 30, 21, 59), H1),
        (_at(2026, 6, 30, 23, 30), H2),
        (_at(2026, 12, 31, 22, 59), H2),
        (_at(2026, 12, 31, 23, 0), H2.following),
    ],
)
def test_a_capture_belongs_to_the_half_year_of_its_day_in_sweden(
    at: datetime, half: HalfYear
) -> None:
    """R4: 23:30 UTC on 30 June is 1 July in Stockholm."""
    duty = _duty(max(half.first, civil_date(at)), _captured(at))
    assert duty.half == half
    assert duty.state is DutyState.DONE


def test_a_missed_half_year_stays_listed_for_ever_but_is_overdue_only_until_a_capture() -> None:
    """R4: never silent, and mended by the next capture even before the window opens."""
    late = _duty(date(2026, 7, 2))
    assert (late.state, late.missed, late.due) == (DutyState.OVERDUE, (H1,), True)
    mended = _captured(_at(2026, 7, 3))
    assert _duty(date(2026, 7, 4), mended).state is DutyState.DONE
    after = _duty(date(2027, 1, 2), mended)
    assert (after.state, after.missed) == (DutyState.UPCOMING, (H1,))


@pytest.mark.parametrize(
    ("opened_on", "first"),
    [
        (date(2026, 2, 1), H1),
        (date(2026, 6, 15), H1),
        (date(2026, 6, 16), H2),
        (date(2026, 12, 16), H2.following),
    ],
)
def test_an_account_opened_after_the_window_closed_starts_with_the_next_half_year(
    opened_on: date, first: HalfYear
) -> None:
    """R4."""
    duty = _duty(opened_on, opened_on=opened_on)
    assert duty.half == first
    assert duty.missed == ()
    assert (duty.state is DutyState.UPCOMING) == (first != HalfYear.of(opened_on))


def test_an_account_is_not_due_before_the_day_it_opens() -> None:
    duty = _duty(date(2026, 2, 1), opened_on=date(2026, 3, 1))
    assert (duty.state, duty.next_on) == (DutyState.UPCOMING, date(2026, 3, 1))


def test_an_account_of_unknown_age_counts_from_the_day_the_archive_answers_for() -> None:
    """R4: not knowing when it opened hides no missed half-year."""
    assert _duty(date(2026, 8, 20), opened_on=None).missed == (H1,)


def test_half_years_before_the_archive_answered_are_not_called_missed() -> None:
    assert _duty(date(2026, 3, 2), opened_on=date(2019, 1, 1)).missed == ()


def test_a_planned_account_has_no_duty() -> None:
    duty = _duty(date(2026, 8, 20), status=Status.PLANNED, opened_on=None)
    assert (duty.state, duty.missed, duty.next_on) == (DutyState.NOT_REQUIRED, (), None)


def test_a_wind_up_needs_its_own_final_capture() -> None:
    """R5: the half-year picture does not end an account."""
    facts = {"status": Status.WINDING_UP, "wind_up_declared_on": date(2026, 3, 1)}
    waiting = _duty(date(2026, 4, 1), _captured(_at(2026, 3, 5)), **facts)
    assert waiting.state is DutyState.FINAL_CAPTURE_DUE
    assert (waiting.reason, order_key(waiting)) == ("wind_up", "wind_up/2026-03-01/ett")
    ended = _duty(date(2026, 4, 1), _captured(_at(2026, 3, 5), reason="wind_up"), **facts)
    assert ended.state is DutyState.DONE
    assert ended.final_capture is not None
    assert ended.next_on is None


def test_a_final_capture_from_before_the_notice_ends_nothing() -> None:
    """R5: what was published after it would be lost."""
    facts = {"status": Status.WINDING_UP, "wind_up_declared_on": date(2026, 3, 1)}
    duty = _duty(date(2026, 4, 1), _captured(_at(2026, 2, 5), reason="wind_up"), **facts)
    assert duty.state is DutyState.FINAL_CAPTURE_DUE


def test_a_closed_account_without_final_capture_is_due_until_it_is_seen_to_be_gone() -> None:
    """R5: a wind-up that skipped its last picture stays visible and is not tried for ever."""
    facts = {
        "status": Status.CLOSED,
        "wind_up_declared_on": date(2026, 3, 1),
        "closed_on": date(2026, 4, 1),
    }
    wall = History(captures=(), gaps=(_gap(_at(2026, 4, 2)),))
    gone = History(captures=(), gaps=(_gap(_at(2026, 4, 2), "not_found"),))
    done = _captured(_at(2026, 3, 20), reason="wind_up")
    assert _duty(date(2026, 5, 1), wall, **facts).state is DutyState.FINAL_CAPTURE_DUE
    lost = _duty(date(2026, 5, 1), gone, **facts)
    assert (lost.state, lost.due) == (DutyState.FINAL_CAPTURE_MISSED, False)
    assert _duty(date(2026, 5, 1), done, **facts).state is DutyState.NOT_REQUIRED


def test_no_half_year_is_missed_after_the_wind_up_was_declared() -> None:
    facts = {"status": Status.WINDING_UP, "wind_up_declared_on": date(2026, 8, 1)}
    assert _duty(date(2027, 8, 20), **facts).missed == (H1,)


@pytest.mark.parametrize(
    ("published", "seen", "since"),
    [
        (date(2025, 9, 2), None, None),
        (date(2025, 9, 1), None, date(2026, 3, 1)),
        (date(2025, 1, 1), _at(2025, 9, 2, 9), None),
        (date(2025, 9, 1), _at(2025, 1, 1, 9), date(2026, 3, 1)),
        (None, None, None),
    ],
)
def test_six_months_without_a_post_make_an_account_dormant(
    published: date | None, seen: datetime | None, since: date | None
) -> None:
    """R6: the later of what the register says and what a capture saw."""
    posts = () if seen is None else (PostSeen(account=ETT, at=seen),)
    history = History(captures=(), gaps=(), newest_posts=posts)
    duty = _duty(date(2026, 3, 1), history, last_published_on=published)
    assert duty.dormant_since == since


def test_what_is_due_comes_most_pressing_first() -> None:
    accounts = (
        _account(opened_on=date(2026, 7, 1)),
        _account(id=AccountId("sen")),
        _account(
            id=AccountId("slut"),
            status=Status.WINDING_UP,
            wind_up_declared_on=date(2026, 9, 1),
        ),
        _account(id=AccountId("ny"), status=Status.PLANNED),
    )
    register = Register(authority="X", duty_from=date(2026, 1, 1), accounts=accounts)
    due = due_accounts(duties(register, EMPTY, date(2026, 9, 15)))
    assert [order_key(duty) for duty in due] == [
        "wind_up/2026-09-01/slut",
        "half_year/2026-H2/sen",
        "half_year/2026-H2/ett",
    ]


MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 (hypothesis sets the zone)
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001 (hypothesis sets the zone)
    timezones=st.just(UTC),
)
CAPTURES = st.builds(
    CaptureSeen,
    account=st.sampled_from([ETT, AccountId("annat")]),
    at=MOMENTS,
    record_id=st.text("ABC", min_size=1, max_size=4),
    reason=st.sampled_from(REASONS),
)
GAPS = st.builds(
    GapSeen,
    account=st.just(ETT),
    at=MOMENTS,
    verdict=st.sampled_from(VERDICTS),
    gap_id=st.text("XYZ", min_size=1, max_size=4),
)
HISTORIES = st.builds(
    History,
    captures=st.lists(CAPTURES, max_size=8).map(tuple),
    gaps=st.lists(GAPS, max_size=6).map(tuple),
)
TODAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2029, 6, 30))
STATUSES = st.sampled_from(
    [
        {"status": Status.PLANNED},
        {"status": Status.ACTIVE},
        {"status": Status.WINDING_UP, "wind_up_declared_on": date(2025, 5, 5)},
        {"status": Status.CLOSED, "closed_on": date(2026, 6, 6)},
    ]
)


def _any(today: date, history: History, facts: dict[str, Any]) -> Duty:
    return _duty(today, history, kept=date(2024, 1, 1), **facts)


@given(HISTORIES, TODAYS)
def test_a_half_year_is_done_just_when_a_capture_lies_inside_it(
    history: History, today: date
) -> None:
    """R4: for any history, on any day."""
    duty = _any(today, history, {})
    inside = [
        one
        for one in history.captures
        if one.account == ETT
        and one.reason != "posts"
        and duty.half.first <= civil_date(one.at) <= today
    ]
    assert (duty.state is DutyState.DONE) == bool(inside)
    assert duty.half not in duty.missed


@given(HISTORIES, TODAYS, STATUSES, st.lists(GAPS, max_size=4))
def test_no_gap_ever_closes_or_mends_anything(
    history: History, today: date, facts: dict[str, Any], more: list[GapSeen]
) -> None:
    """R9: with and without gaps the same is done, missed and closed."""
    without = _any(today, replace(history, gaps=()), facts)
    with_gaps = _any(today, replace(history, gaps=(*history.gaps, *more)), facts)
    assert (with_gaps.state is DutyState.DONE) == (without.state is DutyState.DONE)
    assert (with_gaps.missed, with_gaps.closed_by) == (without.missed, without.closed_by)
    assert with_gaps.final_capture == without.final_capture


@given(HISTORIES, TODAYS, STATUSES, st.randoms(use_true_random=False))
def test_the_same_history_in_any_order_gives_the_same_duty(
    history: History, today: date, facts: dict[str, Any], chance: Any
) -> None:
    captures, gaps = list(history.captures), list(history.gaps)
    chance.shuffle(captures)
    chance.shuffle(gaps)
    shuffled = History(captures=tuple(captures), gaps=tuple(gaps))
    assert _any(today, shuffled, facts) == _any(today, history, facts)


@given(HISTORIES, TODAYS, st.integers(min_value=0, max_value=900))
def test_a_missed_half_year_is_never_forgotten(history: History, today: date, days: int) -> None:
    """R4: what is missed on one day is missed on every later day."""
    earlier = _any(today, history, {}).missed
    later = _any(today + timedelta(days=days), history, {}).missed
    assert later[: len(earlier)] == earlier


@given(HISTORIES, TODAYS)
def test_what_lies_ahead_of_the_day_changes_nothing(history: History, today: date) -> None:
    past = tuple(one for one in history.captures if civil_date(one.at) <= today)
    assert _any(today, replace(history, captures=past), {}) == _any(today, history, {})


@given(TODAYS)
def test_an_active_account_without_captures_is_never_silent_in_its_window(today: date) -> None:
    """R4: inside the window, and after any miss, something is due."""
    duty = _any(today, EMPTY, {"opened_on": date(2020, 1, 1)})
    window = CALENDAR.window(duty.half)
    if duty.missed or window.opens <= today <= duty.half.last:
        assert duty.due
        assert duty.next_on == today
