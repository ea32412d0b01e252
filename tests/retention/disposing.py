"""A plan by which captures go a year after they cease to be relevant, and a disposal by it."""

from datetime import date, datetime

from retention.disposal import Outcome, carry_out
from retention.proposal import draw_up
from retention.reading import read_plan
from storage.archive import Archive
from storage.declaring import Declaration
from storage.people import Actor, person
from storage.plans import AdoptedPlan
from storage.proposals import ProposalId
from storage.record import Record, utc_now
from storage.standing import Trigger
from tests.retention.conftest import GOOD
from tests.storage.proposed import ARVID, DISPOSER, DRAWER, OLGA, sign

PLAN = GOOD.replace(b'"own_post_copy"', b'"profile_capture"').replace(b"2026-11-02", b"2024-02-02")
LONG_AGO = date(2024, 1, 1)
OFFICER = person("Registrator Rut")


def make_due(archive: Archive, *records: Record) -> list[Record]:
    """Declared long ago to be no longer relevant; gives back the records as they stand then."""
    said = Declaration(event=Trigger.NO_LONGER_RELEVANT, on=LONG_AGO, reason="Ersatt på webben")
    for record in records:
        archive.declare(record, said, OFFICER)
    return [archive.record(record.record_id) for record in records]


def proposed(
    archive: Archive, adopted: AdoptedPlan, now: datetime | None = None
) -> list[ProposalId]:
    """What the review draws up today, or at another moment."""
    text = archive.plan_text(adopted)
    plan = read_plan(text, "plan", adopted.decided_on, version=adopted.number)
    return draw_up(archive, plan, {}, now or utc_now(), DRAWER)


def decide(archive: Archive, proposal_id: ProposalId) -> None:
    """Owner and archivist approve."""
    sign(archive, proposal_id, OLGA)
    sign(archive, proposal_id, ARVID)


def dispose(archive: Archive, actor: Actor = DISPOSER) -> list[Outcome]:
    """One run of what is ready."""
    return carry_out(archive, {}, actor, utc_now())
