"""rebuild, dump, sweep, store: what an operator does."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from storage import sweep
from storage.objects import Bucket, Store
from storage.record import Record
from storage.settings import Identity, Settings
from tests.cast import CAST
from tests.catalogues import POSTGRES
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]


@pytest.mark.skipif(bool(POSTGRES), reason="removes SQLite's file")
def test_a_lost_catalogue_is_made_anew_from_the_bucket_alone(
    insyn: Insyn, deposited: Deposit, settings: Settings
) -> None:
    deposited()
    before = insyn("dump").out
    for file in Path(settings.catalogue_url.removeprefix("sqlite:///")).parent.glob("catalogue.*"):
        file.unlink()
    refused = insyn("find")
    assert refused.code == 3
    assert "insyn rebuild" in refused.err
    assert f"Journal entries: {len(CAST) + 2}" in insyn("rebuild").out
    assert insyn("dump").out == before


def test_a_catalogue_of_another_version_is_told_and_made_anew(
    insyn: Insyn, deposited: Deposit, settings: Settings
) -> None:
    """By each command, and with what to do; a rebuild takes away no record and no word."""
    deposited()
    before = insyn("dump").out
    engine = create_engine(settings.catalogue_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tombstones DROP COLUMN handover")
    engine.dispose()
    refused = insyn("find")
    assert refused.code == 3
    assert "lacks tombstones.handover. Run `insyn rebuild`" in " ".join(refused.err.split())
    assert insyn("rebuild").code == 0
    assert insyn("dump").out == before


def test_only_what_a_crash_left_is_swept(
    insyn: Insyn, deposited: Deposit, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposited()
    capture = Store.from_settings(settings, Identity.CAPTURE)
    key = "records/2026/torget/ki/01K00000000000000000000000/capture.wacz"
    capture.put(key, b"cut off", media_type="application/wacz", retain_until=None)
    assert "removed: 0" in insyn("sweep", "--dry-run").out
    monkeypatch.setattr(sweep, "ORPHAN_AGE", timedelta(seconds=-5))
    told = insyn("sweep", "--dry-run")
    assert key in told.out
    assert "would be removed: 1" in told.out
    assert "Orphans removed: 1" in insyn("sweep").out
    assert insyn("verify", record.record_id).code == 0
    assert "removed: 0" in insyn("sweep").out


def test_the_store_tells_how_it_stands(insyn: Insyn, settings: Settings) -> None:
    ran = insyn("store", "status")
    assert ran.code == 0
    assert "running" in ran.out
    assert str(settings.store_port + 3) in ran.out


def test_starting_a_store_that_runs_changes_nothing(insyn: Insyn) -> None:
    before = insyn("store", "status").out
    assert insyn("store", "start").code == 0
    assert insyn("store", "status").out.splitlines()[:4] == before.splitlines()[:4]


def test_a_bucket_that_expires_records_is_refused_at_start(
    insyn: Insyn, settings: Settings
) -> None:
    """R31."""
    Bucket.from_settings(settings, Identity.SETUP).set_lifecycle(
        [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}]
    )
    for words in (("store", "start"), ("store", "init")):
        ran = insyn(*words)
        assert ran.code == 3
        assert "lifecycle rule" in ran.err


def test_init_makes_the_bucket_with_locks(
    insyn: Insyn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    bucket = settings.bucket + "b"
    monkeypatch.setenv("INSYN_BUCKET", bucket)
    assert insyn("store", "init").code == 0
    made = Bucket.from_settings(replace(settings, bucket=bucket), Identity.SETUP)
    assert made.object_lock()
    assert made.versioning()


def test_a_store_that_was_never_started_says_what_to_do(no_store: Insyn) -> None:
    assert no_store("store", "status").code == 1
    assert "not running" in no_store("store", "stop").out
    for words in (("find",), ("journal",), ("verify", "--all"), ("rebuild",), ("dump",)):
        ran = no_store(*words)
        assert ran.code == 3, words
        assert "insyn store start" in ran.err


def test_another_store_is_not_ours_to_start(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSYN_S3_URL", "https://s3.example")
    assert no_store("store", "start").code == 3
    assert "https://s3.example" in no_store("store", "status").out
