"""The plan: what makes a rule lawful, and every fault told at once."""

import re
from datetime import date
from pathlib import Path

import pytest

from accounts.findings import Severity
from retention.codes import TEXTS
from retention.errors import PlanFaults
from retention.form import RULE_KEYS
from retention.plan import Action, Plan, Registration, RuleId
from retention.reading import check_plan, plan_bytes, read_plan
from storage.record import FINAL_CAPTURE, PROFILE_CAPTURE
from storage.standing import Condition, Trigger

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.toml"))
KAROLINSKA = HERE.parents[1] / "examples" / "karolinska" / "plan.toml"
GOOD = (HERE / "good.toml").read_bytes()
TODAY = date(2026, 11, 23)

MANY_FAULTS = """
plan_id = "Exempel"
title = { sv = "Plan" }
authority = "Exempelmyndigheten"
[[rule]]
rule_id = "SM-01"
record_type = { id = "spam", sv = "Skräp" }
activity_class = "core"
direction = "sideways"
disposal_action = "destroy"
trigger = ["moderated", "someday"]
retention_period = "P1.5Y"
disposal_authority.instrument = "RA-FS 2021:6"
registration = "none"
responsible_role = "owner"
[[rule]]
rule_id = "SM-02"
record_type = { id = "spam", sv = "Skräp", en = "Spam" }
activity_class = "support"
direction = "incoming"
disposal_action = "destroy"
registration = "none"
responsible_role = "owner"
"""

TOLD = [
    ("P008", "plan_id"),
    ("P021", "title.en"),
    ("P021", "rule 1 (SM-01).record_type.en"),
    ("P006", "rule 1 (SM-01).direction"),
    ("P053", "rule 1 (SM-01).trigger"),
    ("P052", "rule 1 (SM-01).retention_period"),
    ("P042", "rule 1 (SM-01).disposal_authority.annex_item"),
    ("P040", "rule 2 (SM-02).disposal_authority.instrument"),
    ("P050", "rule 2 (SM-02).retention_period"),
    ("P051", "rule 2 (SM-02).trigger"),
    ("P030", "rule 2 (SM-02).record_type"),
]


def faults(data: bytes) -> list[tuple[str, str]]:
    found = check_plan(data, "plan.toml", TODAY)
    return [
        (one.code, one.place.removeprefix("plan.toml").lstrip(":. "))
        for one in found
        if one.severity is Severity.FAULT
    ]


def karolinska() -> Plan:
    return read_plan(plan_bytes(KAROLINSKA), KAROLINSKA.name, TODAY)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_plan_is_refused_with_its_code(path: Path) -> None:
    """R21, R14, R22: one fault a file, told in both languages with its place."""
    found = check_plan(path.read_bytes(), path.name, TODAY)
    (fault,) = [one for one in found if one.severity is Severity.FAULT]
    assert fault.code == path.stem[:4]
    assert fault.place.startswith(path.name)
    assert fault.sv != fault.en
    assert "{" not in fault.sv + fault.en
    with pytest.raises(PlanFaults, match=fault.code):
        read_plan(path.read_bytes(), path.name, TODAY)


def test_every_fault_that_can_be_told_has_a_bad_plan() -> None:
    """R21."""
    assert {path.stem[:4] for path in BAD} == {code for code in TEXTS if code < "P1"}


def test_all_faults_are_told_at_once_each_with_its_place() -> None:
    """R21: nobody mends a plan one fault a try."""
    assert sorted(faults(MANY_FAULTS.encode())) == sorted(TOLD)


@pytest.mark.parametrize(
    "junk",
    [b"", b"rule = [1]", b"rule = [[]]", b"title = 3", b"[[rule]]\nrecord_type = 5", b"\xff"],
)
def test_no_plan_however_odd_is_more_than_findings(junk: bytes) -> None:
    """R21."""
    assert faults(junk)


