"""find, show, get, verify, journal: what a records officer does all day."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from desk.printer import Printer
from desk.record_view import shows
from storage.archive import Archive
from storage.errors import Damaged
from storage.keys import PACKAGE
from storage.objects import Store
from storage.record import Record
from storage.settings import Identity, Settings
from tests.cast import CAST
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]


def test_a_record_is_found_by_a_word_inside_its_text(insyn: Insyn, deposited: Deposit) -> None:
    record = deposited()
    ran = insyn("find", "infrastruktur")
    assert ran.code == 0
    assert record.record_id[-8:] in ran.out
    assert "forskningsinfrastruktur" in ran.out
    assert "2026-11-23 10:20" in ran.out, "civil time in Sweden, not UTC"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--account", "ki"], 1),
        (["--account", "ki-biblioteket"], 0),
        (["--reason", "half_year", "--type", "profile_capture", "--status", "active"], 1),
        (["--since", "2026-11-23", "--until", "2026-11-23"], 1),
        (["--until", "2026-11-22"], 0),
        (["--since", "2026-11-24"], 0),
        (["--held"], 0),
        (["--not-held"], 1),
        (["nonsens"], 0),
    ],
)
def test_what_is_looked_for_narrows_what_is_found(
    insyn: Insyn, deposited: Deposit, words: list[str], found: int
) -> None:
    deposited()
    assert len(insyn("find", *words, "--json").json) == found


WHOLE = {"posts_seen": 20, "posts_painted": 20, "stopped_by": "end", "comments_announced": 0}


@pytest.mark.parametrize(
    ("completeness", "told"),
    [
        (WHOLE, "20 of 20 posts"),
        ({**WHOLE, "posts_painted": 18, "stopped_by": "wall"}, "18 of 20 posts, ended at a demand"),
        ({"comments_shown": 21, "comments_announced": 37}, "21 of 37 comments"),
        ({"posts_seen": 0, "posts_painted": 0, "stopped_by": "time"}, "ended when time was up"),
        ({}, ""),
    ],
)
def test_what_is_found_tells_how_whole_it_is(completeness: dict[str, JsonValue], told: str) -> None:
    said = shows(Printer("en"), completeness)
    assert said.startswith(told)
    assert bool(said) is bool(told)


def test_how_whole_a_record_is_stands_in_the_list_unless_it_cannot_be_read(
    insyn: Insyn, deposited: Deposit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposited()
    manifest = archive.manifest(record)
    said = replace(manifest.description, completeness={"posts_seen": 9, "posts_painted": 7})
    told = replace(manifest, description=said)
    monkeypatch.setattr(Archive, "manifest", lambda *_: told)
    assert "7 of" in insyn("find").out

    def damaged(*_: object) -> None:
        raise Damaged("no manifest")

    monkeypatch.setattr(Archive, "manifest", damaged)
    assert record.record_id[-8:] in insyn("find").out


def test_finding_tells_how_many_more_there_are(insyn: Insyn, deposited: Deposit) -> None:
    deposited(1)
    deposited(2)
    ran = insyn("find", "--limit", "1")
    assert "1 of 2" in ran.out


def test_a_record_is_shown_with_every_part_and_its_digest(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    record = deposited()
    manifest = archive.manifest(record)
    ran = insyn("show", record.record_id[-8:])
    assert ran.code == 0
    for part in manifest.parts:
        assert part.name in ran.out
        assert part.sha256 in ran.out
    for stored in manifest.objects:
        assert stored.key in ran.out
        assert stored.version_id in ran.out
    assert "schedule" in ran.out, "who ordered it"


def test_a_record_is_shown_to_machines_too(insyn: Insyn, deposited: Deposit) -> None:
    record = deposited()
    told = insyn("show", record.record_id, "--json").json
    assert told["record"]["record_id"] == record.record_id
    assert told["record"]["captured_at"] == "2026-11-23T09:20:17Z"
    assert told["manifest"]["description"]["account"]["id"] == "ki"
    assert told["holds"] == []


def test_a_record_that_is_not_there_is_told_without_a_traceback(insyn: Insyn) -> None:
    ran = insyn("show", "NOSUCH")
    assert ran.code == 3
    assert "no record" in ran.err
    assert "Traceback" not in ran.err


def test_a_part_is_copied_out_and_never_over_another_file(
    insyn: Insyn, deposited: Deposit, tmp_path: Path
) -> None:
    record = deposited()
    target = tmp_path / "text.txt"
    assert insyn("get", record.record_id, "text/visible.txt", "-o", str(target)).code == 0
    assert target.read_text("utf-8") == "Satsning på forskningsinfrastruktur"
    target.write_text("mine")
    again = insyn("get", record.record_id, "text/visible.txt", "-o", str(target))
    assert again.code == 3
    assert "--force" in again.err
    assert target.read_text() == "mine"
    assert (
        insyn("get", record.record_id, "text/visible.txt", "-o", str(target), "--force").code == 0
    )
    assert target.read_text("utf-8").startswith("Satsning")


def test_a_place_that_cannot_be_written_is_told(
    insyn: Insyn, deposited: Deposit, tmp_path: Path
) -> None:
    record = deposited()
    nowhere = insyn("get", record.record_id, "-o", str(tmp_path / "none" / "x.wacz"))
    assert nowhere.code == 3
    assert "no folder" in nowhere.err
    (tmp_path / "folder" / "x").mkdir(parents=True)
    (tmp_path / "folder" / f"{record.record_id}.wacz").mkdir()
    taken = insyn("get", record.record_id, "-o", str(tmp_path / "folder"), "--force")
    assert taken.code == 3
    assert "cannot be written" in taken.err
    assert not list((tmp_path / "folder").glob(".*"))


def test_a_package_is_copied_out_whole(
    insyn: Insyn, deposited: Deposit, package: Path, tmp_path: Path
) -> None:
    record = deposited()
    folder = tmp_path / "out"
    folder.mkdir()
    assert insyn("get", record.record_id, "-o", str(folder)).code == 0
    assert (folder / f"{record.record_id}.wacz").read_bytes() == package.read_bytes()
    assert [file.name for file in folder.iterdir()] == [f"{record.record_id}.wacz"]


def test_a_package_that_came_over_changed_is_never_left(
    insyn: Insyn, deposited: Deposit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposited()
    monkeypatch.setattr(Store, "download", lambda *given: given[3].write_bytes(b"other"))
    ran = insyn("get", record.record_id, "-o", str(tmp_path / "x.wacz"))
    assert ran.code == 3
    assert "was changed" in ran.err
    assert not (tmp_path / "x.wacz").exists()


def test_a_part_that_is_not_there_leaves_no_file(
    insyn: Insyn, deposited: Deposit, tmp_path: Path
) -> None:
    record = deposited()
    folder = tmp_path / "out"
    folder.mkdir()
    ran = insyn("get", record.record_id, "pictures/none.png", "-o", str(folder))
    assert ran.code == 3
    assert "text/visible.txt" in ran.err, "the parts that there are"
    assert list(folder.iterdir()) == []


def test_verify_tells_that_all_is_well(insyn: Insyn, deposited: Deposit) -> None:
    record = deposited()
    assert insyn("verify", record.record_id).code == 0
    ran = insyn("verify", "--all")
    assert ran.code == 0
    assert "No faults" in ran.out


def test_verify_ends_in_one_when_an_object_is_gone(
    insyn: Insyn, deposited: Deposit, archive: Archive, settings: Settings
) -> None:
    record = deposited()
    stored = archive.package_of(record)
    store = Store.from_settings(settings, Identity.DISPOSER)
    store.delete_version(stored.key, stored.version_id, bypass_governance=True)
    ran = insyn("verify", "--all")
    assert ran.code == 1
    assert "V004" in ran.out
    assert PACKAGE in ran.out


def test_verify_wants_to_know_what(insyn: Insyn) -> None:
    assert insyn("verify").code == 2
    assert insyn("verify", "X", "--all").code == 2


def test_the_journal_is_told_in_its_order(insyn: Insyn, deposited: Deposit) -> None:
    record = deposited()
    ran = insyn("journal")
    assert ran.out.index("ordered") < ran.out.index("deposited")
    lines = insyn("journal", "--json").out.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(CAST) + 3))
    about = insyn("journal", "--subject", record.record_id, "--json").out.splitlines()
    assert [json.loads(line)["act"] for line in about] == ["deposited"]
    assert insyn("journal", "--after", str(len(CAST) + 2), "--json").out == ""
