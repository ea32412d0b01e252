"""Disposals as the archive offers them (`Archive.disposals`): proposed, decided, carried out.

disposals = archive.disposals
proposal_id = disposals.draw(drawing, actor)
disposals.approve(proposal_id, signature, actor, now)      owner, archivist, maybe a third
disposals.start(proposal_id, actor, now)
disposals.dispose(run, proposal_id, record_id)             each can be repeated
disposals.verify(proposal_id, actor)
disposals.certify(proposal_id, files, actor)
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from storage import (
    authority,
    certifying,
    disposing,
    lapsing,
    proposing,
    supplementing,
    timestamps,
)
from storage.catalogue import find, proposed
from storage.disposing import Run
from storage.errors import NotFound
from storage.journal import Act
from storage.people import Actor
from storage.proposals import Drawing, Item, Proposal, ProposalId, State
from storage.proposing import Signature
from storage.record import Record, RecordId
from storage.supplementing import Supplement
from storage.timestamps import Stamping
from storage.tombstone import Tombstone
from storage.vault import Vault


class Disposals:
    """Proposals of one archive; keeps nothing itself."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def draw(self, drawing: Drawing, actor: Actor) -> ProposalId | None:
        """Draw up a proposal; see `proposing.draw`."""
        return proposing.draw(self._vault, drawing, actor)

    def lapse(self, now: datetime) -> tuple[ProposalId, ...]:
        """End proposals that were overtaken; see `lapsing.lapse`."""
        return lapsing.lapse(self._vault, now)

    def strike(
        self, proposal_id: ProposalId, records: Sequence[RecordId], why: str, actor: Actor
    ) -> None:
        """Strike records off a proposal; see `proposing.strike`."""
        proposing.strike(self._vault, proposal_id, records, why, actor)

    def approve(
        self, proposal_id: ProposalId, signature: Signature, actor: Actor, now: datetime
    ) -> Proposal:
        """Approve a proposal; see `proposing.approve`."""
        return proposing.approve(self._vault, proposal_id, signature, actor, now)

    def end(self, proposal_id: ProposalId, to: State, why: str, actor: Actor) -> None:
        """Withdraw or reject a proposal; see `proposing.end`."""
        proposing.end(self._vault, proposal_id, to, why, actor)

    def named(self, name: str) -> Proposal:
        """A proposal by its id, or by the first or last characters of it.

        Raises:
            NotFound: none, or more than one, is so named.
        """
        with self._vault.catalogue.read() as connection:
            found = proposed.named(connection, name.upper())
            if len(found) != 1:
                told = f"{len(found)} proposals" if found else "no proposal"
                raise NotFound(f"{name!r} names {told}: see `insyn proposal list --all`.")
            return proposing.read(connection, found[0])

    def all(self, states: Collection[State] = frozenset(State)) -> list[Proposal]:
        """Proposals to which the journal gave one of these states, as they were drawn."""
        with self._vault.catalogue.read() as connection:
            return proposed.proposals(connection, states)

    def items(self, proposal_id: ProposalId) -> list[Item]:
        """A proposal's list, struck items too."""
        with self._vault.catalogue.read() as connection:
            return proposed.items(connection, proposal_id)

    def tombstones(self, proposal_id: ProposalId) -> dict[RecordId, Tombstone]:
        """What stands where a proposal's records were."""
        with self._vault.catalogue.read() as connection:
            return {
                stone.record_id: stone for stone in proposed.tombstones(connection, proposal_id)
            }

    def over_cap(self, proposal: Proposal) -> bool:
        """Whether the run that a proposal belongs to takes a third person (RULES R39)."""
        with self._vault.catalogue.read() as connection:
            return authority.over_cap(self._vault, connection, proposal)

    def pauses(self, proposal_id: ProposalId) -> int:
        """How often a proposal was paused."""
        with self._vault.catalogue.read() as connection:
            entries = find.entries(connection, subject=proposal_id)
            return sum(entry.act is Act.DISPOSAL_PAUSED for entry in entries)

    def held(self, proposal_id: ProposalId) -> list[RecordId]:
        """Records on a list that a hold stands on; the first of them."""
        with self._vault.catalogue.read() as connection:
            return proposed.held(connection, proposal_id)

    def pending(self, proposal_id: ProposalId) -> list[RecordId]:
        """Records on a list that still have to be seen to."""
        with self._vault.catalogue.read() as connection:
            return proposed.pending(connection, proposal_id)

    def start(self, proposal_id: ProposalId, actor: Actor, now: datetime) -> Proposal:
        """Begin to carry out a proposal, or take it up; see `disposing.start`."""
        return disposing.start(self._vault, proposal_id, actor, now)

    def dispose(self, run: Run, proposal_id: ProposalId, record_id: RecordId) -> Item:
        """Dispose of one record of a list; see `disposing.dispose`."""
        return disposing.dispose(self._vault, run, proposal_id, record_id)

    def pause(self, proposal_id: ProposalId, why: str, actor: Actor) -> None:
        """Stop a run; see `disposing.pause`."""
        disposing.pause(self._vault, proposal_id, why, actor)

    def resume(self, proposal_id: ProposalId, why: str, actor: Actor) -> None:
        """Let a paused run go on; see `disposing.resume`."""
        disposing.resume(self._vault, proposal_id, why, actor)

    def verify(self, proposal_id: ProposalId, actor: Actor) -> Proposal:
        """Confirm that nothing is left; see `certifying.verify`."""
        return certifying.verify(self._vault, proposal_id, actor)

    def stamp(self, actor: Actor) -> Stamping:
        """Ask for time stamps that certificates lack; see `timestamps.stamp_pending`."""
        return timestamps.stamp_pending(self._vault, actor)

    def certify(self, proposal_id: ProposalId, files: Mapping[str, bytes], actor: Actor) -> Record:
        """Deposit the certificate of a disposal; see `certifying.certify`."""
        return certifying.certify(self._vault, proposal_id, files, actor)

    def open_ended(self) -> list[ProposalId]:
        """Certified disposals of which copies are left; see `supplementing.open_ended`."""
        return supplementing.open_ended(self._vault)

    def follow_up(self, proposal_id: ProposalId, actor: Actor, today: date) -> Supplement | None:
        """Look again for copies; see `supplementing.follow_up`."""
        return supplementing.follow_up(self._vault, proposal_id, actor, today)

    def deposit_supplement(
        self, supplement: Supplement, files: Mapping[str, bytes], actor: Actor
    ) -> Record:
        """Deposit a supplement; see `supplementing.deposit_supplement`."""
        return supplementing.deposit_supplement(self._vault, supplement, files, actor)
