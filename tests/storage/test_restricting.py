"""R16: what is secret is registered and kept apart, in a place of its own that one identity reads.

The real store; a move is cut off at every one of its steps.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import delete

from examples.child import environment_of
from examples.kill_at import KillAt
from storage.archive import Archive
from storage.catalogue import schema
from storage.credentials import purger_file, with_purger
from storage.errors import Busy, Malformed, NotAllowed, ObjectMissing, StoreRefused
from storage.holds import Ground, Placement
from storage.journal import Act
from storage.keys import RECORDS, RESTRICTED, folders_of, in_place
from storage.objects import Store
from storage.people import Actor, person, service
from storage.purging import Purge
from storage.query import Query
from storage.record import Record, Status, utc_now
from storage.restricting import Restriction
from storage.settings import Identity, Settings
from storage.withdrawal import versions_of
from tests.storage.removal import warrant, withdraw

Deposit = Callable[..., Record]
EVA, ALI, OLGA = person("Eva Ek"), person("Ali Alm"), person("Olga Owner")
SECRET = Restriction(
    provision="OSL 21:1", reason="Uppgift om hälsa i kommentar", number="KI 1-7/26"
)
STEPS = (
    ("journal: sealed", 1),
    ("moving: objects copied", 1),
    ("moving: manifest copied", 1),
    ("moving: journaled", 1),
    ("moving: read back", 1),
    ("moving: removal journaled", 1),
    ("moving: version removed", 1),
    ("moving: version removed", 2),
    ("moving: done", 1),
)
TEXT, WORDS = "text/visible.txt", Query(text="forskningsinfrastruktur")


class Cut(Exception):  # no error: where a test ends a move
    """The move ends here."""


def cut() -> None:
    raise Cut


def cut_at(step: tuple[str, int], act: Callable[[], object]) -> None:
    """Do something, and be cut off at a step of it."""
    listener = KillAt(*step, act=cut)
    listener.listen()
    try:
        with pytest.raises(Cut):
            act()
    finally:
        listener.stop()


def hold(archive: Archive, record: Record) -> str:
    placement = Placement(
        ground=Ground.RESEARCH_VALUE, reason="Forskning", authority="", review_by=None,
        records=(record.record_id,), query=None,
    )  # fmt: skip
    return archive.place_hold(placement, EVA).hold_id


def now(archive: Archive, record: Record) -> Record:
    return archive.record(record.record_id)


def keys(archive: Archive, record: Record) -> list[str]:
    return [one.key for one in versions_of(archive._vault.reader, record.manifest_key)]


def test_it_lies_apart_and_one_identity_reads_it(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R16: own place, own access. Whatever else works here is refused, by the store itself."""
    record, other = deposited(1), deposited(2)
    before = archive.manifest(record)
    done = archive.restrict(record, SECRET, ALI)
    assert done.record == now(archive, record)
    assert done.record.manifest_key.startswith(RESTRICTED)
    assert all(key.startswith(RESTRICTED) for key in keys(archive, record))
    assert archive.verify(done.record) == archive.verify(other) == ()
    after = archive.manifest(record, ALI)
    assert (after.description, after.parts) == (before.description, before.parts)
    assert [one.sha256 for one in after.objects] == [one.sha256 for one in before.objects]
    for identity in (Identity.CAPTURE, Identity.HOLDER, Identity.DISPOSER, Identity.READER):
        store = Store.from_settings(settings, identity)
        for stored in after.objects:
            with pytest.raises(StoreRefused):
                store.get(stored.key, stored.version_id)
            with pytest.raises(StoreRefused):
                store.put(stored.key, b"x", media_type="text/plain", retain_until=None)
    custodian = Store.from_settings(settings, Identity.CUSTODIAN)
    [package] = after.objects
    assert len(custodian.get(package.key, package.version_id)) == package.size
    with pytest.raises(StoreRefused):
        custodian.delete_version(package.key, package.version_id, bypass_governance=True)
    assert not now(archive, other).restricted


def test_it_is_always_registered(archive: Archive, deposited: Deposit) -> None:
    """R16: without a number nothing is kept apart; every fault is told at once."""
    record = deposited()
    nothing = Restriction(provision=" ", reason="", number="")
    with pytest.raises(Malformed) as told:
        archive.restrict(record, nothing, ALI)
    assert all(word in str(told.value) for word in ("provision", "reason", "number"))
    assert not now(archive, record).restricted
    archive.restrict(record, SECRET, ALI)
    assert archive.standing(now(archive, record), {}).registration_number == SECRET.number
    assert archive.restriction(now(archive, record)) == SECRET


