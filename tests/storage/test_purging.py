"""The purge (R49): past holds and locks nothing is left; two persons, and a key of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.notices import Office
from capture.watch import tell_incidents
from examples.child import environment_of
from storage import purging
from storage.archive import Archive
from storage.credentials import purger_file, with_purger
from storage.errors import Damaged, Malformed, NotAllowed, NotFound, StoreRefused
from storage.gap import GapReport
from storage.journal import Act
from storage.keys import TOMBSTONES, prefix_of, tombstone_key
from storage.mail import read_server
from storage.objects import Store
from storage.people import Actor, person, service
from storage.proposals import ItemState, Why
from storage.purging import Purge
from storage.record import AccountRef, Order, OrderId, Record, RecordId, Status, new_id, today
from storage.settings import Credential, Identity, Settings
from tests.catalogues import POSTGRES
from tests.postbox import postbox
from tests.storage.conftest import AT, URL
from tests.storage.proposed import DISPOSER, approved, carry_out, quick
from tests.storage.removal import warrant, withdraw
from tests.storage.test_archive import research, versions

Deposit = Callable[..., Record]
EVA, ANNA, ARVID = person("Eva Ek"), person("Andra Anna"), person("Arvid Arkivarie")
WHY = "Misstänkt brott, anmält"


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive opened by someone who brought the purger's key."""
    brought = with_purger(settings, purger_file(settings.home))
    with Archive.open(quick(brought)) as opened:
        yield opened


def of(*subjects: str, reason: str = WHY) -> Purge:
    return Purge(subjects=subjects, reason=reason)


def faults(archive: Archive) -> list[str]:
    return [one.code for _, found in archive.verify_all() for one in found]


def gone(archive: Archive, settings: Settings, record: Record) -> bool:
    now = archive.record(record.record_id)
    return now.status is Status.DISPOSED and versions(settings, record) == []


@pytest.mark.slow
def test_the_drill(archive: Archive, settings: Settings, deposited: Deposit) -> None:
    """R49, R48, R41: held and locked, with every version, its text and its bytes on the disk.

    What stays is who, with whom and why, an incident, and a tombstone without any digest.
    """
    record, other = deposited(1), deposited(2)
    hold = archive.place_hold(research(record.record_id, other.record_id), ARVID)
    package = archive.package_of(record)
    archive._vault.capture.put(
        package.key, b"a second version", media_type="x/y", retain_until=archive._vault.lock_until()
    )
    archive._vault.disposer.mark_deleted(package.key)
    sample = archive._vault.reader.get(package.key, package.version_id)[-200:]
    for name in ("delete", "holds"):
        with pytest.raises(StoreRefused):  # nobody who works here can
            archive._vault.disposer.delete_version(
                package.key, package.version_id, bypass_governance=name == "holds"
            )

    [done] = archive.purge(of(record.record_id), EVA, ANNA)
    assert (done.versions, done.also_in) == (4, ())
    assert gone(archive, settings, record)
    assert not archive.record(record.record_id).held
    assert archive.record(other.record_id).held
    assert archive.verify(archive.record(other.record_id)) == ()
    stone = archive.tombstone(archive.record(record.record_id))
    assert stone is not None
    assert stone.purged
    body = archive._vault.reader.get(tombstone_key(record.record_id))
    assert set(json.loads(body)) == {
        "record_id", "record_type", "account", "captured_at", "purged", "begun_at",
    }  # fmt: skip
    begun, incident, ended = archive.journal()[-3:]
    assert [begun.act, incident.act, ended.act] == ["purge_begun", "incident_noted", "purged"]
    assert (begun.actor, begun.detail["second"], begun.detail["reason"]) == (
        "person:Eva Ek",
        "person:Andra Anna",
        WHY,
    )
    assert incident.detail["subjects"] == [record.record_id]
    assert faults(archive) == []
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    assert faults(archive) == []
    assert hold.accepted == (record.record_id, other.record_id)
    # The other package has the same bytes: it goes too before the disk is looked at.
    archive.purge(of(other.record_id), EVA, ANNA)
    word = b"forskningsinfrastruktur"
    files = {"store"} if POSTGRES else {"store", "catalogue"}  # SQLite's file; a server has its own
    assert on_disk(settings, sample, word) == files
    assert archive.erase()
    assert on_disk(settings, sample, word) == set()


