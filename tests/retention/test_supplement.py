"""Replicas and what else remains: named by the certificate, looked for again, told when gone.

The replicas are buckets of their own on the real store; the port of one has nobody behind it.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desk.doctor import examine_replicas
from examples.ports import free_port
from retention.supplement import supplement_all
from storage import copies, supplementing
from storage.archive import Archive
from storage.copies import Replication
from storage.credentials import credential_of, endpoint_of
from storage.errors import StoreRefused
from storage.journal import Act
from storage.keys import prefix_of
from storage.objects import Bucket
from storage.people import Actor
from storage.record import Record, utc_now
from storage.settings import Identity, Replica, Settings
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.storage.proposed import DISPOSER, quick

Deposit = Callable[..., Record]
SCRIPT = Path("docs/verify-certificate").absolute()


@pytest.fixture
def replica(settings: Settings) -> Replica:
    """A second bucket, as another store would keep it, that the reader may list."""
    other = replace(settings, bucket=settings.bucket + "r")
    Bucket.from_settings(other, Identity.SETUP).create()
    return Replica(
        name="norr",
        url=endpoint_of(settings),
        bucket=other.bucket,
        credential=credential_of(settings, Identity.READER),
    )


@pytest.fixture
def archive(settings: Settings, replica: Replica) -> Iterator[Archive]:
    with Archive.open(quick(settings, replicas=(replica,))) as opened:
        yield opened


def replicate(archive: Archive, replica: Replica, *records: Record) -> list[tuple[str, str]]:
    """What replication does: each object's bytes in the other bucket; gives back key, version."""
    setup = Bucket.from_settings(
        replace(archive._vault.settings, bucket=replica.bucket), Identity.SETUP
    )
    reader = archive._vault.reader
    keys = [key for one in records for key in reader.keys(prefix_of(one.manifest_key))]
    put = [setup.put(key, reader.get(key), media_type="x/y", retain_until=None) for key in keys]
    return [(one.key, one.version_id) for one in put]


def clear(archive: Archive, replica: Replica, kept: list[tuple[str, str]]) -> None:
    """What the keeper of the other store does at last."""
    setup = Bucket.from_settings(
        replace(archive._vault.settings, bucket=replica.bucket), Identity.SETUP
    )
    for key, version_id in kept:
        setup.delete_version(key, version_id, bypass_governance=True)


def certified(archive: Archive, adopt: Adopt, *records: Record) -> dict[str, Any]:
    """What the certificate of their disposal says."""
    adopted = adopt(PLAN)
    make_due(archive, *records)
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    data = archive.read_part(archive.record(str(outcome.certificate)), "certificate.json")
    said: dict[str, Any] = json.loads(data)
    return said


def supplements(archive: Archive, actor: Actor = DISPOSER) -> list[dict[str, Any]]:
    made = supplement_all(archive, actor, utc_now())
    return [json.loads(archive.read_part(archive.record(one), "supplement.json")) for one in made]


@pytest.fixture
def compacting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store's files are written anew at once: `test_copies` sees that they really are."""
    settled = copies.Volumes.COMPACTED
    monkeypatch.setattr(copies, "_volumes", lambda *_: settled)


@pytest.mark.usefixtures("compacting")
def test_a_replica_without_a_version_is_certified_as_cleared(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica
) -> None:
    """F18, R37: looked at, and nothing there: the disposal is complete, and no supplement comes.

    What the replica has of other records is not counted.
    """
    gone, stays = deposited(1), deposited(2)
    replicate(archive, replica, stays)
    said = certified(archive, adopt, gone)
    assert said["complete"]
    assert said["copies"]["replicas"] == [
        {"name": "norr", "bucket": replica.bucket, "found": "cleared", "versions": 0}
    ]
    assert supplements(archive) == []


