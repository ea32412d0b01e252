"""What people are told of accounts, holds and purges; and the steps of a wind-up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accounts.duty import duties
from accounts.history import CaptureSeen, GapSeen, History
from accounts.model import Account, Person, Status
from accounts.notices import Known, Notice, Office, notices, of_findings
from accounts.register import Register, check_register, read_register
from accounts.wind_up import Step, wind_ups

REGISTER = Path("examples/karolinska/accounts.toml")
TODAY = date(2026, 12, 10)
NOTHING = Known(
    duties=(), wind_ups=(), logins_lost={}, login_owners={}, reviews={}, incidents={},
    unfinished=(), abused={},
)  # fmt: skip


@pytest.fixture
def account() -> Account:
    return read_register(REGISTER).accounts[0]


def register(*accounts: Account) -> Register:
    return Register(authority="KI", duty_from=date(2025, 7, 1), accounts=accounts)


def seen(*captures: CaptureSeen, gaps: tuple[GapSeen, ...] = ()) -> History:
    return History(captures=captures, gaps=gaps, newest_posts=())


def capture(account: Account, day: date, reason: str = "half_year") -> CaptureSeen:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return CaptureSeen(account=account.id, at=at, record_id=f"R{day}", reason=reason)


def told(account: Account, history: History, today: date = TODAY) -> list[Notice]:
    those = register(account)
    of = duties(those, history, today)
    return list(notices(those, replace(NOTHING, duties=of), today))


def kinds(found: list[Notice]) -> list[str]:
    return [one.key.split("/")[0] for one in found]


def test_a_half_year_is_warned_of_and_a_missed_one_told(account: Account) -> None:
    """R4: thirty days before its end; a missed one is never silent. The key is one a half-year."""
    spring = capture(account, date(2026, 5, 1))
    before = capture(account, date(2025, 10, 1))
    assert kinds(told(account, seen(before, spring), date(2026, 11, 20))) == []
    [warned] = told(account, seen(before, spring))
    assert warned.key == f"warned/{account.id}/2026-H2"
    assert warned.people == account.responsible
    assert "2026-12-31" in warned.sv
    [again] = told(account, seen(before, spring), date(2026, 12, 20))
    assert again.key == warned.key
    [missed] = told(account, seen(before, spring), date(2027, 1, 2))
    assert missed.key == f"overdue/{account.id}/2027-H1"
    assert "2026-H2" in missed.en


def test_a_dormant_account_is_told_to_owner_registrar_and_communications(account: Account) -> None:
    """R6."""
    silent = replace(account, last_published_on=date(2026, 5, 1))
    found = told(silent, seen(capture(silent, date(2026, 5, 1)), capture(silent, TODAY)))
    [dormant] = [one for one in found if one.key.startswith("dormant/")]
    assert dormant.offices == {Office.REGISTRAR, Office.COMMUNICATIONS}
    assert dormant.people == account.responsible
    assert "2026-11-01" in dormant.en


def test_a_deputy_whose_time_ends_is_told_of_before_and_is_a_finding_after(
    account: Account, tmp_path: Path
) -> None:
    """R1: the second person goes missing by a date; A108 says it once it has passed."""
    one, two = account.responsible
    deputy = replace(account, responsible=(one, replace(two, until=date(2026, 12, 31))))
    history = seen(capture(account, date(2026, 5, 1)), capture(account, TODAY))
    [notice] = [one for one in told(deputy, history) if one.key.startswith("deputy/")]
    assert notice.key == f"deputy/{account.id}/2026-12-31"
    assert two.name not in notice.sv + notice.key
    assert "deputy" not in kinds(told(deputy, history, date(2026, 11, 1)))

    text = REGISTER.read_text("utf-8")
    first = 'email = "fingerad.testlund@ki.example" }'
    changed = tmp_path / "accounts.toml"
    changed.write_text(text.replace(first, first[:-2] + ", until = 2026-12-01 }", 1), "utf-8")
    [finding] = [f for f in check_register(changed, TODAY) if f.code == "A108"]
    assert finding.place.endswith("responsible[2].until")
    [lacking] = list(of_findings([finding], TODAY))
    assert lacking.offices == {Office.COMMUNICATIONS}
    assert lacking.key.endswith("/2026-H2")


def test_a_missing_second_person_or_approval_is_told_and_other_faults_are_not() -> None:
    """R1, R2: what the register lacks, though it cannot be used then."""
    for name, count in (
        ("A024_one_responsible", 1),
        ("A023_active_without_manager", 1),
        ("A030_university_wide_without_director", 1),
        ("A022_active_without_unit", 0),
    ):
        path = Path(__file__).parent / "bad" / f"{name}.toml"
        assert len(list(of_findings(check_register(path), TODAY))) == count, name


@pytest.mark.parametrize("email", ["maj@ki.example", "", "exempla.provgren@ki.example"])
def test_a_lost_login_is_told_to_its_owner_once(account: Account, email: str) -> None:
    """C17: beside the account's own people, one of whom it may be."""
    owner = Person(name="Maj Ek", title="", email=email, until=None)
    known = replace(NOTHING, logins_lost={account.id: TODAY}, login_owners={account.id: owner})
    responsible = replace(account.responsible[0], email="exempla.provgren@ki.example")
    mine = replace(account, responsible=(responsible,))
    [notice] = notices(register(mine), known, TODAY)
    beside = (owner,) if email == "maj@ki.example" else ()
    assert notice.people == (responsible, *beside)