def test_a_number_it_has_is_enough(archive: Archive, deposited: Deposit) -> None:
    """R16, R15: its own number stays, and so does that it belongs to a case."""
    record = deposited()
    archive.register(record, "KI 2-1/26", EVA, needs_case=True)
    archive.restrict(record, Restriction(provision="OSL 21:1", reason="Hälsa", number=""), EVA)
    standing = archive.standing(now(archive, record), {})
    assert (standing.registration_number, standing.needs_case) == ("KI 2-1/26", True)


@pytest.mark.parametrize("who", [OLGA, service("disposal"), person("Ingen Alls")])
def test_who_does_not_assess_secrecy_neither_flags_nor_reads(
    archive: Archive, deposited: Deposit, tmp_path: Path, who: Actor
) -> None:
    """R16: officers and archivists; an owner does not, a service never."""
    record = deposited()
    with pytest.raises(NotAllowed):
        archive.restrict(record, SECRET, who)
    archive.restrict(record, SECRET, ALI)
    assert archive.as_reader(who) is None
    for reader in (who, None):
        with pytest.raises(NotAllowed):
            archive.manifest(record, reader)
        with pytest.raises(NotAllowed):
            archive.read_part(record, TEXT, reader)
        with pytest.raises(NotAllowed):
            archive.download(record, tmp_path / "x", reader)
    with pytest.raises(NotAllowed):
        archive.release(record, "Inte längre", who)
    assert Act.READ not in [entry.act for entry in archive.journal(subject=record.record_id)]


def test_each_reading_is_noted(archive: Archive, deposited: Deposit, tmp_path: Path) -> None:
    """R59: who read what of it; what is open is read without a note."""
    record, other = deposited(1), deposited(2)
    archive.restrict(record, SECRET, ALI)
    assert archive.read_part(record, TEXT, EVA) == archive.read_part(other, TEXT)
    archive.download(record, tmp_path / "capture.wacz", ALI)
    assert [hit.record.record_id for hit in archive.find(WORDS, reader=EVA)]
    noted = [entry for entry in archive.journal() if entry.act is Act.READ]
    assert [(one.subject, one.actor, one.detail["what"]) for one in noted] == [
        (record.record_id, str(EVA), TEXT),
        (record.record_id, str(ALI), "capture.wacz"),
        (record.record_id, str(EVA), "search"),
    ]


def test_its_words_find_it_for_readers_alone(archive: Archive, deposited: Deposit) -> None:
    """R16, R53: no search tells others that a word stands in it; its title and address are gone."""
    record, other = deposited(1), deposited(2)
    archive.restrict(record, SECRET, ALI)
    found = {hit.record.record_id for hit in archive.find(WORDS)}
    assert (found, archive.count(WORDS)) == ({other.record_id}, 1)
    found = {hit.record.record_id for hit in archive.find(WORDS, reader=ALI)}
    assert (found, archive.count(WORDS, ALI)) == ({record.record_id, other.record_id}, 2)
    [apart] = archive.find(Query(restricted=True))
    assert (apart.record.title, apart.record.url, apart.excerpt) == ("", "", "")


def test_a_hold_on_words_catches_what_is_apart(archive: Archive, deposited: Deposit) -> None:
    """R27, R16: secrecy takes nothing out of a hold's reach; the store's lock is set there."""
    record = deposited()
    archive.restrict(record, SECRET, ALI)
    placement = Placement(
        ground=Ground.DISCLOSURE_REQUEST, reason="Begäran", authority="", review_by=None,
        records=(), query=WORDS,
    )  # fmt: skip
    assert archive.place_hold(placement, EVA).accepted == (record.record_id,)
    assert archive.verify(now(archive, record)) == ()
    assert archive.reconcile_holds() == []


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0]} {step[1]}")
def test_a_move_that_is_cut_off_loses_nothing_and_is_taken_up(
    archive: Archive, deposited: Deposit, step: tuple[str, int], held: bool
) -> None:
    """R16, R30: whole in one place or the other at every step, closed to others from the first."""
    record = deposited()
    if held:
        hold(archive, record)
    cut_at(step, lambda: archive.restrict(record, SECRET, ALI))
    half = now(archive, record)
    assert half.restricted
    assert archive.read_part(record, TEXT, ALI)
    with pytest.raises(NotAllowed):
        archive.read_part(record, TEXT)
    assert archive.sweep(utc_now(), service("sweep")) == []
    codes = {finding.code for finding in archive.verify(half)}
    assert codes == (set() if step in STEPS[-2:] else {"V023"})
    whole = archive.restrict(record, SECRET, ALI).record
    assert in_place(whole)
    assert whole.held == held
    assert archive.verify(whole) == ()
    assert all(key.startswith(RESTRICTED) for key in keys(archive, record))
    said = [entry.act for entry in archive.journal(subject=record.record_id)]
    assert (said.count(Act.RESTRICTED), said.count(Act.MOVED)) == (1, 1)
    assert archive.reconcile_holds() == []