def on_disk(settings: Settings, sample: bytes, word: bytes) -> set[str]:
    """Which of the store's volumes and the catalogue's files still hold the bytes."""
    catalogue = Path(settings.catalogue_url.removeprefix("sqlite:///"))
    volumes = list((settings.home / "store").glob(f"{settings.bucket}_*.dat"))
    found = {"store"} if any(sample in one.read_bytes() for one in volumes) else set()
    files = catalogue.parent.glob(catalogue.name + "*")
    return found | ({"catalogue"} if any(word in one.read_bytes() for one in files) else set())


def test_the_two_named_persons_are_told_at_once_and_once(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R49: by mail that says nothing of the content; the journal knows that they were."""
    record = deposited()
    archive.purge(of(record.record_id), EVA, ANNA)
    with postbox() as box:
        to = {**settings.mail_to, Office.INCIDENT: ("a@ki.example", "b@ki.example")}
        mailed = replace(settings, mail_server=read_server(box.url), mail_to=to)
        sent = tell_incidents(mailed, archive, today(), EVA).sent
        assert tell_incidents(mailed, archive, today(), EVA).sent == ()
    [(told, message)] = box.came
    assert told == ("a@ki.example", "b@ki.example")
    assert WHY not in message.get_content()
    assert record.record_id not in message.get_content()
    [entry] = archive.journal(subject=sent[0])
    assert (entry.act, entry.actor) == (Act.NOTICE_TOLD, "person:Eva Ek")


@pytest.mark.parametrize(
    ("actor", "second", "why"),
    [
        (EVA, None, "Two different"),
        (EVA, person("eva ek "), "Two different"),
        (EVA, service("disposal"), "service"),
        (service("disposal"), EVA, "service"),
        (EVA, person("Olga Owner"), "Olga Owner is owner"),
        (person("Drift Dahl"), EVA, "operator"),
        (EVA, person("Ingen Inga"), "nobody of that name"),
    ],
)
def test_who_may_not_purges_nothing(
    archive: Archive, deposited: Deposit, actor: Actor, second: Actor | None, why: str
) -> None:
    """R49: two named persons, different, each archivist or manager."""
    record = deposited()
    entries = len(archive.journal())
    with pytest.raises(NotAllowed, match=why):
        archive.purge(of(record.record_id), actor, second)
    assert len(archive.journal()) == entries
    assert archive.verify(record) == ()


def test_no_service_has_the_key(settings: Settings, deposited: Deposit, tmp_path: Path) -> None:
    """R49: neither environment nor the store's own file gives it; a wrong one removes nothing."""
    record = deposited()
    with Archive.open(settings) as served, pytest.raises(StoreRefused, match="Nobody brought"):
        served.purge(of(record.record_id), EVA, ANNA)
    wrong = {Identity.PURGER: Credential(key="nobody", secret="nothing")}
    with Archive.open(replace(settings, credentials=wrong)) as opened:
        entries = len(opened.journal())
        with pytest.raises(StoreRefused):
            opened.purge(of(record.record_id), EVA, ANNA)
        assert len(opened.journal()) == entries
        assert opened.verify(record) == ()
    with pytest.raises(StoreRefused, match="gives no key"):
        with_purger(settings, tmp_path / "none.json")
    environment = {"INSYN_S3_PURGER_KEY": "x", "INSYN_S3_PURGER_SECRET": "y"}
    with pytest.raises(Exception, match="INSYN_S3_PURGER"):
        Settings.from_environment(environment)
    assert purger_file(settings.home).stat().st_mode & 0o077 == 0


def test_what_is_not_named_rightly_is_not_purged(archive: Archive, deposited: Deposit) -> None:
    """R49: one unknown id, and none is touched; no reason, and none is."""
    record = deposited()
    with pytest.raises(NotFound, match="01ZZ"):
        archive.purge(of(record.record_id, "01ZZ"), EVA, ANNA)
    with pytest.raises(Malformed, match=r"reason: (.|\n)*subjects: "):
        archive.purge(of(reason=" "), EVA, ANNA)
    assert archive.verify(record) == ()


@pytest.mark.parametrize("point", ["_remove_version", "_set_tombstone", "seal"])
def test_a_purge_cut_off_is_taken_up(
    archive: Archive,
    settings: Settings,
    deposited: Deposit,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    """R49, R43: after a crash the same words end it; one incident, one purge, one tombstone."""
    record = deposited()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if point == "seal":
            patch.setattr(type(archive._vault), "seal", crash)
        else:
            patch.setattr(purging, point, crash)
        with pytest.raises(KeyboardInterrupt):
            archive.purge(of(record.record_id), EVA, ANNA)
    assert archive.record(record.record_id).title == ""
    with archive._vault.catalogue.read() as connection:
        assert purging.unfinished(connection) == [record.record_id]
    archive.purge(of(record.record_id), ANNA, EVA)
    archive.purge(of(record.record_id), ANNA, EVA)
    acts = [entry.act for entry in archive.journal(subject=record.record_id)]
    assert gone(archive, settings, record)
    assert acts.count(Act.PURGED) == acts.count(Act.PURGE_BEGUN)
    assert len(list(archive._vault.reader.versions(TOMBSTONES))) == 1
    assert faults(archive) == []


KILLED = """
import logging, os, sys
from storage.archive import Archive
from storage.credentials import purger_file, with_purger
from storage.people import person
from storage.purging import Purge
from storage.settings import Settings
from tests.storage.crash_child import KillAt

logging.getLogger("storage").setLevel(logging.INFO)
logging.getLogger("storage").addHandler(KillAt("purge: version removed", 1))
settings = Settings.from_environment(os.environ)
with Archive.open(with_purger(settings, purger_file(settings.home))) as archive:
    wanted = Purge(subjects=(sys.argv[1],), reason="x")
    archive.purge(wanted, person("Eva Ek"), person("Andra Anna"))
"""


def test_a_purge_killed_half_way_is_seen_and_ended(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R49: SIGKILL after the first version; the record shows nothing, and another run ends it."""
    record = deposited()
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, record.record_id],
        env=environment_of(
            settings, PYTHONPATH=os.pathsep.join([".", os.environ.get("PYTHONPATH", "")])
        ),
        check=False,
        timeout=100,
    )
    assert child.returncode == -signal.SIGKILL
    assert len(versions(settings, record)) == 1
    assert archive.notes.unfinished_purges() == [record.record_id]
    archive.purge(of(record.record_id), EVA, ANNA)
    assert gone(archive, settings, record)
    assert archive.notes.unfinished_purges() == []
    assert len(archive.notes.incidents()) == 1
    assert faults(archive) == []


def test_a_disposal_under_way_gives_way(
    archive: Archive, settings: Settings, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R49: the list skips it as gone, whether the purge comes before or between its steps."""
    one, two, _ = (deposited(number) for number in (1, 2, 9))
    proposal_id = approved(archive, one, two)
    archive.purge(of(one.record_id), EVA, ANNA)
    items = {item.record_id: item for item in carry_out(archive, proposal_id)}
    assert (items[one.record_id].state, items[one.record_id].why) == (ItemState.SKIPPED, Why.GONE)
    assert items[two.record_id].state is ItemState.DONE

    three = deposited(3)
    decided = warrant(archive, three)
    from storage import withdrawal

    remove = withdrawal._remove

    def purged_meanwhile(*words: object) -> None:
        archive.purge(of(three.record_id), EVA, ANNA)
        remove(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(withdrawal, "_remove", purged_meanwhile)
    with pytest.raises(Damaged, match="Another tombstone"):
        withdraw(archive, decided, DISPOSER)
    assert gone(archive, settings, three)
    stone = archive.tombstone(archive.record(three.record_id))
    assert stone is not None
    assert stone.purged
    assert faults(archive) == []


def test_what_remains_is_told(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R49: the store's word is not taken; the record is not called purged."""
    record = deposited()
    monkeypatch.setattr(Store, "delete_version", lambda *_, **__: None)
    with pytest.raises(Damaged, match="Purge again"):
        archive.purge(of(record.record_id), EVA, ANNA)
    assert archive.record(record.record_id).status is Status.DESTROYING


def test_a_restored_bucket_brings_it_back_to_be_purged_again(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R44, R45, R49: a rebuild removes it again; where the store holds it, a purge does."""
    record = deposited()
    stored = archive.package_of(record)
    data = archive._vault.reader.get(stored.key, stored.version_id)
    archive.purge(of(record.record_id), EVA, ANNA)
    for held in (False, True):
        back = archive._vault.capture.put(
            stored.key, data, media_type="x/y", retain_until=archive._vault.lock_until()
        )
        assert faults(archive) == ["V010"]
        if held:
            archive._vault.holder.legal_hold(back.key, back.version_id, on=True)
            [again] = archive.purge(of(record.record_id), EVA, ANNA)
            assert again.versions == 1
        else:
            assert archive.rebuild(lambda _: None).removed == (record.record_id,)
        assert gone(archive, settings, record)


def test_a_gaps_evidence_is_purged_too(
    archive: Archive, settings: Settings, account: AccountRef, order: Order
) -> None:
    """R49: the picture of a page that was no capture lies in the archive as well."""
    mine = replace(order, order_id=OrderId(f"gap-{os.getpid()}"))
    archive.accept(mine, account, service("test"))
    report = GapReport(
        account=account, order=mine, at=AT, verdict="partial", evidence=("x",), requested_url=URL,
        final_url=URL, status=200, headers=(), retry_after_s=None,
    )  # fmt: skip
    gap_id = archive.note_gap(report, b"\x89PNG", service("test"))
    [gap] = archive.gaps()
    [done] = archive.purge(of(gap_id), EVA, ANNA)
    assert done.versions == 2
    assert list(archive._vault.reader.versions(prefix_of(gap.key.replace("gap.json", "")))) == []
    assert [one.gap_id for one in archive.gaps()] == [gap_id]
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_what_a_cut_off_deposit_left_is_purged_too(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R49: objects without a manifest, of which the catalogue knows nothing yet."""
    record = deposited()
    orphan = str(new_id())
    folder = prefix_of(record.manifest_key).removesuffix(f"{record.record_id}/") + orphan + "/"
    for name in ("capture.wacz", "media/x.png"):
        until = archive._vault.lock_until()
        archive._vault.capture.put(folder + name, b"x", media_type="x/y", retain_until=until)
    [done] = archive.purge(of(orphan), EVA, ANNA)
    assert done.versions == 2
    assert list(archive._vault.reader.versions(folder)) == []
    assert archive.verify(record) == ()
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_the_other_records_that_show_it_are_named(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R37, F22: people judge whether the material is seen there too."""
    record = deposited()
    other = RecordId("01OTHER")
    monkeypatch.setattr("storage.catalogue.proposed.also_in", lambda *_: [other])
    [done] = archive.purge(of(record.record_id), EVA, ANNA)
    assert done.also_in == (other,)
    assert archive.journal(subject=record.record_id)[-2].detail["also_in"] == [other]
