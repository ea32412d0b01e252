"""The table of powers in DISPOSAL.md, row by row, on the real store; and what a put promises."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.credentials import purger_file, with_purger
from storage.errors import AlreadyThere, ObjectMissing, StoreError, StoreRefused
from storage.objects import Bucket, Store, putting, store
from storage.record import StoredObject, utc_now
from storage.settings import Credential, Identity, LockMode, Settings

BODY = b"en handling"
CAPTURE, HOLDER, DISPOSER, READER, CUSTODIAN = (
    Identity.CAPTURE,
    Identity.HOLDER,
    Identity.DISPOSER,
    Identity.READER,
    Identity.CUSTODIAN,
)
WORKERS = (CAPTURE, HOLDER, DISPOSER, READER, CUSTODIAN)
PURGER = Identity.PURGER


def in_days(days: int) -> datetime:
    return (utc_now() + timedelta(days=days)).replace(microsecond=0)


def as_(settings: Settings, identity: Identity) -> Store:
    if identity is PURGER:
        settings = with_purger(settings, purger_file(settings.home))
    return Store.from_settings(settings, identity)


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """A locked object, held or not, and the one who acts on it."""

    actor: Store
    free: StoredObject
    held: StoredObject

    @property
    def folder(self) -> str:
        """Where its objects lie, and no others."""
        return self.free.key.removesuffix("r1/free")


def put(settings: Settings, key: str, body: bytes = BODY) -> StoredObject:
    return as_(settings, CAPTURE).put(
        key, body, media_type="text/plain", retain_until=in_days(10), only_if_absent=True
    )


def situation(settings: Settings, identity: Identity, folder: str = "records/") -> Situation:
    free, held = put(settings, f"{folder}r1/free"), put(settings, f"{folder}r10/held")
    as_(settings, HOLDER).legal_hold(held.key, held.version_id, on=True)
    return Situation(actor=as_(settings, identity), free=free, held=held)


def batch(actor: Store, target: StoredObject) -> None:
    if refused := actor.delete_versions([(target.key, target.version_id)], bypass_governance=True):
        raise StoreRefused(refused[0].code)


Act = Callable[[Situation], object]

ACTS: dict[str, Act] = {
    "read": lambda s: s.actor.get(s.held.key, s.held.version_id),
    "read its lock": lambda s: s.actor.head(s.held.key, s.held.version_id),
    "list": lambda s: list(s.actor.versions(s.folder)),
    "put under a lock": lambda s: s.actor.put(
        s.folder + "r2/new", BODY, media_type="text/plain", retain_until=in_days(10)
    ),
    "put a tombstone": lambda s: s.actor.put(
        s.folder + "tombstone.json",
        b"{}",
        media_type="application/json",
        retain_until=None,
        only_if_absent=True,
    ),
    "delete": lambda s: s.actor.delete_version(
        s.free.key, s.free.version_id, bypass_governance=False
    ),
    "delete with bypass": lambda s: s.actor.delete_version(
        s.free.key, s.free.version_id, bypass_governance=True
    ),
    "delete in a batch": lambda s: batch(s.actor, s.free),
    "delete what is held": lambda s: s.actor.delete_version(
        s.held.key, s.held.version_id, bypass_governance=True
    ),
    "delete what is held in a batch": lambda s: batch(s.actor, s.held),
    "put a delete marker": lambda s: s.actor.mark_deleted(s.free.key),
    "set a hold": lambda s: s.actor.legal_hold(s.free.key, s.free.version_id, on=True),
    "clear a hold": lambda s: s.actor.legal_hold(s.held.key, s.held.version_id, on=False),
    "shorten a lock": lambda s: s.actor.retain(
        s.free.key, s.free.version_id, in_days(1), bypass=False
    ),
    "shorten a lock with bypass": lambda s: s.actor.retain(
        s.free.key, s.free.version_id, in_days(1), bypass=True
    ),
}

MAY = {
    "read": WORKERS,
    "read its lock": WORKERS,
    "list": (*WORKERS, PURGER),
    "put under a lock": (CAPTURE, CUSTODIAN),
    "delete with bypass": (DISPOSER, PURGER),
    "delete in a batch": (DISPOSER, PURGER),
    "put a delete marker": (DISPOSER, PURGER),
    "put a tombstone": (CAPTURE, DISPOSER, PURGER, CUSTODIAN),
    "set a hold": (HOLDER, PURGER),
    "clear a hold": (HOLDER, PURGER),
}
"""Who may do what; nobody may do an act that is not named here."""


@pytest.fixture(scope="module")
def one_bucket(running_store: Settings) -> Settings:
    """One bucket for the whole table: making one takes most of a test's time."""
    made = replace(running_store, bucket=f"powers{os.getpid()}")
    setup = Bucket.from_settings(made, Identity.SETUP)
    setup.prepare()
    return made


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("identity", [*WORKERS, PURGER])
def test_an_identity_has_its_own_powers_and_no_other(
    one_bucket: Settings, identity: Identity, act: str
) -> None:
    """DISPOSAL's table: what is refused has also changed nothing. R27, R30."""
    given = situation(one_bucket, identity, f"records/{identity}/{list(ACTS).index(act)}/")
    if identity in MAY.get(act, ()):
        ACTS[act](given)
        return
    with pytest.raises(StoreRefused):
        ACTS[act](given)
    reader = as_(one_bucket, READER)
    assert {(v.key, v.version_id) for v in reader.versions(given.folder)} == {
        (given.free.key, given.free.version_id),
        (given.held.key, given.held.version_id),
    }
    locks = [reader.head(o.key, o.version_id) for o in (given.free, given.held)]
    assert [lock.legal_hold for lock in locks] == [False, True]
    assert all(lock.retain_until and lock.retain_until > in_days(9) for lock in locks)


