"""What is due, found by index: the same as assessing every record one by one."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import JsonValue
from sqlalchemy import text

from accounts.model import AccountId
from accounts.stockholm import civil_date
from retention.assess import assess
from retention.due import due
from retention.period import Period, PeriodEnd, eligible_from, end_date
from retention.plan import Action, Plan, Rule
from retention.verdict import Blocked, Due, Review, Verdict
from storage import surveying
from storage.archive import Archive
from storage.catalogue import Catalogue, Connection, Contents, schema, stamp, standings
from storage.journal import Act
from storage.people import person, service
from storage.record import RecordType
from storage.settings import Settings
from storage.standing import Condition, Source, Trigger
from storage.vault import Vault
from tests.retention.strategies import DAYS, RULE, plan_of, rules

COUNT = 60
CLOSED: Mapping[AccountId, date] = {AccountId("shut"): date(2025, 12, 31)}
PERIOD = Period(months=12, days=0)
EVA = person("Eva Ek")
MIDNIGHT = datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Records with every kind of history, in a catalogue alone: nothing here reads the bucket."""
    folder = tmp_path_factory.mktemp("due")
    made = Settings.from_environment({"INSYN_HOME": str(folder)})
    catalogue = Catalogue(f"sqlite:///{folder}/catalogue.sqlite")
    catalogue.create()
    _populate(catalogue, random.Random(4))  # the same records each time
    with Archive(Vault(settings=made, catalogue=catalogue)) as opened:
        yield opened


def _populate(catalogue: Catalogue, chance: random.Random) -> None:
    with catalogue.write() as tx:
        for number in range(COUNT):
            tx.append(
                service("test"), Act.DEPOSITED, f"R{number}", _deposit(number, chance),
                Contents(title="", url="", text="", newest_post_at="", posts=()),
            )  # fmt: skip
        for number in range(COUNT):
            for event in chance.sample([*Trigger, *Condition], 4):
                if event is not Trigger.CREATED:
                    said: dict[str, JsonValue] = {
                        "event": event.value,
                        "on": _day(chance),
                        "reason": "r",
                    }
                    tx.append(EVA, Act.DECLARED, f"R{number}", said)
            if number % 5 == 0:
                registered: dict[str, JsonValue] = {
                    "number": "1-1/2026" if number % 15 else "",
                    "needs_case": True,
                }
                if number % 10 == 0:
                    closed: dict[str, JsonValue] = {
                        "event": "case_closed", "on": _day(chance), "reason": "r",
                    }  # fmt: skip
                    tx.append(EVA, Act.DECLARED, f"R{number}", closed)
                    registered["case"] = {
                        "action": "dispose", "period": "P1Y", "year_end": False, "basis": "b",
                    }  # fmt: skip
                tx.append(EVA, Act.REGISTERED, f"R{number}", registered)
            if number % 3 == 0:
                tx.append(EVA, Act.REVIEWED, f"R{number}", _review(number, chance))
        numbered: dict[str, JsonValue] = {"record_type": "spam", "year": 2025, "number": "1-2/2025"}
        tx.append(EVA, Act.NUMBERED, "spam/2025", numbered)
        tx.append(EVA, Act.HOLD_PLACED, "H1", _hold(["R1", "R7", "R13"]))


