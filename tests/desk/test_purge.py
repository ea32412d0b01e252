"""insyn purge: two persons and a key; what is left says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.credentials import purger_file
from storage.record import Record
from storage.settings import Settings
from tests.cast import give_credentials
from tests.desk.conftest import Insyn
from tests.postbox import postbox
from tests.storage.test_archive import versions

Deposit = Callable[..., Record]
WHY = ("--reason", "Misstänkt brott, anmält")
BY = ("--by", "Eva Ek", "--second", "Andra Anna")


def test_both_prove_themselves_and_the_record_is_gone(  # noqa: PLR0917  # fixtures by name
    insyn: Insyn,
    deposited: Deposit,
    archive: Archive,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R49: a session alone is no proof; find, show and journal tell what happened."""
    record, other = deposited(1), deposited(2)
    named = ("purge", record.record_id, *WHY, *BY)
    mine = ("--password-file", str(give_credentials(settings.home)))
    wrong = tmp_path / "wrong"
    wrong.write_text("inte mitt lösenord\n", "utf-8")
    assert "do not belong together" in insyn(*named, "--password-file", str(wrong)).err
    words = (*named, *mine, "--second-password-file", str(wrong))
    assert "do not belong together" in insyn(*words).err
    no_key = insyn(*named, *mine, "--key", str(tmp_path / "none.json"))
    assert (no_key.code, "locked away" in no_key.err) == (3, True)
    assert archive.verify(record) == ()

    key = tmp_path / "safe.json"
    key.write_text(purger_file(settings.home).read_text())
    monkeypatch.setattr("storage.compacting._QUIET_ROUNDS", 0)
    with postbox() as box:
        monkeypatch.setenv("INSYN_SMTP_URL", box.url)
        monkeypatch.setenv("INSYN_MAIL_INCIDENT", "a@ki.example, b@ki.example")
        ran = insyn(*named, *mine, "--key", str(key))
    [(to, message)] = box.came
    assert to == ("a@ki.example", "b@ki.example")
    assert record.record_id not in message.get_content()
    assert "purged by two persons" in message.get_content()
    assert "were mailed" in ran.out
    assert (ran.code, ran.err) == (0, "")
    assert "2 versions were removed" in ran.out
    assert versions(settings, record) == []
    assert "purged by two persons" in insyn("find").out
    assert "past holds and locks" in insyn("show", record.record_id).out
    told = insyn("journal").out
    assert "purged" in told
    assert "incident" in told
    assert insyn("verify", "--all").code == 0
    assert archive.verify(other) == ()


@pytest.mark.parametrize("refused", [True, False])
def test_who_purges_is_told_when_fewer_than_two_were(  # noqa: PLR0917  # fixtures by name
    insyn: Insyn,
    deposited: Deposit,
    archive: Archive,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    refused: bool,
) -> None:
    """R49: nobody is named, or the mail server refuses one of the two."""
    record = deposited()
    monkeypatch.setattr("storage.compacting._QUIET_ROUNDS", 0)
    mine = ("--password-file", str(give_credentials(settings.home)))
    with postbox() as box:
        monkeypatch.setenv("INSYN_SMTP_URL", box.url)
        if refused:
            box.refuses = "b@ki.example"
            monkeypatch.setenv("INSYN_MAIL_INCIDENT", "a@ki.example, b@ki.example")
        ran = insyn("purge", record.record_id, *WHY, *BY, *mine)
    assert "Fewer than two persons were mailed" in ran.out
    assert ("b@ki.example" in ran.out) is refused
    assert len(box.came) == int(refused)
    assert archive.record(record.record_id).status == "disposed"
