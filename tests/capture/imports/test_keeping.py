"""`insyn import` on the real store: an export becomes one record, all of it or nothing."""

import json
import resource
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts import read_register
from accounts.model import Account, PlatformId
from capture.errors import DiskFull
from capture.imports import Handed, import_export, judged, read_export
from capture.imports.errors import ExportFaults
from capture.imports.keeping import REPORT_PART
from capture.post import posts_from_json
from examples.ports import free_ports
from storage.archive import Archive
from storage.handover import Handover
from storage.journal import Act
from storage.people import service
from storage.record import (
    OWN_POST,
    AccountRef,
    Description,
    Order,
    OrderId,
    RecordId,
    file_sha256,
)
from storage.settings import Settings
from tests.capture.imports import samples
from tests.capture.imports.broken import broken
from tests.desk.conftest import REGISTER, Insyn, insyn, run
from tests.storage.conftest import account, archive, describe, order, package, parts
from tests.storage.removal import warrant, withdraw

__all__ = ["account", "archive", "describe", "insyn", "order", "package", "parts", "run"]

ACTOR = service("post_capture")
Describe = Callable[[RecordId, Order], Description]
BY = ("--ordered-by", "Lånia Katalogsson")
HANDOVER = Handover(
    received_by="E-arkivet",
    reference="2026-17",
    received_on=date(2026, 1, 2),
    receipt=RecordId("01R"),
    receipt_sha256="0" * 64,
    manifest_sha256="0" * 64,
)


@pytest.fixture
def ki() -> Account:
    """The example's account of the whole university."""
    return read_register(REGISTER).account("ki")