def _review(number: int, chance: random.Random) -> dict[str, JsonValue]:
    outcome = ("keep_until", "dispose", "preserve")[number // 3 % 3]
    return {
        "outcome": outcome,
        "until": _day(chance) if outcome == "keep_until" else "",
        "reason": "r",
        "plan": 1,
        "rule_id": "SM-11",
        "period_end": _day(chance),
    }


def _deposit(number: int, chance: random.Random) -> dict[str, JsonValue]:
    captured = MIDNIGHT + timedelta(seconds=number % 3) - timedelta(days=chance.randrange(4000))
    detail: dict[str, JsonValue] = {
        "order_id": f"order-{number}",
        "record_type": "profile_capture" if number % 10 == 9 else "spam",
        "account": "shut" if number % 4 == 0 else "ki",
        "platform": "torget",
        "handle": "ki",
        "unit": "KA",
        "reason": "posts",
        "captured_at": stamp(captured),
        "size": 1,
        "manifest_key": "",
        "manifest_version": "",
        "manifest_sha256": "",
        "changed": [],
        "holds": [],
    }
    return detail | {"published_on": _day(chance)} if number % 2 else detail


def _day(chance: random.Random) -> str:
    return (date(2015, 1, 1) + timedelta(days=chance.randrange(9000))).isoformat()


def _hold(records: list[JsonValue]) -> dict[str, JsonValue]:
    return {
        "ground": "appeal",
        "reason": "r",
        "authority": "",
        "query": "",
        "review_by": "",
        "records": records,
    }


@given(rules(), DAYS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_query_for_due_records_is_assessing_every_record(
    archive: Archive, rule: Rule, day: date
) -> None:
    """R24, R25, R27: none is missed and none too many, for any rule and day."""
    assert _found(archive, plan_of(rule), day) == _assessed(archive, plan_of(rule), day)


@pytest.mark.parametrize("trigger", [Trigger.CREATED, Trigger.ACCOUNT_CLOSED, Trigger.MODERATED])
def test_a_record_is_found_from_its_first_day_and_not_before(
    archive: Archive, trigger: Trigger
) -> None:
    """R24, R25: on the very days on which verdicts change."""
    plan = plan_of(replace(RULE, trigger=(trigger,)))
    turned = 0
    for _, standing in list(archive.standing_records(CLOSED))[:24]:
        if trigger in standing.events:
            day = eligible_from(standing.events[trigger].on, PERIOD, PeriodEnd.EXACT)
            assert day is not None
            before, after = (_found(archive, plan, one) for one in (day - timedelta(days=1), day))
            assert after == _assessed(archive, plan, day)
            turned += len(after) - len(before)
    assert turned > 0


def _found(archive: Archive, plan: Plan, day: date) -> dict[str, Verdict]:
    found = due(plan, day, lambda wanted: archive.reached(wanted, CLOSED))
    return {record.record_id: verdict for record, _, verdict in found}


def _assessed(archive: Archive, plan: Plan, day: date) -> dict[str, Verdict]:
    return {
        record.record_id: verdict
        for record, standing in archive.standing_records(CLOSED)
        if isinstance(verdict := assess(record, standing, plan, day), Due | Review | Blocked)
    }


def test_what_a_closed_case_lets_go_is_found(archive: Archive) -> None:
    """R15: by the case's own period, for a type whose plan says as the case, and no other way."""
    plan = plan_of(replace(RULE, disposal_action=Action.PER_CASE, retention_period=None))
    found = _found(archive, plan, date(2040, 1, 1))
    assert found == _assessed(archive, plan, date(2040, 1, 1))
    assert any(isinstance(verdict, Due) for verdict in found.values())
    assert {int(name[1:]) % 10 for name in found} == {0}


def test_what_a_review_let_go_is_found_on_its_day(archive: Archive) -> None:
    """A review of this very term makes it due; of another term it does not."""
    rule = replace(RULE, disposal_action=Action.REVIEW, trigger=(Trigger.CREATED,))
    plan, day = plan_of(rule), date(2040, 1, 1)

    def gone() -> set[str]:
        found = _found(archive, plan, day)
        assert found == _assessed(archive, plan, day)
        due_now = {name for name, verdict in found.items() if isinstance(verdict, Due)}
        return {name for name in due_now if int(name[1:]) % 5}  # the others go by their cases

    assert gone() == set()
    with archive._vault.catalogue.write() as tx:
        for record, standing in list(archive.standing_records(CLOSED)):
            said = standing.review
            if said and said.outcome == "dispose":
                end = end_date(standing.events[Trigger.CREATED].on, PERIOD, PeriodEnd.EXACT)
                detail = _review(3, random.Random(1)) | {"period_end": end.isoformat()}
                tx.append(EVA, Act.REVIEWED, record.record_id, detail)
    assert gone()


@pytest.mark.parametrize("trigger", [Trigger.CREATED, Trigger.ACCOUNT_CLOSED, Trigger.MODERATED])
def test_some_records_are_due_by_each_way_of_finding_them(
    archive: Archive, trigger: Trigger
) -> None:
    """R25: by the capture's own time, by the register, by what was declared."""
    plan = plan_of(replace(RULE, trigger=(trigger,)))
    found = list(due(plan, date(2040, 1, 1), lambda wanted: archive.reached(wanted, CLOSED)))
    assert {type(verdict) for _, _, verdict in found} >= {Due}
    held = {record.record_id for record, _, verdict in found if isinstance(verdict, Blocked)}
    assert held <= {"R1", "R7", "R13"}


def test_a_record_captured_at_the_turn_of_the_year_belongs_to_the_swedish_year(
    archive: Archive,
) -> None:
    """R18, R24, F08: 23:00 UTC on 31 December is the new year in Sweden."""
    for record, standing in archive.standing_records({}):
        swedish = (record.captured_at + timedelta(hours=1)).year
        if record.record_type == "spam" and not standing.needs_case:
            assert bool(standing.registration_number) is (swedish == 2025)


def test_a_later_profile_capture_of_the_account_is_seen_by_itself(archive: Archive) -> None:
    """SM-06: a comment goes after the next capture of its account, not another's."""
    seen = [(record, how.conditions) for record, how in archive.standing_records({})]
    met = 0
    for record, conditions in seen:
        later = [
            civil_date(one.captured_at)
            for one, _ in seen
            if one.record_type == "profile_capture"
            and one.account == record.account
            and one.captured_at > record.captured_at
        ]
        event = conditions.get(Condition.PROFILE_CAPTURED)
        if event is None or event.source is Source.LATER_CAPTURE:
            assert (event.on if event else None) == min(later, default=None)
            met += event is not None
    assert met > 0


def test_how_records_stand_is_read_by_index(archive: Archive) -> None:
    """DESIGN: the account's history is not read for each record."""
    with archive._vault.catalogue.read() as connection:
        compiled = standings._FACTS.where(schema.records.c.record_id == "R1").compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True}
        )
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
        plans = [str(row.detail) for row in rows]
    assert sum("records_by_account_and_type (account=?" in plan for plan in plans) == 2
    assert not any(plan.startswith("SCAN") and "CONSTANT" not in plan for plan in plans)


