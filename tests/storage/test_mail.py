"""Mail by SMTP, to a real server on loopback."""

import socket

import pytest

from storage.errors import MailRefused, SettingsError
from storage.mail import read_server, send
from storage.settings import Settings
from tests.postbox import postbox


def test_a_text_comes_as_it_was_written_to_everyone_named() -> None:
    """R6: Swedish letters too; nobody else gets it, and it says that a machine sent it."""
    with postbox() as box:
        server = read_server(box.url)
        send(server, "insyn@ki.example", {"b@x.example", "a@x.example"}, "Å göra", "Åäö\n.\nslut")
    [(to, message)] = box.came
    assert to == ("a@x.example", "b@x.example")
    assert message["Subject"] == "Å göra"
    assert message["From"] == "insyn@ki.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["Åäö", ".", "slut"]


def test_what_is_not_taken_is_told() -> None:
    """One address refused: the others get it. Nobody there: an error that names the server."""
    with postbox() as box:
        server = read_server(box.url)
        both = {box.refuses, "a@x.example"}
        assert send(server, "i@ki.example", both, "x", "y") == {box.refuses}
        assert [to for to, _ in box.came] == [("a@x.example",)]
        assert send(server, "i@ki.example", {box.refuses}, "x", "y") == {box.refuses}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = read_server(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(MailRefused, match=r"127\.0\.0\.1"):
            send(closed, "i@ki.example", {"a@x.example"}, "x", "y")


def test_settings_of_mail_are_checked_together_and_tell_no_password() -> None:
    """Every fault at once; two persons at least are told of incidents (R49)."""
    environ = {"INSYN_SMTP_URL": "smtps://insyn:hem%20ligt@mail.ki.example", "INSYN_HOME": "/x"}
    settings = Settings.from_environment(environ)
    server = settings.mail_server
    assert server is not None
    assert (server.port, server.tls, server.password) == (465, True, "hem ligt")
    assert "hem ligt" not in repr(settings)
    assert "hem%20ligt" not in repr(settings)
    wrong = {
        "INSYN_SMTP_URL": "mail.ki.example",
        "INSYN_MAIL_REGISTRAR": "registrator",
        "INSYN_MAIL_INCIDENT": "one@ki.example",
    }
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(wrong)
    assert len(told.value.faults) == 3
