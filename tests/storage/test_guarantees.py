"""Promises that other rooms build on: a request holds, a transfer and a masking remove nothing."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.closing import Closing, Outcome, demand_over
from storage.declaring import Declaration
from storage.errors import Malformed, NotAllowed
from storage.holds import Ground, Placement
from storage.keys import prefix_of
from storage.people import person
from storage.query import Query
from storage.record import Record, today, utc_now
from storage.standing import Trigger
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
EVA, OLGA = person("Eva Ek"), person("Olga Owner")


def test_a_request_holds_what_it_found_and_what_comes_later(
    archive: Archive, deposited: Deposit
) -> None:
    """R29: its results and its query; a later capture is held on its way in, and neither goes."""
    found = deposited(1)
    request = Placement(
        ground=Ground.DISCLOSURE_REQUEST,
        reason="Begäran 2026-17",
        authority="2 kap. TF",
        records=(found.record_id,),
        query=Query(text="forskningsinfrastruktur"),
        review_by=None,
    )
    placed = archive.place_hold(request, EVA)
    later = deposited(2)
    for record in (found, later):
        now = archive.record(record.record_id)
        assert now.held
        assert archive.verify(now) == ()  # the store's lock as well
        [hold] = archive.holds_on(now)
        assert hold.hold_id == placed.hold_id


DAY = date(2026, 3, 2)


def closing(
    outcome: Outcome | None, refused: date | None = None, ruled: date | None = None
) -> Closing:
    return Closing(closed_on=DAY, outcome=outcome, refusal_received_on=refused, ruled_on=ruled)


GRANTED, REFUSED, WITHDRAWN = Outcome
REQUEST = Ground.DISCLOSURE_REQUEST


@pytest.mark.parametrize(
    ("ground", "given", "today", "over"),
    [
        (REQUEST, None, DAY, False),
        (REQUEST, closing(GRANTED), DAY - timedelta(days=1), False),
        (REQUEST, closing(GRANTED), DAY, True),
        (REQUEST, closing(WITHDRAWN), DAY, True),
        (REQUEST, closing(None), DAY + timedelta(days=99), False),
        (REQUEST, closing(REFUSED), DAY + timedelta(days=99), False),
        (REQUEST, closing(GRANTED, DAY), date(2026, 3, 23), False),
        (REQUEST, closing(REFUSED, DAY), date(2026, 3, 23), False),
        (REQUEST, closing(REFUSED, DAY), date(2026, 3, 24), True),
        (REQUEST, closing(REFUSED, DAY, date(2026, 3, 10)), date(2026, 3, 9), False),
        (REQUEST, closing(REFUSED, DAY, date(2026, 3, 10)), date(2026, 3, 10), True),
        (REQUEST, closing(REFUSED, None, date(2026, 3, 10)), date(2026, 3, 10), True),
        (Ground.APPEAL, closing(GRANTED), DAY, False),
        (Ground.APPEAL, closing(None, None, DAY), DAY, True),
        (Ground.OPEN_CASE, None, DAY, True),
    ],
)
def test_a_request_is_over_when_no_appeal_can_come(
    ground: Ground, given: Closing | None, today: date, over: bool
) -> None:
    """R29: three weeks from receipt, the last day included; or the court's final decision."""
    with nullcontext() if over else pytest.raises(NotAllowed):
        demand_over(ground, given, today)


@pytest.mark.parametrize(
    ("received", "last", "why"),
    [
        (date(2026, 5, 30), date(2026, 6, 22), "Midsummer's Day, a Saturday, and a Sunday"),
        (date(2026, 5, 29), date(2026, 6, 22), "Midsummer's Eve"),
        (date(2026, 5, 28), date(2026, 6, 18), "a Thursday"),
        (date(2026, 5, 16), date(2026, 6, 8), "the National Day, a Saturday"),
        (date(2026, 12, 3), date(2026, 12, 28), "from Christmas Eve, a Thursday, to the weekend"),
        (date(2026, 12, 10), date(2027, 1, 4), "from New Year's Eve to the weekend after"),
        (date(2026, 3, 13), date(2026, 4, 7), "Good Friday to Easter Monday"),
        (date(2026, 10, 10), date(2026, 11, 2), "All Saints' Day"),
        (date(2026, 4, 23), date(2026, 5, 15), "Ascension Day"),
    ],
)
def test_the_appeal_period_ends_on_a_working_day(received: date, last: date, why: str) -> None:
    """R29: lag (1930:173) 2 §; the hold stands on the last day too, and not a day longer."""
    refused = Closing(
        closed_on=received, outcome=REFUSED, refusal_received_on=received, ruled_on=None
    )
    with pytest.raises(NotAllowed, match=f"until {last}"):
        demand_over(REQUEST, refused, last)
    demand_over(REQUEST, refused, last + timedelta(days=1))


