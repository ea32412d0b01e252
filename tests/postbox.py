"""A mail server of the tests' own, on loopback: takes what SMTP gives it, and refuses by name."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import cast


@dataclass
class Postbox:
    """What came: each message with the addresses of its envelope."""

    url: str = ""
    refuses: str = "nobody@refused.example"
    came: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Postbox = self.server.box  # type: ignore[attr-defined]
        to: list[str] = []
        self._say("220 postbox")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                if address == box.refuses:
                    self._say("550 no such person")
                    continue
                to.append(address)
            elif verb == "DATA":
                self._say("354 go on")
                box.came.append((tuple(to), self._message()))
            elif verb == "QUIT":
                self._say("221 bye")
                return
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
def postbox() -> Iterator[Postbox]:
    """A running server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        box = Postbox(url=f"smtp://127.0.0.1:{server.server_address[1]}")
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
