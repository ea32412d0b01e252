"""insyn proposal and insyn dispose: from what is due to a certificate, as persons do it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.record import Record
from tests.desk.conftest import Insyn, Ran
from tests.retention.conftest import Adopt, adopt
from tests.retention.disposing import PLAN, make_due

__all__ = ["adopt"]

Deposit = Callable[..., Record]
TESTS = (
    "--insight", "Publicerat på webben", "--justice", "Inget", "--administration", "Inget",
    "--research", "Bedömt", "--periods", "Ute",
)  # fmt: skip


@pytest.fixture
def due(
    archive: Archive, adopt: Adopt, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> list[Record]:
    """Two records that are due; proposals are ready at once and never over the cap."""
    monkeypatch.setenv("INSYN_COOLING_DAYS", "0")
    monkeypatch.setenv("INSYN_CAP_PERCENT", "100")
    adopt(PLAN)
    return make_due(archive, deposited(1), deposited(2))


def draw(insyn: Insyn) -> str:
    assert insyn("proposal", "draw", "--by", "Registrator Rut").code == 0
    [drawn] = insyn("proposal", "list", "--json").json
    return str(drawn["proposal_id"])


def approve(insyn: Insyn, proposal: str, by: str, *more: str) -> Ran:
    return insyn("proposal", "approve", proposal, "--by", by, *more)


def test_a_record_is_proposed_approved_by_two_disposed_of_and_certified(
    insyn: Insyn, due: list[Record], tmp_path: Path
) -> None:
    """R33, R36, R40, R41: each step by another person, and the search says by which rule."""
    proposal = draw(insyn)
    shown = insyn("proposal", "show", proposal[-8:])
    assert "RA-FS 2021:6; tillämpningsbeslut 1-1/2026" in shown.out
    assert all(record.record_id in shown.out for record in due)
    assert "awaits the account's owner" in shown.out
    struck = due[1].record_id
    ran = insyn(
        "proposal", "strike", proposal, struck, "--reason", "Behövs", "--by", "Arvid Arkivarie"
    )
    assert ran.code == 0
    assert "has a part" in approve(insyn, proposal, "Registrator Rut").err
    assert approve(insyn, proposal, "Olga Owner").code == 0
    assert "answer every test" in approve(insyn, proposal, "Arvid Arkivarie").err
    assert approve(insyn, proposal, "Arvid Arkivarie", *TESTS).code == 0
    assert "another person" in insyn("dispose", "--by", "Arvid Arkivarie").out
    done = insyn("dispose", "--by", "Drift Dahl")
    assert done.code == 0
    assert "certified" in done.out
    assert "No proposal is ready" in insyn("dispose", "--by", "Drift Dahl").out
    gone = insyn("show", due[0].record_id)
    assert "disposed of" in gone.out
    assert "RA-FS 2021:6" in gone.out
    found = insyn("find", "--type", "profile_capture")
    assert "disposed of by SM-04, plan 1" in found.out
    [certificate] = insyn("find", "--type", "retention_evidence", "--json").json
    record_id = certificate["record"]["record_id"]
    assert record_id in gone.out
    got = insyn("get", record_id, "certificate.pdf", "-o", str(tmp_path))
    assert got.code == 0
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert "certificate or receipt" in insyn("show", record_id).out
    assert insyn("verify", "--all").code == 0
    assert "struck" in insyn("proposal", "show", proposal).out
    assert insyn("proposal", "list").out.strip() == "No open proposals."
    assert "certified" in insyn("proposal", "list", "--all").out


@pytest.mark.slow
def test_copies_that_are_left_are_told_until_a_supplement_says_that_they_are_gone(
    insyn: Insyn, due: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R37, R40, R42: by the run, by the next run, and by what verifies a certificate."""
    proposal = draw(insyn)
    approve(insyn, proposal, "Olga Owner")
    approve(insyn, proposal, "Arvid Arkivarie", *TESTS)
    assert "copies left: 1" in insyn("dispose", "--by", "Drift Dahl").out
    assert "copies left: 1" in insyn("dispose", "--again", "--by", "Drift Dahl").out
    monkeypatch.setenv("INSYN_COMPACT", "yes")
    again = insyn("dispose", "--again", "--by", "Drift Dahl").out
    found = insyn("find", "--type", "retention_evidence", "--json").json
    supplement, certificate = (one["record"]["record_id"] for one in found)
    assert f"Supplements on copies that are gone: {supplement}" in again
    assert "copies left" not in insyn("dispose", "--again", "--by", "Drift Dahl").out
    assert "no time stamp" in insyn("verify", certificate).out
    assert insyn("verify", "--all").code == 0


def test_a_list_that_another_digest_was_seen_of_is_not_approved(
    insyn: Insyn, due: list[Record]
) -> None:
    """R35."""
    proposal = draw(insyn)
    assert "digest" in approve(insyn, proposal, "Olga Owner", "--digest", "0" * 64).err


def test_a_proposal_is_withdrawn_or_rejected_with_a_reason(insyn: Insyn, due: list[Record]) -> None:
    """R32: and its records may be proposed anew."""
    first = draw(insyn)
    assert (
        insyn("proposal", "withdraw", first, "--reason", " ", "--by", "Registrator Rut").code == 3
    )
    ended = insyn("proposal", "withdraw", first, "--reason", "Fel enhet", "--by", "Registrator Rut")
    assert "withdrawn" in ended.out
    second = draw(insyn)
    assert insyn("proposal", "reject", second, "--reason", "Nej", "--by", "Olga Owner").code == 0
    assert "rejected" in approve(insyn, second, "Olga Owner").err
    assert (
        "not paused"
        in insyn("proposal", "resume", second, "--reason", "x", "--by", "Arvid Arkivarie").err
    )


def test_a_held_record_survives_the_command(insyn: Insyn, due: list[Record]) -> None:
    """R27: held after every approval, it stays, and the run says why."""
    proposal = draw(insyn)
    approve(insyn, proposal, "Olga Owner")
    approve(insyn, proposal, "Arvid Arkivarie", *TESTS)
    held = due[0].record_id
    hold = ("--ground", "research_value", "--reason", "Unik", "--by", "Arvid Arkivarie")
    assert insyn("hold", "place", held, *hold).code == 0
    assert "disposed of: 1, skipped: 1" in insyn("dispose", "--by", "Drift Dahl").out
    assert insyn("verify", held).code == 0
    assert insyn("find", "--held", "--json").json[0]["record"]["record_id"] == held
    assert "a hold stands" in insyn("proposal", "show", proposal).out


def test_nothing_is_proposed_where_nothing_is_due(insyn: Insyn) -> None:
    assert "nothing to propose" in insyn("proposal", "draw", "--by", "Registrator Rut").out
    assert "no proposal" in insyn("proposal", "show", "NOSUCH").err
    assert "again: 0" in insyn("dispose", "--again", "--by", "Drift Dahl").out
