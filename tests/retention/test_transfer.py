"""The local copy of what an e-archive keeps: removed by a receipt, a rule and two persons (R46)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from retention.disposal import judge_by
from retention.reading import read_plan
from storage.archive import Archive
from storage.catalogue import handed
from storage.declaring import Declaration
from storage.disposing import Run
from storage.errors import Malformed
from storage.plans import AdoptedPlan
from storage.proposals import ItemState, State, Why
from storage.record import Record, RecordId, Status, utc_now
from storage.settings import Settings
from storage.standing import Trigger
from tests.retention.conftest import EVA, GOOD, Adopt
from tests.retention.disposing import LONG_AGO, decide, dispose, proposed
from tests.retention.pdfa import pdfa_faults
from tests.storage.proposed import (
    ARVID,
    DISPOSER,
    DRAWER,
    OLGA,
    carry_out,
    drawing,
    quick,
    run,
)
from tests.storage.test_archive import research
from tests.storage.test_disposing import restore, saved_objects, versions
from tests.storage.test_fixity import in_catalogue
from tests.storage.test_transferring import receipt

Deposit = Callable[..., Record]
PLAN = (
    GOOD.replace(b'"own_post_copy"', b'"profile_capture"')
    .replace(b'"destroy"', b'"transfer"')
    .replace(b'"no_longer_relevant"', b'"transferred"')
    .replace(b"2026-11-02", b"2024-02-02")
)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


@pytest.fixture
def received(archive: Archive, deposited: Deposit, tmp_path: Path) -> Callable[..., RecordId]:
    """Delivers records, and notes a receipt of long ago; gives back as what it is kept."""

    def made(*records: Record, **changes: str) -> RecordId:
        folder = archive.deliver(records, tmp_path / f"leverans{len(list(tmp_path.iterdir()))}")
        said = receipt(folder.folder, received_on=LONG_AGO.isoformat(), **changes)
        return archive.accept_receipt(json.dumps(said).encode(), OLGA).receipt

    return made


def test_a_local_copy_goes_by_receipt_rule_and_two_persons_and_is_called_transferred(
    archive: Archive,
    adopt: Adopt,
    deposited: Deposit,
    received: Callable[..., RecordId],
    settings: Settings,
) -> None:
    """R46, R41, R44: tombstone and certificate name the e-archive; no copy comes back."""
    adopted = adopt(PLAN)
    record, other = deposited(1), deposited(2)
    saved = saved_objects(archive, record)
    kept = received(record)
    [proposal_id] = proposed(archive, adopted)
    proposal = archive.disposals.named(proposal_id)
    assert proposal.ends_as is Status.TRANSFERRED
    assert [i.record_id for i in archive.disposals.items(proposal_id)] == [record.record_id]
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    assert (outcome.state, outcome.counts) == (State.CERTIFIED, {ItemState.DONE: 1})
    gone = archive.record(record.record_id)
    assert gone.status is Status.TRANSFERRED
    assert versions(settings, record) == []
    assert archive.record(other.record_id).status is Status.ACTIVE
    stone = archive.tombstone(gone)
    assert stone is not None
    assert stone.handover is not None
    assert (stone.handover.received_by, stone.handover.reference, stone.handover.receipt) == (
        "E-arkivet",
        "2026-17",
        kept,
    )
    assert archive.verify(gone) == ()
    assert [f for _, found in archive.verify_all() for f in found] == []
    assert list(archive.dump()) == _rebuilt(archive)
    restore(archive, record, saved)
    assert archive.remove_restored(DISPOSER) == (record.record_id,)
    assert versions(settings, record) == []


def test_the_certificate_says_what_was_removed_and_who_keeps_it(
    archive: Archive, adopt: Adopt, deposited: Deposit, received: Callable[..., RecordId]
) -> None:
    """R40, R46: nothing in it is called disposed of."""
    adopted = adopt(PLAN)
    record = deposited(1)
    kept = received(record)
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    assert outcome.certificate is not None
    certificate = archive.record(outcome.certificate)
    facts = json.loads(archive.read_part(certificate, "certificate.json"))
    assert facts["outcome"] == "transferred"
    [told] = facts["records"]
    assert (told["handover"]["receipt"], told["handover"]["manifest_sha256"]) == (
        kept,
        record.manifest_sha256,
    )
    page = archive.read_part(certificate, "certificate.pdf")
    assert pdfa_faults(page) == []
    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(page)).pages)
    words = " ".join(text.replace("\u200b", "").split())
    assert "Protokoll över borttagning efter överföring till e-arkiv" in words
    assert "De är inte gallrade: de bevaras i det e-arkiv" in words
    assert "E-arkivet 2026-17" in words
    assert "Gallringen" not in words
    assert archive.verify(certificate) == ()


def test_without_a_receipt_that_is_kept_nothing_goes(
    archive: Archive,
    adopt: Adopt,
    deposited: Deposit,
    received: Callable[..., RecordId],
    settings: Settings,
) -> None:
    """R46: not proposed, and at the last moment not removed."""
    adopted = adopt(PLAN)
    record = deposited(1)
    assert proposed(archive, adopted) == []
    with pytest.raises(Malformed, match="receipt shows this"):
        archive.declare(
            record, Declaration(event=Trigger.TRANSFERRED, on=LONG_AGO, reason="x"), EVA
        )
    by_hand = drawing(archive.record(record.record_id), ends_as=Status.TRANSFERRED, rule_id="SM-04")
    assert archive.disposals.draw(by_hand, DRAWER) is None
    kept = received(record)
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    in_catalogue(settings, f"UPDATE records SET status = 'disposed' WHERE record_id = '{kept}'")
    [item] = carry_out(archive, proposal_id, by_plan(archive, adopted))
    assert (item.state, item.why) == (ItemState.SKIPPED, Why.RECEIPT)
    assert archive.record(record.record_id).status is Status.ACTIVE
    assert archive.verify(record) == ()


def test_a_receipt_for_another_manifest_or_taken_back_proves_nothing(
    archive: Archive, deposited: Deposit, received: Callable[..., RecordId]
) -> None:
    """R46: the digests of the receipt must be those of the record that would go."""
    record = deposited(1)
    received(record)
    with archive._vault.catalogue.read() as connection:
        assert handed.handover(connection, record) is not None
        changed = replace(record, manifest_sha256="0" * 64)
        assert handed.handover(connection, changed) is None
    archive.declare(
        record, Declaration(event=Trigger.TRANSFERRED, on=None, reason="Fel leverans"), EVA
    )
    with archive._vault.catalogue.read() as connection:
        assert handed.handover(connection, record) is None


def test_a_newer_receipt_a_hold_or_another_end_calls_the_removal_off(
    archive: Archive, adopt: Adopt, deposited: Deposit, received: Callable[..., RecordId]
) -> None:
    """R46, R27: and the record stays whole."""
    adopted = adopt(PLAN)
    newer, held, other = deposited(1), deposited(2), deposited(3)
    received(newer, held, other)
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    received(newer, reference="2026-18")
    archive.place_hold(research(held.record_id), ARVID)
    items = {i.record_id: i for i in carry_out(archive, proposal_id, run(plan=adopted.number))}
    assert items[newer.record_id].why == Why.CHANGED
    assert items[held.record_id].why == Why.HELD
    assert items[other.record_id].why == Why.RULE  # the judge says disposed of, the list otherwise
    for record in (newer, held, other):
        assert archive.record(record.record_id).status is Status.ACTIVE


def by_plan(archive: Archive, adopted: AdoptedPlan) -> Run:
    """A run whose judge goes by the plan itself."""
    text = archive.plan_text(adopted)
    plan = read_plan(text, "plan", adopted.decided_on, version=adopted.number)
    now = utc_now()
    return Run(actor=DISPOSER, judge=judge_by(plan, {}, now.date()), now=now)


def _rebuilt(archive: Archive) -> list[str]:
    archive.rebuild(lambda *_: None)
    return list(archive.dump())