@pytest.mark.parametrize("junk", ["5", "[]", "[{}]", "{}", "true", "2026-11-23", '"\\u0000"'])
def test_a_value_of_any_kind_is_told_and_never_a_crash(junk: str) -> None:
    """R21."""
    for key in (*RULE_KEYS, "plan_id", "title", "authority"):
        check_plan(_with(key, junk), "plan.toml", TODAY)


def _with(key: str, junk: str) -> bytes:
    written = GOOD.decode().splitlines()
    kept = [line for line in written if not line.startswith(key)]
    place = kept.index("[[rule]]") + 1 if key in RULE_KEYS else 0
    kept.insert(place, f"{key} = {junk}")
    return "\n".join(kept).encode()


def test_a_file_that_is_not_there_is_told_as_a_finding(tmp_path: Path) -> None:
    """R21."""
    with pytest.raises(PlanFaults, match="P001"):
        plan_bytes(tmp_path / "plan.toml")


INSTRUMENT = "rule 1 (SM-04).disposal_authority.instrument"


@pytest.mark.parametrize(
    ("plan", "local", "code"),
    [
        (date(2021, 12, 31), b"2021-12-31", None),
        (date(2022, 1, 1), b"2021-12-31", "P041"),
        (date(2021, 12, 31), b"2022-01-01", "P041"),
        (date(2026, 11, 23), b"2015-03-01", "P041"),
    ],
)
def test_a_repealed_basis_carries_only_what_was_wholly_decided_before(
    plan: date, local: bytes, code: str | None
) -> None:
    """R21: RA-FS 1991:6 ended with 2021; an old local decision does not save a later plan."""
    old = GOOD.replace(b"RA-FS 2021:6", b"RA-FS 1991:6").replace(b"2026-11-02", local)
    told = [(one.code, one.place) for one in check_plan(old, "p", plan) if one.code < "P1"]
    assert told == ([(code, f"p: {INSTRUMENT}")] if code else [])


@pytest.mark.parametrize(
    "spelled",
    [
        "RA-FS 1991:6 (omtryck)",
        "Riksarkivets föreskrifter RA-FS 1991:6",
        "RA-FS 1991:06",
        "ra-fs 1991:6",
        "RA–FS 1991: 6",
        "RAFS1991:6",
        "RA-FS 2021:6 och RA-FS 1991:6",
    ],
)
def test_a_repealed_basis_is_known_however_it_is_spelled(spelled: str) -> None:
    """R21."""
    old = GOOD.replace(b"RA-FS 2021:6", spelled.encode())
    assert ("P041", INSTRUMENT) in faults(old)


@pytest.mark.parametrize("spelled", ["ra-fs 2021:06", "Riksarkivets föreskrifter (RA-FS 2021:6)"])
def test_the_basis_in_force_has_its_limits_however_it_is_spelled(spelled: str) -> None:
    """R21: core activity (P042), a decision from before it (P043), a window (P102)."""
    named = GOOD.replace(b"RA-FS 2021:6", spelled.encode())
    annex = ("P042", INSTRUMENT.replace("instrument", "annex_item"))
    assert annex in faults(named.replace(b'"support"', b'"core"'))
    assert ("P043", INSTRUMENT) in faults(named.replace(b"2026-11-02", b"2021-11-02"))
    bare = named.replace(b"created_from = 2022-01-01\n", b"")
    assert [one.code for one in check_plan(bare, "p", TODAY)] == ["P102"]


def test_another_instrument_with_a_like_number_is_another() -> None:
    """R21: only what is known to be repealed is refused."""
    for spelled in ("RA-FS 1991:60", "RA-FS 11991:6", "SFS 1991:6"):
        assert faults(GOOD.replace(b"RA-FS 2021:6", spelled.encode())) == []


