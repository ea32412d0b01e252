"""insyn moderate: a removal is noted with the capture before it; of abuse material four facts."""

from collections.abc import Callable

from storage.archive import Archive
from storage.record import Record
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]
BY = ("--by", "Ali Alm")


def test_a_removal_is_noted_and_told_to_the_author(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    """R47: category, ground, moderator, time and the capture before; its period begins (R25)."""
    record = deposited()
    why = ("--category", "agitation", "--basis", "bbs_act", "--reason", "Kommentar om en folkgrupp")
    ran = insyn("moderate", record.record_id[-8:], *why, *BY)
    assert "5 of the Act (1998:112)" in ran.out
    assert record.record_id in ran.out
    entry = archive.journal()[-1]
    assert (entry.act, entry.actor, entry.subject) == (
        "moderated",
        "person:Ali Alm",
        record.record_id,
    )
    assert (entry.detail["category"], entry.detail["basis"]) == ("agitation", "bbs_act")
    before = list(archive.dump())
    assert any('"moderated"' in line for line in before if line.startswith('["events"'))

    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before


def test_a_removal_without_capture_reason_or_role_is_not_noted(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    """R47."""
    record, before = deposited().record_id, len(archive.journal())
    spam = ("--category", "spam")
    assert "capture taken before" in insyn("moderate", *spam, "--reason", "x", *BY).err
    assert "say why" in insyn("moderate", record, *spam, *BY).err
    by = ("--by", "Drift Dahl")
    assert "operator" in insyn("moderate", record, *spam, "--reason", "x", *by).err
    assert len(archive.journal()) == before


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
