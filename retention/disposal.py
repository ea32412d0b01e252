"""Carrying out what was decided: what is ready, and what a crash left, up to the certificate.

The first of a list go ahead as a canary; a run in which too much goes wrong is paused for a person
to judge. Running twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.stockholm import civil_date
from retention.adopting import plan_in_force
from retention.assess import assess
from retention.certificate import certificate_files
from retention.plan import Plan
from retention.verdict import Due
from storage.archive import Archive
from storage.catalogue.standings import Closed
from storage.disposing import Judge, Run
from storage.errors import Damaged, NotAllowed, NotFound
from storage.people import Actor
from storage.proposals import ItemState, Proposal, ProposalId, State, must_pause
from storage.record import Record, RecordId, Status
from storage.standing import Standing

_TO_SEE_TO = frozenset({State.COOLING, State.EXECUTING, State.VERIFIED})
_FAULTS = frozenset({ItemState.BLOCKED, ItemState.FAILED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to for a proposal; `refused` says why it could not go on."""

    proposal_id: ProposalId
    state: State
    ends_as: Status
    counts: Mapping[ItemState, int]
    certificate: RecordId | None
    refused: str

    @property
    def went_wrong(self) -> bool:
        """Whether a person has to look at it."""
        faults = any(self.counts.get(state) for state in _FAULTS)
        return bool(self.refused) or faults or self.state is State.PAUSED


def judge_by(plan: Plan | None, closed: Closed, today: date) -> Judge:
    """Judges records by a plan, as `insyn explain` does; without one, nothing is due."""

    def ends_as(record: Record, standing: Standing) -> Status | None:
        verdict = assess(record, standing, plan, today)
        return verdict.rule.ends_as if isinstance(verdict, Due) else None

    return Judge(plan=plan.version if plan else 0, closed=closed, ends_as=ends_as)


def carry_out(archive: Archive, closed: Closed, actor: Actor, now: datetime) -> list[Outcome]:
    """Every proposal that is ready or under way, as far as it goes now.

    Raises:
        StoreError: the store does not answer; what was begun is taken up by the next run.
        StoreUnfit: the bucket lets records expire by itself (RULES R31); nothing was begun.
    """
    archive.require_lasting()
    today = civil_date(now)
    judge = judge_by(plan_in_force(archive, today), closed, today)
    run = Run(actor=actor, judge=judge, now=now)
    waiting = archive.disposals.all(_TO_SEE_TO)
    return [_outcome(archive, run, p) for p in waiting if p.state_at(now) is not State.COOLING]


def _outcome(archive: Archive, run: Run, proposal: Proposal) -> Outcome:
    refused = ""
    try:
        _carry_out(archive, run, proposal)
    except (NotAllowed, NotFound, Damaged) as error:
        refused = str(error)
    now = archive.disposals.named(proposal.proposal_id)
    return Outcome(
        proposal_id=now.proposal_id,
        state=now.stored,
        ends_as=now.ends_as,
        counts=now.counts,
        certificate=now.certificate if now.stored is State.CERTIFIED else None,
        refused=refused,
    )


def _carry_out(archive: Archive, run: Run, proposal: Proposal) -> None:
    disposals, proposal_id = archive.disposals, proposal.proposal_id
    if proposal.stored is not State.VERIFIED:
        disposals.start(proposal_id, run.actor, run.now)
        if not _all_seen_to(archive, run, proposal):
            return
        disposals.verify(proposal_id, run.actor)
    disposals.certify(proposal_id, certificate_files(archive, proposal_id), run.actor)


def _all_seen_to(archive: Archive, run: Run, proposal: Proposal) -> bool:
    """Dispose of record after record; False where the run was paused, or a removal has to end."""
    disposals, proposal_id = archive.disposals, proposal.proposal_id
    faults = 0
    for done, record_id in enumerate(disposals.pending(proposal_id), start=1):
        item = disposals.dispose(run, proposal_id, record_id)
        faults += item.state in _FAULTS
        if must_pause(faults, done, proposal.listed):
            why = f"{faults} of {done} could not be disposed of, last {record_id}: {item.why}"
            disposals.pause(proposal_id, why, run.actor)
            return False
    return not disposals.pending(proposal_id)
