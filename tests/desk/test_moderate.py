"""insyn moderate: a removal is noted with the capture before it; of abuse material four facts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import service
from storage.record import AccountRef, Description, Order, OrderId, Record, RecordId, utc_now
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]
BY = ("--by", "Ali Alm")


@pytest.fixture
def fresh(  # noqa: PLR0917  # fixtures by name
    archive: Archive,
    account: AccountRef,
    order: Order,
    parts: Path,
    tmp_path: Path,
    describe: Callable[[RecordId, Order], Description],
) -> Callable[..., Record]:
    """Deposits a capture of so many hours ago that shows a post, a comment and its reply."""

    def made(hours: float = 1, number: int = 1) -> Record:
        reply = {"id": "k-2", "parent": "k-1"}
        shown = {"posts": [{"id": "p-1", "comments": [{"id": "k-1"}, reply]}]}
        (parts / "data" / "posts.json").write_text(json.dumps(shown))
        target, at = tmp_path / f"fresh-{number}.wacz", utc_now() - timedelta(hours=hours)
        write_package(
            parts,
            target,
            page=Page(url="https://x.example", title="KI", at=at),
            software="insyn test",
        )
        mine = replace(order, order_id=OrderId(f"fresh-{number}"))
        accepted = archive.accept(mine, account, service("test"))
        said = replace(describe(accepted.record_id, mine), started_at=at, ended_at=at)
        return archive.deposit(said, target, service("test"))

    return made


def test_a_removal_is_noted_and_told_to_the_author(
    insyn: Insyn, fresh: Deposit, archive: Archive, tmp_path: Path
) -> None:
    """R47: which post, category, ground, moderator, time, the capture before; a note to print."""
    record, file = fresh(), tmp_path / "till-forfattaren.html"
    why = ("--category", "agitation", "--basis", "bbs_act", "--reason", "Kommentar om en <grupp>")
    words = ("moderate", record.record_id[-8:], *why, *BY, "-o", str(file))
    ran = insyn(*words, "--post", "torget:k-2")
    assert "5 of the Act (1998:112)" in ran.out
    assert record.record_id in ran.out
    entry = archive.journal()[-1]
    assert (entry.act, entry.actor, entry.subject) == (
        "moderated",
        "person:Ali Alm",
        record.record_id,
    )
    said = (entry.detail["post"], entry.detail["category"], entry.detail["basis"])
    assert said == ("torget:k-2", "agitation", "bbs_act")
    page = file.read_text("utf-8")
    for part in (
        "hets mot folkgrupp", "agitation against", "torget:k-2", record.record_id,
        "Karolinska Institutet", "allmän handling", "public record", "en &lt;grupp&gt;",
        '<section lang="sv">', '<section lang="en">',
    ):  # fmt: skip
        assert part in page, part
    assert "Ali Alm" not in page
    before = list(archive.dump())
    assert any('"moderated"' in line for line in before if line.startswith('["events"'))
    assert insyn(*words, "--post", "p-1").code == 2  # the file is there already
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_a_removal_without_capture_post_ground_reason_or_role_is_not_noted(
    insyn: Insyn, fresh: Deposit, archive: Archive
) -> None:
    """R47: the capture shows the post, and shows it as it was just before."""
    record, old = fresh().record_id, fresh(25, 2).record_id
    before = len(archive.journal())
    spam = ("--category", "spam", "--basis", "own_rules")
    whole = (*spam, "--reason", "x", "--post", "k-1")
    assert "capture taken before" in insyn("moderate", *whole, *BY).err
    assert "say why" in insyn("moderate", record, *spam, "--post", "k-1", *BY).err
    assert "which post" in insyn("moderate", record, *spam, "--reason", "x", *BY).err
    unknown = insyn("moderate", record, *spam, "--reason", "x", "--post", "k-9", *BY).err
    assert "does not show k-9; it shows k-1, k-2, p-1" in unknown
    bare = ("--category", "spam", "--reason", "x", "--post", "k-1")
    assert "rests on" in insyn("moderate", record, *bare, *BY).err
    assert "no ground for spam" in insyn("moderate", record, *bare, "--basis", "bbs_act", *BY).err
    assert "more than 24 hours ago" in insyn("moderate", old, *whole, *BY).err
    assert "operator" in insyn("moderate", record, *whole, "--by", "Drift Dahl").err
    assert len(archive.journal()) == before
    assert insyn("moderate", record, *whole, *BY).code == 0


def test_of_abuse_material_four_facts_are_kept_and_nothing_else(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    """R48: no record may be of it."""
    record, before = deposited().record_id, len(archive.journal())
    csam = ("moderate", "--category", "csam", *BY)
    assert "Nothing of child" in insyn(*csam, record, "--reason", "x").err
    where = ("--account", "ki-biblioteket", "--at", "2026-01-02T03:04")
    assert (
        "police_reference: give it" in insyn(*csam, *where, "--address", "https://x.example/1").err
    )
    assert len(archive.journal()) == before
    ran = insyn(*csam, *where, "--address", "https://x.example/1", "--police-reference", "K1-26")
    assert "Nothing of the content is kept" in ran.out
    entry = archive.journal()[-1]
    assert (entry.act, entry.subject) == ("abuse_noted", "ki-biblioteket")
    assert entry.detail == {
        "address": "https://x.example/1",
        "seen_at": "2026-01-02T02:04:00.000Z",
        "police_reference": "K1-26",
    }


def test_after_a_notice_nothing_is_captured_until_two_persons_say_that_it_is_gone(
    insyn: Insyn, archive: Archive
) -> None:
    """R48: refused before any visit, shown in duties, and no record or gap is made."""
    where = ("--account", "ki-biblioteket", "--address", "https://x.example/1")
    csam = ("moderate", "--category", "csam", *where, "--police-reference", "K1-26")
    assert insyn(*csam, *BY).code == 0
    capture = ("capture", "ki-biblioteket", "--reason", "on_request", "--note", "x", *BY)
    refused = insyn(*capture, "--ordered-by", "Ali Alm")
    assert refused.code != 0
    assert "abuse material was reported" in refused.err
    assert (archive.records(), archive.gaps()) == ([], [])
    shown = insyn("duties").out.replace("\n", " ")
    assert "Abuse material stands reported at ki-biblioteket" in shown
    assert "x.example" not in shown
    reopen = ("account", "reopen", "ki-biblioteket", "--reason", "Borttaget", *BY)
    assert "Two different persons" in insyn(*reopen).err
    assert insyn(*reopen, "--second", "Eva Ek").code == 0
    assert "ki-biblioteket" not in archive.closed_by_abuse()
    assert "Abuse material" not in insyn("duties").out
