"""Reviews and cases in the archive: who may, what comes of it, and what a person is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from retention.adopting import plan_in_force
from retention.due import due
from retention.explain import Case, explain
from retention.proposal import draw_up
from retention.reviewing import judgement
from retention.verdict import Doubt, Due, Review
from retention.worklist import work
from storage.archive import Archive
from storage.declaring import Declaration
from storage.errors import Malformed, NotAllowed
from storage.people import person
from storage.record import Record, today, utc_now
from storage.settings import Settings
from storage.standing import CaseAction, CaseRule, Outcome, Trigger
from tests.desk.conftest import Insyn, insyn, run
from tests.retention.conftest import ALI, EVA, Adopt
from tests.retention.disposing import LONG_AGO, PLAN, decide, dispose, make_due
from tests.storage.proposed import DRAWER, quick

__all__ = ["insyn", "run"]

Deposit = Callable[..., Record]
REVIEWED = PLAN.replace(b'"destroy"', b'"review"') + b'reviewer_role = "archivist"\n'
PER_CASE = (
    PLAN.replace(b'"destroy"', b'"per_case"')
    .replace(b'retention_period = "P1Y"\n', b"")
    .replace(b'registration = "none"', b'registration = "required"')
)
CASE = CaseRule(action=CaseAction.DISPOSE, period="P1Y", year_end=False, basis="DHP 3.1, 1-9/2026")


def case_of(archive: Archive, record: Record) -> Case:
    return Case(
        record=archive.record(record.record_id),
        standing=archive.standing(record, {}),
        plan=plan_in_force(archive, today()),
        decision=archive.plan_in_force(today()),
        today=today(),
    )


def verdicts(archive: Archive) -> list[type]:
    plan = plan_in_force(archive, today())
    assert plan is not None
    found = due(plan, today(), lambda wanted: archive.reached(wanted, {}))
    return [type(verdict) for _, _, verdict in found]


def review(archive: Archive, record: Record, outcome: Outcome, by: object = EVA) -> None:
    said = judgement(case_of(archive, record), outcome, None, "Frågan är besvarad på ki.se")
    archive.review(record, said, by)  # type: ignore[arg-type]


def told(archive: Archive, record: Record) -> str:
    return "\n".join(line.text for line in explain(case_of(archive, record), "sv"))


def tasks(archive: Archive) -> list[tuple[object, object]]:
    plan = plan_in_force(archive, today())
    found = work(archive.standing_records({}), plan, today())
    return [(task.doubt, task.review_since) for task in found]


def test_what_awaits_review_is_listed_and_what_may_go_is_proposed_and_goes(
    settings: Settings, archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """SM-07, SM-10, SM-14: under the same proposals, and never without a review."""
    adopt(REVIEWED)
    record, _ = make_due(archive, deposited(1), deposited(2))
    since = LONG_AGO + timedelta(days=367)
    assert verdicts(archive) == [Review, Review]
    assert tasks(archive) == [(None, since), (None, since)]
    plan = plan_in_force(archive, today())
    assert plan is not None
    assert draw_up(archive, plan, {}, utc_now(), DRAWER) == []

    review(archive, record, Outcome.DISPOSE)
    assert verdicts(archive).count(Due) == 1
    assert "får gallras" in told(archive, record)
    assert tasks(archive) == [(None, since)]
    with Archive.open(quick(settings)) as hasty:
        [proposal_id] = draw_up(hasty, plan, {}, utc_now(), DRAWER)
        decide(hasty, proposal_id)
        dispose(hasty)
    assert archive.record(record.record_id).status == "disposed"


def test_a_later_plan_or_event_has_what_may_go_reviewed_anew(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R19, R20: and a proposal that lists it is called off, as by every such act."""
    adopt(REVIEWED)
    [record] = make_due(archive, deposited(1))
    review(archive, record, Outcome.DISPOSE)
    adopt(REVIEWED.replace(b"Plan", b"Ny plan"))
    assert verdicts(archive) == [Review]
    assert "Gäller inte längre" in told(archive, record)
    review(archive, record, Outcome.DISPOSE)
    assert verdicts(archive) == [Due]
    said = Declaration(
        event=Trigger.NO_LONGER_RELEVANT, on=LONG_AGO + timedelta(days=9), reason="Senare"
    )
    archive.declare(record, said, EVA)
    assert verdicts(archive) == [Review]


