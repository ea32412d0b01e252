"""Every damage to an archive has a finding of its own, and a whole archive has none (R62)."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from accounts.findings import Finding, Severity
from storage.archive import Archive
from storage.errors import Damaged, StoreError
from storage.holds import Ground, Placement
from storage.keys import JOURNAL, MANIFEST, PACKAGE, RECORDS, prefix_of, tombstone_key
from storage.objects import Bucket, Store, Version
from storage.people import person
from storage.record import AccountRef, Order, OrderId, Record, StoredObject, utc_now
from storage.settings import Identity, LockMode, Settings
from storage.vault import Vault
from tests.storage.proposed import adopt_plan
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
EVA = person("Eva Ek")


def findings(archive: Archive) -> list[Finding]:
    return [f for _, found in archive.verify_all() for f in found]


def codes(archive: Archive) -> list[str]:
    return [f.code for f in findings(archive)]


def remove(settings: Settings, key: str, version_id: str) -> None:
    """What someone with the disposer's key can do."""
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    disposer.delete_version(key, version_id, bypass_governance=True)


def put(settings: Settings, key: str, body: bytes) -> StoredObject:
    """What someone with the capturer's key can do."""
    return Store.from_settings(settings, Identity.CAPTURE).put(
        key,
        body,
        media_type="application/octet-stream",
        retain_until=utc_now() + timedelta(days=365),
    )


def segments(settings: Settings) -> list[Version]:
    """The journal as it lies in the bucket, first to last."""
    reader = Store.from_settings(settings, Identity.READER)
    return sorted(reader.versions(JOURNAL), key=lambda v: v.key)


def in_catalogue(settings: Settings, statement: str) -> None:
    """What someone with the catalogue's file can do."""
    engine = create_engine(settings.catalogue_url)
    with engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0
    engine.dispose()


def hold(record: Record) -> Placement:
    return Placement(
        ground=Ground.OPEN_CASE,
        reason="Ärendet pågår",
        authority="Registrator",
        records=(record.record_id,),
        query=None,
        review_by=None,
    )


def test_a_whole_archive_has_no_finding(archive: Archive, deposited: Deposit) -> None:
    """R62: journal, active, held and disposed records, bucket: each is looked at, none is told."""
    one, two, three = deposited(1), deposited(2), deposited(3)
    archive.place_hold(hold(two), EVA)
    withdraw(archive, warrant(archive, three))
    looked = list(archive.verify_all())
    assert [place for place, _ in looked] == [
        "journal",
        one.record_id,
        two.record_id,
        three.record_id,
        "plans",
        "tombstones",
        "bucket",
    ]
    assert [f for _, found in looked for f in found] == []


