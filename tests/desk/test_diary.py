"""insyn diary: the registration export."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

from retention.diary import diary, diary_csv
from retention.plan import Direction
from storage.archive import Archive
from storage.record import Record
from storage.standing import Trigger
from tests.desk.conftest import Insyn
from tests.retention.strategies import RECORD, RULE, STANDING, plan_of, with_event

Deposit = Callable[..., Record]
BY = ("--by", "Registrator Rut")


def test_what_is_registered_is_exported_and_nothing_else(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    """R17, R18: a number of its own, or its type's for the year; a Swedish sheet."""
    one, two = deposited(1), deposited(2)
    insyn("register", one.record_id, "--number", "1-77/2026", *BY)
    [row] = rows(insyn("diary").out)
    assert row == {
        "datum": "2026-11-23",
        "diarienummer": "1-77/2026",
        "riktning": "upprättad",
        "avsandare_eller_mottagare": "Till allmänheten via torget @karolinskainstitutet",
        "saken": "profile_capture, Kommunikationsavdelningen",
        "handling": one.record_id,
    }
    insyn("register", "--type", "profile_capture", "--year", "2026", "--number", "1-1/2026", *BY)
    found = {row["handling"]: row["diarienummer"] for row in rows(insyn("diary").out)}
    assert found == {one.record_id: "1-77/2026", two.record_id: "1-1/2026"}
    assert rows(insyn("diary", "--year", "2025").out) == []


def test_an_incoming_record_names_no_outsider() -> None:
    """R17, R10: by the day it came in; the record itself says who wrote."""
    standing = replace(with_event(Trigger.PUBLISHED, "2024-02-27"), registration_number="1-7/2024")
    known = [(RECORD, standing), (RECORD, STANDING)]
    [entry] = diary(known, plan_of(RULE), 2024)
    assert (str(entry.on), entry.direction) == ("2024-02-27", Direction.INCOMING)
    assert entry.party == "Från besökare på torget @ki"
    assert entry.matter == "Skräp, Kommunikationsavdelningen"
    assert list(diary(known, plan_of(RULE), 2026)) == []
    for direction in Direction:
        plan = plan_of(replace(RULE, direction=direction))
        [row] = rows(diary_csv(diary(known, plan, None)))
        assert "torget @ki" in row["avsandare_eller_mottagare"]
        assert row["riktning"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
