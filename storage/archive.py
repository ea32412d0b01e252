"""The archive: the only writer and remover of records. Every other room goes through here.

    archive = Archive.open(settings)
    accepted = archive.accept(order, account, actor)      the same order twice is one record
    record = archive.deposit(description, package, actor) all or nothing
    archive.find(Query(text="infrastruktur"))
    archive.place_hold(placement, actor)

Each act is journaled in one transaction with what it changes, and sealed before the call returns.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from accounts.findings import Finding
from accounts.model import AccountId
from storage import (
    abuse,
    copies,
    declaring,
    deposit,
    filing,
    fitness,
    fixity,
    holding,
    moderating,
    plans,
    purging,
    reading,
    rebuild,
    restoring,
    restricting,
    reviewing,
    surveying,
    sweep,
    timestamps,
    transferring,
)
from storage.appointing import People
from storage.catalogue import Hit, find, held, planned, proposed
from storage.catalogue.standings import Closed, Reached
from storage.closing import Closing
from storage.copies import ReplicaSeen, Replication
from storage.declaring import Declaration
from storage.deposit import Accepted
from storage.disposals import Disposals
from storage.errors import NotFound
from storage.gap import Gap, GapId, GapReport
from storage.holding import Mended
from storage.holds import Hold, HoldId, HoldOutcome, Placement
from storage.journal import Entry
from storage.moderating import AbuseNotice, Moderation
from storage.notes import Notes
from storage.people import Actor
from storage.plans import AdoptedPlan, Adoption
from storage.purging import Purge, Purged
from storage.query import Query
from storage.rebuild import Progress, Rebuilt
from storage.record import (
    AccountRef,
    Description,
    Manifest,
    Order,
    Record,
    RecordId,
    RecordType,
    StoredObject,
)
from storage.restricting import Restricted, Restriction
from storage.reviewing import Judgement
from storage.settings import Settings
from storage.sighting import Posts
from storage.signing import Signer
from storage.standing import CaseRule, Standing
from storage.sweep import Orphan
from storage.timestamps import TimeStamp
from storage.tombstone import Tombstone
from storage.transferring import Delivery, Noted
from storage.vault import Vault, open_vault


class Archive:
    """One open archive. Close it, or use it in a `with`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @classmethod
    def open(cls, settings: Settings, *, check: bool = True) -> Self:
        """Open the archive; `check=False` only to rebuild or verify it.

        Raises:
            Damaged: the bucket knows more than the catalogue: `insyn rebuild` is due.
            StoreUnreachable: the store gives no answer.
        """
        vault = open_vault(settings)
        if check:
            vault.check_current()
        return cls(vault)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the catalogue's connections."""
        self._vault.catalogue.close()

    def accept(self, order: Order, account: AccountRef, actor: Actor) -> Accepted:
        """Take an order; see `deposit.accept`."""
        return deposit.accept(self._vault, order, account, actor)

    def deposit(
        self, description: Description, package: Path, actor: Actor, media: Sequence[Path] = ()
    ) -> Record:
        """Store a record, all or nothing; see `deposit.deposit`."""
        return deposit.deposit(self._vault, description, package, media, actor)

    def demand_fileable(self, kind: RecordType, actor: Actor) -> None:
        """Refuse what could not be filed; see `filing.demand_fileable`."""
        filing.demand_fileable(self._vault, kind, actor)

    def note_gap(self, report: GapReport, picture: bytes | None, actor: Actor) -> GapId:
        """Keep the evidence of a capture that could not be made."""
        return deposit.note_gap(self._vault, report, picture, actor)

    def find(
        self,
        query: Query,
        limit: int = 50,
        before: int | None = None,
        reader: Actor | None = None,
    ) -> list[Hit]:
        """The newest records that match; see `reading.search`."""
        return reading.search(self._vault, query, limit, before, reader)

    def count(self, query: Query, reader: Actor | None = None) -> int:
        """How many records match."""
        return reading.count(self._vault, query, reader)

    def record(self, name: str) -> Record:
        """A record by its id, or by the first or last characters of it if they name just one.

        Raises:
            NotFound: none, or more than one, is so named.
        """
        with self._vault.catalogue.read() as connection:
            found = find.records_starting(connection, name.upper())
            if len(found) != 1:
                told = f"{len(found)} records" if found else "no record"
                raise NotFound(f"{name!r} names {told}: give more of the id (see `insyn find`).")
            record = find.record(connection, found[0])
        if record is None:
            raise NotFound(f"Record {found[0]} left the catalogue while it was read; try again.")
        return record

    def manifest(self, record: Record, reader: Actor | None = None) -> Manifest:
        """A record's manifest, its digest checked; see `reading.manifest`."""
        return reading.manifest(self._vault, record, reader)

    def package_of(self, record: Record) -> StoredObject:
        """The object that holds a record's parts."""
        return reading.package_of(self._vault, record)

    def read_part(self, record: Record, name: str, reader: Actor | None = None) -> bytes:
        """One part's bytes, checked against its digest; see `reading.read_part`."""
        return reading.read_part(self._vault, record, name, reader)

    def download(self, record: Record, target: Path, reader: Actor | None = None) -> None:
        """A record's whole package as a file; see `reading.download`."""
        reading.download(self._vault, record, target, reader)

    def as_reader(self, actor: Actor | None) -> Actor | None:
        """The actor, if they may read what is kept apart for secrecy."""
        return reading.as_reader(self._vault, actor)

    def restrict(self, record: Record, said: Restriction, actor: Actor) -> Restricted:
        """Keep a record apart for secrecy; see `restricting.restrict`."""
        return restricting.restrict(self._vault, record.record_id, said, actor)

    def release(self, record: Record, reason: str, actor: Actor) -> Record:
        """Let a record lie among the others again; see `restricting.release`."""
        return restricting.release(self._vault, record.record_id, reason, actor)

    def restriction(self, record: Record) -> Restriction | None:
        """By what a record is kept apart; None where it is not."""
        with self._vault.catalogue.read() as connection:
            return restricting.restriction_of(connection, record)

    def latest(self, account: AccountId, record_types: Sequence[RecordType]) -> Record | None:
        """The account's newest record of these types that is not kept apart."""
        with self._vault.catalogue.read() as connection:
            return find.latest(connection, account, record_types)

    def records(self) -> list[Record]:
        """Every record, oldest first, tombstones included."""
        with self._vault.catalogue.read() as connection:
            return list(find.all_records(connection))

    def newest_posts(self) -> dict[AccountId, datetime]:
        """When each account's newest post was published, as far as captures have shown."""
        with self._vault.catalogue.read() as connection:
            return find.newest_posts(connection)

    def gaps(self, account: AccountId | None = None) -> list[Gap]:
        """Gaps, oldest first."""
        with self._vault.catalogue.read() as connection:
            return find.gaps(connection, account)

    def gap_report(self, gap: Gap) -> GapReport:
        """A gap's evidence as it was kept."""
        return GapReport.from_bytes(self._vault.reader.get(gap.key))

    def journal(
        self, *, after: int = 0, subject: str = "", limit: int | None = None
    ) -> list[Entry]:
        """Journal entries in their order."""
        with self._vault.catalogue.read() as connection:
            return list(find.entries(connection, after=after, subject=subject, limit=limit))

    def place_hold(self, placement: Placement, actor: Actor) -> HoldOutcome:
        """Place a hold; see `holding.place`."""
        return holding.place(self._vault, placement, actor)

    def lift_hold(
        self,
        hold_id: HoldId,
        actor: Actor,
        reason: str,
        second: Actor | None = None,
        closing: Closing | None = None,
    ) -> None:
        """Lift a hold; see `holding.lift`."""
        holding.lift(self._vault, hold_id, actor, reason, second=second, closing=closing)

    def review_hold(self, hold_id: HoldId, until: date, reason: str, actor: Actor) -> None:
        """Note that a hold was looked at and stands; see `holding.review`."""
        holding.review(self._vault, hold_id, until, reason, actor)

    def holds(self, *, active: bool | None = None) -> list[Hold]:
        """Holds in the order in which they were placed."""
        with self._vault.catalogue.read() as connection:
            return held.holds(connection, active=active)

    def holds_on(self, record: Record) -> list[Hold]:
        """The active holds on a record."""
        with self._vault.catalogue.read() as connection:
            return held.holds_on(connection, record.record_id)

    def reconcile_holds(self) -> list[Mended]:
        """Make the store's locks agree with the holds; see `holding.reconcile`."""
        return holding.reconcile(self._vault)

    def adopt_plan(
        self, adoption: Adoption, actor: Actor, second: Actor | None = None
    ) -> AdoptedPlan:
        """Adopt a version of the plan; see `plans.adopt`."""
        return plans.adopt(self._vault, adoption, actor, second)

    def plans(self) -> list[AdoptedPlan]:
        """Every adopted version, in order."""
        with self._vault.catalogue.read() as connection:
            return [plans.adopted(row) for row in planned.plans(connection)]

    def plan_in_force(self, today: date) -> AdoptedPlan | None:
        """The newest version whose day has come; None before the first."""
        with self._vault.catalogue.read() as connection:
            number = planned.number_in_force(connection, today)
            return plans.adopted(planned.plan(connection, number)) if number else None

    def plans_governing_from(self, day: date) -> list[AdoptedPlan]:
        """The version in force on a day, and those that are to take its place."""
        with self._vault.catalogue.read() as connection:
            numbers = planned.numbers_governing_from(connection, day)
            return [plans.adopted(planned.plan(connection, number)) for number in numbers]

    def plan_text(self, plan: AdoptedPlan) -> bytes:
        """A version's text as it was adopted; see `plans.text_of`."""
        return plans.text_of(self._vault, plan)

    def declare(self, record: Record, said: Declaration, actor: Actor) -> None:
        """Journal a trigger or condition that came about; see `declaring.declare`."""
        declaring.declare(self._vault, record.record_id, said, actor)

    def review(self, record: Record, said: Judgement, actor: Actor) -> None:
        """Journal what a review came to; see `reviewing.review`."""
        reviewing.review(self._vault, record.record_id, said, actor)

    def deliver(self, records: Sequence[Record], folder: Path) -> Delivery:
        """Lay out records for an e-archive; see `transferring.deliver`."""
        return transferring.deliver(self._vault, records, folder)

    def accept_receipt(self, data: bytes, actor: Actor) -> Noted:
        """Keep and note an e-archive's receipt; see `transferring.accept_receipt`."""
        return transferring.accept_receipt(self._vault, data, actor)

    def classify(self, record: Record, kind: RecordType, reason: str, actor: Actor) -> None:
        """Give a record another type; see `declaring.classify`."""
        declaring.classify(self._vault, record.record_id, kind, reason, actor)

    def register(
        self,
        record: Record,
        number: str,
        actor: Actor,
        *,
        needs_case: bool,
        case: CaseRule | None = None,
    ) -> None:
        """Note a registration number or the need of one; see `declaring.register`."""
        declaring.register(
            self._vault, record.record_id, number, actor, needs_case=needs_case, case=case
        )

    def number_collectively(self, kind: RecordType, year: int, number: str, actor: Actor) -> None:
        """One number for a type and year; see `declaring.number_collectively`."""
        declaring.number_collectively(self._vault, kind, year, number, actor)

    def standing(self, record: Record, closed: Closed) -> Standing:
        """How a record stands; see `surveying.standing`."""
        return surveying.standing(self._vault, record, closed)

    def reached(self, wanted: Reached, closed: Closed) -> Iterator[tuple[Record, Standing]]:
        """Records that a trigger has reached; see `surveying.reached`."""
        return surveying.reached(self._vault, wanted, closed)

    def standing_records(self, closed: Closed) -> Iterator[tuple[Record, Standing]]:
        """Every record that a plan still reaches; see `surveying.everything`."""
        return surveying.everything(self._vault, closed)

    @property
    def signer(self) -> Signer:
        """The key that certificates are signed with; see `signing.Signer.of`."""
        return Signer.of(self._vault.settings)

    def replicas(self) -> tuple[Replication, tuple[ReplicaSeen, ...]]:
        """Whether each replica can be looked at; see `copies.look_below`."""
        return copies.look_below(self._vault, [copies.NOWHERE])

    def timestamp(self, record: Record) -> TimeStamp | None:
        """A certificate's time stamp; None while it has none."""
        return timestamps.stamp_of(self._vault, record)

    @property
    def disposals(self) -> Disposals:
        """Proposals for disposal and how they are carried out."""
        return Disposals(self._vault)

    @property
    def people(self) -> People:
        """Who may act, and in which roles."""
        return People(self._vault)

    @property
    def notes(self) -> Notes:
        """What was told and verified, and incidents."""
        return Notes(self._vault)

    @property
    def posts(self) -> Posts:
        """Posts over time."""
        return Posts(self._vault)

    def tombstone(self, record: Record) -> Tombstone | None:
        """What stands where a record was; None while it is here."""
        with self._vault.catalogue.read() as connection:
            return proposed.tombstone(connection, record.record_id)

    def moderate(self, record_id: RecordId, said: Moderation, actor: Actor) -> Entry:
        """Note a removal from a page; see `moderating.moderate`."""
        return moderating.moderate(self._vault, record_id, said, actor)

    def note_abuse(self, notice: AbuseNotice, actor: Actor) -> Entry:
        """Note the four facts of abuse material; see `moderating.note_abuse`."""
        return moderating.note_abuse(self._vault, notice, actor)

    def reopen(self, account: AccountId, reason: str, actor: Actor, second: Actor | None) -> None:
        """Let an account be captured again; see `abuse.reopen`."""
        abuse.reopen(self._vault, account, reason, actor, second)

    def closed_by_abuse(self) -> dict[AccountId, datetime]:
        """Accounts at which nothing is captured; see `abuse.closed`."""
        return abuse.closed(self._vault)

    def require_clean(self, account: AccountId, address: str) -> None:
        """Refuse a visit where abuse material was reported; see `abuse.require_clean`."""
        abuse.require_clean(self._vault, account, address)

    def purge(self, wanted: Purge, actor: Actor, second: Actor | None) -> tuple[Purged, ...]:
        """Remove what may not exist, past holds and locks; see `purging.purge`."""
        return purging.purge(self._vault, wanted, actor, second)

    def erase(self) -> bool:
        """Take what a purge removed off the disk; see `purging.erase`."""
        return purging.erase(self._vault)

    def orphans(self, now: datetime) -> list[Orphan]:
        """What crashed deposits left, older than a week at `now`."""
        return list(sweep.orphans(self._vault, now))

    def sweep(self, now: datetime, actor: Actor) -> list[Orphan]:
        """Remove orphans; see `sweep.sweep`."""
        return sweep.sweep(self._vault, now, actor)

    def verify(self, record: Record) -> tuple[Finding, ...]:
        """Read one record back whole and tell every damage."""
        return fixity.verify_record(self._vault, record)

    def verify_all(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """Verify the journal, every record and the bucket; yields as it goes."""
        return fixity.verify_all(self._vault)

    def check_lasting(self) -> list[Finding]:
        """Whether the bucket removes records by itself; see `fitness.check_lasting`."""
        return list(fitness.check_lasting(self._vault.settings))

    def require_lasting(self) -> None:
        """Refuse a bucket that removes records by itself; see `fitness.require_lasting`."""
        fitness.require_lasting(self._vault.settings)

    def remove_restored(self, actor: Actor) -> tuple[RecordId, ...]:
        """Remove what a restored bucket brought back; see `restoring.remove_restored`."""
        return restoring.remove_restored(self._vault, actor)

    def rebuild(self, progress: Progress) -> Rebuilt:
        """Make the catalogue anew from the bucket; see `rebuild.rebuild`."""
        return rebuild.rebuild(self._vault, progress)

    def dump(self) -> Iterator[str]:
        """The catalogue as lines: equal dumps, equal catalogues."""
        return self._vault.catalogue.dump()
