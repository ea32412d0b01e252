"""A mail server of the tests' own, on loopback: takes what SMTP gives it, and refuses by name.

With a `Guard` it takes nothing before TLS and a login, as the mail servers of authorities do.
"""

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import cast


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What is asked of who wants to send; `tls` None: a server that has none to offer."""

    tls: ssl.SSLContext | None
    user: str
    password: str
    from_first_byte: bool = False

    @property
    def token(self) -> str:
        """What a login says (AUTH PLAIN, RFC 4616)."""
        return base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()


@dataclass
class Postbox:
    """What came: each message with the addresses of its envelope; what was said in the clear."""

    url: str = ""
    refuses: str = "nobody@refused.example"
    guard: Guard | None = None
    came: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    secret = False
    knows = False

    def handle(self) -> None:
        box: Postbox = self.server.box  # type: ignore[attr-defined]
        guard = box.guard
        to: list[str] = []
        try:
            if guard and guard.from_first_byte:
                self._hide(guard)
            self._say("220 postbox")
            while line := self.rfile.readline().decode().strip():
                if not self.secret:
                    box.in_clear.append(line)
                verb = line.split()[0].upper()
                if verb == "QUIT":
                    self._say("221 bye")
                    return
                if guard and verb in ("EHLO", "STARTTLS", "AUTH"):
                    self._admit(verb, line, guard)
                elif guard and not self.knows:
                    self._say("530 5.7.0 who are you?")
                elif verb == "RCPT":
                    self._receive(line, to, box)
                elif verb == "DATA":
                    self._say("354 go on")
                    box.came.append((tuple(to), self._message()))
                    self._say("250 ok")
                else:
                    self._say("250 ok")
        except OSError:  # who found our certificate wanting hung up
            return

    def _admit(self, verb: str, line: str, guard: Guard) -> None:
        if verb == "EHLO":
            offers = [] if self.secret or guard.tls is None else ["STARTTLS"]
            offers += ["AUTH PLAIN"] if self.secret else []
            self._say(
                "\r\n".join(["250-postbox", *(f"250-{one}" for one in offers), "250 8BITMIME"])
            )
        elif verb == "STARTTLS" and guard.tls and not self.secret:
            self._say("220 go on")
            self._hide(guard)
        elif verb == "AUTH" and self.secret:
            self.knows = line.rpartition(" ")[2] == guard.token
            self._say("235 welcome" if self.knows else "535 5.7.8 no")
        else:
            self._say("503 not now")

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server closes only the socket that it gave us

    def _hide(self, guard: Guard) -> None:
        assert guard.tls
        self.request = guard.tls.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", buffering=0)
        self.secret = True

    def _receive(self, line: str, to: list[str], box: Postbox) -> None:
        address = line.partition("<")[2].partition(">")[0]
        if address == box.refuses:
            self._say("550 no such person")
            return
        to.append(address)
        self._say("250 ok")

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        made = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        return cast("EmailMessage", made)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def postbox(guard: Guard | None = None) -> Iterator[Postbox]:
    """A running server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        box = Postbox(url=f"smtp://127.0.0.1:{server.server_address[1]}", guard=guard)
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
