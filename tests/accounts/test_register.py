"""The register: what makes an account lawful, and every fault told at once."""

from datetime import date
from pathlib import Path

import pytest

from accounts.codes import TEXTS
from accounts.errors import RegisterFaults, UnknownAccount
from accounts.findings import Severity
from accounts.model import Reach, Status
from accounts.register import check_register, read_register

BAD = sorted((Path(__file__).parent / "bad").glob("*.toml"))
KAROLINSKA = Path(__file__).parents[2] / "examples" / "karolinska" / "accounts.toml"

MANY_FAULTS = """
authority = "Exempelmyndigheten"
duty_from = 2025-07-01
[[account]]
id = "ett"
handel = "ett"
platform = "torget"
url = "ftp://torget.example/@ett"
name = "Ett"
language = "sv"
purpose_sv = 5
reach = "university_wide"
status = "active"
responsible = [
  { name = "Anna Ansvarig", title = "Redaktör", email = "anna@ki.example" },
  { name = "Anna Ansvarig", title = "Redaktör", email = "anna" },
]
[[account]]
id = "ett"
name = "Två"
language = "sv"
reach = "unit"
status = "closed"
"""

TOLD = [
    ("A003", "account 1 (ett).handel"),
    ("A010", "account 1 (ett).url"),
    ("A004", "account 1 (ett).purpose_sv"),
    ("A011", "account 1 (ett).responsible[2].email"),
    ("A020", "account 1 (ett).handle"),
    ("A022", "account 1 (ett).unit"),
    ("A025", "account 1 (ett).responsible"),
    ("A023", "account 1 (ett).approving_manager"),
    ("A026", "account 1 (ett).registration_number"),
    ("A030", "account 1 (ett).director_approved_on"),
    ("A020", "account 2 (ett).platform"),
    ("A020", "account 2 (ett).handle"),
    ("A020", "account 2 (ett).url"),
    ("A040", "account 2 (ett).closed_on"),
    ("A050", "account 2 (ett).id"),
]


def _changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = KAROLINSKA.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "accounts.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_register_raises_its_own_fault_and_no_other(path: Path) -> None:
    """R1, R2: each file breaks one demand and is named by the code it must raise."""
    with pytest.raises(RegisterFaults) as caught:
        read_register(path)
    codes = [one.code for one in caught.value.findings]
    assert codes == [path.stem[:4]]
    (fault,) = caught.value.findings
    assert fault.place.startswith(path.name)
    assert fault.severity is Severity.FAULT
    assert "{" not in fault.sv + fault.en


def test_every_fault_that_can_be_told_has_a_bad_example() -> None:
    assert {path.stem[:4] for path in BAD} == {code for code in TEXTS if code < "A1"}


def test_all_faults_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    """R1: nobody mends a register one fault a try."""
    path = tmp_path / "accounts.toml"
    path.write_text(MANY_FAULTS, encoding="utf-8")
    with pytest.raises(RegisterFaults) as caught:
        read_register(path)
    told = [(f.code, f.place.removeprefix("accounts.toml: ")) for f in caught.value.findings]
    assert sorted(told) == sorted(TOLD)


def test_a_syntax_fault_names_its_line() -> None:
    (fault,) = check_register(Path(__file__).parent / "bad" / "A002_syntax.toml")
    assert fault.place.startswith("A002_syntax.toml: line 7, ")


def test_a_missing_file_is_told_as_a_finding(tmp_path: Path) -> None:
    (fault,) = check_register(tmp_path / "accounts.toml")
    assert fault.code == "A001"


@pytest.mark.parametrize("junk", [b"", b"account = [1]", b"account = [[]]", b"authority = []"])
def test_no_file_however_odd_is_more_than_findings(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "accounts.toml"
    path.write_bytes(junk)
    assert check_register(path)


def test_the_example_register_is_lawful_and_has_one_dormant_account() -> None:
    """R1, R2, R6: nine accounts, one university-wide, one winding up, one dormant."""
    register = read_register(KAROLINSKA)
    found = check_register(KAROLINSKA, date(2026, 11, 23))
    assert len(register.accounts) == 9
    assert [a.id for a in register.accounts if a.reach is Reach.UNIVERSITY_WIDE] == ["ki"]
    assert [a.id for a in register.accounts if a.status is Status.WINDING_UP] == ["ki-medh"]
    assert [(f.code, f.place) for f in found] == [
        ("A102", "accounts.toml: account 7 (ki-sommarforskarskola).last_published_on")
    ]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("A101", [('purpose_en = "Inform students', 'x = "'), ("x = ", "# ")]),
        ("A103", [("approved_on = 2024-04-11\n", "")]),
        ("A104", [("opened_on = 2024-04-22\n", "")]),
        (
            "A105",
            [
                ("Index Registerberg", "Boksta Hyllander"),
                ("index.registerberg", "boksta.hyllander"),
            ],
        ),
        ("A106", [("last_published_on = 2026-11-20", "last_published_on = 2027-11-20")]),
        ("A107", [("http://127.0.0.1:8460/@kibib", "http://torget.example/@kibib")]),
    ],
)
def test_what_is_worth_a_warning_stops_nothing(
    tmp_path: Path, code: str, changes: list[tuple[str, str]]
) -> None:
    path = _changed(tmp_path, *changes)
    assert len(read_register(path).accounts) == 9
    warned = [f for f in check_register(path, date(2026, 11, 23)) if "ki-biblioteket" in f.place]
    assert [(f.code, f.severity) for f in warned] == [(code, Severity.WARNING)]


def test_a_value_that_could_not_be_read_is_not_also_called_missing(tmp_path: Path) -> None:
    person = '  { name = "Lånia Katalogsson", title = "Bibliotekarie", '
    path = _changed(
        tmp_path,
        ('unit = "Universitetsbiblioteket"', "unit = 7"),
        (person + 'email = "lania.katalogsson@ki.example" },', '  "Lånia Katalogsson",'),
    )
    assert [f.code for f in check_register(path)] == ["A004", "A004"]


def test_a_planned_account_may_still_lack_what_an_active_one_needs(tmp_path: Path) -> None:
    """R1: the demands are made when the account is to be active."""
    path = tmp_path / "accounts.toml"
    path.write_text(
        'authority = "X"\nduty_from = 2025-07-01\n[[account]]\nid = "ny"\nname = "Ny"\n'
        'language = "sv"\nreach = "university_wide"\nstatus = "planned"\n',
        encoding="utf-8",
    )
    assert check_register(path) == []


def test_an_account_outside_the_register_is_refused_with_its_nearest_names() -> None:
    """R13: nothing but the register's accounts can be asked for."""
    with pytest.raises(UnknownAccount, match="Did you mean ki-biblioteket"):
        read_register(KAROLINSKA).account("ki-bibliotek")


def test_an_account_is_found_by_its_id() -> None:
    assert read_register(KAROLINSKA).account("ki-mmi").handle == "ki_mmi"


def test_faults_are_read_out_by_the_error_itself() -> None:
    with pytest.raises(RegisterFaults, match=r"A022 A022_active_without_unit.toml: account 1"):
        read_register(Path(__file__).parent / "bad" / "A022_active_without_unit.toml")
