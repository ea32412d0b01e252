"""Promises that other rooms build on: a request holds, a transfer and a masking remove nothing."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.closing import Closing, demand_over
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


def closing(refused: date | None = None, ruled: date | None = None) -> Closing:
    return Closing(closed_on=DAY, refusal_received_on=refused, ruled_on=ruled)


@pytest.mark.parametrize(
    ("ground", "given", "today", "over"),
    [
        (Ground.DISCLOSURE_REQUEST, None, DAY, False),
        (Ground.DISCLOSURE_REQUEST, closing(), DAY - timedelta(days=1), False),
        (Ground.DISCLOSURE_REQUEST, closing(), DAY, True),
        (Ground.DISCLOSURE_REQUEST, closing(DAY), date(2026, 3, 23), False),
        (Ground.DISCLOSURE_REQUEST, closing(DAY), date(2026, 3, 24), True),
        (Ground.DISCLOSURE_REQUEST, closing(DAY, date(2026, 3, 10)), date(2026, 3, 9), False),
        (Ground.DISCLOSURE_REQUEST, closing(DAY, date(2026, 3, 10)), date(2026, 3, 10), True),
        (Ground.APPEAL, closing(), DAY, False),
        (Ground.APPEAL, closing(None, DAY), DAY, True),
        (Ground.OPEN_CASE, None, DAY, True),
    ],
)
def test_a_request_is_over_when_no_appeal_can_come(
    ground: Ground, given: Closing | None, today: date, over: bool
) -> None:
    """R29: three weeks from receipt, the last day included; or the court's final decision."""
    with nullcontext() if over else pytest.raises(NotAllowed):
        demand_over(ground, given, today)


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
    refused = Closing(closed_on=DAY, refusal_received_on=today(), ruled_on=None)
    with pytest.raises(NotAllowed, match="appealed until"):
        archive.lift_hold(hold_id, EVA, "Avslag", closing=refused)
    assert archive.record(record.record_id).held
    archive.lift_hold(hold_id, EVA, "Utlämnat", closing=closing())
    assert not archive.record(record.record_id).held
    assert archive.journal(subject=hold_id)[-1].detail["closed_on"] == "2026-03-02"


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