@pytest.fixture
def mastodon(insyn: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Insyn:
    """The example's account `ki` is on Mastodon."""
    told = REGISTER.read_text("utf-8").replace('platform = "torget"', 'platform = "mastodon"')
    told = told.replace('"karolinskainstitutet"', '"ki@social.example"')
    register = tmp_path / "accounts.toml"
    register.write_text(told, "utf-8")
    monkeypatch.setenv("INSYN_REGISTER", str(register))
    return insyn


def test_an_export_is_one_record_found_by_its_text_with_all_that_is_public(
    mastodon: Insyn, settings: Settings, tmp_path: Path
) -> None:
    """R8, R10, R11, R12, R13: its public members, its posts as data, once."""
    path = samples.tarred(tmp_path / "archive.tar.gz", samples.mastodon())
    words = ("import", str(path), "--account", "ki", *BY, "--fetched-on", "2026-11-22")
    dry = mastodon(*words, "--dry-run", "--json")
    assert dry.json["posts_found"] == 3
    assert not mastodon("find", "--json").json
    ran = mastodon(*words)
    assert ran.code == 0, ran.err
    again = mastodon(*words, "--json").json
    assert not again["anew"]
    (hit,) = mastodon("find", "studie", "sömn", "--json").json
    assert hit["record"]["record_id"] == again["record"]
    assert again["record"] in ran.out
    with Archive.open(settings) as archive:
        record = archive.record(again["record"])
        assert not [one for one in archive.verify(record) if one.severity == "fault"]
        said = archive.manifest(record).description
        posts = posts_from_json(archive.read_part(record, "data/posts.json"))
        report = json.loads(archive.read_part(record, REPORT_PART))
        digest = file_sha256(path)
        kept = archive.read_part(record, f"media/{report['kept']['sha256']}.zip")
        journal = str(archive.journal())
    assert samples.SECRET.encode() not in kept
    assert report["given"] == {"sha256": digest, "bytes": path.stat().st_size}
    assert [one["what"] for one in report["left_out"]] == ["history", "not_public"]
    (tmp_path / "kept.zip").write_bytes(kept)
    assert read_export(tmp_path / "kept.zip").posts == posts
    assert [post.id for post in posts] == ["101", "102", "104"]
    assert {key: said.facts[key] for key in ("export_sha256", "export_name", "fetched_on")} == {
        "export_sha256": digest,
        "export_name": "archive.tar.gz",
        "fetched_on": "2026-11-22",
    }
    assert said.facts["handed_over_by"] == "Lånia Katalogsson"
    assert said.facts["newest_post_at"] == "2026-11-22T09:00:00+00:00"
    assert said.completeness["entries_left_out"] == report["entries_left_out"] == 1
    assert "sömn" not in journal
    assert "annan.example" not in journal


def test_an_export_with_nothing_private_is_kept_as_it_was_given(
    mastodon: Insyn, settings: Settings, tmp_path: Path
) -> None:
    """R12: not a byte is changed that need not be."""
    files = samples.mastodon()
    box = json.loads(files["outbox.json"])
    box["orderedItems"] = [one for one in box["orderedItems"] if "as:Public" in str(one["to"])
                           or "activitystreams#Public" in str(one["to"])]  # fmt: skip
    files = {"outbox.json": samples.as_json(box), "actor.json": files["actor.json"]}
    path = samples.tarred(tmp_path / "archive.tar.gz", files)
    ran = mastodon("import", str(path), "--account", "ki", *BY, "--json")
    with Archive.open(settings) as archive:
        record = archive.record(ran.json["record"])
        digest = file_sha256(path)
        assert archive.read_part(record, f"media/{digest}.gz") == path.read_bytes()
    assert ran.json["kept"]["sha256"] == digest
    assert not ran.json["left_out"]


@pytest.mark.parametrize("kind", samples.ALL)
def test_a_broken_export_of_whatever_platform_leaves_nothing_at_all(  # noqa: PLR0917  # fixtures
    kind: str,
    archive: Archive,
    settings: Settings,
    tmp_path: Path,
    ki: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R12: no record, no object, no entry in the journal, no file on the disk."""
    account = replace(ki, platform=PlatformId(kind), handle="ki")
    place, room, temporary = tmp_path / "given", settings.home / "work", tmp_path / "temporary"
    place.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    journal, objects = archive.journal(), list(archive._vault.reader.versions(""))
    for name, (make, code) in broken(kind):
        handed = Handed(path=place / "e.zip", by="Lånia Katalogsson", fetched_on=None, note="")
        make(handed.path)
        before = {one.name: one.stat().st_size for one in place.iterdir()}
        with pytest.raises(ExportFaults) as told:
            import_export(handed, account, settings=settings, archive=archive, actor=ACTOR)
        assert code in {one.code for one in told.value.findings}, name
        assert archive.records() == [], name
        assert archive.journal() == journal, name
        assert list(archive._vault.reader.versions("")) == objects, name
        assert not room.exists() or not list(room.iterdir()), name
        assert {one.name: one.stat().st_size for one in place.iterdir()} == before, name
        assert not list(temporary.iterdir()), name
        handed.path.unlink(missing_ok=True)


@pytest.mark.parametrize("kind", samples.ALL)
def test_every_platforms_export_is_one_record_however_often_it_is_imported(
    kind: str, archive: Archive, settings: Settings, tmp_path: Path, ki: Account
) -> None:
    """R12, R13: what is kept has nothing private in it, and verifies."""
    account = replace(ki, platform=PlatformId(kind), handle="ki")
    path = samples.zipped(tmp_path / "e.zip", samples.with_private(kind))
    handed = Handed(path=path, by="Lånia Katalogsson", fetched_on=None, note="")
    how: dict[str, Any] = {"settings": settings, "archive": archive, "actor": ACTOR}
    _, first = import_export(handed, account, **how)
    path = path.replace(tmp_path / "of another name.zip")
    _, again = import_export(replace(handed, path=path), account, **how)
    assert (first.anew, again.anew) == (True, False)
    assert again.record == first.record
    assert [one.record_id for one in archive.records()] == [first.record.record_id]
    assert not [one for one in archive.verify(first.record) if one.severity == "fault"]
    for version in archive._vault.reader.versions("records/"):
        data = archive._vault.reader.get(version.key, version.version_id)
        assert samples.SECRET.encode() not in data, version.key
        assert b"bodilbesokare" not in data, version.key


def test_an_import_that_the_disk_had_no_room_for_is_whole_the_next_time(
    archive: Archive, settings: Settings, tmp_path: Path, ki: Account
) -> None:
    """R12, R43: nothing but the order is left, and the same order is carried out then."""
    account = replace(ki, platform=PlatformId("x"), handle="ki")
    files = samples.with_private("x")
    files["data/tweets_media/1990000000000000001-G1.jpg"] = bytes(range(256)) * 1200
    path = samples.zipped(tmp_path / "e.zip", files)
    handed = Handed(path=path, by="Lånia Katalogsson", fetched_on=None, note="")
    how: dict[str, Any] = {"settings": settings, "archive": archive, "actor": ACTOR}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    objects = list(archive._vault.reader.versions("records/"))
    before = len(archive.journal())
    resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, hard))
    try:
        with pytest.raises(DiskFull):
            import_export(handed, account, **how)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [one.act for one in archive.journal()[before:]] == [Act.ORDERED]
    assert archive.records() == []
    assert list(archive._vault.reader.versions("records/")) == objects
    assert not list((settings.home / "work").iterdir())
    _, done = import_export(handed, account, **how)
    assert done.anew
    assert len(archive.journal()) == before + 2


def test_all_faults_of_an_export_are_told_and_nothing_is_kept(
    mastodon: Insyn, tmp_path: Path
) -> None:
    """R12: all faults at once, and no record, order or work file."""
    files = {**samples.mastodon(), "../x.json": b"", "OUTBOX.json": b""}
    ran = mastodon("import", str(samples.zipped(tmp_path / "e.zip", files)), "--account", "ki", *BY)
    assert ran.code == 3
    assert "I006" in ran.err
    assert "I008" in ran.err
    assert not mastodon("find", "--json").json
    assert "import/" not in mastodon("journal", "--json").out


@pytest.mark.parametrize(("kind", "code"), [("x", "I014"), ("mastodon", "I015")])
def test_an_export_of_another_account_is_refused(
    mastodon: Insyn, tmp_path: Path, kind: str, code: str
) -> None:
    """R13."""
    files = samples.ALL[kind]()
    if kind == "mastodon":
        files["actor.json"] = b'{"preferredUsername": "annan"}'
    path = samples.zipped(tmp_path / "e.zip", files)
    ran = mastodon("import", str(path), "--account", "ki", *BY, "--dry-run")
    assert ran.code == 1
    assert code in ran.out


def test_a_dry_run_needs_no_archive(
    mastodon: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing answers at the store's place: the export is told of all the same, and what is not."""
    monkeypatch.setenv("INSYN_STORE_PORT", str(free_ports()))
    path = samples.zipped(tmp_path / "e.zip", samples.mastodon())
    words = ("import", str(path), "--account", "ki", *BY)
    dry = mastodon(*words, "--dry-run", "--json")
    assert dry.code == 0, dry.err
    assert dry.json["posts_found"] == 3
    assert "I105" in {one["code"] for one in dry.json["findings"]}
    assert mastodon(*words).code != 0, "without --dry-run it would be kept, and cannot be"


@pytest.mark.parametrize("handover", [None, HANDOVER], ids=["disposed", "transferred"])
def test_a_post_that_was_disposed_of_is_not_made_anew_by_an_export(  # noqa: PLR0917  # fixtures
    handover: Handover | None,
    mastodon: Insyn,
    archive: Archive,
    package: Path,
    order: Order,
    describe: Describe,
    tmp_path: Path,
) -> None:  # fmt: skip
    """R44: while its record is here the export is taken; once it is gone each such post is told.

    What an e-archive keeps was not disposed of (R46): the export may have it.
    """
    path = samples.zipped(tmp_path / "e.zip", samples.mastodon())
    [ki] = [one for one in read_register(tmp_path / "accounts.toml").accounts if one.id == "ki"]
    mine = replace(order, account=ki.id, order_id=OrderId(f"post/{ki.id}/mastodon:101"))
    accepted = archive.accept(mine, AccountRef.of(ki), ACTOR)
    said = replace(
        describe(accepted.record_id, accepted.order),
        account=AccountRef.of(ki),
        record_type=OWN_POST,
        facts={"post_id": "101", "content_sha256": "0" * 64},
    )
    record = archive.deposit(said, package, ACTOR)
    assert not judged(path, ki, archive).faults
    withdraw(archive, warrant(archive, record, handover=handover))
    faults = [(one.code, one.place) for one in judged(path, ki, archive).faults]
    if handover:
        assert faults == []
        return
    assert faults == [("I018", "data/posts.json")]
    ran = mastodon("import", str(path), "--account", "ki", *BY)
    assert (ran.code, "I018" in ran.err) == (3, True)
    assert [hit["record"]["status"] for hit in mastodon("find", "--json").json] == ["disposed"]