def test_a_hold_is_set_on_the_version_it_names(settings: Settings) -> None:
    """Never on the latest one by itself: an older version is held, the newer stays free."""
    capture, holder = as_(settings, CAPTURE), as_(settings, HOLDER)
    old = put(settings, "k")
    new = capture.put("k", b"ny", media_type="text/plain", retain_until=in_days(10))
    holder.legal_hold("k", old.version_id, on=True)
    assert capture.head("k", old.version_id).legal_hold
    assert not capture.head("k", new.version_id).legal_hold
    holder.legal_hold("k", old.version_id, on=False)
    assert not capture.head("k", old.version_id).legal_hold


def test_what_is_let_go_can_be_removed(settings: Settings) -> None:
    """A hold that was cleared leaves only the lock, which the disposer may pass."""
    given = situation(settings, DISPOSER)
    as_(settings, HOLDER).legal_hold(given.held.key, given.held.version_id, on=False)
    ACTS["delete what is held"](given)
    assert [v.key for v in given.actor.versions("records/")] == [given.free.key]


def test_a_batch_tells_which_were_refused(settings: Settings) -> None:
    """The store answers 200 with the refusals inside: the free one goes, the held one is told."""
    given = situation(settings, DISPOSER)
    targets = [(o.key, o.version_id) for o in (given.free, given.held)]
    [refusal] = given.actor.delete_versions(targets, bypass_governance=True)
    assert (refusal.key, refusal.version_id) == (given.held.key, given.held.version_id)
    assert [v.key for v in given.actor.versions("")] == [given.held.key]


def test_a_prefix_takes_no_neighbour_with_it(settings: Settings) -> None:
    """F14: below `r1/` lies nothing of `r10/`."""
    given = situation(settings, READER)
    assert [v.key for v in given.actor.versions("records/r1/")] == [given.free.key]


def test_a_delete_marker_is_no_deletion(settings: Settings) -> None:
    """F13: the key looks gone, the version is there, whole and locked."""
    given = situation(settings, READER)
    as_(settings, DISPOSER).mark_deleted(given.free.key)
    with pytest.raises(ObjectMissing):
        given.actor.get(given.free.key)
    assert list(given.actor.keys("records/r1/")) == []
    assert sorted(v.is_marker for v in given.actor.versions(given.free.key)) == [False, True]
    assert given.actor.get(given.free.key, given.free.version_id) == BODY


def test_removing_a_version_that_never_was_tells_nothing(settings: Settings) -> None:
    """Why a removal is verified by listing: the store says yes."""
    given = situation(settings, DISPOSER)
    given.actor.delete_version("records/none", given.free.version_id, bypass_governance=True)
    assert len(list(given.actor.versions("records/"))) == 2


def test_a_second_put_of_a_commit_mark_is_refused(settings: Settings) -> None:
    """If-None-Match: the first stays alone, whoever comes second."""
    first = put(settings, "records/r1/manifest.json")
    with pytest.raises(AlreadyThere, match=r"manifest\.json"):
        put(settings, "records/r1/manifest.json", b"another")
    [version] = as_(settings, READER).versions("records/")
    assert version.version_id == first.version_id


