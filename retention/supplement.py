"""The supplement to a certificate (tilläggsprotokoll): which copies are gone since then.

Made, signed and deposited as the certificate is; the same bytes each time.
"""

from datetime import date, datetime
from pathlib import Path

from pydantic import JsonValue

from accounts.stockholm import civil_date
from retention.certificate import mandate, set_page, software
from retention.signed import canonical, signature_said, signed_files
from retention.supplement_words import shown
from storage.archive import Archive
from storage.catalogue import stamp
from storage.errors import Damaged
from storage.people import Actor
from storage.proposals import Proposal, ProposalId
from storage.record import RecordId
from storage.signing import Signer
from storage.supplementing import Supplement

STEM = "supplement"

_TEMPLATE = Path(__file__).with_name("supplement.typ")


def supplement_all(archive: Archive, actor: Actor, now: datetime) -> list[RecordId]:
    """Look again wherever a certificate named copies that are left; the supplements deposited.

    Raises:
        StoreUnreachable: the archive's own store gives no answer.
        Damaged: other bytes lie where a supplement belongs.
    """
    today = civil_date(now)
    made = (_supplement(archive, one, actor, today) for one in archive.disposals.open_ended())
    return [record_id for record_id in made if record_id is not None]


def supplement_facts(
    archive: Archive, supplement: Supplement, signer: Signer
) -> dict[str, JsonValue]:
    """All that a supplement states."""
    proposal = archive.disposals.named(supplement.proposal_id)
    return {
        "supplement": supplement.record_id,
        "supplement_version": 1,
        "number": supplement.number,
        **mandate(archive, proposal),
        "proposal": proposal.proposal_id,
        "certificate": _certificate(archive, proposal),
        "seen_at": stamp(supplement.entry.at),
        "seen_by": supplement.entry.actor,
        "journal": {"entry": supplement.entry.seq, "digest": supplement.entry.digest},
        "gone": [*supplement.gone],
        "left": [*supplement.left],
        "copies": supplement.copies.as_json(),
        "signature": signature_said(signer, STEM),
        "software": software(),
    }


def _supplement(
    archive: Archive, proposal_id: ProposalId, actor: Actor, today: date
) -> RecordId | None:
    due = archive.disposals.follow_up(proposal_id, actor, today)
    if due is None:
        return None
    signer = archive.signer
    data = canonical(supplement_facts(archive, due, signer))
    files = signed_files(STEM, data, set_page(_TEMPLATE, data, shown(data)), signer)
    return archive.disposals.deposit_supplement(due, files, actor).record_id


def _certificate(archive: Archive, proposal: Proposal) -> dict[str, JsonValue]:
    """Which certificate it belongs to, by its manifest's digest."""
    if proposal.certificate is None:
        raise Damaged(f"Proposal {proposal.proposal_id} has no certificate: verify the journal.")
    record = archive.record(proposal.certificate)
    return {"record_id": record.record_id, "manifest_sha256": record.manifest_sha256}
