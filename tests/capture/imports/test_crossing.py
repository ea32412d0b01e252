"""An export beside the archive: what each has of an account's posts and the other lacks."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts import read_register
from accounts.model import Account, PlatformId
from capture.imports import Handed, Understood, import_export, judged
from capture.imports.keeping import REPORT_PART
from capture.imports.telling import report
from capture.post import Moment, Precision, TimeSource, posts_to_json
from capture.untrusted import own_post
from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import person, service
from storage.record import (
    OWN_POST,
    AccountRef,
    Description,
    Order,
    OrderId,
    Record,
    RecordId,
)
from storage.restricting import Restriction
from storage.settings import Settings
from tests.capture.imports import samples
from tests.capture.legs.answering import Pages, serving
from tests.desk.conftest import REGISTER, Insyn, insyn, run
from tests.storage.conftest import account, archive, describe, order, package, parts
from tests.storage.removal import warrant, withdraw

__all__ = ["account", "archive", "describe", "insyn", "order", "package", "parts", "run"]

ACTOR = service("post_capture")
SECRET = Restriction(provision="OSL 21:1", reason="Uppgift om hälsa", number="KI 1-7/26")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""Lies between the first and the last post of the samples of Mastodon and X."""
Capture = Callable[..., Record]
Cross = Callable[[str, samples.Files], Understood]


def _account(platform: str) -> Account:
    ki = read_register(REGISTER).account("ki")
    return replace(ki, platform=PlatformId(platform), handle="ki")


@pytest.fixture
def capture(
    archive: Archive,
    order: Order,
    parts: Path,
    describe: Callable[[RecordId, Order], Description],
    tmp_path: Path,
) -> Capture:
    """Makes the record of a captured post, as a visit to its page would."""

    def captured(  # noqa: PLR0917  # what of a post tells
        platform: str,
        post_id: str,
        at: datetime | None,
        text: str = "Text",
        url: str = "",
        precision: Precision = Precision.SECOND,
    ) -> Record:
        said = Moment(at=at, source=TimeSource.SHOWN, precision=precision if at else None, shown="")
        post = own_post(
            post_id=post_id, platform=platform, account="ki", name=None, text=text, published=said,
            comments=(),
        )  # fmt: skip
        account, page = AccountRef.of(_account(platform)), Page(url=url, title="", at=NOON)
        folder = shutil.copytree(parts, tmp_path / "posts" / post_id)
        (folder / "data" / "posts.json").write_bytes(posts_to_json((post,)))
        package = tmp_path / f"{post_id}.wacz"
        write_package(folder, package, page=page, software="insyn test")
        mine = replace(order, account=account.id, order_id=OrderId(f"post/ki/{platform}:{post_id}"))
        accepted = archive.accept(mine, account, ACTOR)
        facts = {"post_id": post_id, "content_sha256": "0" * 64}
        description = replace(
            describe(accepted.record_id, accepted.order),
            account=account,
            record_type=OWN_POST,
            requested_url=url,
            final_url=url,
            facts=facts | ({"published_at": at.isoformat()} if at else {}),
        )
        return archive.deposit(description, package, ACTOR)

    return captured


@pytest.fixture
def crossed(archive: Archive, tmp_path: Path) -> Cross:
    """An export of a platform, looked at beside the archive."""

    def looked(kind: str, files: samples.Files) -> Understood:
        return judged(samples.zipped(tmp_path / "e.zip", files), _account(kind), archive)

    return looked


def _told(read: Understood) -> dict[str, str]:
    assert read.crossed
    return {one.code: one.en for one in read.crossed.findings}


def test_what_the_archive_has_and_lacks_of_an_export_is_told_by_id(
    capture: Capture, crossed: Cross
) -> None:
    """Shares of others' posts are no posts of the account and are left aside."""
    record = capture("mastodon", "101", NOON)
    read = crossed("mastodon", samples.mastodon())
    assert read.crossed
    [both] = read.crossed.both
    assert (both.post, both.archived, both.record) == ("101", "mastodon:101", record.record_id)
    assert [(one.post, one.permalink) for one in read.crossed.archive_lacks] == [
        ("102", "https://social.example/@ki/102")
    ]
    assert not read.crossed.export_lacks
    assert _told(read)["L108"].startswith("The archive has captured 1 of the export's 2 posts")
    assert not read.faults