def test_what_a_review_preserves_stays_until_it_is_reviewed_anew(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R19: also under a later version by which it would be due; a rebuild knows it."""
    adopt(REVIEWED)
    [record] = make_due(archive, deposited(1))
    review(archive, record, Outcome.PRESERVE)
    adopt(PLAN, second=ALI, transition="Beslutat")
    assert verdicts(archive) == []
    assert "bevaras" in told(archive, record)
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    review(archive, record, Outcome.DISPOSE)
    assert verdicts(archive) == [Due]


def test_who_may_review_and_what(archive: Archive, adopt: Adopt, deposited: Deposit) -> None:
    """R22, R28: the rule's reviewer; what is up for review; what has its basis."""
    adopt(REVIEWED)
    [record] = make_due(archive, deposited(1))
    other = deposited(2)
    for by in ("Olga Owner", "Ali Alm", "Ingen Inga"):
        with pytest.raises(NotAllowed):
            review(archive, record, Outcome.PRESERVE, person(by))
    with pytest.raises(NotAllowed, match="only a person may"):
        review(archive, record, Outcome.PRESERVE, DRAWER)
    with pytest.raises(NotAllowed, match="not up for review"):
        review(archive, other, Outcome.PRESERVE)
    stale = judgement(case_of(archive, record), Outcome.DISPOSE, None, "r")
    make_due(archive, record)
    with pytest.raises(NotAllowed, match="changed meanwhile"):
        archive.review(record, stale, EVA)
    with pytest.raises(Malformed, match=r"reason: say why(.|\n)*until: give a day"):
        archive.review(
            record, judgement(case_of(archive, record), Outcome.KEEP_UNTIL, today(), " "), EVA
        )
    decided = b"disposal_authority.local_decision"
    lines = (line for line in REVIEWED.splitlines(keepends=True) if not line.startswith(decided))
    adopt(b"".join(lines))
    with pytest.raises(Malformed, match="local_decision"):
        review(archive, record, Outcome.DISPOSE)
    assert verdicts(archive) == [Review]


def test_a_review_as_a_command(insyn: Insyn, archive: Archive, deposited: Deposit) -> None:
    """A person is told what comes of it; a day is for what is kept on, and lies ahead."""
    from retention.adopting import Decision, adoption
    from tests.retention.conftest import DECIDED

    decision = Decision(
        decided_by="Rektor", decided_on=DECIDED, registration_number="1-9/2026",
        in_force_from=DECIDED, transition="",
    )  # fmt: skip
    archive.adopt_plan(adoption(REVIEWED, "plan.toml", decision, archive), EVA)
    [record] = make_due(archive, deposited(1))
    said = ("--reason", "Frågan är aktuell", "--by", "Eva Ek")
    until = (today() + timedelta(days=400)).isoformat()
    assert insyn("review", record.record_id, "keep-until", *said).code != 0
    assert insyn("review", record.record_id, "preserve", until, *said).code != 0
    kept = insyn("review", record.record_id, "keep-until", until, *said)
    assert f"kept through {until}" in kept.out
    assert f"Kept through {until}" in insyn("explain", record.record_id).out
    again = insyn("review", record.record_id, "preserve", *said)
    assert "is preserved" in again.out
    assert "Frågan är aktuell" in insyn("explain", record.record_id, "--lang", "sv").out


def test_a_closed_case_goes_by_its_own_rule_under_the_same_proposals(
    settings: Settings, archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R15, R20: counted from case_closed; tombstone and certificate cite the case's basis.

    Without the case's rule it is preserved, and the worklist says what is missing.
    """
    adopt(PER_CASE)
    record, _ = make_due(archive, deposited(1), deposited(2))
    assert tasks(archive) == [(Doubt.NO_NUMBER, None), (Doubt.NO_NUMBER, None)]
    archive.register(record, "1-77/2026", EVA, needs_case=True)
    assert tasks(archive)[0] == (Doubt.NO_CASE_RULE, None)
    archive.register(record, "1-77/2026", EVA, needs_case=True, case=CASE)
    assert verdicts(archive) == []
    closed = Declaration(event=Trigger.CASE_CLOSED, on=LONG_AGO, reason="Besvarat")
    archive.declare(record, closed, EVA)
    assert verdicts(archive) == [Due]
    assert "gallras 1 år efter ärendets avslut" in told(archive, record)
    assert CASE.basis in told(archive, record)
    plan = plan_in_force(archive, today())
    assert plan is not None
    with Archive.open(quick(settings)) as hasty:
        [proposal_id] = draw_up(hasty, plan, {}, utc_now(), DRAWER)
        assert hasty.disposals.named(proposal_id).basis == CASE.basis
        decide(hasty, proposal_id)
        [outcome] = dispose(hasty)
    stone = archive.tombstone(archive.record(record.record_id))
    assert stone is not None
    assert stone.basis == CASE.basis
    certificate = archive.record(str(outcome.certificate))
    stored = archive.manifest(certificate).objects
    [facts] = [one for one in stored if one.key.endswith("certificate.json")]
    assert CASE.basis.encode() in archive._vault.reader.get(facts.key)


@pytest.mark.parametrize(
    ("case", "needs_case", "why"),
    [
        (CASE, False, "only what needs a case"),
        (CaseRule(action=CaseAction.DISPOSE, period="5", year_end=False, basis="b"), True, "years"),
        (
            CaseRule(action=CaseAction.DISPOSE, period="P5Y", year_end=False, basis=""),
            True,
            "rests",
        ),
        (
            CaseRule(action=CaseAction.PRESERVE, period="P5Y", year_end=False, basis=""),
            True,
            "none",
        ),
    ],
)
def test_a_cases_rule_is_whole_or_not_noted(
    archive: Archive, deposited: Deposit, case: CaseRule, needs_case: bool, why: str
) -> None:
    record = deposited(1)
    with pytest.raises(Malformed, match=why):
        archive.register(record, "1-1/2026", EVA, needs_case=needs_case, case=case)
    assert archive.standing(record, {}).registration_number == ""


def test_a_cases_rule_as_a_command(insyn: Insyn, archive: Archive, deposited: Deposit) -> None:
    record = deposited(1).record_id
    words = ("register", record, "--number", "1-77/2026", "--needs-case", "--by", "Eva Ek")
    assert insyn(*words, "--case-period", "P5Y").code == 2
    made = ("--case-action", "dispose", "--case-period", "P5Y", "--case-basis", "DHP 3.1")
    assert insyn(*words, *made, "--case-year-end").code == 0
    case = archive.standing(archive.record(record), {}).case
    assert case == CaseRule(action=CaseAction.DISPOSE, period="P5Y", year_end=True, basis="DHP 3.1")
    assert insyn(*words).code == 0
    assert archive.standing(archive.record(record), {}).case is None
