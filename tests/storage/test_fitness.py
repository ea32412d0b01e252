"""Is a store fit to keep records: the probes tell a good bucket from a bad one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.findings import Finding, Severity
from storage import fitness
from storage.errors import StoreUnfit
from storage.fitness import Attempt
from storage.objects import Bucket, Store
from storage.record import StoredObject, utc_now
from storage.settings import Identity, Settings

WORKERS = (
    Identity.CAPTURE,
    Identity.HOLDER,
    Identity.DISPOSER,
    Identity.READER,
    Identity.CUSTODIAN,
)


def codes(findings: Iterator[Finding]) -> list[str]:
    return [f.code for f in findings]


@pytest.fixture
def lockless(settings: Settings) -> Settings:
    """A bucket as anyone makes one: without Object Lock, without versions."""
    bare = replace(settings, bucket=settings.bucket + "bare")
    setup = Bucket.from_settings(bare, Identity.SETUP)
    setup._s3.create_bucket(Bucket=bare.bucket)
    return bare


@pytest.fixture
def held(settings: Settings) -> StoredObject:
    """An object under a legal hold, in a folder of its own."""
    stored = Store.from_settings(settings, Identity.CAPTURE).put(
        "records/r1/object",
        b"x",
        media_type="text/plain",
        retain_until=utc_now() + timedelta(days=1),
    )
    holder = Store.from_settings(settings, Identity.HOLDER)
    holder.legal_hold(stored.key, stored.version_id, on=True)
    return stored


def expiring(**how: object) -> dict[str, object]:
    return {"ID": "städning", "Status": "Enabled", "Filter": {"Prefix": ""}, **how}


def test_a_good_bucket_has_no_fault_and_nothing_is_left_of_the_probe(settings: Settings) -> None:
    """Every probe passes, and each says what it saw."""
    found = list(fitness.probe(settings))
    assert [(f.code, f.severity) for f in found] == [
        ("S110", Severity.OK),
        ("S120", Severity.OK),
    ]
    fitness.require_fit(settings)
    assert list(Store.from_settings(settings, Identity.READER).versions("")) == []


def test_a_bucket_without_object_lock_is_refused(lockless: Settings) -> None:
    """F16: nothing may be written where locks are not kept; every fault is told at once."""
    assert codes(fitness.check_bucket(lockless)) == ["S101", "S102"]
    with pytest.raises(StoreUnfit, match=r"(?s)no Object Lock.*no versions"):
        fitness.require_fit(lockless)


def test_a_store_that_ignores_locks_is_found_by_trying(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F16: it says that it locks, and a held object goes all the same."""
    monkeypatch.setattr(Store, "legal_hold", lambda *_, **__: None)
    found = list(fitness.check_locks(settings))
    assert {f.code for f in found} == {"S111", "S112"}
    assert all(f.severity is Severity.FAULT for f in found)
    assert any("let disposer remove" in f.en for f in found)
    assert not any("let reader remove a held object (batch" in f.en for f in found)
    assert list(Store.from_settings(settings, Identity.READER).versions("")) == []


def test_a_capturer_that_may_remove_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S113: with the disposer's key in its place, the capturer removes what is locked."""
    real = Store.from_settings.__func__  # type: ignore[attr-defined]  # a classmethod's function

    def mixed(cls: type[Store], of: Settings, identity: Identity) -> Store:
        mine = Identity.DISPOSER if identity is Identity.CAPTURE else identity
        return real(cls, of, mine)

    monkeypatch.setattr(Store, "from_settings", classmethod(mixed))
    monkeypatch.setattr(fitness, "_put_probe", lambda _: put_by_capture(settings, real))
    assert codes(fitness.check_locks(settings)) == ["S113"]


def put_by_capture(settings: Settings, from_settings: object) -> StoredObject:
    assert callable(from_settings)
    capture: Store = from_settings(Store, settings, Identity.CAPTURE)
    return capture.put(
        "probe/1/object",
        b"x",
        media_type="text/plain",
        retain_until=utc_now() + timedelta(days=1),
    )


def test_a_disposer_without_its_power_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S114: where nothing can ever be removed, no disposal is possible."""
    real = Store.delete_version
    state = {"probing": True}

    def silent(self: Store, key: str, version_id: str, *, bypass_governance: bool) -> None:
        if self.identity is Identity.DISPOSER and state["probing"] and not is_held(self, key):
            state["probing"] = False
            return
        real(self, key, version_id, bypass_governance=bypass_governance)

    monkeypatch.setattr(Store, "delete_version", silent)
    assert codes(fitness.check_locks(settings)) == ["S114"]
    assert list(Store.from_settings(settings, Identity.READER).versions("")) == []


def is_held(store: Store, key: str) -> bool:
    return store.head(key).legal_hold


@pytest.mark.parametrize(
    "rule",
    [
        expiring(Expiration={"Days": 30}),
        expiring(NoncurrentVersionExpiration={"NoncurrentDays": 30}),
    ],
    ids=["objects", "old versions"],
)
def test_a_bucket_that_lets_records_expire_is_refused(
    settings: Settings, rule: dict[str, object]
) -> None:
    """R31: the rule is named; without it the bucket is fit again."""
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    bucket.set_lifecycle([rule])
    assert codes(fitness.check_bucket(settings)) == ["S103"]
    with pytest.raises(StoreUnfit, match="lifecycle rule"):
        fitness.require_fit(settings)
    bucket.set_lifecycle([])
    fitness.require_fit(settings)


def test_a_rule_that_is_off_or_removes_nothing_is_no_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R31 is about what expires: parts of uploads that were given up may be cleared."""
    rules = [
        expiring(Expiration={"Days": 30}) | {"Status": "Disabled"},
        expiring(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
    ]
    monkeypatch.setattr(Bucket, "lifecycle", lambda _: rules)
    assert codes(fitness.check_bucket(settings)) == []


def test_a_held_object_survives_every_attempt(settings: Settings, held: StoredObject) -> None:
    """R27: every identity, four ways, and the hold itself; all refused, nothing gone."""
    tried = list(fitness.attempts(settings, held))
    assert [a for a in tried if not a.refused] == []
    assert {a.identity for a in tried} == set(WORKERS)
    assert len(tried) == len(WORKERS) * 5 - 1  # the holder may let go of its own hold
    [version] = Store.from_settings(settings, Identity.READER).versions(held.key)
    assert version.version_id == held.version_id


def test_an_attempt_that_succeeds_is_told(settings: Settings, held: StoredObject) -> None:
    """Without the hold the disposer's first bypass removes it: the attempts can fail."""
    holder = Store.from_settings(settings, Identity.HOLDER)
    holder.legal_hold(held.key, held.version_id, on=False)
    tried = list(fitness.attempts(settings, held))
    assert (
        Attempt(identity=Identity.DISPOSER, how="delete with governance bypass", refused=False)
        in tried
    )
    assert all(a.refused for a in tried if a.identity is Identity.CAPTURE)
