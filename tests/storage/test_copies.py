"""What a disposal leaves on the disk of the embedded store, and what is said of it."""

import subprocess
from collections.abc import Callable

import pytest

from storage import copies
from storage.archive import Archive
from storage.copies import Copies, Volumes
from storage.journal import Act
from storage.record import Record, today
from storage.settings import Settings
from tests.storage.proposed import DISPOSER, approved, carry_out, quick

Deposit = Callable[..., Record]


def verified(archive: Archive, *records: Record) -> Copies:
    """What was seen of copies when the disposal of these was verified."""
    proposal_id = approved(archive, *records)
    carry_out(archive, proposal_id)
    archive.disposals.verify(proposal_id, DISPOSER)
    entries = archive.journal(subject=proposal_id)
    [entry] = [one for one in entries if one.act is Act.DISPOSAL_VERIFIED]
    assert set(entry.detail) == {"copies", "done", "left"}
    return Copies.from_json(entry.detail["copies"])


@pytest.mark.slow
def test_a_disposal_ends_with_its_bytes_off_the_disk(
    settings: Settings, deposited: Deposit
) -> None:
    """R37: what was removed lies in no file of the store any more, and only then is it said."""
    with Archive.open(quick(settings, compact=True)) as archive:
        deposited(1)
        record = deposited(2)
        sample = archive._vault.reader.get(record.manifest_key)
        assert on_disk(settings, sample)
        assert verified(archive, record).volumes is Volumes.COMPACTED
        assert not on_disk(settings, sample)


def on_disk(settings: Settings, sample: bytes) -> bool:
    """Whether one of the bucket's volumes holds these bytes."""
    volumes = (settings.home / "store").glob(f"{settings.bucket}_*.dat")
    return any(sample in one.read_bytes() for one in volumes)


@pytest.mark.parametrize("how", ["not wanted", "no rest", "no answer", "no program"])
def test_files_that_were_not_written_anew_are_said_to_be_left(
    settings: Settings, deposited: Deposit, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """R37, R40: switched off, or tried in vain: never called compacted, and no hindrance."""

    def compact(_: Settings) -> bool:
        if how == "no answer":
            raise subprocess.TimeoutExpired("weed", 60)
        if how == "no program":
            raise FileNotFoundError("weed")
        return False

    monkeypatch.setattr(copies, "compact", compact)
    with Archive.open(quick(settings, compact=how != "not wanted")) as archive:
        deposited(1)
        seen = verified(archive, deposited(2))
    assert seen.volumes is Volumes.LEFT
    assert seen.outstanding(today()) == ["volumes"]
