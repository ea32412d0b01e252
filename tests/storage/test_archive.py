"""The archive on a real store: deposit, find, read, hold, withdraw, rebuild."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.archive import Archive
from storage.errors import Damaged, Held, Malformed, NotAllowed, NotFound, StoreRefused
from storage.holds import Ground, Placement
from storage.journal import Act
from storage.keys import JOURNAL, MANIFEST, RECORDS, prefix_of
from storage.objects import Store
from storage.people import person, service
from storage.query import Query
from storage.record import (
    AccountRef,
    Description,
    Order,
    OrderId,
    Record,
    RecordId,
    Status,
    utc_now,
)
from storage.settings import Identity, LockMode, Settings
from storage.vault import Vault
from tests.catalogues import POSTGRES
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
Describe = Callable[[RecordId, Order], Description]
EVA, ALI = person("Eva Ek"), person("Ali Alm")


def research(*records: RecordId, query: Query | None = None) -> Placement:
    return Placement(
        ground=Ground.RESEARCH_VALUE,
        reason="Unik dokumentation av pandemin",
        authority="Arkivet",
        records=records,
        query=query,
        review_by=None,
    )


def versions(settings: Settings, record: Record) -> list[str]:
    reader = Store.from_settings(settings, Identity.READER)
    return [v.key for v in reader.versions(prefix_of(record.manifest_key))]


def test_a_deposit_is_found_shown_and_read(archive: Archive, deposited: Deposit) -> None:
    """What was put in comes out again, by words inside compounds and part by part."""
    record = deposited()
    [hit] = archive.find(Query(text="infrastruktur"))
    assert hit.record == record == archive.record(record.record_id[-6:])
    assert archive.read_part(record, "text/visible.txt").decode().startswith("Satsning")
    names = {part.name for part in archive.manifest(record).parts}
    assert {"archive/data.warc.gz", "pictures/desktop-0001.png", "datapackage.json"} <= names
    with pytest.raises(NotFound, match=r"has no part .*pictures/desktop-0001.png"):
        archive.read_part(record, "nothing")


def test_a_record_is_locked_where_it_lies(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """R30: every object of a record has GOVERNANCE retention, never COMPLIANCE."""
    record = deposited()
    manifest = archive.manifest(record)
    reader = Store.from_settings(settings, Identity.READER)
    for target in (*manifest.objects,):
        head = reader.head(target.key, target.version_id)
        assert head.sha256 == target.sha256
        assert head.mode is LockMode.GOVERNANCE
        assert head.retain_until
        assert head.retain_until > utc_now() + timedelta(days=98 * 365)


def test_the_same_order_gives_one_record(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """R12: ordered and deposited twice, there is one record and one manifest."""
    first, second = deposited(1), deposited(1)
    assert first == second
    assert archive.count(Query()) == 1
    assert sum(key.endswith(MANIFEST) for key in versions(settings, first)) == 1


def test_a_package_that_is_damaged_is_never_put(
    settings: Settings, package: Path, deposited: Deposit
) -> None:
    """All or nothing: the store has no object of it."""
    data = bytearray(package.read_bytes())
    data[len(data) // 3] ^= 1
    package.write_bytes(data)
    with pytest.raises(Damaged, match="not fit to be kept"):
        deposited()
    assert list(Store.from_settings(settings, Identity.READER).versions(RECORDS)) == []


def test_an_order_must_come_first(
    archive: Archive, package: Path, order: Order, describe: Describe
) -> None:
    """R8: no record without an order."""
    with pytest.raises(NotFound, match="accept the order first"):
        archive.deposit(describe(RecordId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), order), package, EVA)


def test_a_held_record_is_never_removed(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """R27: the archive refuses, and so does the store itself, whoever asks."""
    record = deposited()
    outcome = archive.place_hold(research(record.record_id), EVA)
    assert outcome.accepted == (record.record_id,)
    with pytest.raises(Held, match="Unik dokumentation"):
        withdraw(archive, warrant(archive, record, generation=1))
    manifest = archive.manifest(record)
    for identity in (Identity.CAPTURE, Identity.HOLDER, Identity.DISPOSER, Identity.READER):
        store = Store.from_settings(settings, identity)
        for target in manifest.objects:
            with pytest.raises(StoreRefused):
                store.delete_version(target.key, target.version_id, bypass_governance=True)
    assert archive.verify(archive.record(record.record_id)) == ()


def test_two_must_lift_a_research_hold(archive: Archive, deposited: Deposit) -> None:
    """R28: one person, or the same person twice, or a service, does not lift it."""
    record = deposited()
    hold = archive.place_hold(research(record.record_id), EVA).hold_id
    for second in (None, person("eva ek"), service("dag")):
        with pytest.raises(NotAllowed):
            archive.lift_hold(hold, EVA, "Överfört till e-arkivet", second)
    with pytest.raises(NotAllowed):
        archive.lift_hold(hold, service("dag"), "Klart", EVA)
    archive.lift_hold(hold, EVA, "Överfört till e-arkivet", ALI)
    assert not archive.record(record.record_id).held
    assert archive.verify(archive.record(record.record_id)) == ()


def test_a_service_places_no_hold(archive: Archive, deposited: Deposit) -> None:
    """R28: only a person decides that something is worth keeping."""
    with pytest.raises(NotAllowed):
        archive.place_hold(research(deposited().record_id), service("dag"))
    with pytest.raises(Malformed, match="at least one record"):
        archive.place_hold(research(), EVA)


def test_the_stores_lock_stays_while_one_hold_stands(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """The bit is OR(holds): lifting one of two leaves it set."""
    record = deposited()
    first = archive.place_hold(research(record.record_id), EVA).hold_id
    insight = replace(research(record.record_id), ground=Ground.OPEN_CASE)
    archive.place_hold(insight, EVA)
    archive.lift_hold(first, EVA, "Bedömt på nytt", ALI)
    reader = Store.from_settings(settings, Identity.READER)
    assert reader.head(record.manifest_key, record.manifest_version).legal_hold


def test_a_query_holds_what_is_captured_later(archive: Archive, deposited: Deposit) -> None:
    """R27: a stored query catches a record on its way in."""
    archive.place_hold(research(query=Query(text="INFRASTRUKTUR")), EVA)
    archive.place_hold(research(query=Query(text="något annat")), EVA)
    record = deposited()
    assert record.held
    assert len(archive.holds_on(record)) == 1
    assert archive.verify(record) == ()


def test_drift_of_the_lock_is_found_and_mended_both_ways(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """A bit that is missing is set; a bit without a hold becomes a hold (fail closed)."""
    one, two = deposited(1), deposited(2)
    archive.place_hold(research(one.record_id), EVA)
    holder = Store.from_settings(settings, Identity.HOLDER)
    holder.legal_hold(one.manifest_key, one.manifest_version, on=False)
    holder.legal_hold(two.manifest_key, two.manifest_version, on=True)
    for record in (one, two):
        codes = {f.code for f in archive.verify(archive.record(record.record_id))}
        assert codes == {"V009"}
    assert {m.record_id for m in archive.reconcile_holds()} == {one.record_id, two.record_id}
    assert archive.record(two.record_id).held
    assert archive.reconcile_holds() == []


def test_a_withdrawal_leaves_no_version_and_a_tombstone(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """R37, R38, R41: nothing below the prefix, nothing to read, no text to find; F14."""
    record, neighbour = deposited(1), deposited(2)
    gone = withdraw(archive, warrant(archive, record))
    assert gone.status is Status.DISPOSED
    assert (gone.title, gone.url) == ("", "")
    assert versions(settings, record) == []
    assert len(versions(settings, neighbour)) == 2
    assert [hit.record for hit in archive.find(Query(text="infrastruktur"))] == [neighbour]
    assert archive.find(Query(status=Status.DISPOSED))[0].record.record_id == record.record_id
    tombstones = Store.from_settings(settings, Identity.READER).versions("tombstones/")
    assert [record.record_id in t.key for t in tombstones] == [True]
    assert withdraw(archive, warrant(archive, record)).status is Status.DISPOSED


def test_what_was_disposed_of_is_not_made_anew(
    archive: Archive, deposited: Deposit, package: Path, order: Order, describe: Describe
) -> None:
    """R44: the same order again does not resurrect the record (F23)."""
    record = deposited(1)
    withdraw(archive, warrant(archive, record))
    with pytest.raises(NotAllowed, match="not made anew"):
        deposited(1)


def test_a_hold_after_the_decision_voids_it(archive: Archive, deposited: Deposit) -> None:
    """F06: a hold placed and lifted since the decision makes a new decision necessary."""
    record = deposited()
    hold = archive.place_hold(research(record.record_id), EVA).hold_id
    archive.lift_hold(hold, EVA, "Misstag", ALI)
    with pytest.raises(NotAllowed, match="decide anew"):
        withdraw(archive, warrant(archive, record))


def test_a_hold_on_what_is_gone_is_too_late(archive: Archive, deposited: Deposit) -> None:
    """R27: the answer is TOO_LATE with the status, and holds nothing."""
    record = deposited()
    withdraw(archive, warrant(archive, record))
    outcome = archive.place_hold(research(record.record_id), EVA)
    assert outcome.accepted == ()
    assert outcome.too_late[0].status is Status.DISPOSED
    assert archive.holds() == []


def test_a_lock_that_the_journal_does_not_know_stops_a_withdrawal(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """The second guard: with the journal's guard silent, the store's lock stops the loss."""
    record = deposited()
    holder = Store.from_settings(settings, Identity.HOLDER)
    for target in archive.manifest(record).objects:
        holder.legal_hold(target.key, target.version_id, on=True)
    with pytest.raises(Held, match="does not know of"):
        withdraw(archive, warrant(archive, record))
    assert archive.record(record.record_id).status is Status.ACTIVE
    assert len(versions(settings, record)) == 2


def test_a_rebuild_gives_an_identical_catalogue(
    settings: Settings, deposited: Deposit, archive: Archive, tmp_path: Path
) -> None:
    """R42: from the bucket alone, holds and tombstones included (F21)."""
    one, two, three = deposited(1), deposited(2), deposited(3)
    hold = archive.place_hold(research(one.record_id), EVA).hold_id
    archive.place_hold(research(two.record_id, query=Query(text="ö")), EVA)
    archive.lift_hold(hold, EVA, "Bedömt", ALI)
    withdraw(archive, warrant(archive, three))
    before = list(archive.dump())
    archive.close()
    other = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/new.sqlite")
    with pytest.raises(Damaged, match="insyn rebuild"):
        Archive.open(other)
    with Archive.open(other, check=False) as rebuilt:
        told = rebuilt.rebuild(lambda _: None)
        assert list(rebuilt.dump()) == before
        assert told.recovered == ()
        assert told.mended == ()
        assert rebuilt.record(two.record_id).held


def test_a_deposit_that_was_not_sealed_is_recovered(
    settings: Settings, archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """What was lost with the database is found by its manifest and journaled as recovered."""
    record = deposited()
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    segments = list(disposer.versions(JOURNAL))
    disposer.delete_version(segments[-1].key, segments[-1].version_id, bypass_governance=True)
    other = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/new.sqlite")
    with Archive.open(other, check=False) as rebuilt:
        assert rebuilt.rebuild(lambda _: None).recovered == (record.record_id,)
        assert rebuilt.journal()[-1].act is Act.RECOVERED
        assert rebuilt.record(record.record_id).manifest_sha256 == record.manifest_sha256


def test_two_journals_in_one_bucket_are_refused(
    settings: Settings, archive: Archive, account: AccountRef, order: Order, tmp_path: Path
) -> None:
    """F19: an old copy of the catalogue must not go on by itself."""
    other = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/other.sqlite")
    with Archive.open(other) as second:
        archive.accept(order, account, EVA)
        with pytest.raises(Damaged, match="rebuild"):
            second.accept(replace(order, order_id=OrderId("x")), account, EVA)


def test_opening_while_another_seals_is_no_damage(
    settings: Settings,
    archive: Archive,
    account: AccountRef,
    order: Order,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is sealed between the look at the catalogue and that at the bucket is in both."""
    keys = Store.keys
    sealed: list[str] = []

    def meanwhile(store: Store, prefix: str, start_after: str = "") -> list[str]:
        archive.accept(replace(order, order_id=OrderId(f"o{len(sealed)}")), account, EVA)
        sealed.append(archive.journal()[-1].digest)
        return list(keys(store, prefix, start_after))

    monkeypatch.setattr(Store, "keys", meanwhile)
    Archive.open(settings).close()
    assert len(sealed) == 1


