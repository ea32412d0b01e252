"""Is this store fit to keep records? Probes that `insyn doctor` runs on the real store.

Locks are tried, not asked about: an object is held, and every identity tries to remove it. Whatever
the probe puts lies below `probe/` and is removed at the end.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException

import psutil

from accounts.findings import Finding, Severity
from storage import embedded
from storage.daemon import Daemon
from storage.errors import ObjectMissing, StoreRefused, StoreUnfit
from storage.objects import Bucket, Store
from storage.record import StoredObject, new_id, utc_now
from storage.settings import Identity, Settings

_WORKERS = (
    Identity.CAPTURE,
    Identity.HOLDER,
    Identity.DISPOSER,
    Identity.READER,
    Identity.CUSTODIAN,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to remove a held object: who, how, and whether the store refused."""

    identity: Identity
    how: str
    refused: bool


def probe(settings: Settings) -> Iterator[Finding]:
    """Every probe's findings: the bucket's rules, the locks, the doors below S3."""
    yield from check_bucket(settings)
    yield from check_locks(settings)
    if settings.embedded:
        yield from check_doors(settings)


def require_fit(settings: Settings) -> None:
    """Refuse a bucket that cannot protect records (RULES R31).

    Raises:
        StoreUnfit: naming everything that is wrong with it.
    """
    faults = [f.en for f in check_bucket(settings) if f.severity is Severity.FAULT]
    if faults:
        raise StoreUnfit(_told(faults))


def _told(faults: list[str]) -> str:
    return "This bucket cannot keep records:\n" + "\n".join(f"  {f}" for f in faults)


def check_bucket(settings: Settings) -> Iterator[Finding]:
    """Object Lock, versioning, and no lifecycle rule that makes anything expire (RULES R31)."""
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    if not bucket.object_lock():
        yield Finding.fault(
            "S101",
            f"bucket {settings.bucket}",
            "Hinken saknar Object Lock: gör en ny med `insyn store init`.",
            "The bucket has no Object Lock: make a new one with `insyn store init`.",
        )
    yield from _check_lasting(bucket)


def check_lasting(settings: Settings) -> Iterator[Finding]:
    """What of `check_bucket` any identity may see: versioning, and lifecycle rules (RULES R31).

    Asked as `reader`, so that a running service can, wherever the bucket is.
    """
    yield from _check_lasting(Bucket.from_settings(settings, Identity.READER))


def require_lasting(settings: Settings) -> None:
    """Refuse to go on while the bucket removes records by itself (RULES R31).

    Raises:
        StoreUnfit: naming everything that is wrong with it.
    """
    if faults := [one.en for one in check_lasting(settings)]:
        raise StoreUnfit(_told(faults))


def _check_lasting(bucket: Bucket) -> Iterator[Finding]:
    place = f"bucket {bucket.bucket}"
    if not bucket.versioning():
        yield Finding.fault(
            "S102",
            place,
            "Hinken sparar inte versioner: slå på versionshantering.",
            "The bucket keeps no versions: turn versioning on.",
        )
    for rule in bucket.lifecycle():
        if _expires(rule):
            name = rule.get("ID", "?")
            yield Finding.fault(
                "S103",
                place,
                f"Livscykelregeln {name!r} tar bort handlingar av sig själv: ta bort den.",
                f"The lifecycle rule {name!r} removes records by itself: remove it.",
            )


def check_locks(settings: Settings) -> Iterator[Finding]:
    """A held object survives every identity; when it is let go, only the disposer removes it."""
    stored = _put_probe(settings)
    holder = Store.from_settings(settings, Identity.HOLDER)
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    faults: list[Finding] = []
    try:
        holder.legal_hold(stored.key, stored.version_id, on=True)
        faults += _survival(settings, stored)
        if not faults:
            faults += _unheld(settings, stored)
    finally:
        with suppress(StoreRefused, ObjectMissing):
            holder.legal_hold(stored.key, stored.version_id, on=False)
        for version in disposer.versions(stored.key):
            disposer.delete_version(version.key, version.version_id, bypass_governance=True)
    yield from faults or [
        Finding.ok(
            "S110",
            settings.bucket,
            "Lagrets lås håller mot alla identiteter.",
            "The store's locks hold against every identity.",
        )
    ]


def _survival(settings: Settings, stored: StoredObject) -> Iterator[Finding]:
    """Everyone tries to remove the held object."""
    for attempt in attempts(settings, stored):
        if not attempt.refused:
            yield Finding.fault(
                "S111",
                stored.key,
                f"Lagret lät {attempt.identity} ta bort ett objekt under gallringsstopp "
                f"({attempt.how}): det duger inte.",
                f"The store let {attempt.identity} remove a held object ({attempt.how}): "
                "it is not fit.",
            )
    if not _there(settings, stored):
        yield Finding.fault(
            "S112",
            stored.key,
            "Ett objekt under gallringsstopp är borta: lagret bryr sig inte om lås.",
            "A held object is gone: the store ignores locks.",
        )