_CHILD = """
import json, os, sys
from examples.kill_at import KillAt
from storage.archive import Archive
from storage.people import person
from storage.restricting import Restriction
from storage.settings import Settings
told = json.loads(sys.argv[1])
KillAt(*told["step"]).listen()
with Archive.open(Settings.from_environment(os.environ)) as archive:
    said = Restriction(provision="OSL 21:1", reason="Hälsa", number="KI 1-7/26")
    archive.restrict(archive.record(told["record"]), said, person("Ali Alm"))
"""


@pytest.mark.parametrize("step", [STEPS[2], STEPS[3], STEPS[6]], ids=lambda step: step[0])
def test_a_move_survives_being_killed(
    archive: Archive, settings: Settings, deposited: Deposit, step: tuple[str, int]
) -> None:
    """R16: SIGKILL of a process of its own, while the record is held."""
    record = deposited()
    hold(archive, record)
    told = json.dumps({"step": step, "record": record.record_id})
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD, told],
        cwd=root,
        env=environment_of(settings, PYTHONPATH=os.pathsep.join([str(root)])),
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert archive.restrict(record, SECRET, ALI).record.held
    assert archive.verify(now(archive, record)) == ()


@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: f"{step[0]} {step[1]}")
def test_a_rebuild_knows_it_at_every_step(
    archive: Archive, deposited: Deposit, step: tuple[str, int]
) -> None:
    """F21, R16: the bucket alone tells that it is apart, its words and its holds, byte by byte."""
    record = deposited()
    hold(archive, record)
    cut_at(step, lambda: archive.restrict(record, SECRET, ALI))
    archive.read_part(record, TEXT, ALI)
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    archive.restrict(record, SECRET, ALI)
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_what_is_released_lies_among_the_others_again(archive: Archive, deposited: Deposit) -> None:
    """R16: with title and words, its number kept; and a rebuild agrees."""
    record = deposited()
    archive.restrict(record, SECRET, ALI)
    with pytest.raises(Malformed, match="reason"):
        archive.release(record, " ", ALI)
    back = archive.release(record, "Uppgiften är offentlig sedan 2026", ALI)
    assert (back.title, back.url, back.restricted) == (record.title, record.url, False)
    assert back.manifest_key.startswith(RECORDS)
    assert archive.verify(back) == ()
    assert archive.count(WORDS) == 1
    assert archive.read_part(record, TEXT)
    assert archive.standing(back, {}).registration_number == SECRET.number
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    assert archive.release(record, "Igen", ALI) == back
    archive.restrict(record, SECRET, EVA)
    assert archive.verify(now(archive, record)) == ()


@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: f"{step[0]} {step[1]}")
def test_a_disposal_takes_both_places(
    archive: Archive, deposited: Deposit, step: tuple[str, int]
) -> None:
    """R37, R38: what lies half moved is removed whole, and nothing says that it is still there."""
    record = deposited()
    cut_at(step, lambda: archive.restrict(record, SECRET, ALI))
    gone = withdraw(archive, warrant(archive, now(archive, record)))
    assert gone.status is Status.DISPOSED
    assert keys(archive, record) == []
    assert archive.verify(gone) == ()
    with pytest.raises(NotAllowed):
        archive.restrict(record, SECRET, ALI)
    assert keys(archive, record) == []


