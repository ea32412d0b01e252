"""insyn capture: a record, or a gap, and an exit code that says which."""

from pathlib import Path

import pytest

from capture.walls import EXIT_CODES, Verdict
from tests.desk.conftest import Insyn

BY = ("--reason", "before_change", "--ordered-by", "Lånia Katalogsson")


@pytest.mark.slow
def test_an_order_gives_one_record_and_says_where_to_look(on_torget: Insyn) -> None:
    """R5, R12."""
    order = ("capture", "ki-forskning", *BY, "--note", "Nytt namn", "--order", "change-1")
    ran = on_torget(*order)
    assert ran.code == 0, ran.err
    (hit,) = on_torget("find", "--json").json
    record_id = hit["record"]["record_id"]
    assert record_id in ran.out
    assert "posts_painted" in ran.out
    assert f"insyn show {record_id[-8:]}" in ran.out
    assert f"insyn get {record_id[-8:]} pictures/" in ran.out
    again = on_torget(*order)
    assert again.code == 0
    assert "has its record already" in again.out
    assert len(on_torget("find", "--json").json) == 1
    shown = on_torget("show", record_id).out
    assert "Lånia Katalogsson" in shown
    assert "Nytt namn" in shown


@pytest.mark.parametrize(
    ("account", "verdict"),
    [
        ("ki-alumn", Verdict.LOGIN_WALL),
        ("ki-karriar", Verdict.REMOVED),
        ("ki-mmi", Verdict.RATE_LIMITED),
    ],
)
def test_a_wall_gives_a_gap_and_its_own_exit_code(
    on_torget: Insyn, account: str, verdict: Verdict
) -> None:
    """R9."""
    ran = on_torget("capture", account, *BY)
    assert ran.code == EXIT_CODES[verdict], ran.err
    assert on_torget("find", "--json").json == []
    (gap,) = on_torget("gap", "list", "--account", account, "--json").json
    assert gap["verdict"] == verdict
    assert gap["gap_id"] in ran.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nobody", *BY), 3, "no account 'nobody'"),
        (("ki", "--reason", "before_change"), 2, "--ordered-by"),
        (("ki", "--reason", "fun", "--ordered-by", "E"), 2, "before_change"),
        (("ki", "--reason", "on_request", "--ordered-by", " "), 3, "say who orders"),
    ],
)
def test_an_order_that_lacks_something_is_refused(
    insyn: Insyn, words: tuple[str, ...], code: int, told: str
) -> None:
    """R13."""
    ran = insyn("capture", *words)
    assert ran.code == code
    assert told in ran.err
    assert '"ordered"' not in insyn("journal", "--json").out


def test_a_fault_of_ours_is_no_gap(insyn: Insyn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSYN_CHROMIUM", "/nowhere/chromium")
    ran = insyn("capture", "ki", *BY)
    assert ran.code == 3
    assert "/nowhere/chromium" in ran.err
    assert insyn("gap", "list", "--json").json == []


def test_services_are_started_in_the_projects_folder(
    no_store: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = no_store("up")
    assert ran.code == 3
    assert "airflow.cfg" in ran.err
    assert "Nothing was running" in no_store("down").out
