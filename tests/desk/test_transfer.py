"""`insyn transfer` as an archivist runs it."""

import json
from collections.abc import Callable
from pathlib import Path

from storage.record import Record, today
from tests.desk.conftest import Insyn


def test_records_are_laid_out_and_their_receipt_is_noted(
    insyn: Insyn, deposited: Callable[..., Record], tmp_path: Path
) -> None:
    """R46: a receipt with another digest ends in an error that names the file."""
    record, folder = deposited(), tmp_path / "leverans"
    done = insyn("transfer", "prepare", record.record_id, "-o", str(folder))
    assert done.code == 0, done.err
    assert "Records: 1, files: 2" in done.out
    receipt = {
        "receipt_version": 1,
        "received_by": "E-arkivet",
        "reference": "2026-17",
        "received_on": today().isoformat(),
        "files": json.loads((folder / "delivery.json").read_bytes())["files"],
    }
    answer = tmp_path / "kvitto.json"
    answer.write_text(json.dumps(receipt))
    done = insyn("transfer", "receipt", str(answer), "--by", "Eva Ek")
    assert done.code == 0, done.err
    assert "Records transferred: 1." in done.out
    assert "Nothing was removed" in done.out
    entry = json.loads(insyn("journal", "--json").out.splitlines()[-1])
    assert (entry["act"], entry["detail"]["event"]) == ("declared", "transferred")
    answer.write_text(json.dumps(receipt).replace(receipt["files"][0]["sha256"], "0" * 64))
    done = insyn("transfer", "receipt", str(answer), "--by", "Eva Ek")
    assert done.code != 0
    assert receipt["files"][0]["path"] in done.err
    done = insyn("transfer", "receipt", str(tmp_path / "borta.json"), "--by", "Eva Ek")
    assert done.code != 0
    assert "borta.json is no file" in done.err
