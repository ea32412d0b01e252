"""The certificate of a disposal (gallringsprotokoll): its facts as JSON and as a PDF/A (RULES R40).

Of records that an e-archive keeps it says that their local copies were removed (RULES R46).

The same disposal always gives the same bytes. The JSON is canonical (RFC 8785) and lies in the PDF
as well; both are signed by the installation (`signed`). Field names for disposal follow CITS ERMS.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import rfc8785
import typst
from pydantic import JsonValue

from accounts.stockholm import civil_date
from retention.adopting import adopted_plan
from retention.certificate_words import Shown, shown
from retention.method import method_said
from retention.phrases import term_said
from retention.signed import canonical, signature_said, signed_files
from storage.archive import Archive
from storage.catalogue import stamp
from storage.copies import Copies
from storage.errors import NotAllowed, NotFound
from storage.journal import Act, Entry
from storage.plans import AdoptedPlan
from storage.proposals import Approval, Item, ItemState, Proposal, ProposalId
from storage.record import RecordId
from storage.signing import Signer
from storage.tombstone import Tombstone

STEM = "certificate"
"""How the files of a certificate begin."""

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_FAULTS = frozenset({ItemState.BLOCKED, ItemState.FAILED})


def certificate_files(archive: Archive, proposal_id: ProposalId) -> dict[str, bytes]:
    """The certificate's files by name.

    Raises:
        NotAllowed: the disposal is not verified yet.
    """
    signer = archive.signer
    data = canonical(certificate_facts(archive, proposal_id, signer))
    return signed_files(STEM, data, certificate_pdf(data), signer)


def certificate_facts(
    archive: Archive, proposal_id: ProposalId, signer: Signer
) -> dict[str, JsonValue]:
    """All that a certificate states, from the journal and the adopted plan.

    Raises:
        NotAllowed: the disposal is not verified yet.
    """
    proposal = archive.disposals.named(proposal_id)
    if proposal.started_at is None or proposal.verified_at is None:
        raise NotAllowed(f"Proposal {proposal_id} is {proposal.stored}: nothing to certify yet.")
    items = archive.disposals.items(proposal_id)
    done = [item for item in items if item.state is ItemState.DONE]
    anchor = _verified(archive, proposal_id)
    copies = Copies.from_json(anchor.detail["copies"])
    left = copies.outstanding(civil_date(proposal.verified_at))
    stones = archive.disposals.tombstones(proposal_id)
    return {
        "certificate": proposal.certificate,
        "certificate_version": 3,
        "outcome": proposal.ends_as.value,
        "complete": not left and not any(item.state in _FAULTS for item in items),
        **mandate(archive, proposal),
        "proposal": _proposal(proposal),
        "approvals": [_approval(one) for one in proposal.approvals],
        "execution": {
            "disposingPerson": proposal.executor,
            "started_at": stamp(proposal.started_at),
            "verified_at": stamp(proposal.verified_at),
            "journal": {"entry": anchor.seq, "digest": anchor.digest},
        },
        "method": method_said(copies.volumes),
        "counts": {
            "listed": len(items),
            "disposed": len(done),
            "bytes": sum(item.size for item in done),
        },
        "records": list(_records(proposal, done, stones)),
        "exceptions": [_exception(item) for item in items if item.state is not ItemState.DONE],
        "copies": {
            **copies.as_json(),
            "left": [*left],
            "other_records": [
                *sorted({o for item in done for o in stones[item.record_id].also_in})
            ],
        },
        "signature": signature_said(signer, STEM),
        "software": software(),
    }


def certificate_pdf(data: bytes) -> bytes:
    """The facts as PDF/A-3a, tagged, in Swedish, with the JSON as its attachment."""
    return set_page(_TEMPLATE, data, shown(data))


def set_page(template: Path, data: bytes, words: Shown) -> bytes:
    """Words set by a template, with the data as the file's attachment."""
    compiler = typst.Compiler(
        template.read_bytes(),
        ignore_system_fonts=True,  # the fonts that Typst brings: the same page on every machine
        sys_inputs={"data": data.decode(), "shown": rfc8785.dumps(words.page).decode()},
    )
    page = compiler.compile(format="pdf", pdf_standards=["a-3a"], timestamp=words.set_at)
    if not isinstance(page, bytes):
        raise TypeError("Typst gave no document.")
    return page


def software() -> dict[str, JsonValue]:
    """What wrote and set it."""
    return {"insyn": version("insyn"), "typst": version("typst")}


def _verified(archive: Archive, proposal_id: ProposalId) -> Entry:
    entries = archive.journal(subject=proposal_id)
    return next(one for one in entries if one.act is Act.DISPOSAL_VERIFIED)


def mandate(archive: Archive, proposal: Proposal) -> dict[str, JsonValue]:
    """Authority, plan and rule, as they were adopted (RULES R20)."""
    adopted = _version(archive, proposal.plan)
    plan = adopted_plan(archive, adopted)
    rule = plan.rule_for(proposal.record_type)
    if rule is None or rule.rule_id != proposal.rule_id:
        raise NotFound(f"Version {proposal.plan} of the plan has no rule {proposal.rule_id}.")
    decision = rule.disposal_authority.local_decision
    return {
        "authority": plan.authority,
        "unit": proposal.unit,
        "plan": {
            "title": plan.title.sv,
            "version": adopted.number,
            "decided_by": adopted.decided_by,
            "decided_on": adopted.decided_on.isoformat(),
            "registration_number": adopted.registration_number,
            "sha256": adopted.sha256,
        },
        "rule": {
            "disposalScheduleId": rule.rule_id,
            "disposalMandate": proposal.basis,
            "local_decision": decision.dnr if decision else None,
            "record_type": rule.record_type,
            "label": rule.label.sv,
            "classification_code": rule.classification_code,
            "term": term_said(rule, "sv"),
        },
    }


def _version(archive: Archive, number: int) -> AdoptedPlan:
    found = next((one for one in archive.plans() if one.number == number), None)
    if found is None:
        raise NotFound(f"There is no version {number} of the plan.")
    return found


def _proposal(proposal: Proposal) -> dict[str, JsonValue]:
    return {
        "id": proposal.proposal_id,
        "digest": proposal.digest,
        "drawn_by": proposal.drawn_by,
        "drawn_at": stamp(proposal.drawn_at),
    }


def _approval(approval: Approval) -> dict[str, JsonValue]:
    return {
        "seat": approval.seat.value,
        "supervisingPerson": approval.person,
        "at": stamp(approval.at),
        "valid_until": stamp(approval.valid_until),
        "digest": approval.digest,
        "attested": dict(approval.attested),
    }


def _records(
    proposal: Proposal, done: list[Item], stones: Mapping[RecordId, Tombstone]
) -> Iterator[dict[str, JsonValue]]:
    for item in done:
        stone = stones[item.record_id]
        yield {
            "record_id": item.record_id,
            "record_type": proposal.record_type,
            "account": item.account,
            "captured_at": stamp(item.captured_at),
            "retention_period_start": item.period_start.isoformat(),
            "retention_period_end": item.period_end.isoformat(),
            "disposed_at": stamp(stone.disposed_at),
            "bytes": item.size,
            "manifest_sha256": item.manifest_sha256,
            "objects_sha256": item.objects_sha256,
            "also_in": list(stone.also_in),
            "handover": stone.handover.as_json() if stone.handover else None,
        }


def _exception(item: Item) -> dict[str, JsonValue]:
    return {
        "record_id": item.record_id,
        "outcome": item.state.value,
        "why": item.why,
        "by": item.by,
    }
