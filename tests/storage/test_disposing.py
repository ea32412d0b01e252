"""A proposal carried out: what goes, what stays and why. DISPOSAL's failure cases, by number."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import disposing, holding, withdrawal
from storage.archive import Archive
from storage.catalogue import schema
from storage.errors import Damaged, Malformed, NotAllowed, StoreUnreachable
from storage.holds import TooLate
from storage.journal import Act
from storage.keys import TOMBSTONES, prefix_of, tombstone_key
from storage.objects import Store
from storage.people import Actor, Role, person
from storage.proposals import Item, ItemState, State, Why
from storage.query import Query
from storage.record import (
    EVIDENCE,
    PROFILE_CAPTURE,
    Description,
    Order,
    Record,
    RecordId,
    Status,
    utc_now,
)
from storage.settings import Settings
from tests.catalogues import POSTGRES
from tests.storage.proposed import (
    ARVID,
    DISPOSER,
    DRAWER,
    OLGA,
    TREDE,
    adopt_plan,
    approved,
    carry_out,
    drawing,
    quick,
    run,
    signed,
)
from tests.storage.removal import warrant, withdraw
from tests.storage.test_archive import research, versions

Deposit = Callable[..., Record]
Describe = Callable[[RecordId, Order], Description]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose proposals are ready at once and never over the cap."""
    with Archive.open(quick(settings)) as opened:
        yield opened


def outcomes(items: list[Item]) -> dict[RecordId, tuple[ItemState, str]]:
    return {item.record_id: (item.state, item.why) for item in items}


def skipped(why: Why) -> tuple[ItemState, str]:
    return ItemState.SKIPPED, why.value


def whole(archive: Archive, record: Record) -> bool:
    """Active, every byte of it, with its locks as they should be."""
    now = archive.record(record.record_id)
    return now.status is Status.ACTIVE and archive.verify(now) == ()


def test_what_was_approved_goes_and_is_certified(archive: Archive, deposited: Deposit) -> None:
    """R37, R38, R40, R41: gone, a locked tombstone that names the decision, a certificate."""
    one, two, other = deposited(1), deposited(2), deposited(3)
    proposal_id = approved(archive, one, two)
    items = carry_out(archive, proposal_id)
    assert [item.state for item in items] == [ItemState.DONE, ItemState.DONE]
    archive.disposals.verify(proposal_id, DISPOSER)
    certificate = archive.disposals.certify(proposal_id, signed(archive), DISPOSER)
    assert archive.disposals.named(proposal_id).stored is State.CERTIFIED
    gone = archive.record(one.record_id)
    assert gone.status is Status.DISPOSED
    stone = archive.tombstone(gone)
    assert stone is not None
    assert (stone.rule_id, stone.plan, stone.certificate) == ("SM-99", 1, certificate.record_id)
    reader = archive._vault.reader
    for version in reader.versions(TOMBSTONES):
        head = reader.head(version.key, version.version_id)
        assert head.retain_until
        assert head.retain_until > utc_now() + timedelta(days=98 * 365)
    assert whole(archive, other)
    assert [finding for _, found in archive.verify_all() for finding in found] == []


FILES = {"certificate.json": b"{}", "certificate.pdf": b"%PDF"}


@pytest.mark.parametrize("seated", [OLGA, ARVID, DRAWER, TREDE], ids=str)
def test_who_decided_neither_removes_verifies_nor_certifies(
    archive: Archive, deposited: Deposit, seated: Actor
) -> None:
    """F24, R33: at every step after the start too, and whatever was done before; nor a stranger."""
    record, other = deposited(1), deposited(2)
    proposal_id = approved(archive, record, other)
    disposals = archive.disposals
    disposals.start(proposal_id, DISPOSER, utc_now())
    mine = replace(run(), actor=seated)
    acts = (
        lambda: disposals.start(proposal_id, seated, utc_now()),
        lambda: disposals.dispose(mine, proposal_id, record.record_id),
        lambda: disposals.pause(proposal_id, "r", seated),
        lambda: disposals.verify(proposal_id, seated),
        lambda: disposals.certify(proposal_id, FILES, seated),
    )

    def all_are_refused() -> None:
        before = len(archive.journal())
        for act in acts:
            with pytest.raises(NotAllowed, match=r"has a part|takes the role of operator"):
                act()
        assert len(archive.journal()) == before

    all_are_refused()
    assert whole(archive, record)
    for record_id in disposals.pending(proposal_id):
        disposals.dispose(run(), proposal_id, record_id)
    all_are_refused()
    disposals.verify(proposal_id, DISPOSER)
    all_are_refused()
    disposals.certify(proposal_id, FILES, DISPOSER)
    all_are_refused()


