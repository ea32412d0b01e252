"""Proposals: which state may follow which, who may sit where, what an approval signs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import proposing
from storage.archive import Archive
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act
from storage.people import Actor, Role, person, service
from storage.proposals import (
    NEXT,
    OPEN,
    UNDER_WAY,
    Attestation,
    ItemState,
    State,
    Why,
    canary,
    demand_step,
    is_over_cap,
    must_pause,
)
from storage.proposing import Signature
from storage.record import Record, utc_now
from storage.settings import Settings
from tests.storage.proposed import (
    ARVID,
    DISPOSER,
    DRAWER,
    JUDGED,
    OLGA,
    TREDE,
    UNIT,
    adopt_plan,
    approved,
    carry_out,
    draw,
    drawing,
    quick,
    sign,
)
from tests.storage.test_archive import research

Deposit = Callable[..., Record]
DRIFT = person("Drift Dahl")


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


@pytest.fixture
def slow(settings: Settings, archive: Archive) -> Iterator[Archive]:
    """The same archive with a week of cooling-off."""
    with Archive.open(quick(settings, cooling_days=7)) as opened:
        yield opened


def test_each_state_leads_only_where_the_specification_says(
    archive: Archive, deposited: Deposit
) -> None:
    """R32: every pair of states, allowed or refused; each state is reached from the first."""
    proposal = archive.disposals.named(draw(archive, deposited()))
    for before in State:
        for to in State:
            if to in NEXT[before]:
                demand_step(proposal, before, to)
            else:
                with pytest.raises(NotAllowed, match="cannot become"):
                    demand_step(proposal, before, to)
    reached, new = {State.DRAFT}, {State.DRAFT}
    while new:
        new = {to for state in new for to in NEXT[state]} - reached
        reached |= new
    assert reached == set(State)
    ended = {State.WITHDRAWN, State.REJECTED, State.EXPIRED}
    assert all(ended <= NEXT[state] for state in OPEN - UNDER_WAY)
    assert all(not ended & NEXT[state] for state in UNDER_WAY)


def test_one_person_has_one_part_in_a_proposal(archive: Archive, deposited: Deposit) -> None:
    """F24, R33: whoever drew it up or approved it can neither approve again nor carry it out."""
    rut = person("Registrator Rut")
    proposal_id = draw(archive, deposited(), actor=rut)
    for actor in (rut, person("REGISTRATOR RUT"), person("Registrator  Rut")):
        with pytest.raises(NotAllowed, match="has a part"):
            sign(archive, proposal_id, actor)
    sign(archive, proposal_id, OLGA)
    for actor in (OLGA, person("olga owner"), rut):
        with pytest.raises(NotAllowed, match="has a part"):
            sign(archive, proposal_id, actor)
    sign(archive, proposal_id, ARVID)
    for actor in (rut, OLGA, ARVID):
        with pytest.raises(NotAllowed, match="has a part"):
            archive.disposals.start(proposal_id, actor, utc_now())
    assert archive.disposals.start(proposal_id, DISPOSER, utc_now()).stored is State.EXECUTING


def test_an_owner_with_units_approves_the_lists_of_those_only(
    archive: Archive, deposited: Deposit
) -> None:
    """R33: asked when they approve, and once more when it is carried out; without units, all."""
    proposal_id = draw(archive, deposited(1))
    archive.people.change_roles(OLGA.name, [Role.OWNER], DRIFT, ["Biblioteket"])
    with pytest.raises(NotAllowed, match=f"owner for Biblioteket: proposal .* is of {UNIT}"):
        sign(archive, proposal_id, OLGA)
    archive.people.change_roles(OLGA.name, [Role.OWNER], DRIFT, ["Biblioteket", UNIT])
    sign(archive, proposal_id, OLGA)
    sign(archive, proposal_id, ARVID)
    archive.people.change_roles(OLGA.name, [Role.OWNER], DRIFT, ["Biblioteket"])
    with pytest.raises(NotAllowed, match="lost the role: Olga Owner is an owner for Biblioteket"):
        archive.disposals.start(proposal_id, DISPOSER, utc_now())
    other = draw(archive, deposited(2))
    sign(archive, other, person("Kontoägare Karin"))


def newcomer(archive: Archive, name: str, role: Role, by: Actor) -> Actor:
    """Appointed, with a password of their own."""
    archive.people.add(name, [role], by)
    archive.people.note_password(person(name), proven=True)
    return person(name)


@pytest.mark.parametrize("how", ["appointed", "given the role"])
def test_nobody_carries_out_what_was_approved_by_who_they_appointed(
    archive: Archive, deposited: Deposit, how: str
) -> None:
    """R33: an operator who makes an owner and an archivist of straw cannot dispose as themself."""
    if how == "appointed":
        owner = newcomer(archive, "Olle Ny", Role.OWNER, DRIFT)
        archivist = newcomer(archive, "Arne Ny", Role.ARCHIVIST, DRIFT)
    else:
        owner, archivist = OLGA, person("Registrator Rut")
        archive.people.change_roles(archivist.name, [Role.ARCHIVIST], DRIFT)
    proposal_id = draw(archive, deposited())
    sign(archive, proposal_id, owner)
    sign(archive, proposal_id, archivist)
    with pytest.raises(NotAllowed, match="Drift Dahl appointed"):
        archive.disposals.start(proposal_id, DRIFT, utc_now())
    assert archive.disposals.start(proposal_id, DISPOSER, utc_now()).stored is State.EXECUTING


@pytest.mark.parametrize("appointer", ["first", "second"])
def test_nobody_approves_beside_who_they_appointed(
    archive: Archive, deposited: Deposit, appointer: str
) -> None:
    """R33: whichever of the two sits first."""
    proposal_id = draw(archive, deposited())
    if appointer == "second":
        first = newcomer(archive, "Olle Ny", Role.OWNER, ARVID)
        sign(archive, proposal_id, first)
        with pytest.raises(NotAllowed, match="Arvid Arkivarie appointed Olle Ny"):
            sign(archive, proposal_id, ARVID)
    else:
        archive.people.change_roles(OLGA.name, [Role.OPERATOR, Role.OWNER], DRIFT)
        second = newcomer(archive, "Arne Ny", Role.ARCHIVIST, OLGA)
        sign(archive, proposal_id, OLGA)
        with pytest.raises(NotAllowed, match="Olga Owner appointed Arne Ny"):
            sign(archive, proposal_id, second)
    sign(archive, proposal_id, person("Astrid Arkivarie"))


def test_a_service_decides_nothing(archive: Archive, deposited: Deposit) -> None:
    """R33: it may draw up and carry out; not approve, strike, reject, resume or end another's."""
    record = deposited()
    proposal_id = draw(archive, record)
    other, disposals = service("another"), archive.disposals
    for act in (
        lambda: sign(archive, proposal_id, other),
        lambda: disposals.strike(proposal_id, [record.record_id], "r", other),
        lambda: disposals.end(proposal_id, State.REJECTED, "r", DRAWER),
        lambda: disposals.end(proposal_id, State.WITHDRAWN, "r", other),
        lambda: disposals.resume(proposal_id, "r", other),
    ):
        with pytest.raises(NotAllowed):
            act()
    disposals.end(proposal_id, State.WITHDRAWN, "Fel plan", DRAWER)
    assert disposals.named(proposal_id).stored is State.WITHDRAWN


