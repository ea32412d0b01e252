"""Versions of the plan in the archive: adopted, immutable, back after a rebuild."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.stockholm import civil_date
from retention.adopting import Decision, adopted_plan, adoption, plan_in_force
from retention.errors import PlanFaults
from storage.archive import Archive
from storage.declaring import Declaration
from storage.errors import Damaged, Malformed, NotAllowed, StoreRefused
from storage.holds import Ground, Placement
from storage.objects import Store
from storage.people import service
from storage.query import Query
from storage.record import (
    PROFILE_CAPTURE,
    AccountRef,
    Description,
    Order,
    Record,
    RecordId,
    RecordType,
    Status,
    utc_now,
)
from storage.settings import Identity, Settings
from storage.standing import Condition, Event, Source, Trigger
from tests.retention.conftest import ALI, DECIDED, EVA, GOOD, Adopt
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
Describe = Callable[[RecordId, Order], Description]
SHORTER = GOOD.replace(b'"P1Y"', b'"P6M"')
LONGER = GOOD.replace(b'"P1Y"', b'"P2Y"')
TODAY = civil_date(utc_now())
PROFILES = GOOD.replace(b"own_post_copy", b"profile_capture")


def test_a_version_is_kept_with_who_when_and_under_which_number(
    archive: Archive, adopt: Adopt
) -> None:
    """R20: and each rule's own local decision."""
    adopted = adopt()
    assert (adopted.number, adopted.decided_by, adopted.decided_on) == (1, "Rektor", DECIDED)
    assert adopted.registration_number == "1-900/2026"
    assert archive.plan_text(adopted) == GOOD
    assert adopted_plan(archive, adopted).version == 1
    (entry,) = archive.journal(subject="1")
    assert entry.actor == "person:Eva Ek"
    assert entry.detail["local_decisions"] == {
        "SM-04": {"dnr": "1-1/2026", "decided_on": "2026-11-02"}
    }


def test_an_adopted_version_cannot_be_changed(
    archive: Archive, adopt: Adopt, settings: Settings
) -> None:
    """R20: it lies under lock, and other bytes in its place are told."""
    adopted = adopt()
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    head = disposer.head(adopted.key, adopted.version_id)
    assert head.retain_until is not None
    with pytest.raises(StoreRefused):
        disposer.delete_version(adopted.key, adopted.version_id, bypass_governance=False)
    with pytest.raises(Damaged, match="was changed"):
        archive.plan_text(replace(adopted, sha256="0" * 64))


def test_a_plan_with_faults_is_not_adopted(archive: Archive, adopt: Adopt) -> None:
    """R21."""
    with pytest.raises(PlanFaults, match="P041"):
        adopt(GOOD.replace(b"RA-FS 2021:6", b"RA-FS 1991:6"))
    assert archive.plans() == []


def test_shortening_retention_takes_two_persons_and_a_reason(
    archive: Archive, adopt: Adopt
) -> None:
    """R23: the archive itself refuses, whoever asks."""
    adopt()
    with pytest.raises(Malformed, match="transition"):
        adopt(SHORTER, second=ALI)
    for second in (None, EVA, replace(EVA, name="eva ek"), service("dag")):
        with pytest.raises(NotAllowed):
            adopt(SHORTER, second=second, transition="Ny bedömning")
    assert [one.number for one in archive.plans()] == [1]
    adopted = adopt(SHORTER, second=ALI, transition="Ny bedömning")
    assert adopted.shortened == ("own_post_copy",)
    assert (adopted.second, adopted.transition) == ("person:Ali Alm", "Ny bedömning")


FAR = date(2036, 1, 1)


@pytest.mark.parametrize(
    ("texts", "from_day", "two"),
    [
        ((SHORTER, SHORTER), DECIDED, True),
        ((SHORTER, GOOD), DECIDED, False),
        ((SHORTER, SHORTER), FAR, False),
        ((LONGER, GOOD), DECIDED, True),
        ((LONGER, LONGER), DECIDED, False),
        ((LONGER, LONGER), FAR, False),
        ((LONGER, GOOD), date(2035, 12, 31), True),
    ],
)
def test_a_version_is_compared_with_all_that_it_takes_the_place_of(
    archive: Archive, adopt: Adopt, texts: tuple[bytes, bytes], from_day: date, *, two: bool
) -> None:
    """R23: the one in force and the one to come; else a detour by a far day shortens unseen."""
    to_come, wanted = texts
    adopt()
    adopt(to_come, second=ALI, transition="Beslutat", in_force_from=FAR)
    if two:
        with pytest.raises(NotAllowed, match="Two different persons"):
            adopt(wanted, transition="Ny bedömning", in_force_from=from_day)
    adopted = adopt(wanted, ALI if two else None, "Ny bedömning" if two else "", from_day)
    assert (adopted.number, bool(adopted.shortened)) == (3, two)
    compared = [2] if from_day == FAR else [1, 2]
    assert archive.journal(subject="3")[-1].detail["compared"] == compared


