"""insyn file: a block list is a record with its own rule; what has none is not filed."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retention.adopting import Decision, adoption, plan_in_force
from retention.assess import assess
from retention.verdict import Keep, Review
from storage.archive import Archive
from storage.declaring import Declaration
from storage.people import person
from storage.record import Record, file_sha256, today
from storage.standing import Trigger
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]
PLAN = Path("examples/karolinska/plan.toml").absolute().read_bytes()
EVA = person("Eva Ek")
BY = ("--by", "Eva Ek")


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    file = tmp_path / "blockerade.csv"
    file.write_text("konto;sedan\n@nagon_annan;2026-01-02\n", "utf-8")
    return file


@pytest.fixture
def planned(archive: Archive) -> Archive:
    day = date(2026, 3, 1)
    decision = Decision(
        decided_by="Rektor", decided_on=day, registration_number="1-9/2026", in_force_from=day,
        transition="",
    )  # fmt: skip
    archive.adopt_plan(adoption(PLAN, "plan.toml", decision, archive), EVA)
    return archive


def words(file: Path, kind: str = "block_list", note: str = "Blockerade konton") -> tuple[str, ...]:
    named = ("--type", kind, "--account", "ki-biblioteket", "--note", note)
    return ("file", str(file), *named, *BY)


def test_a_block_list_is_a_whole_record_with_its_own_rule(
    insyn: Insyn, planned: Archive, blocked: Path, tmp_path: Path
) -> None:
    """R50, R12: kept as it is, once; two years after it was superseded it is reviewed."""
    ran = insyn(*words(blocked))
    assert ran.code == 0, ran.err
    [record] = planned.records()
    assert record.record_id in ran.out
    assert (record.record_type, record.reason, record.account) == (
        "block_list", "filed", "ki-biblioteket",
    )  # fmt: skip
    assert planned.verify(record) == ()
    [stored] = [one for one in planned.manifest(record).objects if "/media/" in one.key]
    assert stored.key.endswith(f"{file_sha256(blocked)}.csv")
    assert planned._vault.reader.get(stored.key) == blocked.read_bytes()
    facts = json.loads(planned.read_part(record, "data/file.json"))
    assert facts["file_sha256"] == file_sha256(blocked)
    assert record.record_id[-8:] in insyn("find", "Blockerade").out
    assert "nagon_annan" not in insyn("find", "nagon_annan").out
    assert insyn(*words(blocked)).code == 0
    assert len(planned.records()) == 1

    plan = plan_in_force(planned, today())
    kept = assess(record, planned.standing(record, {}), plan, today())
    assert isinstance(kept, Keep)
    assert kept.waits_for == (Trigger.SUPERSEDED,)
    said = Declaration(event=Trigger.SUPERSEDED, on=date(2023, 3, 1), reason="Ny lista")
    planned.declare(record, said, EVA)
    verdict = assess(record, planned.standing(record, {}), plan, today())
    assert isinstance(verdict, Review)
    assert verdict.since == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("kind", "note", "why"),
    [
        ("no_such_type", "x", "no rule for"),
        ("profile_capture", "x", "never filed"),
        ("block_list", " ", "say what it is"),
    ],
)
def test_what_could_not_be_judged_is_not_filed(  # noqa: PLR0917  # fixtures by name
    insyn: Insyn, planned: Archive, blocked: Path, kind: str, note: str, why: str
) -> None:
    """R14: a type without a rule, a capture's type, a file of which nothing is said."""
    assert why in insyn(*words(blocked, kind, note)).err
    empty = blocked.with_name("tom.csv")
    empty.write_bytes(b"")
    assert "is empty" in insyn(*words(empty)).err
    assert "is no file" in insyn(*words(blocked.with_name("saknas.csv"))).err
    assert "operator" in insyn(*words(blocked)[:-2], "--by", "Drift Dahl").err
    assert planned.records() == []


def test_a_type_that_is_kept_apart_is_said_to_be(
    insyn: Insyn, planned: Archive, deposited: Deposit
) -> None:
    """R16: at once, not only in the worklist."""
    record = deposited(1).record_id
    ran = insyn("classify", record, "secret_content", "--reason", "Hälsouppgift", *BY)
    assert f"insyn secrecy flag {record}" in ran.out
    other = insyn("classify", record, "spam", "--reason", "Fel", *BY)
    assert "secrecy flag" not in other.out