def test_a_purge_takes_both_places(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R49: past holds, and wherever a move had come."""
    record = deposited()
    hold(archive, record)
    cut_at(("moving: journaled", 1), lambda: archive.restrict(record, SECRET, ALI))
    bearing = with_purger(settings, purger_file(settings.home))
    with Archive.open(bearing) as opened:
        wanted = Purge(subjects=(record.record_id,), reason="Får inte finnas")
        opened.purge(wanted, EVA, person("Andra Anna"))
    assert keys(archive, record) == []


def test_what_was_purged_while_it_was_moved_is_not_put_back(
    archive: Archive, settings: Settings, deposited: Deposit
) -> None:
    """R44, R49: copies that the journal never knew are taken back."""
    record = deposited()

    def purge() -> None:
        with Archive.open(with_purger(settings, purger_file(settings.home))) as opened:
            wanted = Purge(subjects=(record.record_id,), reason="Får inte finnas")
            opened.purge(wanted, EVA, person("Andra Anna"))

    listener = KillAt("moving: objects copied", act=purge)
    listener.listen()
    try:
        with suppress(NotAllowed, ObjectMissing):
            archive.restrict(record, SECRET, ALI)
    finally:
        listener.stop()
    assert now(archive, record).status is Status.DISPOSED
    assert keys(archive, record) == []


def test_a_hold_that_comes_while_it_is_moved_locks_the_copies(
    archive: Archive, deposited: Deposit
) -> None:
    """R27: whoever writes last looks once more; nothing is left behind unlocked."""
    record = deposited()
    listener = KillAt("moving: manifest copied", act=lambda: hold(archive, record))
    listener.listen()
    try:
        moved = archive.restrict(record, SECRET, ALI).record
    finally:
        listener.stop()
    assert moved.held
    assert archive.verify(now(archive, record)) == ()


def test_a_disposal_that_was_decided_is_called_off(archive: Archive, deposited: Deposit) -> None:
    """R27's manner: the record is not as it was decided on."""
    record = deposited()
    decided = warrant(archive, record)
    archive.restrict(record, SECRET, ALI)
    with pytest.raises(Exception, match="has changed since"):
        withdraw(archive, decided)
    assert archive.read_part(record, TEXT, ALI)


def test_nothing_is_removed_where_the_copy_cannot_be_read_back(
    archive: Archive, deposited: Deposit
) -> None:
    """R30: a copy that is gone keeps the original where it is."""
    record = deposited()
    cut_at(("moving: journaled", 1), lambda: archive.restrict(record, SECRET, ALI))
    disposer = archive._vault.disposer
    apart = folders_of(record.manifest_key)[1]
    for version in list(disposer.versions(apart)):
        if version.key.endswith("capture.wacz"):
            disposer.delete_version(version.key, version.version_id, bypass_governance=True)
    with pytest.raises(ObjectMissing):
        archive.restrict(record, SECRET, ALI)
    here = [key for key in keys(archive, record) if key.startswith(RECORDS)]
    assert {key.rpartition("/")[2] for key in here} == {"capture.wacz", "manifest.json"}


@pytest.mark.parametrize("other", ["restrict", "release"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0]} {step[1]}")
def test_a_mover_that_was_overtaken_takes_nothing_away(
    archive: Archive, deposited: Deposit, step: tuple[str, int], other: str
) -> None:
    """R27, R30: its lease was given to another, who flags or releases in between, whole."""
    record = deposited()
    hold(archive, record)

    def overtake() -> None:
        listener.stop()
        with archive._vault.catalogue.write() as tx:
            tx.connection.execute(delete(schema.leases))
        if other == "release":
            archive.release(record, "Felbedömt", EVA)
        else:
            archive.restrict(record, SECRET, EVA)

    listener = KillAt(*step, act=overtake)
    listener.listen()
    with suppress(Busy, NotAllowed):
        archive.restrict(record, SECRET, ALI)
    whole = now(archive, record)
    assert (whole.restricted, whole.held) == (other == "restrict", True)
    assert archive.read_part(record, TEXT, ALI)
    again = archive.restrict(record, SECRET, ALI).record
    assert archive.verify(again) == ()
    assert archive.reconcile_holds() == []


def test_two_do_not_move_a_record_at_once(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R16: the second waits, and says so when it waits too long."""
    monkeypatch.setattr("storage.lease._PATIENCE_SECONDS", 0.2)
    record = deposited()
    refused = []

    def meanwhile() -> None:
        with pytest.raises(Busy):
            archive.release(record, "Felbedömt", EVA)
        refused.append(True)

    listener = KillAt("moving: objects copied", act=meanwhile)
    listener.listen()
    try:
        with pytest.raises(NotAllowed, match="judged otherwise"):
            archive.restrict(record, SECRET, ALI)
    finally:
        listener.stop()
    assert refused
    assert archive.verify(archive.release(record, "Felbedömt", EVA)) == ()


def test_it_is_not_delivered_with_the_others(
    archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """R16, R46: a delivery lays files open."""
    record = deposited()
    apart = archive.restrict(record, SECRET, ALI).record
    with pytest.raises(Malformed, match="kept apart"):
        archive.deliver([apart], tmp_path / "out")
    assert not (tmp_path / "out").exists()