def test_an_approval_signs_the_list_that_was_seen(archive: Archive, deposited: Deposit) -> None:
    """R35: another digest is refused; striking changes no digest and voids no approval."""
    one, two = deposited(1), deposited(2)
    proposal_id = draw(archive, one, two)
    digest = archive.disposals.named(proposal_id).digest
    wrong = Signature(digest="0" * 64, attestation=JUDGED)
    with pytest.raises(NotAllowed, match="look at it again"):
        archive.disposals.approve(proposal_id, wrong, OLGA, utc_now())
    sign(archive, proposal_id, OLGA)
    archive.disposals.strike(proposal_id, [two.record_id], "Originalet saknas", OLGA)
    after = archive.disposals.named(proposal_id)
    assert (after.digest, after.listed, len(after.approvals)) == (digest, 1, 1)
    listed = {item.record_id: item for item in archive.disposals.items(proposal_id)}
    struck = listed[two.record_id]
    assert (struck.state, struck.by) == (ItemState.STRUCK, "person:Olga Owner")
    with pytest.raises(NotFound, match="to strike"):
        archive.disposals.strike(proposal_id, [two.record_id], "igen", OLGA)
    sign(archive, proposal_id, ARVID)
    items = carry_out(archive, proposal_id)
    assert {item.record_id: item.state for item in items} == {
        one.record_id: ItemState.DONE,
        two.record_id: ItemState.STRUCK,
    }
    assert archive.record(two.record_id).generation == two.generation


