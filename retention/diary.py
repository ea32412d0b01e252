"""The registration export (diarium): date, number, sender or recipient, the matter in brief (R17).

One row for each record that has a number of its own or its type's for the year, disposed of or
not. Outsiders are not named: an incoming record says where it came in, and the record who wrote.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.sheet import csv_sheet
from accounts.stockholm import civil_date
from retention.plan import Direction, Plan
from storage.record import Record, RecordId
from storage.standing import Standing, Trigger

COLUMNS = (
    "datum", "diarienummer", "riktning", "avsandare_eller_mottagare", "saken", "handling",
)  # fmt: skip

_DIRECTIONS = {
    Direction.INCOMING: "inkommen",
    Direction.OUTGOING: "upprättad",
    Direction.BOTH: "inkommen och upprättad",
}
_PARTIES = {
    Direction.INCOMING: "Från besökare på",
    Direction.OUTGOING: "Till allmänheten via",
    Direction.BOTH: "Till allmänheten, och från besökare på,",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DiaryEntry:
    """A registered record as the diary has it; `on` is when it came in or was drawn up (R10)."""

    on: date
    number: str
    direction: Direction
    party: str
    matter: str
    record_id: RecordId


def diary(
    records: Iterable[tuple[Record, Standing]], plan: Plan | None, year: int | None
) -> Iterator[DiaryEntry]:
    """The registered records, in their order; of one year where it is named."""
    for record, standing in records:
        published = standing.events.get(Trigger.PUBLISHED)
        on = published.on if published else civil_date(record.captured_at)
        if standing.registration_number and year in (None, on.year):
            yield _entry(record, standing, plan, on)


def diary_csv(entries: Iterable[DiaryEntry]) -> str:
    """The diary as a sheet."""
    rows = (
        (one.on, one.number, _DIRECTIONS[one.direction], one.party, one.matter, one.record_id)
        for one in entries
    )
    return csv_sheet(COLUMNS, rows)


def _entry(record: Record, standing: Standing, plan: Plan | None, on: date) -> DiaryEntry:
    rule = plan.rule_for(record.record_type) if plan else None
    direction = rule.direction if rule else Direction.OUTGOING
    return DiaryEntry(
        on=on,
        number=standing.registration_number,
        direction=direction,
        party=f"{_PARTIES[direction]} {record.platform} @{record.handle}",
        matter=f"{rule.label.sv if rule else record.record_type}, {record.unit}",
        record_id=record.record_id,
    )
