"""Captures, holds, proposals, approvals and crashes in any order, on the real store (Hypothesis).

What must be so at every step: what is held is whole; what is DISPOSED has no version and a
tombstone; a proposal goes only where its states lead; nobody who decided carried out. At the end
nothing is stuck, and the bucket alone gives the same catalogue.

Each run draws anew, some few short ones; `make test-machine` draws many long ones.
"""

import logging
import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.model import AccountId
from examples.disposal_kit import (
    ARCHIVIST,
    DISPOSAL,
    JUDGED,
    OWNER,
    adopt,
    dispose,
    make_due,
    propose,
)
from examples.kills import POINTS
from retention.disposal import carry_out
from storage.archive import Archive
from storage.declaring import Declaration
from storage.errors import NotAllowed, NotFound
from storage.holds import HoldId
from storage.journal import Act
from storage.keys import prefix_of, tombstone_key
from storage.objects import Bucket
from storage.people import Actor, person, service
from storage.proposals import NEXT, OPEN, UNDER_WAY, ProposalId, State
from storage.proposing import Signature
from storage.query import Query
from storage.record import (
    PROFILE_CAPTURE,
    AccountRef,
    Description,
    Order,
    OrderId,
    Record,
    RecordId,
    Status,
    utc_now,
)
from storage.settings import Identity, Settings
from storage.standing import Trigger
from tests.cast import appoint
from tests.storage.proposed import quick
from tests.storage.test_archive import research

Deposit = Callable[[Archive], Record]
SECOND, OPERATOR = person("Andra Anna"), person("Drift Dahl")
EVERYTHING = replace(research(), query=Query(account=AccountId("ki")))
_CARRYING_OUT = {
    Act.WITHDRAWAL_BEGUN, Act.DESTRUCTION_BEGUN, Act.WITHDRAWN, Act.DISPOSAL_STARTED,
    Act.DISPOSAL_PAUSED, Act.DISPOSAL_VERIFIED, Act.CERTIFIED,
}  # fmt: skip
_EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "0"))
"""How many long runs; without, four short ones."""
_NUMBERS = count(1)
_WITHIN = tuple(point for point in POINTS if not point[0].startswith("journal"))
_REMOVING = tuple(point for point in POINTS if point[0].startswith("withdrawal"))


class Crash(BaseException):
    """The process is gone; nothing that catches errors catches this."""


class CrashAt(logging.Handler):
    """Ends what is being done when a message has come for the n-th time."""

    def __init__(self, message: str, times: int) -> None:
        super().__init__()
        self._message, self._left = message, times

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith(self._message):
            self._left -= 1
            if self._left == 0:
                raise Crash


