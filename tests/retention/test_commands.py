"""`insyn plan`, and what a person says of a record and is told of it, as commands."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from desk.choices import EventChoice
from storage.archive import Archive
from storage.record import PROFILE_CAPTURE, Record
from storage.standing import Condition, Trigger
from tests.desk.conftest import Insyn, insyn, run
from tests.retention.conftest import GOOD

__all__ = ["insyn", "run"]

Deposit = Callable[..., Record]
DECISION = (
    "--by", "Eva Ek", "--decided-by", "Rektor", "--decided-on", "2024-03-01",
    "--number", "1-900/2024",
)  # fmt: skip
SAID = ("--by", "Eva Ek", "--reason", "Ersatt av ny sida")
DRAFT = "examples/karolinska/plan.toml"
PROFILES = GOOD.replace(b"own_post_copy", b"profile_capture")


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """Plans for profile captures: kept a year, and half a year."""

    year: str
    half: str


@pytest.fixture
def files(tmp_path: Path) -> Files:
    year, half = tmp_path / "year.toml", tmp_path / "half.toml"
    year.write_bytes(PROFILES)
    half.write_bytes(PROFILES.replace(b'"P1Y"', b'"P6M"'))
    return Files(year=str(year), half=str(half))


def test_the_example_is_checked_and_shown(insyn: Insyn, tmp_path: Path) -> None:
    """R21, R26: as a list, a page, a sheet, and as it was written."""
    checked = insyn("plan", "check", DRAFT)
    assert checked.code == 0
    assert "P101" in checked.out
    shown = insyn("plan", "show", DRAFT, "--lang", "sv")
    assert "Ögonblicksbild av kontots profilsida" in shown.out
    page = tmp_path / "plan.html"
    assert insyn("plan", "show", DRAFT, "--html", "-o", str(page)).code == 0
    assert "</html>" in page.read_text("utf-8")
    assert insyn("plan", "show", DRAFT, "--csv").out.startswith("\ufeffrule_id;")
    assert insyn("plan", "show", DRAFT, "--toml").out == Path(DRAFT).read_text("utf-8")
    assert insyn("plan", "show", DRAFT, "--toml", "--csv").code == 2
    assert insyn("plan", "show", DRAFT, "--lang", "de").code == 2


def test_a_plan_with_faults_is_told_and_not_adopted(insyn: Insyn, tmp_path: Path) -> None:
    """R21: all faults at once, with their codes."""
    file = tmp_path / "plan.toml"
    file.write_bytes(PROFILES.replace(b"RA-FS 2021:6", b"RA-FS 1991:6").replace(b"P1Y", b"soon"))
    checked = insyn("plan", "check", str(file))
    assert checked.code == 1
    assert "P041" in checked.out
    assert "P052" in checked.out
    adopted = insyn("plan", "adopt", str(file), *DECISION)
    assert adopted.code == 3
    assert "P041" in adopted.err
    assert insyn("plan", "list").out.strip() == "No plan has been adopted."
    assert insyn("plan", "show").code == 3
    assert insyn("plan", "show", "7").code == 3


def test_a_plan_is_adopted_and_its_successor_compared(insyn: Insyn, files: Files) -> None:
    """R20, R23: shortening names its types and takes two persons and a reason."""
    assert "version 1" in insyn("plan", "adopt", files.year, *DECISION).out
    compared = insyn("plan", "diff", "1", files.half)
    assert "shortened" in compared.out
    assert "period" in compared.out
    assert "the same" in insyn("plan", "diff", "1", files.year).out
    refused = insyn("plan", "adopt", files.half, *DECISION)
    assert refused.code == 3
    assert "transition" in refused.err
    why = ("--transition", "Ny bedömning")
    assert "Two different persons" in insyn("plan", "adopt", files.half, *DECISION, *why).err
    adopted = insyn("plan", "adopt", files.half, *DECISION, *why, "--second", "Ali Alm")
    assert "profile_capture" in adopted.out
    versions = insyn("plan", "list", "--json").json
    assert [one["second"] for one in versions] == ["", "person:Ali Alm"]
    assert "Rektor" in insyn("plan", "list").out
    assert "version 2, decided 2024-03-01 by Rektor" in insyn("plan", "show").out


def test_a_preview_changes_nothing(
    insyn: Insyn, files: Files, deposited: Deposit, archive: Archive, tmp_path: Path
) -> None:
    """R34: not a byte of the catalogue, and the record that would become due is named."""
    record = deposited()
    event = ("no_longer_relevant", "--on", "2024-05-01")
    assert insyn("declare", record.record_id, *event, *SAID).code == 0
    before = list(archive.dump())
    told = insyn("plan", "preview", files.year)
    assert "Records whose day changes: 1." in told.out
    page, sheet = tmp_path / "preview.html", tmp_path / "preview.csv"
    assert insyn("plan", "preview", files.year, "--html", "-o", str(page)).code == 0
    assert insyn("plan", "preview", files.year, "--csv", "-o", str(sheet)).code == 0
    assert "<svg" in page.read_text("utf-8")
    assert record.record_id in page.read_text("utf-8")
    assert record.record_id in sheet.read_text("utf-8")
    assert insyn("plan", "preview", DRAFT).code == 0
    assert list(archive.dump()) == before


def test_a_record_goes_from_waiting_to_due_to_held(
    insyn: Insyn, files: Files, deposited: Deposit
) -> None:
    """R19, R25, R27: each step is explained, and the lists follow."""
    record = deposited()
    end = record.record_id[-8:]
    assert "no plan has been adopted" in insyn("explain", end).out
    insyn("plan", "adopt", files.year, *DECISION)
    assert "ceasing to be relevant" in insyn("worklist").out
    assert "Väntar på: inaktualitet" in insyn("explain", end, "--lang", "sv").out
    insyn("declare", end, "no_longer_relevant", "--on", "2024-05-01", *SAID)
    assert "Nothing to be seen to." in insyn("worklist").out
    explained = insyn("explain", end).out
    assert "2024-05-01 + 1 year = 2025-05-01" in explained
    assert "declared by Eva Ek: Ersatt av ny sida" in explained
    assert "May be disposed of since 2025-05-02." in explained
    assert insyn("explain", end, "--on", "2025-05-01", "--json").json[-1]["text"].startswith("Kept")
    assert insyn("due", "--on", "2025-05-01").out.strip() == "Nothing is due on 2025-05-01."
    (found,) = insyn("due", "--json").json
    assert (found["verdict"], found["since"]) == ("due", "2025-05-02")
    hold = ("--ground", "appeal", "--reason", "Överklagat", "--by", "Eva Ek")
    insyn("hold", "place", end, *hold)
    (blocked,) = insyn("due", "--json").json
    assert blocked["verdict"] == "blocked"
    assert blocked["holds"]
    assert "Blocked by holds (1)" in insyn("explain", end).out
    assert record.record_id[-8:] in insyn("due").out
    insyn("declare", end, "no_longer_relevant", "--retract", *SAID)
    assert insyn("due", "--json").json == []


def test_a_record_is_reclassified_and_registered(
    insyn: Insyn, files: Files, deposited: Deposit
) -> None:
    """R14, R15, R18: with a reason, to a type with a rule."""
    record = deposited()
    insyn("plan", "adopt", files.year, *DECISION)
    refused = insyn("classify", record.record_id, "tweet", *SAID)
    assert refused.code == 3
    assert "no rule" in refused.err
    assert insyn("classify", record.record_id, PROFILE_CAPTURE, *SAID).code == 0
    assert insyn("register", record.record_id, "--needs-case", "--by", "Eva Ek").code == 0
    (task,) = insyn("worklist", "--json").json
    assert task["doubt"] == "no_number"
    year = ("--type", "profile_capture", "--year", "2026", "--number", "1-55/2026")
    assert insyn("register", *year, "--by", "Eva Ek").code == 0
    assert "1-55/2026" in insyn("explain", record.record_id).out
    assert insyn("register", "--by", "Eva Ek").code == 2
    assert (
        insyn("declare", record.record_id, "removed", *SAID, "--retract", "--on", "2024-01-01").code
        == 2
    )


def test_the_events_of_the_command_line_are_the_archives() -> None:
    """R25: all but the moment of capture, which nobody declares."""
    known = {str(one) for one in (*Trigger, *Condition)} - {str(Trigger.CREATED)}
    assert set(get_args(EventChoice)) == known