def test_a_post_is_known_by_its_pages_address_too(capture: Capture, crossed: Cross) -> None:
    capture("x", "a-name-of-its-own", NOON, url="https://x.com/ki/status/1990000000000000001")
    read = crossed("x", samples.x())
    assert read.crossed
    assert [(one.post, one.archived) for one in read.crossed.both] == [
        ("1990000000000000001", "x:a-name-of-its-own")
    ]


def test_a_captured_post_of_the_exports_time_that_it_lacks_is_told(
    capture: Capture, crossed: Cross, archive: Archive
) -> None:
    """Only what lies wholly within the time: at the edge nothing is claimed."""
    first = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    capture("x", "within", NOON, url="https://x.com/ki/status/within")
    capture("x", "gone", NOON + timedelta(hours=1))
    capture("x", "before", first - timedelta(seconds=1))
    capture("x", "after", datetime(2026, 11, 21, 9, 0, 2, tzinfo=UTC))
    capture("x", "vague", first - timedelta(hours=2), precision=Precision.DAY)
    capture("x", "undated", None)
    [gone] = [one for one in archive.posts.known(_account("x").id) if one.post == "x:gone"]
    archive.posts.note_gone(gone, ("404",), ACTOR)
    read = crossed("x", samples.x())
    assert read.crossed
    extra = {one.post: (one.url, one.gone_at is not None) for one in read.crossed.export_lacks}
    assert extra == {"x:within": ("https://x.com/ki/status/within", False), "x:gone": ("", True)}
    assert read.crossed.not_compared == ("x:undated",)
    said = _told(read)["L109"]
    assert "lacks 2 posts" in said
    assert "(2026-11-20 to 2026-11-21); 1 of them" in said


def test_what_was_disposed_of_is_not_said_to_be_missing(
    capture: Capture, crossed: Cross, archive: Archive
) -> None:
    """R44: it is no post of the archive any more."""
    withdraw(archive, warrant(archive, capture("x", "disposed", NOON)))
    read = crossed("x", samples.x())
    assert read.crossed
    assert not read.crossed.export_lacks
    assert not read.crossed.not_compared


def test_what_is_kept_apart_is_known_by_its_id_and_never_read(
    capture: Capture, crossed: Cross, archive: Archive
) -> None:
    """R16: its words are nobody's to compare; that it was captured is told."""
    for name in ("1990000000000000001", "within"):
        archive.restrict(capture("x", name, NOON), SECRET, person("Ali Alm"))
    read = crossed("x", samples.x())
    assert read.crossed
    assert [one.post for one in read.crossed.both] == ["1990000000000000001"]
    assert read.crossed.not_compared == ("x:within",)
    assert not read.crossed.export_lacks


def test_facebooks_posts_are_paired_by_time_and_text_and_the_report_says_so(
    capture: Capture, crossed: Cross
) -> None:
    """Its export has no ids: what is ambiguous, and what cannot be compared, is told."""
    first, second = (datetime.fromtimestamp(at, UTC) for at in (1763629200, 1763715600))
    capture("facebook", "p1", first, "Öppet hus  på lördag 🎉", precision=Precision.MINUTE)
    capture("facebook", "p2", second, "Hel text, ändrad")
    capture("facebook", "p3", first + timedelta(hours=3), "Borttaget sedan")
    capture("facebook", "p4", None, "Utan tid")
    read = crossed("facebook", samples.facebook())
    assert read.crossed
    assert [one.archived for one in read.crossed.both] == ["facebook:p1"]
    [unclear] = read.crossed.ambiguous
    assert unclear.archived == ("facebook:p2",)
    assert [one.post for one in read.crossed.export_lacks] == ["facebook:p3"]
    assert read.crossed.not_compared == ("facebook:p4",)
    assert not read.crossed.archive_lacks
    assert "1 were found, 1 could not be told apart, and 1 in the archive" in _told(read)["L110"]


def test_linkedins_shares_are_paired_where_the_page_has_another_id(
    capture: Capture, crossed: Cross
) -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    capture("linkedin", "8001", at, "Första raden Andra raden åäö", precision=Precision.HOUR)
    capture("linkedin", "7003", at + timedelta(days=1), "Ny rektor")
    read = crossed("linkedin", samples.linkedin())
    assert read.crossed
    assert {one.post: one.archived for one in read.crossed.both} == {
        "7001": "linkedin:8001",
        "7003": "linkedin:7003",
    }