class Machine(RuleBasedStateMachine):
    """One archive, and what was done to it as the test remembers it."""

    def __init__(self, made: Settings, deposit: Deposit) -> None:
        super().__init__()
        bucket = f"machine{os.getpid()}x{next(_NUMBERS)}"
        url = made.catalogue_url.replace("catalogue.sqlite", f"{bucket}.sqlite")
        self.settings = quick(made, bucket=bucket, catalogue_url=url)
        Bucket.from_settings(self.settings, Identity.SETUP).prepare()
        appoint(self.settings)
        self.archive = Archive.open(self.settings)
        self.deposit = deposit
        self.held: dict[HoldId, set[RecordId]] = {}
        self.queries: set[HoldId] = set()
        self.states: dict[ProposalId, State] = {}
        adopt(self.archive)

    @initialize()
    def begin(self) -> None:
        """Something is there to go wrong with from the first step on."""
        for _ in range(3):
            self.capture(due=True)
        propose(self.archive)
        self.approve_all()
        carry_out(self.archive, {}, OWNER, utc_now())  # refused in every run

    @precondition(lambda self: len(self.archive.records()) < 12)
    @rule(due=st.sampled_from([True, True, False]))
    def capture(self, *, due: bool) -> None:
        record = self.deposit(self.archive)
        for hold_id in self.queries & self.held.keys():
            self.held[hold_id].add(record.record_id)
        if due:
            make_due(self.archive, record)

    @precondition(lambda self: self.here())
    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        record_id = data.draw(st.sampled_from(self.here()))
        placed = self.archive.place_hold(research(record_id), ARCHIVIST)
        if placed.accepted:
            self.held[placed.hold_id] = set(placed.accepted)

    @precondition(lambda self: not self.queries & self.held.keys())
    @rule()
    def hold_by_query(self) -> None:
        """All that the account has, and what it gets until the hold is lifted."""
        placed = self.archive.place_hold(EVERYTHING, ARCHIVIST)
        self.held[placed.hold_id] = set(placed.accepted)
        self.queries.add(placed.hold_id)

    @precondition(lambda self: self.here())
    @rule(data=st.data())
    def reconcile(self, data: st.DataObject) -> None:
        """A lock that drifted either way is found: set where a hold stands, else a hold is made."""
        record = self.archive.record(data.draw(st.sampled_from(self.here())))
        stored = self.archive.package_of(record)
        self.archive._vault.holder.legal_hold(stored.key, stored.version_id, on=not record.held)
        [mended] = self.archive.reconcile_holds()
        assert mended.record_id == record.record_id
        for hold in self.archive.holds_on(self.archive.record(record.record_id)):
            self.held.setdefault(hold.hold_id, {record.record_id})
        assert self.archive.reconcile_holds() == []

    @precondition(lambda self: self.here())
    @rule(data=st.data(), said=st.sampled_from(["due", "retracted", "kept"]))
    def judge(self, data: st.DataObject, said: str) -> None:
        """Declared, taken back or of another type: what was decided on it before is void."""
        record = self.archive.record(data.draw(st.sampled_from(self.here())))
        if said == "due":
            make_due(self.archive, record)
        elif said == "retracted":
            back = Declaration(event=Trigger.SUPERSEDED, on=None, reason="Fel post")
            self.archive.declare(record, back, ARCHIVIST)
        else:
            self.archive.classify(record, PROFILE_CAPTURE, "Ögonblicksbild", ARCHIVIST)
        assert self.archive.record(record.record_id).generation > record.generation

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.held)))
        self.archive.lift_hold(hold_id, ARCHIVIST, "Prövat", SECOND)
        del self.held[hold_id]

    @rule()
    def draw_up(self) -> None:
        propose(self.archive)

    @precondition(lambda self: self.undecided())
    @rule(data=st.data(), actor=st.sampled_from([OWNER, ARCHIVIST, SECOND, DISPOSAL]))
    def approve(self, data: st.DataObject, actor: Actor) -> None:
        self._approve(data.draw(st.sampled_from(self.undecided())), actor)

    def _approve(self, proposal_id: ProposalId, actor: Actor) -> None:
        proposal = self.archive.disposals.named(proposal_id)
        signature = Signature(digest=proposal.digest, attestation=JUDGED)
        seated = len(proposal.approvals)
        try:
            after = self.archive.disposals.approve(
                proposal.proposal_id, signature, actor, utc_now()
            )
        except NotAllowed:
            return
        assert str(actor) not in proposal.seated
        assert len(after.approvals) == seated + 1

    @rule()
    def approve_all(self) -> None:
        """What seldom comes about by chance: every list with its two approvals."""
        for proposal_id in self.undecided():
            for actor in (OWNER, ARCHIVIST):
                self._approve(proposal_id, actor)

    @precondition(lambda self: self.undecided())
    @rule(data=st.data(), whole=st.sampled_from([False, False, True]))
    def strike_or_end(self, data: st.DataObject, *, whole: bool) -> None:
        proposal_id = data.draw(st.sampled_from(self.undecided()))
        items = self.archive.disposals.items(proposal_id)
        one = data.draw(st.sampled_from([item.record_id for item in items]))
        try:
            if whole:
                self.archive.disposals.end(proposal_id, State.REJECTED, "Prövat", ARCHIVIST)
            else:
                self.archive.disposals.strike(proposal_id, [one], "Prövat", ARCHIVIST)
        except NotFound:
            assert not whole

    @rule(
        seated=st.sampled_from([OWNER, ARCHIVIST, SECOND]),
        actor=st.sampled_from([DISPOSAL, OPERATOR]),
    )
    def carry_out(self, seated: Actor, actor: Actor) -> None:
        """First one tries who decided, or is no operator, and is refused; then one who may."""
        for one in (seated, actor):
            carry_out(self.archive, {}, one, utc_now())

    @rule(point=st.sampled_from(_REMOVING))
    def crash_in_a_removal(self, point: tuple[str, int]) -> None:
        self.crash(point)

    @rule(point=st.sampled_from(_WITHIN))
    def crash(self, point: tuple[str, int]) -> None:
        logger, handler = logging.getLogger("storage"), CrashAt(*point)
        level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        try:
            dispose(self.archive)
        except Crash:
            self.archive.close()
            self.archive = Archive.open(self.settings)
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)

    @invariant()
    def held_is_whole_and_disposed_is_gone(self) -> None:
        reader = self.archive._vault.reader
        held = {record_id for members in self.held.values() for record_id in members}
        for record in self.archive.records():
            there = list(reader.versions(prefix_of(record.manifest_key)))
            if record.record_id in held:
                assert record.status in (Status.ACTIVE, Status.DISPOSING)
                assert record.held
            if record.status in (Status.ACTIVE, Status.DISPOSING):
                assert len(there) >= 2
            if record.status is Status.DISPOSED:
                assert there == []
                assert reader.head(tombstone_key(record.record_id))

    @invariant()
    def proposals_go_where_their_states_lead(self) -> None:
        for proposal in self.archive.disposals.all():
            before = self.states.get(proposal.proposal_id, State.DRAFT)
            assert proposal.stored in led_from(before), (before, proposal.stored)
            self.states[proposal.proposal_id] = proposal.stored
            if proposal.stored in UNDER_WAY | {State.CERTIFIED}:
                persons = {proposal.executor, *proposal.seated}
                assert len(persons) == len(proposal.approvals) + 2

    @invariant()
    def who_decided_did_not_carry_out(self) -> None:
        acted: dict[str, set[str]] = defaultdict(set)
        for entry in self.archive.journal():
            if entry.act in _CARRYING_OUT:
                acted[str(entry.detail.get("warrant_id", entry.subject))].add(entry.actor)
        for proposal in self.archive.disposals.all():
            assert acted[proposal.proposal_id] <= {str(DISPOSAL), str(OPERATOR)}

    def teardown(self) -> None:
        """No crash any more: all that was begun ends, and the bucket says the same."""
        dispose(self.archive)
        begun = {Status.DISPOSING, Status.DESTROYING}
        assert [r for r in self.archive.records() if r.status in begun] == []
        assert self.archive.disposals.all(UNDER_WAY) == []
        self.held_is_whole_and_disposed_is_gone()
        assert [one for _, found in self.archive.verify_all() for one in found] == []
        before = list(self.archive.dump())
        self.archive.close()
        url = self.settings.catalogue_url + ".fresh"
        with Archive.open(replace(self.settings, catalogue_url=url), check=False) as rebuilt:
            rebuilt.rebuild(lambda _: None)
            assert list(rebuilt.dump()) == before

    def here(self) -> list[RecordId]:
        """What was captured and is not disposed of."""
        return [
            record.record_id
            for record in self.archive.records()
            if record.record_type != "retention_evidence" and record.status is Status.ACTIVE
        ]

    def undecided(self) -> list[ProposalId]:
        """Proposals whose list may still be changed."""
        return [one.proposal_id for one in self.archive.disposals.all(OPEN - UNDER_WAY)]


