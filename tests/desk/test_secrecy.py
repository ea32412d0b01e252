"""insyn secrecy: what is flagged is shown to few, and found by few (RULES R16, R59)."""

import json
from collections.abc import Callable
from pathlib import Path

from storage.record import Record
from tests.desk.conftest import Insyn

Deposit = Callable[..., Record]
WORD, OFFICER = "forskningsinfrastruktur", ("--by", "Ali Alm")
FLAG = ("--provision", "OSL 21:1", "--reason", "Uppgift om hälsa", "--number", "KI 1-7/26")


def test_a_flagged_record_is_closed_to_all_but_those_who_assess_it(
    insyn: Insyn, deposited: Deposit, tmp_path: Path
) -> None:
    """R16: flag, show, get, find and list, signed in and not; and lift."""
    record = deposited()
    name = record.record_id
    assert insyn("secrecy", "flag", name, *FLAG).code == 3  # nobody is signed in
    flagged = insyn("secrecy", "flag", name, *FLAG, *OFFICER)
    assert (flagged.code, "kept apart" in flagged.out) == (0, True)
    assert insyn("sign-out").code == 0
    shown = insyn("show", name)
    assert shown.code == 0
    assert all(word in shown.out for word in ("KI 1-7/26", "OSL 21:1", "kept apart"))
    assert not any(word in shown.out for word in (record.title, record.url, "visible.txt"))
    told = insyn("show", name, "--json").json
    assert (told["manifest"], told["restriction"]["number"]) == (None, "KI 1-7/26")
    assert record.title not in json.dumps(told, ensure_ascii=False)
    assert insyn("find", WORD).out.count(name[-6:]) == 0
    assert "apart" in insyn("find", "--account", record.account).out
    got = insyn("get", name, "text/visible.txt", "-o", str(tmp_path / "x"))
    assert (got.code, (tmp_path / "x").exists()) == (3, False)
    assert "KI 1-7/26" in insyn("secrecy", "list").out
    assert "V023" not in insyn("verify", name).out
    by_owner = insyn(
        "get", name, "text/visible.txt", "-o", str(tmp_path / "x"), "--by", "Olga Owner"
    )
    assert by_owner.code == 3
    assert insyn("find", WORD).code == 0  # an owner finds what is open
    got = insyn("get", name, "text/visible.txt", "-o", str(tmp_path / "x"), *OFFICER)
    assert got.code == 0
    assert WORD in (tmp_path / "x").read_text("utf-8")
    assert record.url in insyn("show", name).out
    assert "1" in insyn("find", WORD).out
    assert insyn("journal", "--json").out.count('"act":"read"') >= 2
    lifted = insyn("secrecy", "lift", name, "--reason", "Offentlig uppgift", *OFFICER)
    assert lifted.code == 0
    assert insyn("secrecy", "list").out.strip() == "Nothing is kept apart."
    assert insyn("sign-out").code == 0
    assert record.title in insyn("show", name).out
