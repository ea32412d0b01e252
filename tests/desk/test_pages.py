"""README and docs: nothing in them that is not so."""

import re
import shlex
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import typer

from accounts.codes import TEXTS as REGISTER_TEXTS
from accounts.duty import DutyState
from accounts.half_year import CALENDAR, HalfYear
from capture.walls import EXIT_CODES
from desk import docs
from desk.cli import app
from desk.doctor_texts import TEXTS as DOCTOR_TEXTS
from desk.exits import EXITS
from desk.words import HEADINGS, LINES, WORDS
from retention.codes import TEXTS as PLAN_TEXTS
from storage.settings import Identity

PROJECT = Path(__file__).parents[2]
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
PACKAGES = ("accounts", "storage", "capture", "retention", "desk", "dags")
MONTHS_SV = {1: "januari", 6: "juni", 8: "augusti", 12: "december"}
IDS = [str(page.relative_to(PROJECT)) for page in PAGES]

every_page = pytest.mark.parametrize("page", PAGES, ids=IDS)


def text(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def sources() -> Iterator[str]:
    for package in PACKAGES:
        yield from (file.read_text("utf-8") for file in (PROJECT / package).rglob("*.py"))


def test_the_pages_made_from_the_code_are_fresh() -> None:
    assert docs.stale(PROJECT) == []


def test_a_page_that_differs_from_the_code_is_called_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "one.py").write_text('"""# One\n\nDoes one thing."""\n')
    assert [page.name for page in docs.write(tmp_path)] == list(docs.PAGES)
    assert "Does one thing." in (tmp_path / "docs" / "dags.md").read_text()
    (tmp_path / "docs" / "commands.md").write_text("old")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    assert docs.main() == 1
    assert "docs/commands.md is stale" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["docs"])
    assert docs.main() == 0
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    assert docs.main() == 0


@every_page
def test_a_command_in_a_page_can_be_run(page: Path) -> None:
    for line in commands_in(page.read_text("utf-8")):
        parse(shlex.split(line.replace("…", ""))[1:])


@every_page
def test_a_command_that_a_page_names_is_there(page: Path) -> None:
    for quoted in re.findall(r"`(insyn [^`\n]+)`", page.read_text("utf-8")):
        words = shlex.split(quoted.replace("…", ""))[1:]
        command = descend(words)
        known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
        known |= {"--help", "-h"}
        assert {word for word in words if word.startswith("-")} <= known, quoted


@every_page
def test_a_file_that_a_page_names_is_there(page: Path) -> None:
    told = page.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", told) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    named = re.findall(r"`((?:docs|capture|storage|desk|dags|accounts)/[\w./-]+)`", told)
    assert [name for name in named if not (PROJECT / name).exists()] == []


@every_page
def test_what_a_page_makes_can_be_made(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = re.findall(r"`make ([a-z]+)`|^make ([a-z]+)$", page.read_text("utf-8"), re.MULTILINE)
    assert set(chain.from_iterable(named)) - {""} <= targets


def test_a_page_that_the_code_names_is_there() -> None:
    named = {
        name for source in sources() for name in re.findall(r"docs/[\w/-]+\.(?:md|svg)", source)
    }
    assert {name for name in named if not (PROJECT / name).exists()} == set()


def test_every_verdict_and_its_exit_code_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text("docs/walls.md"), re.MULTILINE)
    assert {name: int(code) for name, code in rows} == {v.value: c for v, c in EXIT_CODES.items()}
    assert set(EXIT_CODES.values()) & set(EXITS) == {0}, "no verdict looks like another failure"


def test_every_code_of_a_finding_is_explained_once() -> None:
    explained = re.findall(r"^\| ([A-Z]\d{3}) \|", text("docs/findings.md"), re.MULTILINE)
    given = {code for source in sources() for code in re.findall(r'"([AEIKLPVSD]\d{3})"', source)}
    assert sorted(explained, key=explained.index) == explained
    assert len(set(explained)) == len(explained)
    assert set(explained) == given
    assert given >= REGISTER_TEXTS.keys() | DOCTOR_TEXTS.keys() | PLAN_TEXTS.keys()


def test_the_duty_is_explained_with_its_states_and_its_days() -> None:
    page = text("docs/duties.md")
    for state in DutyState:
        assert f"| {state.replace('_', ' ')} |" in page
    for number in (1, 2):
        window = CALENDAR.window(HalfYear(year=2026, number=number))
        assert f"{window.opens:%-d %B} and {window.closes:%-d %B}" in page
    assert f"{CALENDAR.warn_days} days are left" in page


def test_the_duty_is_explained_in_swedish_with_the_words_that_the_desk_says() -> None:
    page = text("docs/duties.sv.md")
    for state in DutyState:
        assert f"| {WORDS[f'duty.{state}'].sv.partition(':')[0]} |" in page
    for number in (1, 2):
        window = CALENDAR.window(HalfYear(year=2026, number=number))
        days = [f"{day.day} {MONTHS_SV[day.month]}" for day in (window.opens, window.closes)]
        assert " och ".join(days) in page
    assert f"{CALENDAR.warn_days} dagar återstår" in page


def test_every_identity_has_its_powers_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text("docs/store.md"), re.MULTILINE)
    assert rows == [identity.value for identity in Identity]


def test_every_decision_is_named_in_the_architecture() -> None:
    page = text("docs/architecture.md")
    for decision in (PROJECT / "docs" / "decisions").glob("*.md"):
        assert f"decisions/{decision.name}" in page
        assert decision.read_text("utf-8").startswith(f"# {decision.name[:4]} ")


def test_every_word_that_the_desk_says_is_known_and_said() -> None:
    code = "\n".join(
        file.read_text("utf-8")
        for file in (PROJECT / "desk").rglob("*.py")
        if file.name not in {"words.py", "disposal_words.py"}
    )
    said = set(re.findall(r"""(?:word|say)\(\s*"([a-z_.]+)\"""", code))
    said |= set(re.findall(r'Column\(name="([a-z_]+)"', code))
    assert said <= WORDS.keys()
    quoted = set(re.findall(r'"([a-z_.]+)"', code))
    assert (HEADINGS.keys() | LINES.keys()) - quoted == set()


def commands_in(page: str) -> Iterator[str]:
    """The command lines in a page's blocks of code."""
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        yield from (line for line in block.splitlines() if line.startswith("insyn "))


def descend(words: list[str]) -> Any:
    command: Any = typer.main.get_command(app)
    for word in (w for w in words if not w.startswith("-")):
        under = getattr(command, "commands", {})
        if not under:
            break
        assert word in under, f"there is no command {' '.join(words)}"
        command = under[word]
    return command


def parse(words: list[str]) -> None:
    """Read a command line as the command would, without running it."""
    command = descend(words)
    depth = 2 if getattr(descend(words[:1]), "commands", {}) else 1
    command.make_context("insyn", words[depth:])
