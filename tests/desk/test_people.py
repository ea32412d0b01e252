"""insyn person, sign-in and sign-out: a person acts under their own credential, for some hours."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage import credential
from storage.errors import Malformed, NotAllowed
from storage.people import person
from storage.record import Record, utc_now
from storage.settings import Settings
from tests.cast import PASSWORD
from tests.desk.conftest import Insyn, set_environment

Deposit = Callable[..., Record]
HOLD = ("--ground", "appeal", "--reason", "Överklagat")


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path, run: Insyn, monkeypatch: pytest.MonkeyPatch) -> Insyn:
    """An installation that knows nobody: a home of its own beside the running store's secrets."""
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    identities = settings.home / "secrets" / "identities.json"
    (home / "secrets" / "identities.json").write_text(identities.read_text())
    bare = replace(settings, home=home, catalogue_url=f"sqlite:///{tmp_path}/bare.sqlite")
    set_environment(monkeypatch, bare)
    for name, word in (("eva", "evas hemliga ord"), ("ali", "alis hemliga ord"), ("short", "kort")):
        (tmp_path / name).write_text(word + "\n")
    return run


def test_the_first_appoints_themself_and_then_the_next(fresh: Insyn, tmp_path: Path) -> None:
    eva, ali = (
        ("--password-file", str(tmp_path / "eva")),
        ("--password-file", str(tmp_path / "ali")),
    )
    assert fresh("person", "add", "Eva Ek", "archivist", *eva).code == 0
    assert "Nobody is signed in" in fresh("person", "add", "Ali Alm", "officer", *ali).err
    assert "do not belong together" in fresh("sign-in", "Eva Ek", *ali).err
    assert "do not belong together" in fresh("sign-in", "Ingen Alls", *eva).err
    assert "signed in until" in fresh("sign-in", "eva ek", *eva).out
    assert fresh("person", "add", "Ali Alm", "officer", "owner", *ali).code == 0
    assert "another person must" in fresh("person", "roles", "Eva Ek", "operator").err
    assert "manager" in fresh("person", "roles", "Ali Alm", "manager").out
    assert {one["name"]: one["roles"] for one in fresh("person", "list", "--json").json} == {
        "Ali Alm": ["manager"],
        "Eva Ek": ["archivist"],
    }
    home = tmp_path / "home"
    for file in ("session", "secrets/credentials.json", "secrets/sessions.json"):
        assert (home / file).stat().st_mode & 0o777 == 0o600
    told = fresh("journal", "--json").out + fresh("dump").out
    for secret in ("hemliga ord", "argon2", (home / "session").read_text()):
        assert secret not in told
    assert fresh("person", "remove", "Ali Alm").code == 0
    assert "do not belong together" in fresh("sign-in", "Ali Alm", *ali).err
    assert "Ali Alm" not in fresh("person", "list").out
    assert "Ali Alm" in fresh("person", "list", "--all").out
    assert "signed out" in fresh("sign-out").out
    assert "Nobody was" in fresh("sign-out").out
    assert "Nobody is signed in" in fresh("person", "remove", "Eva Ek").err


def test_a_first_password_opens_nothing_but_the_choice_of_ones_own(
    fresh: Insyn, tmp_path: Path
) -> None:
    """R33: until then whoever appointed could act as the appointed; the journal has the choice."""
    eva, ali = str(tmp_path / "eva"), str(tmp_path / "ali")
    fresh("person", "add", "Eva Ek", "archivist", "--password-file", eva)
    fresh("sign-in", "Eva Ek", "--password-file", eva)
    given = fresh(
        "person", "add", "Ali Alm", "owner", "--unit", "Biblioteket", "--password-file", ali
    )
    assert "only good for choosing" in given.out
    listed = fresh("person", "list").out
    assert "has not chosen" in listed
    assert "Biblioteket" in listed
    assert "Eva Ek *" in " ".join(listed.split())  # who appointed
    assert (
        "given this password by another" in fresh("sign-in", "Ali Alm", "--password-file", ali).err
    )
    change = ("person", "password", "Ali Alm", "--password-file", ali, "--new-password-file")
    assert "another than the one before" in fresh(*change, ali).err
    assert "given this password" in fresh("sign-in", "Ali Alm", "--password-file", ali).err
    assert fresh(*change, eva).code == 0
    assert fresh("sign-in", "ALI  ALM", "--password-file", eva).code == 0
    assert "has not chosen" not in fresh("person", "list").out
    entries = map(json.loads, fresh("journal", "--json").out.splitlines())
    [chosen] = [e for e in entries if e["act"] == "credential_chosen"]
    assert (chosen["actor"], chosen["detail"]) == ("person:Ali Alm", {"proven": True})


