"""The command as a whole: help, exit codes, words, choices, secrets."""

import re
import subprocess
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
import typer

from accounts.duty import DutyState
from accounts.findings import Severity
from accounts.model import Reach
from accounts.model import Status as AccountStatus
from capture.walls import Verdict
from desk import choices
from desk.cli import ORDER, app
from desk.doctor_texts import TEXTS as DOCTOR_TEXTS
from desk.words import PARTS, WORDS
from storage.closing import Outcome
from storage.holds import Ground
from storage.journal import Act
from storage.moderating import Basis, Category
from storage.people import Role
from storage.proposals import ItemState, Seat, State, Why
from storage.record import CAPTURES, EVIDENCE, FINAL_CAPTURE, PROFILE_CAPTURE, Reason, Status
from storage.standing import CaseAction
from tests.desk.conftest import Insyn

HEAVY = (
    "airflow", "boto3", "sqlalchemy", "playwright", "pydantic", "PIL", "warcio", "rich",
    "storage.archive", "capture.session", "accounts",
)  # fmt: skip


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom desk.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_each_command_says_in_one_line_what_it_does(run: Insyn) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert "..." not in ran.out.split("Commands:")[1]
    assert [line.split()[0] for line in ran.out.split("Commands:")[1].splitlines() if line] == list(
        ORDER
    )


def test_each_option_says_what_it_is_for() -> None:
    assert [where for where, told in parameters() if not told] == []


def test_nothing_asked_is_a_fault_of_use(run: Insyn) -> None:
    assert run().code == 2
    assert run("no-such-command").code == 2
    assert run("find", "--no-such-option").code == 2
    assert run("--version").out.startswith("insyn 0.")


def test_no_word_is_said_in_two_places() -> None:
    """The later would silently be said for the former."""
    assert sum(map(len, PARTS)) == len(WORDS)


@pytest.mark.parametrize(
    ("given", "own"),
    [
        (choices.ReasonChoice, Reason),
        (choices.CaptureChoice, CAPTURES),
        (choices.StatusChoice, Status),
        (choices.CategoryChoice, Category),
        (choices.BasisChoice, Basis),
        (choices.GroundChoice, Ground),
        (choices.OutcomeChoice, Outcome),
        (choices.CaseChoice, CaseAction),
    ],
)
def test_the_choices_of_commands_are_those_of_the_archive(
    given: object, own: Iterable[StrEnum]
) -> None:
    assert list(get_args(given)) == [one.value for one in own]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("account", AccountStatus),
        ("reach", Reach),
        ("reason", Reason),
        ("record", Status),
        ("type", (PROFILE_CAPTURE, FINAL_CAPTURE, EVIDENCE)),
        ("ground", Ground),
        ("act", Act),
        ("proposal_state", State),
        ("item", ItemState),
        ("seat", Seat),
        ("role", Role),
        ("category", Category),
        ("basis", Basis),
        ("why", Why),
        ("duty", DutyState),
        ("verdict", Verdict),
        ("severity", Severity),
    ],
)
def test_every_value_has_a_word_in_both_languages(kind: str, values: Iterable[str]) -> None:
    assert {f"{kind}.{value}" for value in values} <= WORDS.keys()
    assert {key for key in WORDS if key.startswith(f"{kind}.")} == {f"{kind}.{v}" for v in values}
    assert all(words.sv and words.en for words in WORDS.values())


def test_both_languages_tell_the_same_facts() -> None:
    places = re.compile(r"{(\w+)}")
    texts = [*WORDS.values(), *((text.sv, text.en) for text in DOCTOR_TEXTS.values())]
    assert [t for t in texts if set(places.findall(t[0])) != set(places.findall(t[1]))] == []


def test_a_fault_in_the_settings_is_told_with_all_the_others(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSYN_LANGUAGE", "tlh")
    monkeypatch.setenv("INSYN_STORE_PROT", "1")
    ran = no_store("find")
    assert ran.code == 3
    assert "INSYN_LANGUAGE" in ran.err
    assert "INSYN_STORE_PROT" in ran.err


def test_a_home_that_cannot_be_made_is_a_fault_in_the_settings(
    no_store: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INSYN_HOME", str(tmp_path / "file" / "home"))
    ran = no_store("find")
    assert ran.code == 3
    assert "INSYN_HOME" in ran.err


def test_the_roles_that_can_be_typed_are_those_there_are() -> None:
    assert set(choices.ROLES) == set(Role)
    with pytest.raises(ValueError, match="is no role"):
        choices.role_named("king")


def test_no_secret_is_shown(no_store: Insyn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSYN_S3_URL", "http://127.0.0.1:9")
    for name in ("READER", "SETUP", "CAPTURE"):
        monkeypatch.setenv(f"INSYN_S3_{name}_KEY", "key-of-the-test")
        monkeypatch.setenv(f"INSYN_S3_{name}_SECRET", "secret-of-the-test")
    for words in (("store", "status"), ("store", "init"), ("find",)):
        ran = no_store(*words)
        assert "secret-of-the-test" not in ran.out + ran.err


def parameters() -> Iterable[tuple[str, str]]:
    """Every parameter of every command, with its help."""
    pending = [("insyn", typer.main.get_command(app))]
    while pending:
        name, command = pending.pop()
        under = getattr(command, "commands", {})
        pending.extend((f"{name} {word}", each) for word, each in under.items())
        for parameter in command.params:
            yield f"{name} {parameter.name}", str(getattr(parameter, "help", "") or "")
