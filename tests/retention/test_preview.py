"""What a version would change, shown before it is adopted; the plan as page and sheet."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from retention.chart import MOST_YEARS, years_svg
from retention.page import MOST_ROWS, plan_html, preview_html
from retention.period import Period
from retention.plan import Label, Plan
from retention.preview import Preview, Shift, preview
from retention.sheet import RULE_COLUMNS, plan_csv, preview_csv
from storage.record import Record, RecordId
from storage.standing import Standing, StandingHold, Trigger
from tests.retention.strategies import HOLD, RECORD, RULE, STANDING, plan_of, with_event
from tests.retention.test_explain import ADOPTED
from tests.retention.test_reading import karolinska

TODAY = date(2026, 11, 23)
ONE_YEAR = plan_of(RULE)
THREE_YEARS = plan_of(replace(RULE, retention_period=Period.parse("P3Y")))


def moderated(
    number: int, on: str, holds: tuple[StandingHold, ...] = ()
) -> tuple[Record, Standing]:
    record_id = RecordId(f"R{number}")
    standing = replace(with_event(Trigger.MODERATED, on, STANDING), record_id=record_id)
    return replace(RECORD, record_id=record_id), replace(standing, holds=holds)


RECORDS = [
    moderated(1, "2020-05-01"),
    moderated(2, "2025-12-31", holds=(HOLD,)),
    moderated(3, "2026-06-30"),
    (replace(RECORD, record_id=RecordId("R4")), replace(STANDING, record_id=RecordId("R4"))),
]


def look(before: Plan | None, after: Plan) -> Preview:
    return preview(RECORDS, before, after, TODAY)


def test_a_preview_tells_each_record_whose_day_moves() -> None:
    """R34: record, rule, basis, end date, holds; R27: a hold is told."""
    shown = look(ONE_YEAR, THREE_YEARS)
    assert shown.looked_at == 4
    assert [(one.record_id, one.shift) for one in shown.moved] == [
        ("R1", Shift.LATER),
        ("R2", Shift.LATER),
        ("R3", Shift.LATER),
    ]
    second = shown.moved[1]
    assert (second.before.possible_from, second.after.possible_from) == (
        date(2027, 1, 1),
        date(2029, 1, 1),
    )
    assert second.after.end == date(2028, 12, 31)
    assert second.after.basis("sv").startswith("RA-FS 2021:6; tillämpningsbeslut 1-1/2026")
    assert second.holds == ("H1",)


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        (None, ONE_YEAR, Shift.BECOMES),
        (ONE_YEAR, plan_of(), Shift.CEASES),
        (THREE_YEARS, ONE_YEAR, Shift.SOONER),
        (ONE_YEAR, THREE_YEARS, Shift.LATER),
    ],
)
def test_a_preview_says_which_way_the_day_moves(
    before: Plan | None, after: Plan, shift: Shift
) -> None:
    """R34: which records would become due, or cease to be."""
    assert {one.shift for one in look(before, after).moved} == {shift}


def test_a_preview_counts_by_rule_and_year() -> None:
    """R34: what was possible before this year is counted in it."""
    shown = look(ONE_YEAR, THREE_YEARS)
    assert shown.before == {("SM-11", 2026): 1, ("SM-11", 2027): 2}
    assert shown.after == {("SM-11", 2026): 1, ("SM-11", 2029): 2}
    assert look(ONE_YEAR, ONE_YEAR).moved == ()


def test_a_preview_is_a_page_and_a_sheet() -> None:
    """R34: the same records in both."""
    shown = look(None, ONE_YEAR)
    page = preview_html(shown, None, ONE_YEAR, ("ingen plan", "utkast.toml"), "sv")
    assert 'lang="sv"' in page
    assert "Inget är ändrat." in page
    assert page.count('<th scope="row">R') == 3
    rows = list(rows_of(preview_csv(shown)))
    assert [row["handling"] for row in rows] == ["R1", "R2", "R3"]
    assert rows[1]["gallringsstopp"] == "H1"
    assert rows[1]["fristens_slut_efter"] == "2026-12-31"


def test_a_page_that_cannot_list_all_says_so() -> None:
    """R34: nothing is left out in silence."""
    many = [moderated(n, "2026-01-01") for n in range(MOST_ROWS + 7)]
    shown = preview(many, None, ONE_YEAR, TODAY)
    page = preview_html(shown, None, ONE_YEAR, ("a", "b"), "en")
    assert page.count('<th scope="row">R') == MOST_ROWS
    assert "7 more are in the CSV file." in page


def test_the_chart_has_a_bar_for_each_count_and_a_name() -> None:
    """R34, R65: two bars a year that add up to what was counted."""
    far = [*RECORDS, moderated(9, "2026-06-30")]
    late = plan_of(replace(RULE, retention_period=Period.parse("P90Y")))
    drawn = ET.fromstring(years_svg(preview(far, ONE_YEAR, late, TODAY), "sv"))
    space = "{http://www.w3.org/2000/svg}"
    bars = [one for one in drawn.iter(f"{space}rect") if one.get("y") != "12"]
    assert [bar.get("fill") for bar in bars].count("#767676") == 2
    assert [bar.get("fill") for bar in bars].count("#0b4f8a") == 1
    texts = [one.text for one in drawn.iter(f"{space}text")]
    assert "senare" in texts
    assert sum(str(2026 + n) in texts for n in range(MOST_YEARS)) == MOST_YEARS
    assert drawn.get("role") == "img"
    heights = {bar.get("fill"): float(bar.get("height") or 0) for bar in bars}
    assert heights["#0b4f8a"] > heights["#767676"] > 0


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    """R34."""
    ET.fromstring(years_svg(preview([], None, ONE_YEAR, TODAY), "en"))


def test_the_plan_is_a_page_in_both_languages_that_says_it_is_a_draft() -> None:
    """R26, R65: every rule, its words, its basis."""
    plan = karolinska()
    swedish, english = (plan_html(plan, None, language) for language in ("sv", "en"))
    assert "Utkast, inte antaget. Planen gäller inte förrän" in swedish
    assert "Draft, not adopted." in english
    for rule in plan.rules:
        assert f'<th scope="row">{rule.rule_id}</th>' in swedish
        assert rule.label.sv in swedish
    assert swedish.count("Vilande: tillämpningsbeslut saknas") == 5
    assert "Gallras 1 år efter inaktualitet, vid kalenderårets slut" in swedish
    assert "http" not in swedish.replace("http://www.w3.org", "")
    adopted = plan_html(plan, ADOPTED, "sv")
    assert "Version 3, beslutad 2026-01-07 av Rektor, dnr 1-9/2026." in adopted
    assert "Utkast" not in adopted


def test_what_a_plan_says_cannot_break_out_of_its_page() -> None:
    """R26: names are text, never markup."""
    evil = replace(RULE, label=Label(sv="<script>alert(1)</script>", en="x"), source='"><b>')
    page = plan_html(plan_of(evil), None, "sv")
    assert "<script>" not in page
    assert "<b>" not in page


def test_the_plan_is_a_sheet_with_every_field_that_excel_may_open() -> None:
    """R26: and nothing in it runs as a formula."""
    plan = karolinska()
    rows = list(rows_of(plan_csv(plan)))
    assert [row["rule_id"] for row in rows] == [rule.rule_id for rule in plan.rules]
    assert tuple(rows[0]) == RULE_COLUMNS
    assert rows[3]["villkor"] == "original_verified"
    assert rows[3]["frist"] == "P1Y"
    evil = plan_of(replace(RULE, source='=HYPERLINK("x")'))
    (row,) = rows_of(plan_csv(evil))
    assert row["kalla"].startswith("'=")


def rows_of(sheet: str) -> Iterator[dict[str, str]]:
    assert sheet.startswith("\ufeff")
    return iter(csv.DictReader(io.StringIO(sheet[1:]), delimiter=";"))