def test_who_may_remove_is_asked_in_the_transaction_of_the_intents(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R33: an operator who is made an approver's colleague on the way removes nothing more."""
    record, drift = deposited(), person("Drift Dahl")
    proposal_id = approved(archive, record)
    archive.disposals.start(proposal_id, drift, utc_now())

    def lose() -> None:
        archive.people.change_roles(drift.name, {Role.OFFICER}, ARVID)

    meanwhile(monkeypatch, withdrawal, "_begin", lose)
    with pytest.raises(NotAllowed, match="takes the role of operator"):
        archive.disposals.dispose(replace(run(), actor=drift), proposal_id, record.record_id)
    assert whole(archive, record)


def test_a_certificate_is_kept_whatever_it_is_called(archive: Archive, deposited: Deposit) -> None:
    """R40: it cannot be given another type, proposed, or withdrawn; nor is a capture called so."""
    record, other = deposited(1), deposited(2)
    proposal_id = approved(archive, record)
    carry_out(archive, proposal_id)
    archive.disposals.verify(proposal_id, DISPOSER)
    certificate = archive.disposals.certify(proposal_id, FILES, DISPOSER)
    for named, to in ((certificate, PROFILE_CAPTURE), (other, EVIDENCE)):
        with pytest.raises(Malformed, match="documents a disposal"):
            archive.classify(named, to, "Fel typ", OLGA)
    as_such = {"record_type": str(EVIDENCE), "unit": certificate.unit}
    assert archive.disposals.draw(drawing(certificate, **as_such), DRAWER) is None
    with pytest.raises(NotAllowed, match="is a certificate"):
        withdraw(archive, warrant(archive, certificate))
    now = archive.record(certificate.record_id)
    assert now.status is Status.ACTIVE
    assert {finding.code for finding in archive.verify(now)} <= {"V024"}  # FILES are not signed


def test_a_tombstone_carries_nothing_personal(
    archive: Archive, deposited: Deposit, settings: Settings
) -> None:
    """F26, R41: no title, handle, address, text or name; only what the journal has anyway."""
    record = deposited()
    carry_out(archive, approved(archive, record))
    reader = archive._vault.reader
    [key] = reader.keys(TOMBSTONES)
    body = reader.get(key)
    assert set(json.loads(body)) == {
        "record_id", "record_type", "account", "captured_at", "manifest_sha256", "proposal_id",
        "plan", "rule_id", "basis", "certificate", "also_in", "begun_at",
    }  # fmt: skip
    for secret in (record.title, record.handle, record.url, "forsknings", "Olga", "Arvid"):
        assert secret.casefold() not in body.decode().casefold()


@pytest.mark.parametrize(
    "moment",
    ["before", "before its lock", "while it is read back", "transaction 1", "transaction 2"],
)
def test_a_hold_wins_until_the_point_of_no_return(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """F06, R27: placed before, or between the two transactions, it is ACCEPTED and nothing goes.

    A hold whose lock in the store is still on its way is no damage that pauses the run.
    """
    record, other = deposited(1), deposited(2)
    proposal_id = approved(archive, record, other)

    def hold() -> None:
        if not archive.record(record.record_id).held:
            placed = archive.place_hold(research(record.record_id), ARVID)
            assert placed.accepted == (record.record_id,)

    if moment == "before":
        hold()
    elif moment == "before its lock":
        with monkeypatch.context() as late:
            late.setattr(holding, "set_bits", lambda *_, **__: None)
            hold()
    elif moment == "while it is read back":
        meanwhile(monkeypatch, disposing, "verify_record", hold)
    elif moment == "transaction 1":
        meanwhile(monkeypatch, withdrawal, "_begin", hold)
    else:
        meanwhile(monkeypatch, withdrawal, "_pass_return", hold)
    found = outcomes(carry_out(archive, proposal_id))
    assert found[record.record_id][0] is ItemState.SKIPPED
    assert found[record.record_id][1] == Why.HELD
    assert found[other.record_id] == (ItemState.DONE, "")
    assert len(archive.reconcile_holds()) == (moment == "before its lock")
    assert whole(archive, record)


def meanwhile(
    patch: pytest.MonkeyPatch, module: object, name: str, act: Callable[[], None]
) -> None:
    """Something else happens just before a step."""
    step = getattr(module, name)

    def after(*words: object) -> object:
        act()
        return step(*words)

    patch.setattr(module, name, after)


def test_a_hold_between_two_objects_is_too_late(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F06, R27: past return the answer is TOO_LATE with evidence; the removal ends as begun."""
    record = deposited()
    proposal_id = approved(archive, record)
    answers = []

    def hold() -> None:
        answers.append(archive.place_hold(research(record.record_id), ARVID))

    delete = Store.delete_version

    def deleting(store: Store, key: str, version_id: str, *, bypass_governance: bool) -> None:
        hold()
        delete(store, key, version_id, bypass_governance=bypass_governance)

    monkeypatch.setattr(Store, "delete_version", deleting)
    carry_out(archive, proposal_id)
    assert len(answers) == 2
    [begun] = [
        entry
        for entry in archive.journal(subject=record.record_id)
        if entry.act is Act.DESTRUCTION_BEGUN
    ]
    evidence = TooLate(
        record_id=record.record_id,
        status=Status.DESTROYING,
        warrant=proposal_id,
        begun_at=begun.at,
        gone_at=None,
        tombstone="",
    )
    for answer in answers:
        assert (answer.accepted, answer.too_late) == ((), (evidence,))
        [tried] = archive.journal(subject=answer.hold_id)
        assert (tried.act, tried.actor) == (Act.HOLD_TOO_LATE, str(ARVID))
        said = {"record_id": record.record_id, "status": "destroying", "warrant": proposal_id}
        assert tried.detail["records"] == [said]
    assert archive.record(record.record_id).status is Status.DISPOSED
    assert archive.holds() == []
    stone = archive.tombstone(archive.record(record.record_id))
    assert stone is not None
    [late] = archive.place_hold(research(record.record_id), ARVID).too_late
    assert (late.warrant, late.begun_at, late.gone_at) == (
        proposal_id,
        begun.at,
        stone.disposed_at,
    )
    assert archive._vault.reader.head(late.tombstone)


def test_two_executors_at_once_come_to_one_end(
    archive: Archive, settings: Settings, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F07, R43: at every step the other does the whole; one tombstone, one entry, one item."""
    record = deposited()
    proposal_id = approved(archive, record)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    for step in ("_begin", "_pass_return", "_remove", "_set_tombstone", "_finish"):
        with monkeypatch.context() as patch, Archive.open(quick(settings)) as second:
            done: list[Item] = []

            def other(second: Archive = second, done: list[Item] = done) -> None:
                if not done:
                    done.append(second.disposals.items(proposal_id)[0])
                    second.disposals.dispose(run(), proposal_id, record.record_id)

            meanwhile(patch, withdrawal, step, other)
            archive.disposals.dispose(run(), proposal_id, record.record_id)
    entries = [e.act for e in archive.journal(subject=record.record_id)]
    assert entries.count(Act.WITHDRAWN) == entries.count(Act.DESTRUCTION_BEGUN) == 1
    assert len(list(archive._vault.reader.versions(TOMBSTONES))) == 1
    assert versions(settings, record) == []
    [item] = archive.disposals.items(proposal_id)
    assert item.state is ItemState.DONE


def test_another_plan_after_the_approval_keeps_what_is_left(
    archive: Archive, deposited: Deposit
) -> None:
    """F09: the version changes while the list is carried out: the rest is skipped."""
    one, two = sorted((deposited(1), deposited(2)), key=lambda record: record.record_id)
    proposal_id = approved(archive, one, two)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    archive.disposals.dispose(run(), proposal_id, one.record_id)
    adopt_plan(archive, 2)
    archive.disposals.dispose(run(plan=2), proposal_id, two.record_id)
    found = outcomes(archive.disposals.items(proposal_id))
    assert found == {one.record_id: (ItemState.DONE, ""), two.record_id: skipped(Why.PLAN)}
    assert whole(archive, two)


def test_what_is_not_due_any_more_by_its_rule_is_kept(archive: Archive, deposited: Deposit) -> None:
    """F09: the judge is asked in the transaction of the intents; another plan's is not heard."""
    one, two = deposited(1), deposited(2)
    proposal_id = approved(archive, one, two)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    archive.disposals.dispose(run(due=False), proposal_id, one.record_id)
    archive.disposals.dispose(run(plan=7), proposal_id, two.record_id)
    found = outcomes(archive.disposals.items(proposal_id))
    assert found == {one.record_id: skipped(Why.RULE), two.record_id: skipped(Why.PLAN)}
    assert whole(archive, one)
    assert whole(archive, two)


def test_an_object_that_came_after_the_list_stops_the_disposal(
    archive: Archive, deposited: Deposit
) -> None:
    """F10: one more object, one more version, or a delete marker (F13): not as it was decided."""
    added, again, marked = records = [deposited(number) for number in (1, 2, 3)]
    proposal_id = approved(archive, *records)
    capture, until = archive._vault.capture, utc_now() + timedelta(days=9)
    for key in (prefix_of(added.manifest_key) + "media/x.png", again.manifest_key):
        capture.put(key, b"new", media_type="image/png", retain_until=until)
    archive._vault.disposer.mark_deleted(marked.manifest_key)
    found = outcomes(carry_out(archive, proposal_id))
    assert set(found.values()) == {skipped(Why.OBJECTS)}
    assert all(archive.record(r.record_id).status is Status.ACTIVE for r in records)


def test_an_object_that_comes_between_the_transactions_stays(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F10: it is not on the list of intents; the record is as before, and whole."""
    record = deposited()
    proposal_id = approved(archive, record)
    key, until = prefix_of(record.manifest_key) + "media/x.png", utc_now() + timedelta(days=9)

    def add() -> None:
        archive._vault.capture.put(key, b"new", media_type="image/png", retain_until=until)

    meanwhile(monkeypatch, withdrawal, "_refuse_added", add)
    assert outcomes(carry_out(archive, proposal_id))[record.record_id] == skipped(Why.OBJECTS)
    assert archive._vault.reader.get(key) == b"new"
    assert whole(archive, record)


def test_a_hold_that_came_and_went_makes_the_decision_void(
    archive: Archive, deposited: Deposit
) -> None:
    """F10, F29: a research hold lifted by two persons frees nothing for the old decision."""
    record = deposited()
    proposal_id = approved(archive, record)
    hold = archive.place_hold(research(record.record_id), ARVID).hold_id
    with pytest.raises(NotAllowed):
        archive.lift_hold(hold, ARVID, "Av misstag")
    archive.lift_hold(hold, ARVID, "Av misstag", OLGA)
    lifted = archive.journal(subject=hold)[-1]
    assert (lifted.act, lifted.detail["reason"]) == (Act.HOLD_LIFTED, "Av misstag")
    assert outcomes(carry_out(archive, proposal_id))[record.record_id] == skipped(Why.CHANGED)
    assert archive.place_hold(research(record.record_id), ARVID).accepted == (record.record_id,)
    assert whole(archive, record)


@pytest.mark.parametrize("lost", ["removed", "other roles"])
def test_an_approver_who_lost_the_role_voids_the_decision(
    archive: Archive, deposited: Deposit, lost: str
) -> None:
    """F11: before the start nothing begins; on the way, the rest is kept."""
    early, one, two = (deposited(number) for number in (1, 2, 3))
    waiting, begun = approved(archive, early), approved(archive, one, two)
    archive.disposals.start(begun, DISPOSER, utc_now())
    first, last = archive.disposals.pending(begun)
    archive.disposals.dispose(run(), begun, first)
    if lost == "removed":
        archive.people.remove(ARVID.name, person("Drift Dahl"))
    else:
        archive.people.change_roles(ARVID.name, {Role.AUDITOR}, person("Drift Dahl"))
    with pytest.raises(NotAllowed, match="lost the role"):
        archive.disposals.start(waiting, DISPOSER, utc_now())
    archive.disposals.dispose(run(), begun, last)
    found = outcomes(archive.disposals.items(begun))
    assert found == {first: (ItemState.DONE, ""), last: skipped(Why.APPROVAL)}
    assert whole(archive, archive.record(last))
    assert whole(archive, early)


def test_approvals_that_run_out_on_the_way_keep_what_is_left(
    archive: Archive, deposited: Deposit
) -> None:
    """F12: a run that was paused for too long ends, with the rest kept."""
    record = deposited()
    proposal_id = approved(archive, record)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    late = run(now=utc_now() + timedelta(days=31))
    archive.disposals.dispose(late, proposal_id, record.record_id)
    found = outcomes(archive.disposals.items(proposal_id))
    assert found[record.record_id] == skipped(Why.APPROVAL)
    assert archive.disposals.verify(proposal_id, DISPOSER).stored is State.VERIFIED


def test_a_delete_marker_does_not_hide_what_is_to_go(
    archive: Archive, deposited: Deposit, settings: Settings
) -> None:
    """F13: a marker that lay there when the list was frozen goes with all that is under it."""
    record = deposited()
    archive._vault.disposer.mark_deleted(record.manifest_key)
    carry_out(archive, approved(archive, record))
    assert versions(settings, record) == []


def test_a_store_that_only_says_yes_is_seen(
    archive: Archive, deposited: Deposit, settings: Settings
) -> None:
    """F15, R38: it answers 204 and the version remains: FAILED, not DISPOSED; a retry ends it."""
    record = deposited()
    proposal_id = approved(archive, record)
    with pytest.MonkeyPatch.context() as lying:
        lying.setattr(Store, "delete_version", lambda *_words, **_more: None)
        [item] = carry_out(archive, proposal_id)
    assert (item.state, item.why, item.settled) == (ItemState.FAILED, Why.REMAINS, False)
    assert archive.record(record.record_id).status is Status.DESTROYING
    assert list(archive._vault.reader.keys(TOMBSTONES)) == []
    with pytest.raises(NotAllowed, match="not settled"):
        archive.disposals.verify(proposal_id, DISPOSER)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE
    assert versions(settings, record) == []


def test_an_upload_that_was_never_ended_goes_too(archive: Archive, deposited: Deposit) -> None:
    """R37: parts of a put that was cut off are no version, and are removed and looked for."""
    record = deposited()
    prefix = prefix_of(record.manifest_key)
    store = archive._vault.capture
    store._s3.create_multipart_upload(Bucket=store.bucket, Key=prefix + "capture.wacz")
    assert [key for key, _ in store.uploads(prefix)] == [prefix + "capture.wacz"]
    carry_out(archive, approved(archive, record))
    assert list(store.uploads(prefix)) == []
    assert archive.record(record.record_id).status is Status.DISPOSED


def test_nothing_is_certified_while_the_store_gives_no_answer(
    archive: Archive, deposited: Deposit
) -> None:
    """F18: what cannot be looked at is not verified; the next run looks again.

    Of replicas the certificate tells (tests/retention/test_supplement.py).
    """
    proposal_id = approved(archive, deposited())
    carry_out(archive, proposal_id)

    def silent(*_words: object) -> None:
        raise StoreUnreachable("no answer")

    with pytest.MonkeyPatch.context() as offline:
        offline.setattr(Store, "versions", silent)
        with pytest.raises(StoreUnreachable):
            archive.disposals.verify(proposal_id, DISPOSER)
    assert archive.disposals.named(proposal_id).stored is State.EXECUTING
    assert archive.disposals.verify(proposal_id, DISPOSER).stored is State.VERIFIED


def test_a_version_that_is_back_or_a_missing_tombstone_is_not_verified(
    archive: Archive, deposited: Deposit
) -> None:
    """R38, R42: VERIFIED is what was seen, not what was done."""
    record = deposited()
    proposal_id = approved(archive, record)
    carry_out(archive, proposal_id)
    disposer = archive._vault.disposer
    back = archive._vault.capture.put(
        record.manifest_key, b"{}", media_type="application/json", retain_until=None
    )
    with pytest.raises(Damaged, match="can be read"):
        archive.disposals.verify(proposal_id, DISPOSER)
    disposer.delete_version(back.key, back.version_id, bypass_governance=True)
    [stone] = disposer.versions(TOMBSTONES)
    disposer.delete_version(stone.key, stone.version_id, bypass_governance=True)
    with pytest.raises(Damaged, match="tombstone"):
        archive.disposals.verify(proposal_id, DISPOSER)


def without_history(dump: Iterable[str]) -> list[str]:
    """Every table but the journal's own, which tells of the removal too."""
    return [line for line in dump if not line.startswith(('["entries', '["head', '["segments'))]


def restore(archive: Archive, record: Record, saved: dict[str, bytes]) -> None:
    """Put a record's objects back, as a backup of the bucket from before would."""
    for key, body in saved.items():
        archive._vault.capture.put(
            key, body, media_type="application/json", retain_until=archive._vault.lock_until()
        )


def saved_objects(archive: Archive, record: Record) -> dict[str, bytes]:
    reader = archive._vault.reader
    return {v.key: reader.get(v.key) for v in reader.versions(prefix_of(record.manifest_key))}


def test_a_bucket_from_before_a_disposal_brings_nothing_back(
    archive: Archive, deposited: Deposit, settings: Settings
) -> None:
    """F20, R44: the versions of disposed records are found and removed again; others stay."""
    record, other = deposited(1), deposited(2)
    saved = saved_objects(archive, record)
    carry_out(archive, approved(archive, record))
    restore(archive, record, saved)
    assert {f.code for f in archive.verify(archive.record(record.record_id))} == {"V010"}
    assert archive.remove_restored(DISPOSER) == (record.record_id,)
    assert versions(settings, record) == []
    assert archive.remove_restored(DISPOSER) == ()
    assert whole(archive, other)
    assert archive.journal()[-1].act is Act.REMOVED_AGAIN


def test_a_rebuild_on_a_restored_bucket_serves_no_disposed_record(
    archive: Archive, deposited: Deposit, settings: Settings, tmp_path: Path
) -> None:
    """F19, F20, F21, R45: disposals are applied before anything is served; proposals are back."""
    record, other = deposited(1), deposited(2)
    saved = saved_objects(archive, record)
    proposal_id = approved(archive, record)
    carry_out(archive, proposal_id)
    approved(archive, other)
    before = list(archive.dump())
    restore(archive, record, saved)
    fresh = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    with Archive.open(fresh, check=False) as rebuilt:
        told = rebuilt.rebuild(lambda _: None)
        assert told.removed == (record.record_id,)
        assert rebuilt.journal()[-1].act is Act.REMOVED_AGAIN
        known = [
            line for line in rebuilt.dump() if not line.startswith(('["entries', '["head', '["seg'))
        ]
        assert known == [
            line for line in before if not line.startswith(('["entries', '["head', '["seg'))
        ]
        assert rebuilt.disposals.all() == archive.disposals.all()
        assert rebuilt.disposals.items(proposal_id) == archive.disposals.items(proposal_id)
    assert versions(settings, record) == []


def test_a_record_with_a_tombstone_is_not_taken_in_by_a_rebuild(
    archive: Archive, deposited: Deposit, settings: Settings, tmp_path: Path
) -> None:
    """F23, F28: the journal lost its end and a backup brought the objects: not resurrected."""
    record = deposited()
    disposer = archive._vault.disposer
    saved = saved_objects(archive, record)
    adopt_plan(archive)
    carry_out(archive, approved(archive, record))
    for segment in list(disposer.versions("journal/"))[1:]:
        disposer.delete_version(segment.key, segment.version_id, bypass_governance=True)
    restore(archive, record, saved)
    fresh = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    with Archive.open(fresh, check=False) as rebuilt:
        assert rebuilt.rebuild(lambda _: None).recovered == ()
        assert rebuilt.records() == []


def test_where_a_post_stands_elsewhere_is_named(
    archive: Archive, showing: Deposit, tmp_path: Path
) -> None:
    """F22: of a post's own record, a profile capture and a thread that show it; not others."""
    post, profile, thread = showing(1, "p1"), showing(2, "p1", "p2"), showing(3, "p0", "p1")
    showing(4, "p2", "p3")
    carry_out(archive, approved(archive, post))
    stone = archive.tombstone(archive.record(post.record_id))
    assert stone is not None
    assert set(stone.also_in) == {profile.record_id, thread.record_id}
    fresh = replace(archive._vault.settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    before = list(archive.dump())
    with Archive.open(fresh, check=False) as rebuilt:
        rebuilt.rebuild(lambda _: None)
        assert list(rebuilt.dump()) == before


def test_nothing_of_a_disposed_record_is_found_anywhere(
    archive: Archive, showing: Deposit, settings: Settings, parts: Path
) -> None:
    """R37: not in search, titles, texts, appearances or posts, nor in the bytes of the catalogue.

    What another record shows is found there as before.
    """
    visible = parts / "text" / "visible.txt"
    visible.write_text("Kvarglömd rabarberkräm", "utf-8")
    gone = showing(1, "endast-har")
    visible.write_text("Satsning på forskningsinfrastruktur", "utf-8")
    kept = showing(2, "annan")
    catalogue = Path(settings.catalogue_url.removeprefix("sqlite:///"))

    def in_files(word: str) -> bool:
        files = catalogue.parent.glob(f"{catalogue.name}*")
        return any(word.encode() in file.read_bytes() for file in files)

    assert POSTGRES or in_files("rabarber")  # whose files lie elsewhere
    assert POSTGRES or in_files("endast-har")
    assert [hit.record for hit in archive.find(Query(text="rabarber"))] == [gone]
    carry_out(archive, approved(archive, gone))
    assert archive.find(Query(text="rabarber")) == []
    assert [hit.record for hit in archive.find(Query(text="infrastruktur"))] == [kept]
    now = archive.record(gone.record_id)
    assert (now.title, now.url) == ("", "")
    with archive._vault.catalogue.read() as connection:
        for table in (schema.appearances, schema.posts):
            rows = connection.execute(select(table.c.record_id)).scalars().all()
            assert gone.record_id not in rows
    archive.close()
    assert not in_files("rabarber")
    assert not in_files("endast-har")
    assert POSTGRES or in_files("infrastruktur")


def test_a_hold_lifted_by_mistake_is_placed_anew_until_it_is_executed(
    archive: Archive, deposited: Deposit
) -> None:
    """F29: drawn, approved and begun since the lift, the record is still saved; then TOO_LATE."""
    first, second = sorted((deposited(1), deposited(2)), key=lambda one: one.record_id)
    for record in (first, second):
        hold = archive.place_hold(research(record.record_id), ARVID).hold_id
        archive.lift_hold(hold, ARVID, "Av misstag", OLGA)
    now = [archive.record(record.record_id) for record in (first, second)]
    proposal_id = approved(archive, *now)
    archive.disposals.start(proposal_id, DISPOSER, utc_now())
    archive.disposals.dispose(run(), proposal_id, first.record_id)
    again = archive.place_hold(research(first.record_id), ARVID)
    assert (again.accepted, [late.warrant for late in again.too_late]) == ((), [proposal_id])
    again = archive.place_hold(research(second.record_id), ARVID)
    assert (again.accepted, again.too_late) == ((second.record_id,), ())
    archive.disposals.dispose(run(), proposal_id, second.record_id)
    found = outcomes(archive.disposals.items(proposal_id))
    assert found == {first.record_id: (ItemState.DONE, ""), second.record_id: skipped(Why.HELD)}
    assert whole(archive, second)


def test_a_damaged_record_is_an_incident_and_no_disposal(
    archive: Archive, deposited: Deposit
) -> None:
    """R62: verified before it goes; damage is not covered up by a removal."""
    record = deposited()
    proposal_id = approved(archive, record)
    holder = archive._vault.holder
    stored = archive.package_of(record)
    holder.legal_hold(stored.key, stored.version_id, on=True)
    [item] = carry_out(archive, proposal_id)
    assert (item.state, item.why, item.settled) == (ItemState.FAILED, "damaged: V009", True)
    assert archive.record(record.record_id).status is Status.ACTIVE


def test_a_lock_that_comes_in_between_blocks_a_whole_record(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's own guard: AccessDenied is BLOCKED, and the record stays as it was."""
    record = deposited()
    proposal_id = approved(archive, record)
    stored = archive.package_of(record)

    def lock() -> None:
        archive._vault.holder.legal_hold(stored.key, stored.version_id, on=True)

    meanwhile(monkeypatch, withdrawal, "_remove", lock)
    [item] = carry_out(archive, proposal_id)
    assert (item.state, item.why, item.settled) == (ItemState.BLOCKED, Why.LEGAL_HOLD, True)
    assert archive.record(record.record_id).status is Status.ACTIVE
    assert len(archive.reconcile_holds()) == 1
    assert whole(archive, record)


def test_a_lock_half_way_fails_and_a_retry_ends_it(
    archive: Archive, deposited: Deposit, settings: Settings
) -> None:
    """A record that is torn cannot go back: it is finished when the lock has been judged."""
    record = deposited()
    proposal_id = approved(archive, record)
    holder, delete = archive._vault.holder, Store.delete_version
    manifest = (record.manifest_key, record.manifest_version)

    def locking(store: Store, key: str, version_id: str, *, bypass_governance: bool) -> None:
        delete(store, key, version_id, bypass_governance=bypass_governance)
        if key != record.manifest_key:
            holder.legal_hold(*manifest, on=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "delete_version", locking)
        [item] = carry_out(archive, proposal_id)
    assert (item.state, item.why, item.settled) == (ItemState.FAILED, Why.LEGAL_HOLD, False)
    assert archive.record(record.record_id).status is Status.DESTROYING
    holder.legal_hold(*manifest, on=False)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE
    assert versions(settings, record) == []


def test_a_paused_run_stands_until_a_person_resumes_it(
    archive: Archive, deposited: Deposit
) -> None:
    """The circuit breaker: nothing goes meanwhile, and no service resumes it."""
    record = deposited()
    proposal_id = approved(archive, record)
    disposals = archive.disposals
    disposals.start(proposal_id, DISPOSER, utc_now())
    disposals.pause(proposal_id, "för många fel", DISPOSER)
    with pytest.raises(NotAllowed, match="paused"):
        disposals.start(proposal_id, DISPOSER, utc_now())
    with pytest.raises(NotAllowed, match="not executing"):
        disposals.dispose(run(), proposal_id, record.record_id)
    with pytest.raises(NotAllowed, match="only a person"):
        disposals.resume(proposal_id, "det går nog", DISPOSER)
    disposals.resume(proposal_id, "Låset är prövat", TREDE)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.DONE


def test_the_tombstone_of_another_decision_is_not_taken_for_ours(
    archive: Archive, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R42: a forged tombstone stops the removal's end, visibly."""
    record = deposited()
    proposal_id = approved(archive, record)
    key = tombstone_key(record.record_id)
    archive._vault.capture.put(key, b"{}", media_type="application/json", retain_until=None)
    [item] = carry_out(archive, proposal_id)
    assert item.state is ItemState.FAILED
    assert archive.record(record.record_id).status is Status.DESTROYING