def test_nothing_is_added_to_a_list_or_changed_in_it(archive: Archive, deposited: Deposit) -> None:
    """R35: what is drawn later is another list; a struck record does not come back; a record that
    changed is not the one that was approved. The digest and what was signed stay as they were.
    """
    one, two = deposited(1), deposited(2)
    proposal_id = draw(archive, one)
    sign(archive, proposal_id, OLGA)
    before = archive.disposals.named(proposal_id), archive.disposals.items(proposal_id)
    other = draw(archive, one, two)
    assert other != proposal_id
    assert [item.record_id for item in archive.disposals.items(other)] == [two.record_id]
    assert (archive.disposals.named(proposal_id), archive.disposals.items(proposal_id)) == before
    archive.disposals.strike(other, [two.record_id], "Behövs", OLGA)
    draw(archive, two)
    assert archive.disposals.items(other)[0].state is ItemState.STRUCK
    archive.register(one, "1-77/2026", ARVID, needs_case=False)
    sign(archive, proposal_id, ARVID)
    [item] = carry_out(archive, proposal_id)
    assert (item.state, item.why) == (ItemState.SKIPPED, Why.CHANGED)
    rows = {act for act in Act if act.value.startswith(("proposal_", "item_"))}
    told = [e.act for e in archive.journal(subject=proposal_id) if e.act in rows]
    assert told.count(Act.PROPOSAL_LISTED) == told.count(Act.PROPOSAL_FROZEN) == 1


@pytest.mark.parametrize("signed", [0, 1, 2])
def test_a_list_of_which_nothing_is_left_is_withdrawn(
    archive: Archive, deposited: Deposit, signed: int
) -> None:
    """R32, R40: frozen, approved or cooling: no certificate of nothing follows."""
    one, two = deposited(1), deposited(2)
    proposal_id = draw(archive, one, two)
    for approver in (OLGA, ARVID)[:signed]:
        sign(archive, proposal_id, approver)
    archive.disposals.strike(proposal_id, [one.record_id], "Behövs", OLGA)
    assert archive.disposals.named(proposal_id).ended_by == ""
    archive.disposals.strike(proposal_id, [two.record_id], "Behövs", OLGA)
    ended = archive.disposals.named(proposal_id)
    assert (ended.stored, ended.ended_by) == (State.WITHDRAWN, str(OLGA))
    assert ended.why == "no record is left on its list"
    with pytest.raises(NotAllowed, match="waits for no approval"):
        sign(archive, proposal_id, TREDE)
    with pytest.raises(NotAllowed, match="withdrawn"):
        archive.disposals.start(proposal_id, DISPOSER, utc_now())
    assert draw(archive, one) != proposal_id


