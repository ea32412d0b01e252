"""What the example's plan promises of single kinds of records: block lists, secret content."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retention.assess import assess
from retention.plan import Action, Plan, Registration, Rule, Secrecy
from retention.reading import read_plan
from retention.verdict import Blocked, Doubt, Ground, Keep, Preserve, Review, Unclassified
from retention.worklist import work
from storage.holds import Ground as HoldGround
from storage.record import RecordType
from storage.standing import Trigger
from tests.retention.strategies import HOLD, RECORD, STANDING, with_event

TEXT = (Path(__file__).parents[2] / "examples/karolinska/plan.toml").read_bytes()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(TEXT, "plan.toml", date(2026, 2, 1), version=1)


def rule_for(plan: Plan, kind: str) -> Rule:
    [rule] = [one for one in plan.rules if one.record_type == kind]
    return rule


def test_block_lists_are_records_with_a_rule_of_their_own(plan: Plan) -> None:
    """R50: two years after they were superseded an archivist reviews them; they never just go.

    A request for the list holds it (JO 2017), also past its period.
    """
    rule = rule_for(plan, "block_list")
    record = replace(RECORD, record_type=RecordType("block_list"))
    kept = assess(record, STANDING, plan, date(2035, 1, 1))
    assert kept == Keep(rule=rule, until=None, waits_for=(Trigger.SUPERSEDED,))
    old = with_event(Trigger.SUPERSEDED, "2024-03-01")
    assert assess(record, old, plan, date(2026, 12, 31)) == Keep(
        rule=rule, until=date(2026, 12, 31), waits_for=()
    )
    assert assess(record, old, plan, date(2027, 1, 1)) == Review(rule=rule, since=date(2027, 1, 1))
    asked = replace(HOLD, ground=HoldGround.DISCLOSURE_REQUEST)
    held = assess(record, replace(old, holds=(asked,)), plan, date(2027, 1, 1))
    assert isinstance(held, Blocked)


def test_secret_content_is_registered_and_goes_by_its_case(plan: Plan) -> None:
    """R16: whatever a rule keeps apart it also registers; what lies open is to be seen to."""
    apart = [rule for rule in plan.rules if rule.secrecy_default is Secrecy.RESTRICTED]
    assert [rule.record_type for rule in apart] == ["secret_content"]
    for rule in apart:
        assert rule.registration is Registration.REQUIRED
        assert rule.disposal_action is not Action.DESTROY
        record = replace(RECORD, record_type=rule.record_type)
        verdict = assess(record, STANDING, plan, date(2040, 1, 1))
        assert verdict == Unclassified(why=Doubt.NO_NUMBER, rule=rule)
        numbered = replace(STANDING, registration_number="1-7/2026")
        by_case = assess(record, numbered, plan, date(2040, 1, 1))
        assert by_case == Preserve(rule=rule, ground=Ground.PER_CASE)
        known = [(record, numbered), (replace(record, restricted=True), numbered)]
        doubts = [{task.doubt for task in work([one], plan, date(2040, 1, 1))} for one in known]
        assert [Doubt.LIES_OPEN in found for found in doubts] == [True, False]