def test_a_wrong_digest_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that changed on the way never become an object. R62."""
    wrong = hashlib.sha256(b"other bytes").digest()
    monkeypatch.setattr(
        store, "measure", lambda body: putting.Measured(body=body, digest=wrong, size=len(body))
    )
    with pytest.raises(StoreError):
        put(settings, "records/r1/x")
    assert list(as_(settings, READER).versions("")) == []


def test_the_store_keeps_digest_size_and_lock(settings: Settings) -> None:
    """R62: what HEAD tells is what was put."""
    stored = put(settings, "k")
    head = as_(settings, READER).head("k", stored.version_id)
    assert head.sha256 == stored.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (head.size, head.mode, head.version_id) == (
        len(BODY),
        LockMode.GOVERNANCE,
        stored.version_id,
    )


def test_a_range_is_read_with_both_ends(settings: Settings) -> None:
    """First and last byte are both included."""
    put(settings, "k")
    reader = as_(settings, READER)
    assert reader.get("k", first=3, last=6) == BODY[3:7]
    assert reader.get("k", first=3) == BODY[3:]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Parts as small as S3 allows, so that a put in parts is quick."""
    size = 5 * 1024 * 1024
    monkeypatch.setattr(putting, "_MULTIPART_FROM", size)
    monkeypatch.setattr(putting, "_PART", size)
    return size


def test_a_put_in_parts_keeps_lock_hold_and_bytes(
    settings: Settings, tmp_path: Path, small_parts: int
) -> None:
    """A large package is as safe as a small one."""
    large = tmp_path / "large.wacz"
    large.write_bytes(bytes(range(256)) * (2 * small_parts // 256) + b"the end")
    until = in_days(10)
    stored = as_(settings, CAPTURE).put(
        "k", large, media_type="application/wacz", retain_until=until, only_if_absent=True
    )
    reader, back = as_(settings, READER), tmp_path / "back"
    reader.download("k", stored.version_id, back)
    assert hashlib.sha256(back.read_bytes()).hexdigest() == stored.sha256
    head = reader.head("k", stored.version_id)
    assert (head.size, head.mode) == (large.stat().st_size, LockMode.GOVERNANCE)
    assert head.retain_until == until
    as_(settings, HOLDER).legal_hold("k", stored.version_id, on=True)
    with pytest.raises(StoreRefused):
        as_(settings, DISPOSER).delete_version("k", stored.version_id, bypass_governance=True)


def test_a_put_in_parts_is_a_commit_mark_too(
    settings: Settings, tmp_path: Path, small_parts: int
) -> None:
    """If-None-Match holds when the parts are joined, and the losing parts are given up."""
    first = put(settings, "k")
    large = tmp_path / "large.wacz"
    large.write_bytes(b"x" * (small_parts + 1))
    with pytest.raises(AlreadyThere):
        as_(settings, CAPTURE).put(
            "k", large, media_type="application/wacz", retain_until=in_days(10), only_if_absent=True
        )
    [version] = as_(settings, READER).versions("")
    assert version.version_id == first.version_id


def test_a_listing_goes_on_over_its_pages(settings: Settings) -> None:
    """Every version and marker comes once, however small the pages."""
    put(settings, "a")
    capture = as_(settings, CAPTURE)
    for body in (b"1", b"2"):
        capture.put("b", body, media_type="text/plain", retain_until=in_days(10))
    put(settings, "c")
    as_(settings, DISPOSER).mark_deleted("c")
    listed = list(as_(settings, READER).versions("", page=2))
    assert sorted(v.key for v in listed) == ["a", "b", "b", "c", "c"]
    assert len({(v.key, v.version_id) for v in listed}) == 5
    assert [v.key for v in listed if v.is_marker] == ["c"]


def test_a_key_that_the_store_does_not_know_is_refused(settings: Settings) -> None:
    """Nothing is read without a key of ours, or without the powers that belong to it."""
    put(settings, "k")
    elsewhere = replace(
        settings,
        s3_url=f"http://127.0.0.1:{settings.store_port + 3}",
        credentials={READER: Credential(key="nobody", secret="nothing")},
    )
    with pytest.raises(StoreRefused):
        as_(elsewhere, READER).get("k")
    with pytest.raises(StoreRefused, match="INSYN_S3_DISPOSER_KEY"):
        as_(elsewhere, DISPOSER)


def test_a_batch_of_nothing_removes_nothing(settings: Settings) -> None:
    """An empty listing makes an empty batch, and no fault."""
    assert as_(settings, DISPOSER).delete_versions([], bypass_governance=True) == []