def led_from(state: State) -> set[State]:
    """A state and all that its followers lead to."""
    reached = {state}
    new = {state}
    while new:
        new = {to for one in new for to in NEXT[one]} - reached
        reached |= new
    return reached


@pytest.fixture
def deposit(
    account: AccountRef,
    order: Order,
    package: Path,
    describe: Callable[[RecordId, Order], Description],
) -> Deposit:
    """Deposits a record of its own order in an archive."""

    def made(archive: Archive) -> Record:
        mine = replace(order, order_id=OrderId(f"machine-{next(_NUMBERS)}"))
        accepted = archive.accept(mine, account, service("test"))
        return archive.deposit(describe(accepted.record_id, mine), package, service("test"))

    return made


@pytest.mark.slow
@pytest.mark.timeout(600 + 120 * _EXAMPLES)
def test_nothing_held_is_lost_whatever_happens_in_whatever_order(
    running_store: Settings, tmp_path: Path, deposit: Deposit
) -> None:
    """R27, R32, R33, R43, F06: captures x holds x proposals x approvals x crashes."""
    made = replace(running_store, catalogue_url=f"sqlite:///{tmp_path}/catalogue.sqlite")
    run_state_machine_as_test(
        lambda: Machine(made, deposit),
        settings=settings(
            max_examples=_EXAMPLES or 4,
            stateful_step_count=50 if _EXAMPLES else 14,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),  # each run takes seconds: what fails is told unshrunk
            print_blob=True,
            database=None,
        ),
    )