def test_the_doctor_says_which_replica_cannot_be_looked_at(
    settings: Settings, replica: Replica
) -> None:
    """R37: before a disposal is certified as incomplete for it."""
    away = replace(replica, name="syd", url="http://127.0.0.1:9")
    strange = replace(replica, name="öst", bucket="finns-inte")
    with Archive.open(replace(settings, replicas=(replica, away, strange))) as archive:
        found = list(examine_replicas(*archive.replicas()))
    assert [(one.code, one.place) for one in found] == [
        ("D025", "norr"),
        ("D026", "syd"),
        ("D026", "öst"),
    ]
    [refused] = examine_replicas(Replication.REFUSED, ())
    assert refused.code == "D027"


@pytest.mark.usefixtures("compacting")
def test_a_replica_that_has_versions_is_named_until_they_are_gone(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica
) -> None:
    """F18, R37: not complete; each run looks again; once gone, a supplement says so, once."""
    record = deposited(1)
    kept = replicate(archive, replica, record)
    said = certified(archive, adopt, record)
    [seen] = said["copies"]["replicas"]
    assert (said["complete"], seen["found"], seen["versions"]) == (False, "remains", len(kept))
    assert said["copies"]["left"] == ["replica norr"]
    assert supplements(archive) == []
    clear(archive, replica, kept[1:])
    assert supplements(archive) == []
    clear(archive, replica, kept[:1])
    [supplement] = supplements(archive)
    assert supplement["certificate"]["record_id"] == said["certificate"]
    assert (supplement["gone"], supplement["left"]) == (["replica norr"], [])
    assert supplements(archive) == []
    assert [one for _, found in archive.verify_all() for one in found] == []
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


@pytest.mark.usefixtures("compacting")
def test_a_replica_that_gives_no_answer_is_not_verified_and_is_asked_again(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica
) -> None:
    """F18: offline delays nothing, and is told; when it answers, and is empty, a supplement."""
    away = replace(replica, url=f"http://127.0.0.1:{free_port()}")
    with Archive.open(replace(archive._vault.settings, replicas=(away,))) as offline:
        said = certified(offline, adopt, deposited(1))
        assert (said["complete"], said["copies"]["replicas"][0]["found"]) == (False, "unreachable")
        assert supplements(offline) == []
    [supplement] = supplements(archive)
    assert supplement["copies"]["replicas"][0]["found"] == "cleared"


@pytest.mark.usefixtures("compacting")
@pytest.mark.parametrize("wrong", ["key", "bucket"])
def test_a_replica_that_may_not_be_read_is_not_verified(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica, wrong: str
) -> None:
    """R37: a wrong key, no such bucket: not empty, but unseen."""
    other = (
        replace(replica, credential=replace(replica.credential, secret="x" * 20))
        if wrong == "key"
        else replace(replica, bucket=replica.bucket + "x")
    )
    with Archive.open(replace(archive._vault.settings, replicas=(other,))) as shut:
        said = certified(shut, adopt, deposited(1))
    assert (said["complete"], said["copies"]["replicas"][0]["found"]) == (False, "refused")


@pytest.mark.usefixtures("compacting")
def test_a_replica_that_the_settings_forget_stays_named(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica
) -> None:
    """R37: taking the setting away verifies nothing."""
    record = deposited(1)
    replicate(archive, replica, record)
    certified(archive, adopt, record)
    with Archive.open(replace(archive._vault.settings, replicas=())) as forgetful:
        assert supplements(forgetful) == []
        assert len(forgetful.disposals.open_ended()) == 1


