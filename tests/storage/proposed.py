"""A proposal brought through its states by persons who may, for tests of what follows."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from storage.archive import Archive
from storage.disposing import Judge, Run
from storage.people import Actor, person, service
from storage.plans import Adoption
from storage.proposals import Attestation, Candidate, Drawing, Item, Proposal, ProposalId
from storage.proposing import Signature
from storage.record import OWN_POST, PROFILE_CAPTURE, Record, Status, today, utc_now
from storage.settings import Settings

DRAWER, DISPOSER = service("retention_review"), service("disposal")
OLGA, ARVID, TREDE = person("Olga Owner"), person("Arvid Arkivarie"), person("Tredje Tage")
JUDGED = Attestation(
    insight="Innehållet är publicerat på annat håll.",
    justice="Inget värde för rättskipning.",
    administration="Inget värde för förvaltning.",
    research="Arkivarien har bedömt att forskningsvärde saknas.",
    periods="Preskription och revision är avslutade.",
)
UNIT = "Kommunikationsavdelningen"


def quick(settings: Settings, **other: Any) -> Settings:
    """Settings without cooling-off and cap, so that a test sees one rule at a time."""
    return replace(settings, **{"cooling_days": 0, "cap_percent": 100, **other})


def adopt_plan(archive: Archive, number: int = 1) -> None:
    """A version of a plan that is in force since yesterday; its text is nobody's concern here."""
    day = today() - timedelta(days=1)
    adoption = Adoption(
        plan_id="prov", text=b"x", decided_by="Rektor", decided_on=day,
        registration_number="1-1/2026", in_force_from=day, follows=number - 1,
        compared=(number - 1,) if number > 1 else (),
        rules={PROFILE_CAPTURE: "SM-99", OWN_POST: "SM-03"}, local_decisions={},
        shortened=(), transition="",
    )  # fmt: skip
    archive.adopt_plan(adoption, ARVID)


def drawing(*records: Record, **other: Any) -> Drawing:
    """A drawing of these records, by the rule of the plan above."""
    drawn = Drawing(
        plan=1,
        rule_id="SM-99",
        record_type=str(PROFILE_CAPTURE),
        unit=UNIT,
        basis="RA-FS 2021:6, dnr 1-1/2026",
        candidates=tuple(
            Candidate(
                record_id=record.record_id,
                generation=record.generation,
                period_start=date(2020, 1, 1),
                period_end=date(2021, 1, 1),
                since=date(2021, 1, 2),
            )
            for record in records
        ),
    )
    return replace(drawn, **other)


def draw(archive: Archive, *records: Record, actor: Actor = DRAWER) -> ProposalId:
    """Adopts the plan if need be, and draws up a proposal of these records."""
    if not archive.plans():
        adopt_plan(archive)
    made = archive.disposals.draw(drawing(*records), actor)
    assert made is not None
    return made


def sign(
    archive: Archive, proposal_id: ProposalId, actor: Actor, now: datetime | None = None
) -> Proposal:
    """One approval, of the digest as it is."""
    digest = archive.disposals.named(proposal_id).digest
    signature = Signature(digest=digest, attestation=JUDGED)
    return archive.disposals.approve(proposal_id, signature, actor, now or utc_now())


def approved(archive: Archive, *records: Record) -> ProposalId:
    """A proposal that owner and archivist approved."""
    proposal_id = draw(archive, *records)
    sign(archive, proposal_id, OLGA)
    sign(archive, proposal_id, ARVID)
    return proposal_id


def signed(archive: Archive) -> dict[str, bytes]:
    """Files of a certificate, as small as they can be."""
    data, page, signer = b"{}", b"%PDF", archive.signer
    return {
        "certificate.json": data,
        "certificate.json.sig": signer.sign(data),
        "certificate.pdf": page,
        "certificate.pdf.sig": signer.sign(page),
        "certificate.pem": signer.public_pem,
    }


def run(*, due: bool = True, now: datetime | None = None, plan: int = 1) -> Run:
    """A run by the service, whose judge says of every record that it is due, or is not."""
    ends_as = Status.DISPOSED if due else None
    judge = Judge(plan=plan, closed={}, ends_as=lambda _record, _standing: ends_as)
    return Run(actor=DISPOSER, judge=judge, now=now or utc_now())


def carry_out(archive: Archive, proposal_id: ProposalId, by: Run | None = None) -> list[Item]:
    """Start, and see to every record of the list; gives back the list as it stands then."""
    by = by or run()
    archive.disposals.start(proposal_id, by.actor, by.now)
    for record_id in archive.disposals.pending(proposal_id):
        archive.disposals.dispose(by, proposal_id, record_id)
    return archive.disposals.items(proposal_id)