def test_a_changed_password_ends_the_session(fresh: Insyn, tmp_path: Path) -> None:
    old, new = str(tmp_path / "eva"), str(tmp_path / "ali")
    fresh("person", "add", "Eva Ek", "archivist", "--password-file", old)
    fresh("sign-in", "Eva Ek", "--password-file", old)
    change = ("person", "password", "Eva Ek", "--password-file")
    assert "do not belong" in fresh(*change, new, "--new-password-file", new).err
    assert "at least 12" in fresh(*change, old, "--new-password-file", str(tmp_path / "short")).err
    assert fresh("sign-in", "Eva Ek", "--password-file", old).code == 0
    assert fresh(*change, old, "--new-password-file", new).code == 0
    assert "has ended" in fresh("person", "add", "Bo Bo", "owner", "--password-file", new).err
    assert "do not belong" in fresh("sign-in", "Eva Ek", "--password-file", old).err
    assert fresh("sign-in", "Eva Ek", "--password-file", new).code == 0


def test_a_session_ends_after_its_hours_and_cannot_be_made_up(
    settings: Settings, tmp_path: Path
) -> None:
    mine = replace(settings, home=tmp_path / "mine")
    credential.set_credential(mine, "Eva Ek", PASSWORD)
    with pytest.raises(Malformed):
        credential.set_credential(mine, "Eva Ek", "kort")
    now = utc_now()
    until = credential.open_session(mine, credential.prove(mine, "EVA EK", PASSWORD), now)
    assert until - now == timedelta(hours=8)
    assert credential.signed_in(mine, until - timedelta(seconds=1)) == person("EVA EK")
    with pytest.raises(NotAllowed, match="has ended"):
        credential.signed_in(mine, until)
    known = json.loads((mine.home / "secrets" / "sessions.json").read_text())
    (mine.home / "session").write_text(next(iter(known)))
    with pytest.raises(NotAllowed, match="Nobody is signed in"):
        credential.signed_in(mine, now)


def test_a_second_person_proves_themself(insyn: Insyn, deposited: Deposit, tmp_path: Path) -> None:
    """R28: a name is no proof."""
    hold = ("--ground", "research_value", "--reason", "Unik", "--by", "Arvid Arkivarie")
    insyn("hold", "place", deposited().record_id, *hold)
    [placed] = insyn("hold", "list", "--json").json
    wrong = tmp_path / "wrong"
    wrong.write_text("fel lösenord här")
    lift = ("hold", "lift", placed["hold_id"], "--reason", "Prövat", "--second", "Ali Alm")
    ran = insyn(*lift, "--second-password-file", str(wrong))
    assert "do not belong together" in ran.err
    assert "cannot be read" in insyn(*lift, "--second-password-file", str(tmp_path / "none")).err
    assert len(insyn("hold", "list", "--json").json) == 1
    assert insyn(*lift).code == 0


def test_a_hold_whose_review_is_due_says_so(insyn: Insyn, deposited: Deposit) -> None:
    insyn(
        "hold",
        "place",
        deposited().record_id,
        *HOLD,
        "--by",
        "Ali Alm",
        "--review-by",
        "2026-01-01",
    )
    assert "review is due" in " ".join(insyn("hold", "list").out.split())
    [placed] = insyn("hold", "list", "--json").json
    review = ("hold", "review", placed["hold_id"][-8:], "--reason", "Ärendet pågår", "--until")
    assert "stands" in insyn(*review, "2090-01-01").out
    assert "2090-01-01" in insyn("hold", "list").out
    assert "is due" not in insyn("hold", "list").out