def test_a_lost_login_a_review_and_a_purge_are_told(account: Account) -> None:
    """R49, C17: to the account's people, the archivists, those of incidents; no outsider named."""
    known = replace(
        NOTHING,
        logins_lost={account.id: date(2026, 12, 1)},
        reviews={"01HOLD": date(2026, 12, 9)},
        incidents={"17": date(2026, 12, 8)},
        unfinished=("01GONE",),
        abused={account.id: date(2026, 12, 3)},
    )
    found = list(notices(register(account), known, TODAY))
    assert [(one.key, sorted(one.offices), bool(one.people)) for one in found] == [
        (f"login/{account.id}/2026-12-01", [], True),
        ("review/01HOLD/2026-12-09", ["archivist"], False),
        ("incident/17", ["incident"], False),
        ("purge/01GONE/2026-12-10", ["incident"], False),
        (f"abuse/{account.id}/2026-12-03", ["incident"], False),
    ]


def test_a_wind_up_goes_step_by_step(account: Account) -> None:
    """R5, R6: declared, captured, verified, closed, told; none is skipped."""
    ending = replace(account, status=Status.WINDING_UP, wind_up_declared_on=date(2026, 11, 1))
    closed = replace(ending, status=Status.CLOSED, closed_on=date(2026, 12, 1))
    final = capture(ending, date(2026, 11, 20), "wind_up")
    day = date(2026, 12, 2)

    def step(
        one: Account, history: History, *, verified: bool = False, heard: bool = False
    ) -> tuple[Step, list[str]]:
        those = register(one)
        of = duties(those, history, TODAY)
        looked = {final.record_id: day} if verified else {}
        [found] = wind_ups(those, of, looked, {one.id: day} if heard else {})
        known = replace(NOTHING, duties=of, wind_ups=(found,))
        return found.step, kinds(list(notices(those, known, TODAY)))

    assert step(ending, seen()) == (Step.CAPTURE, ["final"])
    assert step(ending, seen(final)) == (Step.VERIFY, [])
    assert step(ending, seen(final), verified=True) == (Step.CLOSE, [])
    assert step(closed, seen(final), verified=True) == (Step.TELL, ["closed"])
    assert step(closed, seen(final), verified=True, heard=True) == (Step.DONE, ["closed"])
    assert step(closed, seen(final)) == (Step.VERIFY, ["closed_early"])
    assert step(closed, seen())[0] is Step.CAPTURE
    assert "closed_early" in step(closed, seen())[1]
    assert list(wind_ups(register(account), duties(register(account), seen(), TODAY), {}, {})) == []