@pytest.mark.skipif(bool(POSTGRES), reason="copies SQLite's file")
def test_a_copy_that_ends_inside_a_segment_is_refused(
    settings: Settings,
    archive: Archive,
    account: AccountRef,
    order: Order,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F19: the copy was made between an entry and its sealing together with a later one."""
    with monkeypatch.context() as unsealed:
        unsealed.setattr(Vault, "seal", lambda _: 0)
        archive.accept(order, account, EVA)
    copy = settings.home / "copy.sqlite"
    with sqlite3.connect(make_url(settings.catalogue_url).database or "") as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    archive.accept(replace(order, order_id=OrderId("x")), account, EVA)
    with pytest.raises(Damaged, match="rebuild"):
        Archive.open(replace(settings, catalogue_url=f"sqlite:///{copy}"))


def test_orphans_are_swept_after_a_week_and_records_never(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """A crash's leftovers go; a record, and what is younger than a week, stay."""
    record = deposited()
    prefix = prefix_of(record.manifest_key)
    capture = Store.from_settings(settings, Identity.CAPTURE)
    until = utc_now() + timedelta(days=365)
    stray = prefix.replace(record.record_id, "01ARZ3NDEKTSV4RRFFQ69G5FAV") + "capture.wacz"
    for key in (stray, prefix + "capture.wacz"):
        capture.put(key, b"left over", media_type="application/wacz", retain_until=until)
    assert archive.sweep(utc_now() + timedelta(days=6), EVA) == []
    swept = archive.sweep(utc_now() + timedelta(days=8), EVA)
    assert sorted(o.key for o in swept) == sorted([stray, prefix + "capture.wacz"])
    assert archive.verify(record) == ()
    assert archive.journal()[-1].act is Act.ORPHANS_SWEPT
