"""Who may do what: refused in the archive, inside the transaction, whoever asks (DESIGN)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.closing import Closing
from storage.declaring import Declaration
from storage.errors import Malformed, NotAllowed, NotFound, Outdated
from storage.holds import Ground, HoldId, Placement
from storage.people import Actor, Role, person, service
from storage.proposals import State
from storage.query import Query
from storage.record import Record, RecordType, today, utc_now
from storage.settings import Settings
from storage.standing import Trigger
from tests.storage.proposed import (
    ARVID,
    DRAWER,
    OLGA,
    adopt_plan,
    approved,
    carry_out,
    draw,
    quick,
    run,
    sign,
)

Deposit = Callable[..., Record]
OFFICER, MANAGER = person("Registrator Rut"), person("Andra Anna")
OPERATOR, AUDITOR = person("Drift Dahl"), person("Rolf Revisor")
ARCHIVISTS_OWN = (Ground.RESEARCH_VALUE, Ground.PUBLIC_INSIGHT)


def wanted(record: Record, ground: Ground, query: Query | None = None) -> Placement:
    return Placement(
        ground=ground,
        reason="Unik dokumentation",
        authority="",
        records=() if query else (record.record_id,),
        query=query,
        review_by=None,
    )


def placed(archive: Archive, record: Record, ground: Ground) -> HoldId:
    return archive.place_hold(wanted(record, ground), ARVID).hold_id


@pytest.mark.parametrize("ground", ARCHIVISTS_OWN)
def test_research_value_and_insight_are_held_by_an_archivist_only(
    archive: Archive, deposited: Deposit, ground: Ground
) -> None:
    """R28: on a record, an account or a stored query alike."""
    record = deposited()
    everything = Query(account=record.account)
    for query in (None, everything, Query(text="infrastruktur")):
        for actor in (OFFICER, OLGA, MANAGER, OPERATOR, AUDITOR, service("disposal")):
            with pytest.raises(NotAllowed):
                archive.place_hold(wanted(record, ground, query), actor)
        assert archive.place_hold(wanted(record, ground, query), ARVID).accepted


OVER = Closing(closed_on=today(), outcome=None, refusal_received_on=None, ruled_on=today())


def test_other_grounds_are_an_officers_too(archive: Archive, deposited: Deposit) -> None:
    record = deposited()
    for ground in set(Ground) - set(ARCHIVISTS_OWN):
        hold_id = archive.place_hold(wanted(record, ground), OFFICER).hold_id
        with pytest.raises(NotAllowed, match="archivist or officer"):
            archive.lift_hold(hold_id, OLGA, "Prövat")
        archive.lift_hold(hold_id, OFFICER, "Prövat", closing=OVER)
    assert not archive.record(record.record_id).held


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (ARVID, None, "Two different persons"),
        (ARVID, person("ARVID ARKIVARIE"), "Two different persons"),
        (OFFICER, MANAGER, "archivist"),
        (ARVID, OPERATOR, "Drift Dahl is operator"),
        (ARVID, AUDITOR, "Rolf Revisor is auditor"),
        (ARVID, person("Ingen Alls"), "nobody of that name"),
        (ARVID, service("disposal"), "only a person"),
        (service("disposal"), ARVID, "only a person"),
    ],
)
def test_research_value_and_insight_are_lifted_by_two_of_whom_one_is_an_archivist(
    archive: Archive,
    deposited: Deposit,
    first: Actor,
    second: Actor | None,
    told: str,
) -> None:
    """R28."""
    record = deposited()
    holds = [placed(archive, record, ground) for ground in ARCHIVISTS_OWN]
    for hold_id in holds:
        with pytest.raises(NotAllowed, match=told):
            archive.lift_hold(hold_id, first, "Prövat", second)
    for hold_id in holds:
        assert archive.record(record.record_id).held
        archive.lift_hold(hold_id, MANAGER, "Prövat", ARVID)
    assert not archive.record(record.record_id).held


def test_who_was_removed_may_nothing(archive: Archive, deposited: Deposit) -> None:
    record = deposited()
    archive.people.remove(ARVID.name, OPERATOR)
    with pytest.raises(NotAllowed, match="nobody of that name"):
        placed(archive, record, Ground.OPEN_CASE)


def test_a_hold_is_reviewed_and_still_blocks(archive: Archive, deposited: Deposit) -> None:
    """A hold whose review is due blocks on; a review moves the date and is journaled."""
    record = deposited()
    due = replace(wanted(record, Ground.RESEARCH_VALUE), review_by=today())
    hold_id = archive.place_hold(due, ARVID).hold_id
    assert archive.holds()[0].review_due(today())
    assert archive.record(record.record_id).held
    later = today() + timedelta(days=200)
    with pytest.raises(NotAllowed, match="takes the role of archivist"):
        archive.review_hold(hold_id, later, "Gäller", OFFICER)
    with pytest.raises(Malformed, match=r"(?s)reason.*not ahead"):
        archive.review_hold(hold_id, today(), " ", ARVID)
    archive.review_hold(hold_id, later, "Forskningen pågår", ARVID)
    [hold] = archive.holds()
    assert (hold.review_by, hold.review_due(today())) == (later, False)
    assert archive.record(record.record_id).held
    assert archive.journal()[-1].detail["reason"] == "Forskningen pågår"
    archive.lift_hold(hold_id, ARVID, "Klart", OFFICER)
    with pytest.raises(NotFound):
        archive.review_hold(hold_id, later, "Igen", ARVID)


def test_declaring_classifying_registering_and_adopting_take_a_role(
    archive: Archive, deposited: Deposit
) -> None:
    """An operator runs the system, an auditor looks on; neither decides about records."""
    record = deposited()
    said = Declaration(event=Trigger.SUPERSEDED, on=today(), reason="Ersatt")
    adopt_plan(archive)
    for actor in (OPERATOR, AUDITOR, person("Ingen Alls"), service("disposal")):
        for act in (
            lambda by: archive.declare(record, said, by),
            lambda by: archive.classify(record, RecordType("profile_capture"), "Så", by),
            lambda by: archive.register(record, "1-1/2026", by, needs_case=False),
            lambda by: archive.number_collectively(record.record_type, 2026, "1-2/2026", by),
        ):
            with pytest.raises(NotAllowed):
                act(actor)
    before = len(archive.journal())
    archive.declare(record, said, OFFICER)
    assert len(archive.journal()) == before + 1


def test_each_seat_takes_its_role(settings: Settings, deposited: Deposit) -> None:
    """R33: owner, archivist, and over the cap a manager or archivist; an operator carries out."""
    with Archive.open(quick(settings, cap_records=0)) as archive:
        with pytest.raises(NotAllowed, match="propose"):
            draw(archive, deposited(1), actor=OPERATOR)
        proposal_id = draw(archive, deposited(2))
        for actor in (ARVID, OFFICER, MANAGER, OPERATOR):
            with pytest.raises(NotAllowed, match="takes the role of owner"):
                sign(archive, proposal_id, actor)
        sign(archive, proposal_id, OLGA)
        for actor in (OFFICER, MANAGER, person("Kontoägare Karin")):
            with pytest.raises(NotAllowed, match="takes the role of archivist"):
                sign(archive, proposal_id, actor)
        sign(archive, proposal_id, ARVID)
        with pytest.raises(NotAllowed, match="archivist or manager"):
            sign(archive, proposal_id, OFFICER)
        sign(archive, proposal_id, MANAGER)
        with pytest.raises(NotAllowed, match="takes the role of operator"):
            archive.disposals.start(proposal_id, OFFICER, utc_now())
        for act in (OPERATOR, AUDITOR):
            with pytest.raises(NotAllowed):
                archive.disposals.end(proposal_id, State.REJECTED, "Nej", act)
        assert archive.disposals.start(proposal_id, OPERATOR, utc_now()).stored is State.EXECUTING


@pytest.mark.parametrize("lost", ["removed", "changed"])
def test_an_approvers_role_revoked_before_execution_stops_it(
    settings: Settings, deposited: Deposit, lost: str
) -> None:
    """F11: what was approved by a person who has lost the role is not carried out."""
    with Archive.open(quick(settings)) as archive:
        record = deposited()
        proposal_id = approved(archive, record)
        if lost == "removed":
            archive.people.remove(OLGA.name, OPERATOR)
        else:
            archive.people.change_roles(OLGA.name, [Role.OFFICER], OPERATOR)
        with pytest.raises(Outdated, match="lost the role: Olga Owner may not"):
            carry_out(archive, proposal_id)
        assert archive.verify(archive.record(record.record_id)) == ()


def test_an_approvers_role_revoked_amid_execution_skips_what_is_left(
    settings: Settings, deposited: Deposit
) -> None:
    """F11: asked again at each record."""
    with Archive.open(quick(settings)) as archive:
        one, two = deposited(1), deposited(2)
        proposal_id = approved(archive, one, two)
        by = run()
        archive.disposals.start(proposal_id, by.actor, by.now)
        first, second = archive.disposals.pending(proposal_id)
        archive.disposals.dispose(by, proposal_id, first)
        archive.people.remove(ARVID.name, OPERATOR)
        archive.disposals.dispose(by, proposal_id, second)
        items = {item.record_id: item for item in archive.disposals.items(proposal_id)}
        assert (items[first].state, items[second].state) == ("done", "skipped")
        assert archive.verify(archive.record(second)) == ()


def test_a_service_draws_up_but_holds_nothing(archive: Archive, deposited: Deposit) -> None:
    record = deposited()
    with pytest.raises(NotAllowed, match="only a person"):
        archive.place_hold(wanted(record, Ground.OPEN_CASE), DRAWER)