def test_a_requests_hold_is_lifted_only_when_it_is_over(
    archive: Archive, deposited: Deposit
) -> None:
    """R29: asked inside the transaction; the journal keeps by which days."""
    record = deposited()
    request = Placement(
        ground=Ground.DISCLOSURE_REQUEST, reason="Begäran", authority="2 kap. TF",
        records=(record.record_id,), query=None, review_by=None,
    )  # fmt: skip
    hold_id = archive.place_hold(request, EVA).hold_id
    with pytest.raises(NotAllowed, match="closed-on"):
        archive.lift_hold(hold_id, EVA, "Klart")
    with pytest.raises(NotAllowed, match="how the request ended"):
        archive.lift_hold(hold_id, EVA, "Klart", closing=closing(None))
    with pytest.raises(NotAllowed, match="when it reached who asked"):
        archive.lift_hold(hold_id, EVA, "Avslag", closing=closing(REFUSED))
    with pytest.raises(NotAllowed, match="appealed until"):
        archive.lift_hold(hold_id, EVA, "Avslag", closing=closing(REFUSED, today()))
    assert archive.record(record.record_id).held
    archive.lift_hold(hold_id, EVA, "Utlämnat", closing=closing(GRANTED))
    assert not archive.record(record.record_id).held
    detail = archive.journal(subject=hold_id)[-1].detail
    assert (detail["closed_on"], detail["outcome"]) == ("2026-03-02", "granted")


def test_a_transfer_that_is_only_said_is_refused(archive: Archive, deposited: Deposit) -> None:
    """R46: the word of a person is no receipt."""
    record = deposited()
    said = Declaration(event=Trigger.TRANSFERRED, on=today(), reason="Levererad till e-arkiv")
    with pytest.raises(Malformed, match="receipt shows this"):
        archive.declare(record, said, OLGA)
    assert Trigger.TRANSFERRED not in archive.standing(record, {}).events


def test_a_masked_copy_leaves_the_original_as_it_was(archive: Archive, deposited: Deposit) -> None:
    """F31, R55: whatever is laid beside it or over it, the record is read as it was deposited.

    And goes with it: a copy below the record's prefix does not survive its disposal (R37).
    """
    record = deposited()
    package = archive.package_of(record)
    before, capture = archive.manifest(record), archive._vault.capture
    picture = archive.read_part(record, "pictures/desktop-0001.png")
    beside = prefix_of(record.manifest_key) + "media/masked.png"
    for key in (package.key, beside, record.manifest_key):
        until = utc_now() + timedelta(days=9)
        capture.put(key, b"masked", media_type="image/png", retain_until=until)
    assert archive.manifest(record) == before
    assert archive.read_part(record, "pictures/desktop-0001.png") == picture
    assert archive.verify(record) == ()
    withdraw(archive, warrant(archive, record))
    assert list(archive._vault.reader.versions(prefix_of(record.manifest_key))) == []


def test_who_removes_objects_is_named() -> None:
    """R30: no other file of ours does; a new one has to be argued for here.

    A disposal (`withdrawal`) and a purge remove records. `moving` removes what a record left behind
    when it was read back elsewhere, `sweep` what never was a record, `fitness` its own probe.
    """
    root = Path(__file__).parents[2]
    rooms = ("accounts", "storage", "capture", "retention", "disclosure", "desk", "dags")
    files = (path for room in rooms for path in (root / room).rglob("*.py"))
    removing = {
        str(path.relative_to(root / "storage"))
        for path in files
        if re.search(r"\.(delete_versions?|mark_deleted)\(", path.read_text("utf-8"))
    }
    assert removing == {"fitness.py", "moving.py", "purging.py", "sweep.py", "withdrawal.py"}