def attempts(settings: Settings, target: StoredObject) -> Iterator[Attempt]:
    """Try to remove a held object in every way, as every identity that works here."""
    ways: dict[str, Callable[[Store], object]] = {
        "delete": lambda s: s.delete_version(
            target.key, target.version_id, bypass_governance=False
        ),
        "delete with governance bypass": lambda s: s.delete_version(
            target.key, target.version_id, bypass_governance=True
        ),
        "batch delete": lambda s: _batch(s, [(target.key, target.version_id)]),
        "prefix delete": lambda s: _batch(s, _around(s, target)),
    }
    for identity in _WORKERS:
        store = Store.from_settings(settings, identity)
        for how, way in ways.items():
            yield Attempt(identity=identity, how=how, refused=_refused(store, way))
    for identity in (one for one in _WORKERS if one is not Identity.HOLDER):
        store = Store.from_settings(settings, identity)
        lift = "clear the legal hold"
        refused = _refused(store, lambda s: s.legal_hold(target.key, target.version_id, on=False))
        yield Attempt(identity=identity, how=lift, refused=refused)


def check_doors(settings: Settings) -> Iterator[Finding]:
    """The embedded store below S3: nothing beyond loopback, no answer without our keys."""
    process = Daemon(name="store", home=settings.home).process()
    if process is None:
        return
    family = [process, *process.children(recursive=True)]
    open_to = {
        c.laddr.ip
        for one in family
        for c in one.net_connections(kind="inet")
        if c.status == psutil.CONN_LISTEN
    }
    if open_to - {"127.0.0.1", "::1"}:
        yield Finding.fault(
            "S121",
            "store",
            f"Lagret lyssnar utanför datorn: {sorted(open_to)}.",
            f"The store listens beyond this machine: {sorted(open_to)}.",
        )
    answered = [name for name, url in _doors(settings) if _answers(url)]
    for name in answered:
        yield Finding.fault(
            "S122",
            name,
            "En dörr under S3 svarar utan nycklar: kör om `insyn store stop` och `start`.",
            "A door below S3 answers without keys: run `insyn store stop` and `start` again.",
        )
    if not answered:
        yield Finding.ok(
            "S120",
            "store",
            "Ingen dörr under S3 svarar utan nycklar.",
            "No door below S3 answers without keys.",
        )


def _put_probe(settings: Settings) -> StoredObject:
    return Store.from_settings(settings, Identity.CAPTURE).put(
        f"probe/{new_id()}/object",
        b"a probe of the locks",
        media_type="text/plain",
        retain_until=utc_now() + timedelta(days=1),
    )


def _unheld(settings: Settings, stored: StoredObject) -> Iterator[Finding]:
    """Without the hold, GOVERNANCE alone: not for the capturer, but for the disposer."""
    Store.from_settings(settings, Identity.HOLDER).legal_hold(
        stored.key, stored.version_id, on=False
    )
    capture = Store.from_settings(settings, Identity.CAPTURE)
    if not _refused(
        capture,
        lambda s: s.delete_version(stored.key, stored.version_id, bypass_governance=True),
    ):
        yield Finding.fault(
            "S113",
            stored.key,
            "Lagret lät capture ta bort ett låst objekt.",
            "The store let capture remove a locked object.",
        )
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    disposer.delete_version(stored.key, stored.version_id, bypass_governance=True)
    if _there(settings, stored):
        yield Finding.fault(
            "S114",
            stored.key,
            "Disposer kunde inte ta bort ett objekt utan gallringsstopp: gallring går inte.",
            "The disposer could not remove an unheld object: no disposal is possible.",
        )


def _around(store: Store, target: StoredObject) -> list[tuple[str, str]]:
    """All that lies beside the target; the target itself though an earlier try removed it."""
    listed = store.versions(target.key.rpartition("/")[0] + "/")
    return sorted({(target.key, target.version_id), *((v.key, v.version_id) for v in listed)})


def _refused(store: Store, way: Callable[[Store], object]) -> bool:
    """Whether the store stood against it; what an earlier try removed cannot be removed again."""
    try:
        way(store)
    except (StoreRefused, ObjectMissing):
        return True
    return False


def _batch(store: Store, targets: list[tuple[str, str]]) -> None:
    """A batch that was refused answers 200: make it the refusal that it is."""
    if refusals := store.delete_versions(targets, bypass_governance=True):
        raise StoreRefused(refusals[0].code)


def _there(settings: Settings, stored: StoredObject) -> bool:
    reader = Store.from_settings(settings, Identity.READER)
    return any(v.version_id == stored.version_id for v in reader.versions(stored.key))


def _expires(rule: dict[str, object]) -> bool:
    return rule.get("Status") == "Enabled" and any(
        name in rule for name in ("Expiration", "NoncurrentVersionExpiration", "Transitions")
    )


def _doors(settings: Settings) -> Iterator[tuple[str, str]]:
    """Addresses that list, read or delete data where the doors are open; a status page does not."""
    port = embedded.ports(settings)
    for name, path in (
        ("master", "/dir/status"),
        ("master", "/col/list"),
        ("volume", "/"),
        ("filer", "/"),
        ("filer", "/buckets/"),
    ):
        yield f"{name} {path}", f"http://127.0.0.1:{port[name]}{path}"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310  # loopback, ours
            return bool(answer.status < 300)
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except (TimeoutError, OSError, HTTPException):
        return False