def test_a_survey_names_every_record_once_whatever_the_batch(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R14: nobody is passed over between two batches, the last of them full or not."""
    whole = list(archive.standing_records(CLOSED))
    assert len(whole) == COUNT
    for batch in (7, 20):
        monkeypatch.setattr(surveying, "BATCH", batch)
        assert list(archive.standing_records(CLOSED)) == whole
        wanted = standings.Reached(
            record_type=RecordType("spam"),
            triggers=(Trigger.CREATED,),
            until=date(2040, 1, 1),
            cases_until=date(2040, 1, 1),
        )
        spam = [one for one in whole if one[0].record_type == "spam"]
        assert list(archive.reached(wanted, CLOSED)) == spam


def test_a_query_for_due_records_goes_by_index(archive: Archive) -> None:
    """DESIGN: the events and the captures are searched, never scanned."""
    with archive._vault.catalogue.read() as connection:
        plans = _explained(connection)
    assert any("events_by_day" in plan for plan in plans)
    assert not any(plan.startswith("SCAN records") for plan in plans)


def _explained(connection: Connection) -> list[str]:
    wanted = standings.Reached(
        record_type=RecordType("spam"),
        triggers=(Trigger.MODERATED,),
        until=date(2026, 1, 1),
        cases_until=date(2026, 1, 1),
    )
    compiled = standings.statement(wanted, {}).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    return [str(row.detail) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