@pytest.mark.usefixtures("compacting")
def test_a_bucket_that_the_store_copies_to_unnamed_is_not_verified(
    archive: Archive, adopt: Adopt, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R37: replication is switched on, and no setting says how to look there."""
    monkeypatch.setattr(Bucket, "replication", lambda _: ("elsewhere",))
    said = certified(archive, adopt, deposited(1))
    assert said["copies"]["replication"] == "configured"
    assert (said["complete"], said["copies"]["left"]) == (False, ["replica elsewhere"])


@pytest.mark.usefixtures("compacting")
def test_replication_that_may_not_be_asked_about_is_not_verified(
    archive: Archive, adopt: Adopt, deposited: Deposit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R37: nobody knows, so it is not complete; once the reader may ask, a supplement."""

    def refused(_: Bucket) -> None:
        raise StoreRefused("no")

    with monkeypatch.context() as shut:
        shut.setattr(Bucket, "replication", refused)
        said = certified(archive, adopt, deposited(1))
    assert (said["complete"], said["copies"]["left"]) == (False, ["replication"])
    assert [one["gone"] for one in supplements(archive)] == [["replication"]]


@pytest.mark.usefixtures("compacting")
def test_backups_are_gone_when_their_last_day_is_over(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R40: until when is said; the day after, a supplement says that they are gone."""
    with Archive.open(replace(archive._vault.settings, backup_days=30)) as backed_up:
        said = certified(backed_up, adopt, deposited(1))
    assert (said["complete"], said["copies"]["left"]) == (False, ["backups"])
    now = utc_now()
    assert supplement_all(archive, DISPOSER, now + timedelta(days=30)) == []
    [supplement] = supplement_all(archive, DISPOSER, now + timedelta(days=31))
    assert archive.record(supplement).title.startswith("Tilläggsprotokoll 1")


@pytest.mark.usefixtures("compacting")
def test_a_supplement_that_was_cut_off_is_ended_by_the_next_run(
    archive: Archive,
    adopt: Adopt,
    deposited: Deposit,
    replica: Replica,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R43: journaled and never written: written by the next run, once, with the same id."""
    record = deposited(1)
    kept = replicate(archive, replica, record)
    certified(archive, adopt, record)
    clear(archive, replica, kept)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(supplementing, "deposit_evidence", die)
        with pytest.raises(Killed):
            supplements(archive)
    [entry] = [one for one in archive.journal() if one.act is Act.COPIES_GONE]
    [supplement] = supplements(archive)
    assert supplement["supplement"] == entry.detail["record_id"]
    assert supplements(archive) == []
    assert sum(one.act is Act.COPIES_GONE for one in archive.journal()) == 1


@pytest.mark.usefixtures("compacting")
def test_a_supplement_is_signed_and_shown_in_words(
    archive: Archive, adopt: Adopt, deposited: Deposit, replica: Replica, tmp_path: Path
) -> None:
    """R40: the script that verifies certificates verifies it; its page says what is gone."""
    record = deposited(1)
    kept = replicate(archive, replica, record)
    certified(archive, adopt, record)
    clear(archive, replica, kept)
    [made] = supplement_all(archive, DISPOSER, utc_now())
    stored = archive.manifest(archive.record(made)).objects
    for name in (one.key.rpartition("/")[2] for one in stored):
        (tmp_path / name).write_bytes(archive.read_part(archive.record(made), name))
    loader = SourceFileLoader("verify_certificate", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    script = module_from_spec(spec)
    loader.exec_module(script)
    assert list(script.faults(tmp_path, "supplement")) == []
    page = PdfReader(BytesIO((tmp_path / "supplement.pdf").read_bytes())).pages[0].extract_text()
    assert "I kopian norr finns ingen version av handlingarna kvar." in " ".join(page.split())


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """Stands in for a store that has replication, which SeaweedFS has not: one answer to all."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


RULES = """<ReplicationConfiguration><Role>r</Role>
<Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule>
<Rule><Status>Disabled</Status><Destination><Bucket>arn:aws:s3:::old</Bucket></Destination></Rule>
</ReplicationConfiguration>"""


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, RULES, ("copy",)),
        (404, "<Error><Code>ReplicationConfigurationNotFoundError</Code></Error>", ()),
        (501, "<Error><Code>NotImplemented</Code></Error>", None),
    ],
)
def test_the_store_is_asked_where_it_copies_the_bucket(
    replica: Replica, status: int, body: str, told: tuple[str, ...] | None
) -> None:
    """R37: every bucket of a rule that is switched on."""
    with answering(status, body) as url:
        bucket = Bucket(
            url=url,
            region="us-east-1",
            bucket="b",
            credential=replica.credential,
            identity=Identity.READER,
        )
        assert bucket.replication() == told


def test_the_real_store_answers_that_it_copies_nothing(settings: Settings) -> None:
    """SeaweedFS 4.48 knows the question, and no replication by bucket."""
    assert Bucket.from_settings(settings, Identity.READER).replication() == ()
