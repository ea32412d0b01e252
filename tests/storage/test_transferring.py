"""Records delivered to an e-archive, and the receipt that proves it (RULES R46)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examples.kill_at import KillAt
from storage.archive import Archive
from storage.errors import Damaged, Malformed, NotAllowed
from storage.journal import Act
from storage.people import person, service
from storage.record import Record, Status, file_sha256, today
from storage.settings import Settings
from storage.standing import Trigger
from tests.storage.test_fixity import in_catalogue, put

Deposit = Callable[..., Record]
OLGA = person("Olga Owner")


def receipt(folder: Path, **changes: Any) -> dict[str, Any]:
    """What an e-archive that reckons its own digests says of what it has."""
    paths = [path.relative_to(folder) for path in sorted(folder.glob("*/*"))]
    files = [
        {"record_id": path.parts[0], "path": path.as_posix(), "sha256": file_sha256(folder / path)}
        for path in paths
    ]
    said = {
        "receipt_version": 1,
        "received_by": "E-arkivet",
        "reference": "2026-17",
        "received_on": today().isoformat(),
        "files": files,
    }
    return said | changes


def test_a_receipt_with_every_digest_brings_the_transfer_about_and_removes_nothing(
    archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """R46: each file is laid out as it was deposited; noted once, the receipt's digest with it."""
    records = [deposited(1), deposited(2)]
    laid = archive.deliver(records, tmp_path / "leverans")
    listed = json.loads((laid.folder / "delivery.json").read_bytes())["files"]
    assert listed == receipt(laid.folder)["files"]
    assert len(listed) == 4
    assert file_sha256(laid.folder / records[0].record_id / "capture.wacz") == (
        archive.package_of(records[0]).sha256
    )
    data = json.dumps(receipt(laid.folder)).encode()
    noted = archive.accept_receipt(data, OLGA)
    assert set(noted.records) == {record.record_id for record in records}
    kept = archive.record(noted.receipt)
    assert kept.is_evidence
    assert archive.read_part(kept, "receipt.json") == data
    assert archive.verify(kept) == ()
    for record in records:
        event = archive.standing(record, {}).events[Trigger.TRANSFERRED]
        assert (event.on, event.reason, event.by) == (
            today(),
            "E-arkivet, 2026-17",
            "person:Olga Owner",
        )
        assert archive.record(record.record_id).status is Status.ACTIVE
        assert archive.verify(record) == ()
    entries = len(archive.journal())
    assert archive.accept_receipt(data, OLGA) == noted
    assert len(archive.journal()) == entries
    assert archive.journal()[-1].act is Act.DECLARED
    dumped = list(archive.dump())
    archive.rebuild(lambda *_: None)
    assert list(archive.dump()) == dumped


def test_a_receipt_that_differs_anywhere_notes_nothing(
    archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """R46: all its faults are told at once, and what it has rightly is not noted either."""
    first, second = deposited(1), deposited(2)
    folder = archive.deliver([first, second], tmp_path / "leverans").folder
    said = receipt(folder)
    wrong = [dict(file) for file in said["files"]]
    of_second = [file for file in wrong if file["record_id"] == second.record_id]
    of_second[0]["sha256"] = "0" * 64
    wrong.remove(of_second[1])
    wrong.append({"record_id": "01UNKNOWN", "path": "01UNKNOWN/x", "sha256": "1" * 64})
    wrong.append({"record_id": second.record_id, "path": "x/y", "sha256": "1" * 64})
    entries = len(archive.journal())
    with pytest.raises(Malformed) as told:
        archive.accept_receipt(json.dumps(said | {"files": wrong}).encode(), OLGA)
    text = str(told.value)
    assert "received with another digest (000000000000…)" in text
    assert f"{of_second[1]['path']} is not in the receipt" in text
    assert "there is no such record" in text
    assert "x/y is no file of the record" in text
    ahead = json.dumps(receipt(folder, received_on="2999-01-01")).encode()
    with pytest.raises(Malformed, match="lies ahead"):
        archive.accept_receipt(ahead, OLGA)
    for broken in (b"", b"[]", b"{}", json.dumps(said | {"files": []}).encode()):
        with pytest.raises(Malformed, match="no receipt"):
            archive.accept_receipt(broken, OLGA)
    with pytest.raises(NotAllowed):
        archive.accept_receipt(json.dumps(said).encode(), service("retention"))
    assert len(archive.journal()) == entries


def test_a_receipt_is_held_against_the_manifest_that_the_journal_names(
    settings: Settings, archive: Archive, deposited: Deposit, tmp_path: Path
) -> None:
    """R46: another manifest, and a receipt that agrees with it, prove nothing."""
    record = deposited()
    said = receipt(archive.deliver([record], tmp_path / "leverans").folder)
    data = archive._vault.reader.get(record.manifest_key)
    other = put(settings, record.manifest_key, data.replace(b"Karolinska", b"Carolinska"))
    in_catalogue(settings, f"UPDATE records SET manifest_version = '{other.version_id}'")
    with pytest.raises(Damaged, match="was changed"):
        archive.accept_receipt(json.dumps(said).encode(), OLGA)


def test_a_delivery_is_whole_or_not_there(
    archive: Archive, deposited: Deposit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposited()
    (tmp_path / "gammal").mkdir()
    with pytest.raises(Malformed, match="is there already"):
        archive.deliver([record], tmp_path / "gammal")
    monkeypatch.setattr("storage.vault.file_sha256", lambda _: "0" * 64)
    with pytest.raises(Damaged, match="was changed"):
        archive.deliver([record], tmp_path / "ny")
    assert [path.name for path in tmp_path.iterdir() if "ny" in path.name] == []


@pytest.mark.parametrize(
    ("point", "times"),
    [("transfer: receipt ordered", 1), ("evidence: file stored", 2), ("evidence: stored", 1)],
)
def test_a_receipt_that_was_cut_off_is_ended_by_the_next_try(
    archive: Archive, deposited: Deposit, tmp_path: Path, point: str, times: int
) -> None:
    """R46: kept once and noted once, wherever the first try stopped."""

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    folder = archive.deliver([deposited(1), deposited(2)], tmp_path / "leverans").folder
    data = json.dumps(receipt(folder)).encode()
    dying = KillAt(point, times, die)
    dying.listen()
    try:
        with pytest.raises(Killed):
            archive.accept_receipt(data, OLGA)
    finally:
        dying.stop()
    assert not any(entry.act is Act.DECLARED for entry in archive.journal())
    noted = archive.accept_receipt(data, OLGA)
    assert archive.accept_receipt(data, OLGA) == noted
    assert sum(record.is_evidence for record in archive.records()) == 1
    assert sum(entry.act is Act.DECLARED for entry in archive.journal()) == 2
