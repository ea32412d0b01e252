"""account, duties, gap: what an account's owner and the communications department ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.gap import GapReport
from storage.people import service
from storage.record import AccountRef, Order, Record
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]


def test_the_accounts_are_listed(no_store: Insyn) -> None:
    ran = no_store("account", "list")
    assert ran.code == 0
    assert "karolinskainstitutet" in ran.out
    assert "winding up" in ran.out
    assert {a["id"] for a in no_store("account", "list", "--json").json} >= {"ki", "ki-medh"}


def test_one_account_is_shown_with_those_who_answer_for_it(no_store: Insyn) -> None:
    ran = no_store("account", "show", "ki")
    assert "pahitta.modellsson@ki.example" in ran.out
    assert "2024-02-09" in ran.out
    unknown = no_store("account", "show", "ki-bibliotek")
    assert unknown.code == 3
    assert "ki-biblioteket" in unknown.err


def test_every_fault_of_the_register_is_told_at_once(
    no_store: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = tmp_path / "accounts.toml"
    register.write_text('authority = "KI"\nduty_from = "soon"\n[[account]]\nid = "A B"\n')
    monkeypatch.setenv("INSYN_REGISTER", str(register))
    checked = no_store("account", "check")
    assert checked.code == 1
    for code in ("A012", "A007", "A005"):
        assert code in checked.out
    refused = no_store("account", "list")
    assert refused.code == 3
    assert "A007" in refused.err
    assert "Traceback" not in refused.err


def test_findings_are_told_in_the_language_that_is_set(
    no_store: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSYN_REGISTER", str(tmp_path / "none.toml"))
    assert "cannot be read" in no_store("account", "check").out
    monkeypatch.setenv("INSYN_LANGUAGE", "sv")
    assert "kan inte läsas" in no_store("account", "check").out


def test_the_public_list_has_no_private_data_of_staff(no_store: Insyn, tmp_path: Path) -> None:
    """R3."""
    sheet = no_store("account", "public-list").out
    page = tmp_path / "accounts.html"
    assert (
        no_store(
            "account", "public-list", "--format", "html", "--language", "en", "-o", str(page)
        ).code
        == 0
    )
    for text in (sheet, page.read_text("utf-8")):
        assert "karolinskainstitutet" in text
        assert "ki.example" not in text
        assert "Modellsson" not in text
    assert '<html lang="en">' in page.read_text("utf-8")
    no_store("account", "public-list", "-o", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfnamn;")
    assert b"\r\r\n" not in (tmp_path / "a.csv").read_bytes()


def test_a_duty_is_closed_by_a_capture_and_by_nothing_else(  # noqa: PLR0917  # fixtures
    insyn: Insyn,
    deposited: Deposit,
    archive: Archive,
    account: AccountRef,
    order: Order,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R4, R9. On a day of its own, whatever the calendar says where the test runs."""
    monkeypatch.setattr("storage.catalogue.catalogue.utc_now", lambda: order.ordered_at)
    gap_id = archive.note_gap(gap(account, order), None, service("test"))
    (before,) = insyn("duties", "--account", "ki", "--today", "2026-11-23", "--json").json
    assert before["closed_by"] is None
    assert [(g["verdict"], g["gap_id"], g["met_by"]) for g in before["gaps"]] == [
        ("login_wall", gap_id, None)
    ]
    assert "→" not in insyn("duties", "--account", "ki", "--today", "2026-11-23").out
    record = deposited()
    (after,) = insyn("duties", "--account", "ki", "--today", "2026-11-23", "--json").json
    assert [one["met_by"] for one in after["gaps"]] == [record.record_id]
    ran = insyn("duties", "--account", "ki", "--today", "2026-11-23")
    assert ran.code == 0
    assert "done" in ran.out
    assert record.record_id[-8:] in ran.out
    assert "login wall" in ran.out
    assert f"{gap_id[-8:]} → {record.record_id[-8:]}" in ran.out
    assert "2026-H2" in ran.out


def test_duties_are_told_for_every_account_or_for_one_that_there_is(insyn: Insyn) -> None:
    assert len(insyn("duties", "--json").json) == len(insyn("account", "list", "--json").json)
    assert "To be captured now" in insyn("duties").out
    unknown = insyn("duties", "--account", "nobody")
    assert unknown.code == 3
    assert "insyn account list" in unknown.err


def test_a_gap_is_listed_with_its_verdict_and_its_evidence(
    insyn: Insyn, archive: Archive, account: AccountRef, order: Order
) -> None:
    assert "No gaps" in insyn("gap", "list").out
    gap_id = archive.note_gap(gap(account, order), b"png", service("test"))
    ran = insyn("gap", "list", "--account", "ki")
    assert "login wall" in ran.out
    assert gap_id[-8:] in ran.out
    assert "gap.json" in ran.out
    assert insyn("gap", "list", "--account", "ki-medh", "--json").json == []


def test_a_recipe_that_has_drifted_is_told_with_the_duties(
    insyn: Insyn, archive: Archive, account: AccountRef, order: Order
) -> None:
    assert "E104" not in insyn("duties", "--account", "ki").out
    said = "recipe drift: posts.each (article) matches no post"
    met = replace(gap(account, order), verdict="partial", evidence=(said,))
    archive.note_gap(met, None, service("test"))
    assert "E104" in insyn("duties", "--account", "ki").out
    drift = {one["account"]: one["drift"] for one in insyn("duties", "--json").json}
    [told] = drift.pop("ki")
    assert (told["code"], "posts.each" in told["en"]) == ("E104", True)
    assert not any(drift.values())


def gap(account: AccountRef, order: Order) -> GapReport:
    return GapReport(
        account=account,
        order=order,
        at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        verdict="login_wall",
        evidence=("redirected to /login",),
        requested_url="https://torget.example/@ki",
        final_url="https://torget.example/login",
        status=200,
        headers=(),
        retry_after_s=None,
    )
