"""`insyn import` on the real store: an export becomes one record, found by its text, kept whole."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import read_register
from capture.imports import judged
from capture.imports.keeping import REPORT_PART
from capture.post import posts_from_json
from examples.ports import free_ports
from storage.archive import Archive
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
from tests.desk.conftest import REGISTER, Insyn, insyn, run
from tests.storage.conftest import account, archive, describe, order, package, parts
from tests.storage.removal import warrant, withdraw

__all__ = ["account", "archive", "describe", "insyn", "order", "package", "parts", "run"]

ACTOR = service("post_capture")
Describe = Callable[[RecordId, Order], Description]
BY = ("--ordered-by", "Lånia Katalogsson")


@pytest.fixture
def mastodon(insyn: Insyn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Insyn:
    """The example's account `ki` is on Mastodon."""
    told = REGISTER.read_text("utf-8").replace('platform = "torget"', 'platform = "mastodon"')
    told = told.replace('"karolinskainstitutet"', '"ki@social.example"')
    register = tmp_path / "accounts.toml"
    register.write_text(told, "utf-8")
    monkeypatch.setenv("INSYN_REGISTER", str(register))
    return insyn


def test_an_export_is_one_record_found_by_its_text_with_the_file_as_it_was_given(
    mastodon: Insyn, settings: Settings, tmp_path: Path
) -> None:
    """R8, R10, R11, R12: whole as given, its posts as data, once."""
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
        given = archive.read_part(record, f"media/{digest}.gz")
        journal = str(archive.journal())
    assert given == path.read_bytes()
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


def test_nothing_is_kept_of_an_export_with_a_fault(mastodon: Insyn, tmp_path: Path) -> None:
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


def test_a_post_that_was_disposed_of_is_not_made_anew_by_an_export(  # noqa: PLR0917  # fixtures
    mastodon: Insyn,
    archive: Archive,
    package: Path,
    order: Order,
    describe: Describe,
    tmp_path: Path,
) -> None:  # fmt: skip
    """R44: while its record is here the export is taken; once it is gone each such post is told."""
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
    withdraw(archive, warrant(archive, record))
    assert [(one.code, one.place) for one in judged(path, ki, archive).faults] == [
        ("I018", "data/posts.json")
    ]
    ran = mastodon("import", str(path), "--account", "ki", *BY)
    assert (ran.code, "I018" in ran.err) == (3, True)
    assert [hit["record"]["status"] for hit in mastodon("find", "--json").json] == ["disposed"]
