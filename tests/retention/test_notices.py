"""What people are told of proposals, reviews and the worklist: to whom, in which state, once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.notices import Notice, Office
from accounts.register import read_register
from retention.notices import Waiting, of_proposals, of_work
from retention.watch import Told, waiting
from storage.archive import Archive
from storage.mail import read_server
from storage.people import service
from storage.proposals import Approval, ItemState, Proposal, ProposalId, Seat, State
from storage.record import Record, Status, utc_now
from storage.settings import Settings
from storage.telling import tell
from tests.desk.conftest import Insyn, insyn, run
from tests.postbox import Postbox, postbox
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, make_due, proposed
from tests.retention.test_reviewing import REVIEWED
from tests.storage.proposed import ARVID, OLGA, TREDE, UNIT, quick, sign

__all__ = ["insyn", "run"]

Deposit = Callable[..., Record]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
EXAMPLE = read_register(Path("examples/karolinska/accounts.toml"))
REGISTER = replace(
    EXAMPLE,
    accounts=tuple(replace(one, unit=UNIT) for one in EXAMPLE.accounts[:1]) + EXAMPLE.accounts[1:],
)
PROPOSAL = Proposal(
    proposal_id=ProposalId("01P"), plan=1, rule_id="SM-11", record_type="spam", unit=UNIT,
    basis="b", ends_as=Status.DISPOSED, drawn_by="service:x", drawn_at=NOW, stored=State.FROZEN,
    digest="d", approvals=(),
    ready_at=None, executor="", started_at=None, verified_at=None, ended_by="", why="",
    certificate=None, counts={ItemState.PROPOSED: 3},
)  # fmt: skip


def approval(days: float, seat: Seat = Seat.OWNER) -> Approval:
    return Approval(
        seat=seat, person="person:Olga", at=NOW, valid_until=NOW + timedelta(days=days),
        digest="d", attested={},
    )  # fmt: skip


def told(*, over_cap: bool = False, pauses: int = 0, **other: Any) -> list[Notice]:
    one = Waiting(proposal=replace(PROPOSAL, **other), over_cap=over_cap, pauses=pauses)
    return list(of_proposals([one], REGISTER, NOW))


def keys(found: list[Notice]) -> list[str]:
    return [one.key for one in found]


@pytest.mark.parametrize(
    ("stored", "key", "offices"),
    [
        (State.OWNER_OK, "archivist/01P", {Office.ARCHIVIST}),
        (State.ARCHIVIST_OK, "third/01P", {Office.ARCHIVIST}),
        (State.READY, "ready/01P", {Office.ARCHIVIST}),
        (State.PAUSED, "paused/01P/2", {Office.ARCHIVIST, Office.OPERATOR}),
    ],
)
def test_a_proposal_is_told_to_whom_it_waits_for(
    stored: State, key: str, offices: set[Office]
) -> None:
    """R32, R33: a second pause is told anew."""
    [notice] = told(stored=stored, pauses=2, why="3 of 9 failed")
    assert (notice.key, notice.offices) == (key, offices)
    assert "01P" in notice.sv
    assert "01P" in notice.en
    if stored is State.PAUSED:
        assert "3 of 9 failed" in notice.sv


def test_the_owners_of_the_units_accounts_are_told_and_else_the_archivists() -> None:
    """R33: nobody else's owners; a unit without accounts is nobody's secret."""
    [notice] = told()
    of_unit = {p for one in REGISTER.accounts if one.unit == UNIT for p in one.responsible}
    assert set(notice.people) == of_unit
    assert of_unit
    assert notice.offices == frozenset()
    [other] = told(unit="Nedlagd enhet")
    assert (other.people, other.offices) == ((), {Office.ARCHIVIST})


def test_approvals_that_run_out_are_told_a_week_before_and_then() -> None:
    """R35: an expired proposal keeps its records until somebody withdraws it."""
    state = {"stored": State.OWNER_OK}
    assert keys(told(**state, approvals=(approval(8),))) == ["archivist/01P"]
    assert keys(told(**state, approvals=(approval(6.9), approval(20)))) == [
        "archivist/01P",
        "ending/01P/2026-12-08",
    ]
    assert keys(told(**state, approvals=(approval(-1),))) == ["expired/01P"]


def test_a_run_over_the_cap_is_told_before_and_when_it_stands_still() -> None:
    """R39: nothing is told once a third person has approved."""
    ready = {"stored": State.COOLING, "ready_at": NOW}
    assert keys(told(over_cap=True)) == ["owner/01P", "cap/01P"]
    assert keys(told(over_cap=True, **ready)) == ["ready/01P", "cap_stops/01P"]
    third = (approval(30, Seat.THIRD),)
    assert keys(told(over_cap=True, approvals=third, **ready)) == ["ready/01P"]


def test_what_failed_is_told_also_when_the_rest_is_certified() -> None:
    """R43: how many more, and it is another notice."""
    [notice] = told(stored=State.CERTIFIED, counts={ItemState.FAILED: 1, ItemState.BLOCKED: 1})
    assert notice.key == "faults/01P/2"
    assert told(stored=State.CERTIFIED, counts={ItemState.DONE: 2}) == []


def test_a_long_worklist_is_not_counted_to_its_end() -> None:
    [notice] = of_work(1001, NOW.date())
    assert "(1000+)" in notice.sv
    assert notice.key == "worklist/2026-12"
    assert list(of_work(0, NOW.date())) == []


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as made:
        yield made


@pytest.fixture
def mailed(settings: Settings, box: Postbox) -> Settings:
    offices = {office: (f"{office}@ki.example",) for office in settings.mail_to}
    return quick(settings, mail_server=read_server(box.url), mail_to=offices, cooling_days=7)


def once(settings: Settings, archive: Archive, now: datetime) -> Told:
    """What the DAG does, once."""
    seen = waiting(archive, REGISTER, now)
    tell(settings, archive, seen.untold, service("account_watch"))
    return seen


def test_each_step_of_a_proposal_is_mailed_once(
    mailed: Settings, box: Postbox, adopt: Adopt, deposited: Deposit, settings: Settings
) -> None:
    """R32, R33, R39: owner, archivist, third person, ready; a rebuild tells nobody twice."""
    with Archive.open(replace(mailed, cap_percent=0)) as archive:
        adopted = adopt(PLAN)
        make_due(archive, deposited(1), deposited(2))
        [proposal_id] = proposed(archive, adopted)
        now = utc_now()
        assert keys(list(once(mailed, archive, now).open)) == [
            f"owner/{proposal_id}",
            f"cap/{proposal_id}",
        ]
        [to_owners, _] = [to for to, _ in box.came]
        assert set(to_owners) == {
            p.email for one in REGISTER.accounts if one.unit == UNIT for p in one.responsible
        }
        assert "väntar på kontots ägare" in box.came[0][1].get_content().replace("\n", " ")
        for actor, kind in ((OLGA, "archivist"), (ARVID, "third")):
            sign(archive, proposal_id, actor, now)
            assert f"{kind}/{proposal_id}" in keys(list(once(mailed, archive, now).untold))
        sign(archive, proposal_id, TREDE, now)
        assert once(mailed, archive, now).notices == ()
        ripe = once(mailed, archive, now + timedelta(days=7, seconds=1))
        assert keys(list(ripe.untold)) == [f"ready/{proposal_id}"]
        count = len(box.came)
        archive.rebuild(lambda _: None)
        again = once(mailed, archive, now + timedelta(days=7, seconds=1))
        assert (again.untold, again.open) == ((), ())
        assert len(box.came) == count


def test_reviews_and_the_worklist_are_told_each_month_until_they_are_seen_to(
    mailed: Settings, box: Postbox, adopt: Adopt, deposited: Deposit, archive: Archive
) -> None:
    """SM-07, R15, R19: to the rule's reviewers, and to registrar and archivists."""
    adopt(REVIEWED)
    make_due(archive, deposited(1))
    deposited(2)
    now = utc_now()
    month = f"{now:%Y-%m}"
    seen = once(mailed, archive, now)
    assert keys(list(seen.untold)) == [f"reviews/SM-04/{month}", f"worklist/{month}"]
    assert [to for to, _ in box.came] == [
        ("archivist@ki.example",),
        ("archivist@ki.example", "registrar@ki.example"),
    ]
    assert once(mailed, archive, now).untold == ()
    assert len(once(mailed, archive, now).open) == 2
    assert len(once(mailed, archive, now + timedelta(days=32)).untold) == 2


def test_duties_show_what_waits_and_for_whom(
    insyn: Insyn, adopt: Adopt, deposited: Deposit, archive: Archive
) -> None:
    adopted = adopt(PLAN)
    make_due(archive, deposited(1))
    [proposal_id] = proposed(archive, adopted)
    said = insyn("duties").out.replace("\n", " ")
    assert proposal_id in said
    assert "awaits the account's owner" in said
    assert proposal_id not in insyn("duties", "--account", "ki-biblioteket").out
