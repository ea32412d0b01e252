"""Mail with a password: over TLS only, to a server whose certificate is right (STARTTLS, SMTPS)."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from storage.errors import MailRefused
from storage.mail import Server, read_server, send
from tests.certificates import Certified
from tests.postbox import Guard, Postbox, postbox

NAME = "mail.ki.example"
USER, PASSWORD = "insyn@ki", "hem ligt/å:@"
Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for NAME that nobody but a test trusts, and its key."""
    folder = tmp_path_factory.mktemp("mail")
    made = Certified.issue(NAME, (x509.SubjectAlternativeName([x509.DNSName(NAME)]), False))
    (folder / "ca.pem").write_bytes(made.pem)
    made.write_key(folder / "key.pem")
    return folder


@pytest.fixture
def guard(certified: Path, monkeypatch: Patch) -> Guard:
    """A guard whose certificate this process trusts; any name leads to loopback."""
    known = socket.getaddrinfo

    def here(_: str, port: int, *rest: Any, **more: Any) -> Any:
        return known("127.0.0.1", port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    monkeypatch.setenv("SSL_CERT_FILE", str(certified / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certified / "ca.pem", certified / "key.pem")
    return Guard(tls=tls, user=USER, password=PASSWORD)


def server_of(box: Postbox, host: str = NAME, scheme: str = "smtp") -> Server:
    """The box as a setting names it, the password written as an address must have it."""
    port = box.url.rpartition(":")[2]
    server = read_server(f"{scheme}://insyn%40ki:hem%20ligt%2F%C3%A5%3A%40@{host}:{port}")
    assert (server.user, server.password) == (USER, PASSWORD)
    return server


def sent(server: Server) -> None:
    assert send(server, "insyn@ki.example", {"a@x.example"}, "Ämne", "Hemligt, å") == frozenset()


@pytest.mark.parametrize("password", [PASSWORD, "hem ligt"])
@pytest.mark.parametrize(("scheme", "first"), [("smtp", False), ("smtps", True)])
def test_a_login_goes_over_tls_and_nothing_of_it_is_in_the_clear(
    guard: Guard, scheme: str, first: bool, password: str
) -> None:
    """STARTTLS (RFC 3207) or TLS from the first byte; the letters of a password are all kept."""
    with postbox(replace(guard, from_first_byte=first, password=password)) as box:
        sent(replace(server_of(box, scheme=scheme), password=password))
    [(to, message)] = box.came
    assert (to, message["Subject"]) == (("a@x.example",), "Ämne")
    assert [line.split()[0] for line in box.in_clear] == ([] if first else ["ehlo", "STARTTLS"])


def untrusted(box: Postbox, patch: Patch) -> Server:
    """Its certificate is signed by nobody that is known."""
    patch.delenv("SSL_CERT_FILE")
    return server_of(box)


def misnamed(box: Postbox, patch: Patch) -> Server:
    """Its certificate is another's."""
    return server_of(box, "mail.other.example")


def mistaken(box: Postbox, patch: Patch) -> Server:
    """The password is wrong."""
    return replace(server_of(box), password="annat")


def mistaken_in_swedish(box: Postbox, patch: Patch) -> Server:
    """The password is wrong, and no ASCII."""
    return replace(server_of(box), password="häromdagen")


def bare(box: Postbox, patch: Patch) -> Server:
    """It has no TLS to offer: somebody on the way may have taken that line out."""
    assert box.guard
    box.guard = replace(box.guard, tls=None)
    return server_of(box)


@pytest.mark.parametrize("wrong", [untrusted, misnamed, mistaken, mistaken_in_swedish, bare])
def test_a_server_that_is_not_the_right_one_gets_neither_password_nor_text(
    guard: Guard, monkeypatch: Patch, wrong: Callable[[Postbox, Patch], Server]
) -> None:
    """Refused with the server's name; what was said in the clear holds no secret."""
    with postbox(guard) as box:
        server = wrong(box, monkeypatch)
        with pytest.raises(MailRefused, match=server.host):
            send(server, "insyn@ki.example", {"a@x.example"}, "Ämne", "Hemligt")
    assert box.came == []
    said = " ".join(box.in_clear)
    assert guard.token not in said
    assert "AUTH" not in said
