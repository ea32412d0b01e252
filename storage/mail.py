"""Mail (e-post) by SMTP: the one door to smtplib. What is said and to whom is the caller's.

A password goes over TLS only, except to this machine. Nothing is sent where no server is set.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from storage.errors import MailRefused

_TIMEOUT_S = 30.0
_WELCOME = 235
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A mail server; `tls` from the first byte, else STARTTLS unless it is this machine."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)


def read_server(url: str) -> Server:
    """A server from `smtp://[user:password@]host[:port]`, or `smtps://…`.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(url)
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def send(
    server: Server, sender: str, to: Collection[str], subject: str, text: str
) -> frozenset[str]:
    """Send one plain text to all of them; gives back the addresses that the server refused.

    Raises:
        MailRefused: the server gave no answer, or takes nothing from us.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(sorted(to))
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connected(server) as smtp:
            return frozenset(smtp.send_message(message))
    except smtplib.SMTPRecipientsRefused as error:
        return frozenset(error.recipients)
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(
            f"The mail server {server.host}:{server.port} did not take “{subject}”: {error}"
        ) from error


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_TIMEOUT_S, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
    try:
        if not (server.tls or _is_here(server.host)):
            smtp.starttls(context=context)
        if server.user:
            _log_in(smtp, server)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: Server) -> None:
    """smtplib writes ASCII only; a Swedish password is UTF-8 in AUTH PLAIN (RFC 4616)."""
    if (server.user + server.password).isascii():
        smtp.login(server.user, server.password)
        return
    smtp.ehlo_or_helo_if_needed()
    said = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, answer = smtp.docmd("AUTH PLAIN", said)
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