def test_a_version_that_was_not_compared_with_all_is_refused(
    archive: Archive, adopt: Adopt
) -> None:
    """R23: whoever asks says what was compared, and the archive looks whether that is all."""
    adopt()
    adopt(LONGER, in_force_from=FAR)
    decision = Decision(
        decided_by="Rektor", decided_on=DECIDED, registration_number="1", in_force_from=DECIDED,
        transition="",
    )  # fmt: skip
    whole = adoption(GOOD, "plan.toml", decision, archive)
    for compared in ((), (1,), (2,), (1, 2, 3)):
        with pytest.raises(NotAllowed, match="compare anew"):
            archive.adopt_plan(replace(whole, compared=compared, shortened=()), EVA)


def test_lengthening_retention_takes_one_person(archive: Archive, adopt: Adopt) -> None:
    """R23."""
    adopt()
    assert adopt(LONGER).number == 2


def test_a_service_adopts_nothing(archive: Archive) -> None:
    """R20: a person decides."""
    decision = Decision(
        decided_by="Rektor", decided_on=DECIDED, registration_number="1", in_force_from=DECIDED,
        transition="",
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="only a person"):
        archive.adopt_plan(adoption(GOOD, "plan.toml", decision, archive), service("dag"))


def test_a_decision_that_lacks_something_is_refused_with_all_of_it(archive: Archive) -> None:
    """R20: decision-maker, date and number; nothing is decided ahead of time."""
    ahead = TODAY + timedelta(days=1)
    decision = Decision(
        decided_by=" ", decided_on=ahead, registration_number="", in_force_from=TODAY,
        transition="",
    )  # fmt: skip
    with pytest.raises(Malformed) as refused:
        archive.adopt_plan(adoption(GOOD, "plan.toml", decision, archive), EVA)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "decided_by", "registration_number", "decided_on", "in_force_from",
    ]  # fmt: skip


def test_a_version_compared_with_an_older_one_is_refused(archive: Archive, adopt: Adopt) -> None:
    """R23: two people who adopt at once do not shorten unseen."""
    decision = Decision(
        decided_by="Rektor", decided_on=DECIDED, registration_number="1", in_force_from=DECIDED,
        transition="",
    )  # fmt: skip
    late = adoption(SHORTER, "plan.toml", decision, archive)
    adopt(LONGER)
    with pytest.raises(NotAllowed, match="compare anew"):
        archive.adopt_plan(late, EVA)


def test_a_version_governs_from_its_day(archive: Archive, adopt: Adopt) -> None:
    """R20, R22."""
    adopt()
    adopt(LONGER, in_force_from=date(2031, 1, 1))
    before, after = (plan_in_force(archive, day) for day in (TODAY, date(2031, 1, 1)))
    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert plan_in_force(archive, DECIDED - timedelta(days=1)) is None


