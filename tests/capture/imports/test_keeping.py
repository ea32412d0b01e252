"""`insyn import` on the real store: an export becomes one record, found by its text, kept whole."""

import json
from pathlib import Path

import pytest

from capture.imports.keeping import REPORT_PART
from capture.post import posts_from_json
from storage.archive import Archive
from storage.record import file_sha256
from storage.settings import Settings
from tests.capture.imports import samples
from tests.desk.conftest import REGISTER, Insyn, insyn, run

__all__ = ["insyn", "run"]

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