def test_an_empty_list_that_cools_off_is_ended_and_not_certified(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R40: the start looks once more, as the list may have been struck before this was so."""
    record = deposited()
    proposal_id = approved(archive, record)
    with monkeypatch.context() as before:
        before.setattr(proposing, "append_end", lambda *_: None)
        archive.disposals.strike(proposal_id, [record.record_id], "Behövs", OLGA)
    assert archive.disposals.named(proposal_id).stored is State.COOLING
    with pytest.raises(NotAllowed, match="no record is left"):
        archive.disposals.start(proposal_id, DISPOSER, utc_now())
    assert archive.disposals.named(proposal_id).stored is State.WITHDRAWN


def test_a_record_stands_on_one_open_list(archive: Archive, deposited: Deposit) -> None:
    """R43: drawing twice proposes nothing twice; held or changed records are left out (R27)."""
    one, held, changed = deposited(1), deposited(2), deposited(3)
    draw(archive, one)
    archive.place_hold(research(held.record_id), ARVID)
    stale = replace(changed, generation=changed.generation + 1)
    assert archive.disposals.draw(drawing(one, held, stale), DRAWER) is None
    elsewhere = drawing(changed, unit="En annan enhet")
    assert archive.disposals.draw(elsewhere, DRAWER) is None
    assert len(archive.disposals.all()) == 1


def test_the_archivist_answers_every_test_in_words(archive: Archive, deposited: Deposit) -> None:
    """R36: all that is missing is named at once; the owner is not asked."""
    proposal_id = draw(archive, deposited())
    digest = archive.disposals.named(proposal_id).digest
    bare = Signature(digest=digest, attestation=None)
    archive.disposals.approve(proposal_id, bare, OLGA, utc_now())
    with pytest.raises(Malformed, match="every test"):
        archive.disposals.approve(proposal_id, bare, ARVID, utc_now())
    half = Attestation(insight="Ja", justice=" ", administration="Ja", research="", periods="Ja")
    with pytest.raises(Malformed) as refused:
        archive.disposals.approve(
            proposal_id, Signature(digest=digest, attestation=half), ARVID, utc_now()
        )
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["justice", "research"]
    sign(archive, proposal_id, ARVID)
    [_, archivist] = archive.disposals.named(proposal_id).approvals
    assert archivist.attested["research"] == JUDGED.research


def test_a_held_record_stops_an_approval_until_it_is_struck(
    archive: Archive, deposited: Deposit
) -> None:
    """R27: a hold may be placed on what is listed, and the list is not approved with it."""
    one, two = deposited(1), deposited(2)
    proposal_id = draw(archive, one, two)
    sign(archive, proposal_id, OLGA)
    assert archive.place_hold(research(two.record_id), ARVID).accepted == (two.record_id,)
    with pytest.raises(NotAllowed, match=f"held: strike them first .{two.record_id}"):
        sign(archive, proposal_id, ARVID)
    archive.disposals.strike(proposal_id, [two.record_id], "Forskningsvärde", OLGA)
    assert sign(archive, proposal_id, ARVID).stored is State.COOLING


def test_what_is_approved_cools_off_first(slow: Archive, deposited: Deposit) -> None:
    """R35: not before the week is out; a clock that goes back makes nothing ready (F08)."""
    proposal_id = approved(slow, deposited())
    proposal = slow.disposals.named(proposal_id)
    assert proposal.stored is State.COOLING
    week = timedelta(days=7)
    assert proposal.ready_at is not None
    for too_early in (utc_now(), proposal.ready_at - timedelta(seconds=1), utc_now() - 9 * week):
        assert proposal.state_at(too_early) is State.COOLING
        with pytest.raises(NotAllowed, match="cooling"):
            slow.disposals.start(proposal_id, DISPOSER, too_early)
    assert proposal.state_at(proposal.ready_at) is State.READY
    started = slow.disposals.start(proposal_id, DISPOSER, proposal.ready_at)
    assert started.stored is State.EXECUTING


def test_approvals_run_out(slow: Archive, deposited: Deposit) -> None:
    """F12: after thirty days nothing can be carried out or approved; that is journaled."""
    half, whole = draw(slow, deposited(1)), approved(slow, deposited(2))
    sign(slow, half, OLGA)
    late = utc_now() + timedelta(days=31)
    with pytest.raises(NotAllowed, match="expired: it waits for no approval"):
        sign(slow, half, ARVID, late)
    with pytest.raises(NotAllowed, match="ran out"):
        slow.disposals.start(whole, DISPOSER, late)
    assert slow.disposals.named(whole).stored is State.EXPIRED
    with pytest.raises(NotAllowed, match="expired"):
        slow.disposals.start(whole, DISPOSER, utc_now() + timedelta(days=8))


def test_a_run_over_the_cap_takes_a_third_person(settings: Settings, deposited: Deposit) -> None:
    """F25, R39: over the share of the holdings; two lists by one rule are one run."""
    records = [deposited(number) for number in range(1, 5)]
    with Archive.open(quick(settings, cap_percent=25)) as archive:
        adopt_plan(archive)
        one = approved(archive, records[0])
        assert archive.disposals.named(one).stored is State.COOLING
        two = approved(archive, records[1])
        assert archive.disposals.named(two).stored is State.ARCHIVIST_OK
        with pytest.raises(NotAllowed, match="over the cap"):
            archive.disposals.start(one, DISPOSER, utc_now())
        with pytest.raises(NotAllowed, match="cannot become executing"):
            archive.disposals.start(two, DISPOSER, utc_now())
        with pytest.raises(NotAllowed, match="has a part"):
            sign(archive, two, ARVID)
        assert sign(archive, two, TREDE).stored is State.COOLING
        assert archive.disposals.start(two, DISPOSER, utc_now()).stored is State.EXECUTING


@pytest.mark.parametrize(
    ("count", "holdings", "over"),
    [(5, 100, False), (6, 100, True), (1000, 10**6, False), (1001, 10**6, True), (1, 3, True)],
)
def test_the_cap_is_a_share_and_a_number(count: int, holdings: int, *, over: bool) -> None:
    """R39: more than five percent or more than a thousand."""
    assert is_over_cap(count, holdings, percent=5, records=1000) is over


def test_the_first_hundredth_bears_no_fault() -> None:
    """Canary and circuit breaker: none in the first hundredth, later one in a hundred."""
    assert [canary(count) for count in (1, 100, 101, 1000)] == [1, 1, 2, 10]
    assert must_pause(1, 1, 1)
    assert must_pause(1, 10, 1000)
    assert not must_pause(0, 10, 1000)
    assert not must_pause(10, 500, 1000)
    assert must_pause(11, 500, 1000)
    assert must_pause(1, 50, 99)


def test_a_new_version_of_the_plan_voids_what_was_drawn_by_the_old(
    archive: Archive, deposited: Deposit
) -> None:
    """F09: it is approved no more, and not carried out."""
    drawn, decided = draw(archive, deposited(1)), approved(archive, deposited(2))
    adopt_plan(archive, 2)
    with pytest.raises(NotAllowed, match="draw anew"):
        sign(archive, drawn, OLGA)
    with pytest.raises(NotAllowed, match="2 is in force"):
        archive.disposals.start(decided, DISPOSER, utc_now())


def test_what_has_begun_is_not_taken_back(archive: Archive, deposited: Deposit) -> None:
    """R32: neither withdrawn, rejected nor struck; a hold is the way."""
    record = deposited()
    proposal_id = approved(archive, record)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    for to in (State.WITHDRAWN, State.REJECTED):
        with pytest.raises(NotAllowed, match="Place a hold"):
            archive.disposals.end(proposal_id, to, "Ångrat", OLGA)
    with pytest.raises(NotAllowed, match="Place a hold"):
        archive.disposals.strike(proposal_id, [record.record_id], "Ångrat", OLGA)
    with pytest.raises(NotAllowed, match="waits for no approval"):
        sign(archive, proposal_id, TREDE)
    with pytest.raises(NotFound):
        archive.disposals.named("NOSUCH")
