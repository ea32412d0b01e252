"""insyn hold: placed, listed, lifted by two, compared with the store."""

from collections.abc import Callable

import pytest

from storage.archive import Archive
from storage.objects import Store
from storage.record import Record
from storage.settings import Identity, Settings
from tests.desk.conftest import Insyn, Ran

Deposit = Callable[..., Record]
RESEARCH = ("--ground", "research_value", "--reason", "Unik dokumentation", "--by", "Eva Ek")


def hold_id(insyn: Insyn) -> str:
    (hold,) = insyn("hold", "list", "--json").json
    return str(hold["hold_id"])


def test_a_hold_is_placed_by_the_end_of_a_records_id(insyn: Insyn, deposited: Deposit) -> None:
    record = deposited()
    ran = insyn("hold", "place", record.record_id[-8:], *RESEARCH, "--review-by", "2027-11-23")
    assert ran.code == 0
    assert "Records: 1." in ran.out
    listed = insyn("hold", "list")
    assert "research value" in listed.out
    assert "Eva Ek" in listed.out
    assert "2027-11-23" in listed.out
    assert insyn("find", "--held", "--json").json[0]["record"]["record_id"] == record.record_id
    assert "Unik dokumentation" in insyn("show", record.record_id).out


def test_a_query_hold_also_catches_what_is_captured_later(
    insyn: Insyn, deposited: Deposit, archive: Archive
) -> None:
    assert insyn("hold", "place", "--text", "infrastruktur", *RESEARCH).code == 0
    record = deposited()
    assert archive.record(record.record_id).held


def test_research_value_is_lifted_by_two_persons_only(insyn: Insyn, deposited: Deposit) -> None:
    """R28."""
    insyn("hold", "place", deposited().record_id, *RESEARCH)
    end = hold_id(insyn)[-6:]

    def lift(*second: str) -> Ran:
        return insyn("hold", "lift", end, "--by", "Eva Ek", "--reason", "Prövat", *second)

    assert lift().code == 3
    assert "Two different persons" in lift("--second", "eva ek").err
    assert lift("--second", "Ali Alm").code == 0
    assert "No holds" in insyn("hold", "list").out
    assert "Ali Alm" in insyn("journal", "--json").out
    assert "lifted" in insyn("hold", "list", "--all").out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("NOSUCH", *RESEARCH), 3, "no record"),
        (RESEARCH, 3, "name at least one record"),
        (
            ("--text", "x", "--ground", "fun", "--reason", "r", "--by", "Eva Ek"),
            2,
            "research_value",
        ),
        (("--text", "x", "--ground", "appeal", "--reason", " ", "--by", "Eva Ek"), 3, "say why"),
        (("--text", "x", "--ground", "appeal", "--reason", "r"), 3, "Nobody is signed in"),
        (("--text", "x", *RESEARCH, "--review-by", "soon"), 2, "YYYY-MM-DD"),
    ],
)
def test_a_hold_that_lacks_something_is_refused_and_says_what(
    insyn: Insyn, words: tuple[str, ...], code: int, told: str
) -> None:
    ran = insyn("hold", "place", *words)
    assert ran.code == code
    assert told in ran.err
    assert insyn("hold", "list", "--json").json == []


def test_a_hold_that_is_not_there_cannot_be_lifted(insyn: Insyn) -> None:
    ran = insyn("hold", "lift", "NOSUCH", "--by", "Eva Ek", "--reason", "r")
    assert ran.code == 3
    assert "no hold" in ran.err


def test_a_lock_that_was_lost_is_set_again(
    insyn: Insyn, deposited: Deposit, archive: Archive, settings: Settings
) -> None:
    record = deposited()
    insyn("hold", "place", record.record_id, *RESEARCH)
    assert "mended: 0" in insyn("hold", "reconcile").out
    stored = archive.package_of(record)
    Store.from_settings(settings, Identity.HOLDER).legal_hold(stored.key, stored.version_id, False)
    assert "V009" in insyn("verify", record.record_id).out
    assert "mended: 1" in insyn("hold", "reconcile").out
    assert insyn("verify", record.record_id).code == 0
