"""From what is due to a certificate: drawn up, decided, carried out; again, it changes nothing."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from retention.disposal import carry_out
from storage.archive import Archive
from storage.people import Actor
from storage.proposals import ItemState, State
from storage.record import Record, Status, utc_now
from storage.settings import Settings
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.storage.proposed import ARVID, DISPOSER, OLGA, quick, sign

Deposit = Callable[..., Record]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


def test_what_is_due_is_proposed_decided_disposed_of_and_certified(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R32, R38, R40, R43: and a second run finds nothing to do."""
    adopted = adopt(PLAN)
    one, two, other = deposited(1), deposited(2), deposited(3)
    make_due(archive, one, two)
    [proposal_id] = proposed(archive, adopted)
    assert {item.record_id for item in archive.disposals.items(proposal_id)} == {
        one.record_id,
        two.record_id,
    }
    assert proposed(archive, adopted) == []
    assert dispose(archive) == []
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    assert outcome.refused == ""
    assert (outcome.state, outcome.counts) == (State.CERTIFIED, {ItemState.DONE: 2})
    assert archive.record(one.record_id).status is Status.DISPOSED
    assert archive.record(other.record_id).status is Status.ACTIVE
    assert dispose(archive) == []


@pytest.mark.parametrize("signed", [(OLGA,), (OLGA, ARVID)], ids=["owner_ok", "cooling"])
def test_what_expired_is_ended_and_its_records_are_proposed_anew(
    settings: Settings, adopt: Adopt, deposited: Deposit, signed: tuple[Actor, ...]
) -> None:
    """F12, R35: the new list is decided and carried out as any; the journal says who ended it."""
    with Archive.open(quick(settings, cooling_days=7)) as archive:
        adopted = adopt(PLAN)
        make_due(archive, deposited())
        [old] = proposed(archive, adopted)
        for approver in signed:
            sign(archive, old, approver)
        assert proposed(archive, adopted, utc_now() + timedelta(days=29)) == []
        late = utc_now() + timedelta(days=31)
        [new] = proposed(archive, adopted, late)
        ended = archive.disposals.named(old)
        assert (ended.stored, ended.ended_by) == (State.EXPIRED, "service:expiry")
        assert ended.why == "the approvals ran out"
        assert new != old
        assert [i.record_id for i in archive.disposals.items(new)] == [
            i.record_id for i in archive.disposals.items(old)
        ]
        for approver in (OLGA, ARVID):
            sign(archive, new, approver, late)
        [outcome] = carry_out(archive, {}, DISPOSER, late + timedelta(days=8))
        assert (outcome.proposal_id, outcome.state) == (new, State.CERTIFIED)
        assert archive.disposals.lapse(late + timedelta(days=99)) == ()


@pytest.mark.parametrize("signed", [(), (OLGA,), (OLGA, ARVID)], ids=["frozen", "one", "two"])
def test_what_was_drawn_by_an_old_plan_is_ended_and_proposed_by_the_new(
    archive: Archive, adopt: Adopt, deposited: Deposit, signed: tuple[Actor, ...]
) -> None:
    """F09: the records do not stay on a list that nobody can carry out."""
    first = adopt(PLAN)
    make_due(archive, deposited(1), deposited(2))
    [old] = proposed(archive, first)
    for approver in signed:
        sign(archive, old, approver)
    second = adopt(PLAN.replace(b'sv = "Plan"', b'sv = "Ny plan"'))
    [new] = proposed(archive, second)
    ended = archive.disposals.named(old)
    assert (ended.stored, ended.why) == (
        State.EXPIRED,
        "version 2 of the plan is in force, not 1",
    )
    assert len(archive.disposals.items(new)) == 2
    decide(archive, new)
    [outcome] = dispose(archive)
    assert (outcome.proposal_id, outcome.counts) == (new, {ItemState.DONE: 2})


def test_what_is_being_carried_out_is_not_ended_by_time(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R43: a paused run waits for its person, who gets a certificate of what was done."""
    adopted = adopt(PLAN)
    make_due(archive, deposited())
    [begun] = proposed(archive, adopted)
    decide(archive, begun)
    archive.disposals.start(begun, DISPOSER, utc_now())
    archive.disposals.pause(begun, "för många fel", DISPOSER)
    assert proposed(archive, adopted, utc_now() + timedelta(days=60)) == []
    assert archive.disposals.named(begun).stored is State.PAUSED


def test_a_certificate_names_where_else_a_post_is_seen(
    archive: Archive, adopt: Adopt, showing: Deposit
) -> None:
    """F22, R40: the profile capture and the thread, in the data and on the page."""
    adopted = adopt(PLAN)
    post, profile, thread = showing(1, "p1"), showing(2, "p1", "p2"), showing(3, "p0", "p1")
    showing(4, "p2", "p3")
    make_due(archive, post)
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    certificate = archive.record(str(outcome.certificate))
    [listed] = json.loads(archive.read_part(certificate, "certificate.json"))["records"]
    assert listed["record_id"] == post.record_id
    assert set(listed["also_in"]) == {profile.record_id, thread.record_id}
    pages = PdfReader(BytesIO(archive.read_part(certificate, "certificate.pdf"))).pages
    shown = re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))
    for record in (profile, thread):
        assert record.record_id in shown