def test_a_record_takes_only_a_type_that_has_a_rule(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R14: and the journal says what it was before, and why."""
    record = deposited()
    with pytest.raises(Malformed, match="no rule"):
        archive.classify(record, RecordType("own_post_copy"), "Kopia", EVA)
    adopt()
    with pytest.raises(Malformed, match="no rule") as refused:
        archive.classify(record, RecordType("nonsense"), " ", EVA)
    assert len(refused.value.faults) == 2
    archive.classify(record, RecordType("own_post_copy"), "Kopia av nyhet", EVA)
    assert archive.record(record.record_id).record_type == "own_post_copy"
    assert archive.find(Query(record_type=PROFILE_CAPTURE)) == []
    detail = archive.journal(subject=record.record_id)[-1].detail
    assert (detail["before"], detail["reason"]) == (PROFILE_CAPTURE, "Kopia av nyhet")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Declaration(event=Trigger.SUPERSEDED, on=TODAY, reason=" "), "say how"),
        (Declaration(event=Trigger.CREATED, on=TODAY, reason="r"), "nobody declares"),
        (Declaration(event=Trigger.REMOVED, on=TODAY + timedelta(1), reason="r"), "lies ahead"),
    ],
)
def test_a_declaration_that_cannot_be_so_is_refused(
    archive: Archive, deposited: Deposit, said: Declaration, fault: str
) -> None:
    """R25: declared with reason and actor."""
    record = deposited()
    with pytest.raises(Malformed, match=fault):
        archive.declare(record, said, EVA)
    with pytest.raises(NotAllowed):
        archive.declare(record, replace(said, reason="r", event=Trigger.REMOVED), service("dag"))
    assert archive.standing(record, {}).events.keys() == {Trigger.CREATED}


def test_what_a_person_declared_is_known_corrected_and_taken_back(
    archive: Archive, deposited: Deposit
) -> None:
    """R25: the last word counts; the journal keeps them all."""
    record = deposited()
    for on in (date(2024, 1, 1), date(2024, 2, 1)):
        archive.declare(record, Declaration(event=Trigger.REMOVED, on=on, reason="Dold"), EVA)
    event = archive.standing(record, {}).events[Trigger.REMOVED]
    assert event == Event(
        on=date(2024, 2, 1), source=Source.DECLARED, by="person:Eva Ek", reason="Dold"
    )
    archive.declare(record, Declaration(event=Trigger.REMOVED, on=None, reason="Fel post"), EVA)
    assert Trigger.REMOVED not in archive.standing(record, {}).events
    assert sum(entry.act == "declared" for entry in archive.journal()) == 3


def test_a_number_is_a_records_own_or_its_types_of_the_year(
    archive: Archive, deposited: Deposit
) -> None:
    """R15, R18."""
    one, other = deposited(1), deposited(2)
    archive.number_collectively(PROFILE_CAPTURE, 2026, "1-55/2026", EVA)
    archive.number_collectively(PROFILE_CAPTURE, 2025, "1-44/2025", EVA)
    archive.register(other, "1-77/2026", EVA, needs_case=True)
    assert archive.standing(one, {}).registration_number == "1-55/2026"
    standing = archive.standing(other, {})
    assert (standing.registration_number, standing.needs_case) == ("1-77/2026", True)
    with pytest.raises(Malformed, match="give it"):
        archive.register(one, " ", EVA, needs_case=False)


def test_a_captured_post_was_published_when_its_platform_says(
    archive: Archive, account: AccountRef, order: Order, package: Path, describe: Describe
) -> None:
    """R10, R25, F08: as a civil date in Sweden; a person's word stands before it."""
    accepted = archive.accept(order, account, service("test"))
    facts = {"published_at": "2024-06-30T22:30:00Z"}
    said = replace(describe(accepted.record_id, order), facts=facts)
    record = archive.deposit(said, package, service("test"))
    standing = archive.standing(record, {})
    assert standing.events[Trigger.PUBLISHED] == Event(on=date(2024, 7, 1), source=Source.CAPTURE)
    assert standing.created_on == date(2024, 7, 1)
    corrected = Declaration(event=Trigger.PUBLISHED, on=date(2024, 6, 1), reason="Fel klocka")
    archive.declare(record, corrected, EVA)
    assert archive.standing(record, {}).created_on == date(2024, 6, 1)
    archive.declare(record, replace(corrected, on=None), EVA)
    assert archive.standing(record, {}).created_on == date(2024, 7, 1)


@pytest.mark.parametrize("act", ["declare", "classify", "register"])
def test_what_changes_a_records_standing_calls_off_its_disposal(
    archive: Archive, adopt: Adopt, deposited: Deposit, act: str
) -> None:
    """F09, F10: a warrant decided on the record as it was is void."""
    adopt()
    record = deposited()
    decided = warrant(archive, record)
    match act:
        case "declare":
            said = Declaration(event=Trigger.REMOVED, on=TODAY, reason="r")
            archive.declare(record, said, EVA)
        case "classify":
            archive.classify(record, RecordType("own_post_copy"), "r", EVA)
        case _:
            archive.register(record, "1-1/2026", EVA, needs_case=True)
    with pytest.raises(NotAllowed, match="decide anew"):
        withdraw(archive, decided)
    assert archive.record(record.record_id).status is Status.ACTIVE


def test_a_rebuild_gives_back_plans_triggers_types_and_numbers(
    archive: Archive, adopt: Adopt, deposited: Deposit, settings: Settings, tmp_path: Path
) -> None:
    """R20, R25, F21: from the bucket alone, row by row the same."""
    one, other, gone = (deposited(number) for number in (1, 2, 3))
    adopt(PROFILES)
    adopt(PROFILES.replace(b'"P1Y"', b'"P1M"'), second=ALI, transition="Beslutat")
    archive.declare(one, Declaration(event=Trigger.REMOVED, on=TODAY, reason="r"), EVA)
    met = Declaration(event=Condition.ORIGINAL_VERIFIED, on=TODAY, reason="r")
    archive.declare(gone, met, EVA)
    archive.register(other, "1-77/2026", EVA, needs_case=True)
    archive.number_collectively(PROFILE_CAPTURE, 2026, "1-55/2026", EVA)
    now = archive.record(gone.record_id)
    withdraw(archive, warrant(archive, now))
    archive.place_hold(
        Placement(
            ground=Ground.APPEAL,
            reason="r",
            authority="",
            records=(one.record_id,),
            query=None,
            review_by=None,
        ),
        EVA,
    )
    fresh = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    with Archive.open(fresh, check=False) as rebuilt:
        rebuilt.rebuild(lambda _: None)
        assert list(rebuilt.dump()) == list(archive.dump())
        assert [plan.number for plan in rebuilt.plans()] == [1, 2]
        assert rebuilt.plan_text(rebuilt.plans()[0]) == PROFILES