def test_the_annex_carries_core_activity() -> None:
    """R21."""
    core = GOOD.replace(b'"support"', b'"core"')
    item = b'disposal_authority.annex_item = "Bilaga, 3"\nregistration'
    assert faults(core.replace(b"registration", item)) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("P101", "disposal_authority.local_decision"),
        ("P102", "created_from"),
        ("P103", "classification_code"),
    ],
)
def test_what_an_archivist_should_see_is_a_warning(code: str, line: str) -> None:
    """R22: a plan with a warning can be used."""
    kept = [one for one in GOOD.decode().splitlines() if not one.startswith(line)]
    data = "\n".join(kept).encode()
    (warning,) = check_plan(data, "plan.toml", TODAY)
    assert (warning.code, warning.severity) == (code, Severity.WARNING)
    assert read_plan(data, "plan.toml", TODAY).rules


def test_a_plan_is_read_whole() -> None:
    """R14, R21: every field of a rule."""
    (rule,) = read_plan(GOOD, "plan.toml", TODAY, version=3).rules
    assert rule.rule_id == "SM-04"
    assert rule.trigger == (Trigger.NO_LONGER_RELEVANT,)
    assert str(rule.retention_period) == "P1Y"
    assert str(rule.disposal_authority) == "RA-FS 2021:6"
    assert rule.ends
    assert not rule.is_inactive


def test_the_example_is_a_draft_that_disposes_of_nothing() -> None:
    """R22: each rule that disposes lacks its local decision, and is told so."""
    found = check_plan(plan_bytes(KAROLINSKA), KAROLINSKA.name, TODAY)
    assert {one.code for one in found} == {"P101"}
    plan = karolinska()
    destroys = [rule for rule in plan.rules if rule.disposal_action is Action.DESTROY]
    assert [rule.is_inactive for rule in destroys] == [True] * 5
    assert "UTKAST" in KAROLINSKA.read_text("utf-8").splitlines()[0]


def test_the_example_has_every_rule_of_the_draft() -> None:
    """R14: the actions, periods and registrations of RULES.md."""
    plan = karolinska()
    told = {
        rule.rule_id.removeprefix("SM-"): (rule.disposal_action, str(rule.retention_period or ""))
        for rule in plan.rules
    }
    keep, destroy, review = (Action.PRESERVE, ""), Action.DESTROY, Action.REVIEW
    assert told == {
        **dict.fromkeys(("01", "02", "03", "17", "18", "19", "20", "22"), keep),
        "04": (destroy, "P1Y"),
        "05": (destroy, "P0D"),
        "06": (destroy, "P0D"),
        "07": (review, "P2Y"),
        "08": (Action.PER_CASE, ""),
        "10": (review, "P5Y"),
        "11": (destroy, "P0D"),
        "12": (Action.PER_CASE, ""),
        "14": (review, "P2Y"),
        "21": (destroy, "P1Y"),
    }
    required = {r.rule_id for r in plan.rules if r.registration is Registration.REQUIRED}
    assert required == {RuleId(f"SM-{n}") for n in ("02", "08", "10", "12", "17", "19", "22")}


def test_the_page_on_the_plan_shows_a_rule_that_can_be_used() -> None:
    """R21, R25: and explains every field and every trigger."""
    page = (HERE.parents[1] / "docs" / "plan.md").read_text("utf-8")
    rule = page.split("```toml\n")[1].partition("```")[0]
    head = GOOD.decode().partition("[[rule]]")[0]
    assert check_plan((head + rule).encode(), "plan.toml", TODAY) == []
    table = page.partition("| field |")[2].partition("## ")[0]
    explained = set(re.findall(r"`(\w+)`", table))
    assert explained >= set(RULE_KEYS)
    triggers = page.partition("| trigger |")[2].partition("```")[0]
    assert set(re.findall(r"`(\w+)`", triggers)) == set(Trigger)


def test_the_example_rules_what_the_captures_are() -> None:
    """R14: no record type of the code is without a rule."""
    plan = karolinska()
    for record_type in (PROFILE_CAPTURE, FINAL_CAPTURE):
        rule = plan.rule_for(record_type)
        assert rule is not None
        assert rule.disposal_action is Action.PRESERVE
    assert plan.rule_for("") is None
    comments = plan.rule_for("comment_slight")
    assert comments is not None
    assert comments.demands == (Condition.PROFILE_CAPTURED,)
