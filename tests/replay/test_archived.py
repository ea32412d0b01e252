"""From the order to the player: what the archive gives back is what a reader sees."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import read_register
from capture.session import Captured, capture_profile
from examples.platform.server import Platform
from storage.archive import Archive
from storage.people import service
from storage.record import Order, OrderId, Reason, utc_now
from storage.settings import Settings
from tests.replay.test_replay import read_down, shown

REGISTER = Path(__file__).parents[2] / "examples" / "karolinska" / "accounts.toml"


@pytest.mark.slow
def test_a_record_from_the_archive_replays_when_the_platform_is_gone(
    settings: Settings, tmp_path: Path
) -> None:
    """C27: ordered, captured, deposited, fetched; then read with the platform stopped."""
    [registered] = [a for a in read_register(REGISTER).accounts if a.id == "ki-forskning"]
    wacz = tmp_path / "capture.wacz"
    with Archive.open(settings) as archive:
        with Platform() as platform:
            account = replace(registered, url=f"{platform.url}/@{registered.handle}")
            order = Order(
                order_id=OrderId("replay"),
                account=account.id,
                reason=Reason.HALF_YEAR,
                ordered_by="test",
                note="",
                ordered_at=utc_now(),
            )
            outcome = capture_profile(
                order, account, settings=settings, archive=archive, actor=service("test")
            )
        assert isinstance(outcome, Captured)
        record = outcome.record
        said = archive.manifest(record).description
        posts = json.loads(archive.read_part(record, "data/posts.json"))["posts"]
        archive.download(record, wacz)
    with shown(wacz, said.final_url, record.captured_at) as seen:
        read_down(seen.page)
        assert str(said.facts["name"]) in seen.text
        assert str(said.facts["bio"]).split("\n", maxsplit=1)[0] in seen.text
        assert seen.page.locator("article").count() == len(posts) > 0
        assert len(seen.images) > len(posts) // 2
        assert 0 not in seen.images.values(), seen.images
        assert seen.elsewhere == []