def test_another_number_of_comments_than_the_record_shows_is_told(
    capture: Capture, crossed: Cross
) -> None:
    """As `insyn post compare` tells it of the interfaces (L111)."""
    capture("linkedin", "7003", datetime(2026, 11, 21, 9, tzinfo=UTC), "Ny rektor")
    read = crossed("linkedin", samples.linkedin())
    assert read.crossed
    [told] = [one for one in read.crossed.findings if one.code == "L111"]
    assert told.place == "7003"
    assert told.en.startswith("The post has 5 comments according to export, but 0 in the archive.")


@pytest.mark.parametrize("kind", samples.ALL)
def test_every_platforms_export_is_compared_and_all_of_it_is_lacking_in_an_empty_archive(
    kind: str, crossed: Cross
) -> None:
    read = crossed(kind, samples.ALL[kind]())
    assert read.crossed
    own = [post.id for post in read.posts if post.repost_of is None]
    assert [one.post for one in read.crossed.archive_lacks] == own
    assert {"L108"} <= _told(read).keys() <= {"L108", "L110"}
    assert ("L110" in _told(read)) is (kind in {"facebook", "instagram", "linkedin"})


def test_the_comparison_stands_in_the_record_and_in_json_and_has_no_words_of_posts(
    capture: Capture, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    capture("x", "1990000000000000001", NOON)
    capture("x", "within", NOON)
    path = samples.zipped(tmp_path / "e.zip", samples.x())
    handed = Handed(path=path, by="Lånia Katalogsson", fetched_on=None, note="")
    read, done = import_export(
        handed, _account("x"), settings=settings, archive=archive, actor=ACTOR
    )
    held = json.loads(archive.read_part(done.record, REPORT_PART))
    assert held == json.loads(json.dumps(report(read, done.kept)))
    assert held["compared"]["by"] == "id"
    assert [one["post"] for one in held["compared"]["both"]] == ["1990000000000000001"]
    assert [one["post"] for one in held["compared"]["archive_lacks"]] == ["1990000000000000002"]
    assert [one["post"] for one in held["compared"]["export_lacks"]] == ["x:within"]
    assert "Tack" not in json.dumps(held)


def test_a_dry_run_compares_where_there_is_an_archive(
    insyn: Insyn, capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = REGISTER.read_text("utf-8").replace('platform = "torget"', 'platform = "x"')
    (tmp_path / "accounts.toml").write_text(told.replace('"karolinskainstitutet"', '"ki"'), "utf-8")
    monkeypatch.setenv("INSYN_REGISTER", str(tmp_path / "accounts.toml"))
    capture("x", "1990000000000000001", NOON)
    path = samples.zipped(tmp_path / "e.zip", samples.x())
    words = ("import", str(path), "--account", "ki", "--ordered-by", "Lånia", "--dry-run")
    dry = insyn(*words, "--json")
    assert dry.code == 0, dry.err
    assert [one["post"] for one in dry.json["compared"]["archive_lacks"]] == ["1990000000000000002"]
    shown = insyn(*words)
    assert "L108" in shown.out
    assert "Posts that the archive lacks" in shown.out


def test_insyn_post_compare_counts_the_comments_of_the_record(
    insyn: Insyn, capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interface that announces three where the record shows none."""
    capture("mastodon", "7", NOON)
    status = {"id": "7", "created_at": "2026-11-20T12:00:00Z", "content": "<p>Hej</p>",
              "replies_count": 3, "account": {"id": "1", "acct": "ki"}}  # fmt: skip
    pages: Pages = {
        "/api/v1/accounts/lookup?acct=ki": [(200, {}, {"id": "1", "statuses_count": 1})],
        "/api/v1/accounts/1/statuses?limit=40": [(200, {}, [status])],
    }
    with serving(pages) as url:
        told = REGISTER.read_text("utf-8").replace('platform = "torget"', 'platform = "mastodon"')
        told = told.replace('"karolinskainstitutet"', '"ki"')
        register = tmp_path / "accounts.toml"
        register.write_text(told.replace("http://127.0.0.1:8460", url), "utf-8")
        monkeypatch.setenv("INSYN_REGISTER", str(register))
        monkeypatch.setenv("INSYN_POST_PACE_SECONDS", "0")
        ran = insyn("post", "compare", "ki", "--json")
    assert ran.code == 1, ran.err
    assert [(one["code"], one["place"]) for one in ran.json["findings"]] == [("L111", "7")]