def test_a_damage_is_told_of_its_own_record_alone(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """The place names the object, in both languages, and is a fault."""
    damaged, _ = deposited(1), deposited(2)
    remove(settings, damaged.manifest_key, damaged.manifest_version)
    [(place, (finding,))] = [(p, f) for p, f in archive.verify_all() if f]
    assert place == damaged.record_id
    assert (finding.code, finding.place) == ("V001", damaged.manifest_key)
    assert finding.severity is Severity.FAULT
    assert finding.sv != finding.en


def test_a_manifest_that_was_exchanged_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V002: the version that the journal names is gone, another lies there."""
    record = deposited()
    data = Store.from_settings(settings, Identity.READER).get(record.manifest_key)
    remove(settings, record.manifest_key, record.manifest_version)
    put(settings, record.manifest_key, data.replace(b"Karolinska", b"Carolinska"))
    assert codes(archive) == ["V002"]


def test_a_manifest_that_lies_over_the_true_one_changes_nothing(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """Every read names its version: what is laid on top is not read."""
    record = deposited()
    before = archive.manifest(record)
    put(settings, record.manifest_key, b"{}")
    assert archive.manifest(record) == before
    assert codes(archive) == []


@pytest.mark.parametrize("body", [b"{}", b"\xff no json"])
def test_a_manifest_that_cannot_be_read_is_found(
    settings: Settings, archive: Archive, deposited: Deposit, body: bytes
) -> None:
    """V003: the journal was made to name another object."""
    record = deposited()
    other = put(settings, record.manifest_key, body)
    in_catalogue(settings, f"UPDATE records SET manifest_version = '{other.version_id}'")
    assert codes(archive) == ["V003"]


def test_a_manifest_that_the_journal_does_not_name_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V003: it can be read, but its digest is not the journal's; no part is given from it."""
    record = deposited()
    data = Store.from_settings(settings, Identity.READER).get(record.manifest_key)
    other = put(settings, record.manifest_key, data.replace(b"Karolinska", b"Carolinska"))
    in_catalogue(settings, f"UPDATE records SET manifest_version = '{other.version_id}'")
    assert codes(archive) == ["V003"]
    with pytest.raises(Damaged, match="was changed"):
        archive.read_part(archive.record(record.record_id), "text/visible.txt")


def test_a_package_that_is_missing_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V004: nothing lies at its key."""
    stored = archive.package_of(deposited())
    remove(settings, stored.key, stored.version_id)
    assert codes(archive) == ["V004"]


def test_a_delete_marker_does_not_stand_in_for_a_package(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """F13: a marker over what is gone is no object: V004, not V005."""
    stored = archive.package_of(deposited())
    remove(settings, stored.key, stored.version_id)
    Store.from_settings(settings, Identity.DISPOSER).mark_deleted(stored.key)
    assert codes(archive) == ["V004"]


def test_a_package_that_was_exchanged_is_found(
    settings: Settings, archive: Archive, deposited: Deposit, package: Path
) -> None:
    """V005: even though the same bytes lie there: it is not what the archive wrote."""
    stored = archive.package_of(deposited())
    remove(settings, stored.key, stored.version_id)
    put(settings, stored.key, package.read_bytes())
    assert codes(archive) == ["V005"]


def test_a_package_that_the_store_cannot_read_is_found(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V006: a broken disk is told and does not end the verification."""

    def broken(*_: object) -> None:
        raise StoreError("The store failed: 500")

    deposited()
    monkeypatch.setattr(Store, "download", broken)
    assert codes(archive) == ["V006"]


def test_a_package_with_other_bytes_is_found(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V007: one byte that rotted on the disk, and the part that it lies in."""
    real = Store.download

    def rotten(self: Store, key: str, version_id: str | None, path: Path) -> None:
        real(self, key, version_id, path)
        data = bytearray(path.read_bytes())
        data[data.rindex(b"Satsning")] ^= 1
        path.write_bytes(data)

    deposited()
    monkeypatch.setattr(Store, "download", rotten)
    found = findings(archive)
    assert found[0].code == "V007"
    assert {f.code for f in found[1:]} == {"K004"}
    assert {f.place for f in found[1:]} == {"text/visible.txt"}


def test_a_package_that_was_put_without_a_lock_is_found(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V008: R30, a record lies under a lock."""
    real = Store.put

    def lockless(
        self: Store,
        key: str,
        body: bytes | Path,
        *,
        media_type: str,
        retain_until: datetime | None,
        mode: LockMode = LockMode.GOVERNANCE,
        only_if_absent: bool = False,
    ) -> StoredObject:
        until = None if key.endswith(PACKAGE) else retain_until
        return real(
            self,
            key,
            body,
            media_type=media_type,
            retain_until=until,
            mode=mode,
            only_if_absent=only_if_absent,
        )

    monkeypatch.setattr(Store, "put", lockless)
    record = deposited()
    [finding] = findings(archive)
    assert (finding.code, finding.place) == ("V008", archive.package_of(record).key)


def test_a_lock_that_has_run_out_is_no_lock(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V008: someone with every power shortened it."""
    record = deposited()
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    until = utc_now() + timedelta(seconds=1.5)
    bucket.retain(record.manifest_key, record.manifest_version, until, bypass=True)
    time.sleep(2)
    assert codes(archive) == ["V008"]


def test_a_hold_that_the_store_does_not_keep_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V009: each object whose bit is missing."""
    record = deposited()
    archive.place_hold(hold(record), EVA)
    holder = Store.from_settings(settings, Identity.HOLDER)
    for stored in archive.manifest(record).objects:
        holder.legal_hold(stored.key, stored.version_id, on=False)
    assert codes(archive) == ["V009"] * len(archive.manifest(record).objects)
    holder.legal_hold(record.manifest_key, record.manifest_version, on=False)
    assert len(codes(archive)) == len(archive.manifest(record).objects) + 1


def test_a_hold_that_was_ended_in_the_catalogue_alone_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V009: the store still holds what the catalogue was made to forget."""
    record = deposited()
    archive.place_hold(hold(record), EVA)
    in_catalogue(settings, "UPDATE holds SET active = false")
    assert set(codes(archive)) == {"V009"}


def test_what_came_back_of_a_disposed_record_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """F20: a bucket from before the disposal: V010, whatever the object is."""
    record, neighbour = deposited(1), deposited(2)
    withdraw(archive, warrant(archive, record))
    key = prefix_of(record.manifest_key) + PACKAGE
    put(settings, key, b"restored")
    [finding] = findings(archive)
    assert (finding.code, finding.place) == ("V010", key)
    Store.from_settings(settings, Identity.DISPOSER).mark_deleted(key)
    assert codes(archive) == ["V010", "V010"], "a marker is no deletion (F13)"
    assert archive.verify(neighbour) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'person:Ingen' WHERE seq = 1",
        "UPDATE entries SET detail = replace(detail, 'torget', 'borget')",
        "DELETE FROM entries WHERE seq = 2",
        "UPDATE entries SET digest = previous WHERE seq = 2",
    ],
    ids=["actor", "detail", "dropped", "digest"],
)
def test_a_journal_entry_that_was_changed_in_the_catalogue_is_found(
    settings: Settings, archive: Archive, deposited: Deposit, statement: str
) -> None:
    """V011: the chain breaks at it."""
    deposited(1)
    deposited(2)
    in_catalogue(settings, statement)
    assert codes(archive) == ["V011"]


def test_entries_that_are_not_sealed_are_a_warning(
    archive: Archive,
    deposited: Deposit,
    account: AccountRef,
    order: Order,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """V012: nothing is lost yet, and the next act seals them."""
    deposited()
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "seal", lambda _: 0)
        archive.accept(replace(order, order_id=OrderId("order-2")), account, EVA)
        [finding] = findings(archive)
    assert (finding.code, finding.severity) == ("V012", Severity.WARNING)
    deposited(3)
    assert codes(archive) == []


def test_a_journal_that_was_cut_short_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """F28: V013, the last sealed segment is missing."""
    deposited()
    last = segments(settings)[-1]
    remove(settings, last.key, last.version_id)
    [finding] = findings(archive)
    assert (finding.code, finding.place) == ("V013", last.key)


def test_a_segment_that_is_missing_within_also_breaks_the_chain(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """F28: V013 names it, V015 the one that does not follow."""
    deposited(1)
    deposited(2)
    _, missing, next_one, *_ = segments(settings)
    remove(settings, missing.key, missing.version_id)
    assert [(f.code, f.place) for f in findings(archive)] == [
        ("V013", missing.key),
        ("V015", next_one.key),
    ]


def test_a_segment_that_was_exchanged_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V014: another reason for what was done, and the chain of the bucket does not hold (V015)."""
    deposited()
    first = segments(settings)[0]
    data = Store.from_settings(settings, Identity.READER).get(first.key)
    remove(settings, first.key, first.version_id)
    put(settings, first.key, data.replace(b"half_year", b"half-year"))
    assert [(f.code, f.place) for f in findings(archive)] == [
        ("V014", first.key),
        ("V015", first.key),
    ]


@pytest.mark.parametrize("how", ["delete marker", "newer version"])
def test_a_segment_that_is_hidden_is_found(
    settings: Settings, archive: Archive, deposited: Deposit, how: str
) -> None:
    """F13, F28: the version is there, but a rebuild from the bucket would not come upon it."""
    deposited()
    last = segments(settings)[-1]
    if how == "delete marker":
        Store.from_settings(settings, Identity.DISPOSER).mark_deleted(last.key)
        assert codes(archive) == ["V014"]
    else:
        put(settings, last.key, b"not an entry\n")
        assert codes(archive) == ["V014", "V015"]


@pytest.mark.parametrize("name", ["000000000001-000000000009.txt", "stray.jsonl"])
def test_a_stray_object_among_the_segments_is_found(
    settings: Settings, archive: Archive, deposited: Deposit, name: str
) -> None:
    """V015: what is no segment does not belong in the journal."""
    deposited()
    put(settings, JOURNAL + name, b"")
    assert codes(archive) == ["V015"]


def test_a_catalogue_that_knows_less_than_the_bucket_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V016: its chain is whole, but it ends too soon."""
    deposited()
    in_catalogue(settings, "DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)")
    assert codes(archive) == ["V016"]


def test_a_record_that_the_journal_does_not_know_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V017: a manifest is a record; an object without one is only an orphan."""
    deposited()
    folder = f"{RECORDS}2026/torget/ki/01ARZ3NDEKTSV4RRFFQ69G5FAV/"
    put(settings, folder + PACKAGE, b"x")
    assert codes(archive) == []
    put(settings, folder + MANIFEST, b"{}")
    [finding] = findings(archive)
    assert (finding.code, finding.place) == ("V017", folder + MANIFEST)


def test_a_record_that_was_struck_from_the_catalogue_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V017: the row is gone, the record is not."""
    record = deposited()
    in_catalogue(settings, "DELETE FROM records")
    assert codes(archive) == ["V017"]
    assert archive.rebuild(lambda _: None).recovered == ()
    assert archive.record(record.record_id).manifest_sha256 == record.manifest_sha256
    assert codes(archive) == []


def test_every_damage_is_told_and_not_only_the_first(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """R62: one run shows the whole extent."""
    one, two = deposited(1), deposited(2)
    package = archive.package_of(two)
    remove(settings, one.manifest_key, one.manifest_version)
    remove(settings, package.key, package.version_id)
    in_catalogue(settings, "UPDATE entries SET actor = 'x' WHERE seq = 1")
    assert codes(archive) == ["V011", "V001", "V004"]


def test_a_plan_that_was_removed_or_exchanged_is_found(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V018, V019, R20: every adopted version is read back and compared with the journal."""
    adopt_plan(archive)
    [plan] = archive.plans()
    assert codes(archive) == []
    other = put(settings, plan.key, b"{}")
    in_catalogue(settings, f"UPDATE plans SET version_id = '{other.version_id}'")
    assert codes(archive) == ["V019"]
    remove(settings, other.key, other.version_id)
    assert codes(archive) == ["V018"]


def test_tombstones_and_records_agree(
    settings: Settings, archive: Archive, deposited: Deposit
) -> None:
    """V020, V021, R42: none for what is here, one for what is gone."""
    here, gone = deposited(1), deposited(2)
    withdraw(archive, warrant(archive, gone))
    assert codes(archive) == []
    put(settings, tombstone_key(here.record_id), b"{}")
    assert codes(archive) == ["V020"]
    stone = tombstone_key(gone.record_id)
    [version] = Store.from_settings(settings, Identity.READER).versions(stone)
    remove(settings, stone, version.version_id)
    assert codes(archive) == ["V020", "V021"]
