"""What the demo, the bench and the tests share of disposals: a plan by which something goes, and
the persons who decide. The plan is the example's, with one decision that an authority would take.
"""

from datetime import date, timedelta
from pathlib import Path

from retention.adopting import Decision, adoption, plan_in_force
from retention.disposal import Outcome, carry_out
from retention.proposal import draw_up
from storage.archive import Archive
from storage.declaring import Declaration
from storage.people import Role, person, service
from storage.plans import AdoptedPlan
from storage.proposals import Attestation, ProposalId
from storage.proposing import Signature
from storage.record import Record, RecordType, today, utc_now
from storage.standing import Trigger

RULE, TEMPORARY = "SM-05", RecordType("own_post_temporary")
_PLAN = Path(__file__).parent / "karolinska" / "plan.toml"

DECIDER, OFFICER = person("Rektor Rönn"), person("Registrator Rut")
APPOINTER = person("Systemförvaltare Sam")
OWNER, ARCHIVIST = person("Kontoägare Karin"), person("Arkivarie Astrid")
ROLES = {
    APPOINTER: Role.OPERATOR,
    ARCHIVIST: Role.ARCHIVIST,
    DECIDER: Role.MANAGER,
    OFFICER: Role.OFFICER,
    OWNER: Role.OWNER,
}
REVIEW, DISPOSAL = service("retention_review"), service("disposal")

JUDGED = Attestation(
    insight="Uppgifterna är ersatta och fortfarande tillgängliga på ki.se.",
    justice="Saknar värde för rättskipningen.",
    administration="Saknar värde för förvaltningen sedan uppgifterna ersattes.",
    research="Prövat av arkivarien: inget forskningsvärde utöver profilbilderna.",
    periods="Inga anspråk kan grundas på uppgifterna; revision berörs inte.",
)


def decided_plan() -> bytes:
    """The example's plan, with the local decision that wakes the rule on temporary posts."""
    text = _PLAN.read_text("utf-8")
    head, rule, tail = text.partition(f'rule_id = "{RULE}"')
    instrument = 'disposal_authority.instrument = "RA-FS 2021:6"\n'
    decision = 'disposal_authority.local_decision = { dnr = "1-123/2026", decided_on = 2026-01-12 }'
    woken = tail.replace(instrument, instrument + decision + "\n", 1)
    return (head + rule + woken).encode()


def appoint(archive: Archive) -> None:
    """Appoint those who decide: an operator themself, who appoints the others; each then has a
    password of their own.
    """
    if not archive.people.all():
        for one, role in ROLES.items():
            archive.people.add(one.name, [role], APPOINTER)
            archive.people.note_password(one, proven=True)


def adopt(archive: Archive) -> AdoptedPlan:
    """Adopt it, in force since yesterday."""
    decided_on = today() - timedelta(days=1)
    decision = Decision(
        decided_by="Rektor",
        decided_on=decided_on,
        registration_number="1-124/2026",
        in_force_from=decided_on,
        transition="",
    )
    return archive.adopt_plan(adoption(decided_plan(), _PLAN.name, decision, archive), DECIDER)


def make_due(archive: Archive, record: Record, since: date | None = None) -> Record:
    """Say that a record holds temporary facts, and that newer ones have taken their place."""
    archive.classify(record, TEMPORARY, "Öppettider under ombyggnaden", OFFICER)
    superseded = Declaration(
        event=Trigger.SUPERSEDED,
        on=since or today() - timedelta(days=2),
        reason="Nya öppettider på ki.se",
    )
    archive.declare(record, superseded, OFFICER)
    return archive.record(record.record_id)


def propose(archive: Archive) -> list[ProposalId]:
    """What the monthly review draws up."""
    plan = plan_in_force(archive, today())
    return draw_up(archive, plan, {}, utc_now(), REVIEW) if plan else []


def decide(archive: Archive, proposal_id: ProposalId) -> None:
    """The account's owner approves, then the archivist."""
    digest = archive.disposals.named(proposal_id).digest
    for seated, judged in ((OWNER, None), (ARCHIVIST, JUDGED)):
        signature = Signature(digest=digest, attestation=judged)
        archive.disposals.approve(proposal_id, signature, seated, utc_now())


def dispose(archive: Archive) -> list[Outcome]:
    """What the nightly run carries out."""
    return carry_out(archive, {}, DISPOSAL, utc_now())
