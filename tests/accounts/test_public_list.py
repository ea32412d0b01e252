"""The public list: what it shows, what it never shows, and that a spreadsheet may open it."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from accounts.model import Account, Status
from accounts.public_list import Language, public_csv, public_html
from accounts.register import Register, read_register

REGISTER = read_register(Path(__file__).parents[2] / "examples" / "karolinska" / "accounts.toml")


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def _with(account: Account) -> Register:
    return replace(REGISTER, accounts=(account,))


def _every_form() -> list[str]:
    return [public_csv(REGISTER), *(public_html(REGISTER, language) for language in Language)]


@pytest.mark.parametrize("form", _every_form(), ids=["csv", "sv", "en"])
def test_no_form_of_the_list_names_anybody(form: str) -> None:
    """R3: neither name, title nor address of staff."""
    for account in REGISTER.accounts:
        assert account.approving_manager is not None
        for person in (account.approving_manager, *account.responsible):
            assert person.name not in form
            assert person.email not in form
            assert f">{person.title}<" not in form
    assert "ki.example" not in form


@pytest.mark.parametrize("form", _every_form(), ids=["csv", "sv", "en"])
def test_every_form_of_the_list_tells_what_the_public_may_know(form: str) -> None:
    """R3: platform, name, handle, address, purpose, unit, registration number and opening day."""
    for account in REGISTER.accounts:
        told = (account.name, account.handle, account.url, account.unit)
        assert all(fact in form for fact in told)
        assert account.registration_number in form
        assert account.opened_on is not None
        assert account.opened_on.isoformat() in form


def test_the_csv_opens_in_a_swedish_spreadsheet() -> None:
    """R3: byte order mark, semicolons, CRLF, one row an account, å ä ö as they are."""
    text = public_csv(REGISTER)
    rows = _rows(text)
    assert text.encode("utf-8").startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == len(rows) == 10
    assert {len(row) for row in rows} == {10}
    assert rows[6][0] == "KI Karriär"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "  =", "\n@"])
def test_no_cell_is_run_as_a_formula(start: str) -> None:
    text = public_csv(_with(replace(REGISTER.accounts[0], name=f'{start}HYPERLINK("x";"y")')))
    assert _rows(text)[1][0].startswith("'")


@given(st.text(max_size=60))
def test_no_name_however_odd_breaks_the_sheet_or_the_page(name: str) -> None:
    register = _with(replace(REGISTER.accounts[0], name=name))
    header, row = _rows(public_csv(register))
    assert len(row) == len(header)
    assert row[0][:1] not in {"=", "+", "-", "@"}
    assert "<script" not in public_html(register, Language.SV).replace("&lt;script", "")


@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_whole_and_fetches_nothing(language: Language) -> None:
    """R3, R65: language, title, caption, headings with scope; no outside resource."""
    page = html.document_fromstring(public_html(REGISTER, language))
    assert page.get("lang") == language
    assert page.xpath("string(//title)")
    assert page.xpath("string(//table/caption)")
    assert len(page.xpath("//thead/tr/th[@scope='col']")) == 8
    assert len(page.xpath("//tbody/tr/th[@scope='row']")) == 9
    assert {len(row) for row in page.xpath("//tbody/tr")} == {8}
    assert not page.xpath("//script | //link | //img | //iframe | //@src")


def test_the_page_marks_what_is_in_another_language() -> None:
    """R65: a screen reader is told when the Swedish purpose stands in for a missing English one."""
    register = _with(replace(REGISTER.accounts[0], purpose_en=""))
    page = html.document_fromstring(public_html(register, Language.EN))
    (cell,) = page.xpath("//td[@lang='sv'][contains(., 'Berätta')]")
    assert cell.text_content() == REGISTER.accounts[0].purpose_sv


def test_planned_accounts_are_not_yet_public() -> None:
    planned = replace(REGISTER.accounts[0], status=Status.PLANNED)
    assert len(_rows(public_csv(_with(planned)))) == 1


def test_a_closed_account_stays_on_the_list() -> None:
    closed = replace(REGISTER.accounts[0], status=Status.CLOSED, closed_on=date(2026, 1, 1))
    assert "Avslutat" in public_csv(_with(closed))


def test_markup_in_the_register_stays_text() -> None:
    register = _with(replace(REGISTER.accounts[0], unit="<b>&</b>", name="</th><script>"))
    page = html.document_fromstring(public_html(register, Language.SV))
    assert not page.xpath("//b | //script")
