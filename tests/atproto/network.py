"""The AT protocol's own servers on loopback, a signed repository being the judge of what is there.

They need an environment of their own (`make test-atproto`): Node 22, as Node 24 crashes them.
"""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from examples.ports import free_port
from tests.postgresql import installed, server

_HERE = Path(__file__).parent
_ROOM = _HERE.parents[1] / ".venv-atproto"
_STOP_S = 20
Written = dict[str, str]
"""A record's address and digest, as others refer to it."""


def missing() -> str:
    """What a network lacks here; empty where it can be had."""
    if not (_ROOM / ".done").exists():
        return "the servers are not installed: make test-atproto"
    if shutil.which("redis-server") is None:
        return "no Redis server is installed (Debian: redis-server)"
    return installed()


class Network:
    """A running network; `pds` has the repositories, `appview` answers as the open interface."""

    def __init__(self, asked: IO[str], answered: IO[str]) -> None:
        self._asked, self._answered = asked, answered
        told = json.loads(answered.readline())
        self.pds, self.appview = told["pds"], told["appview"]

    def post(self, method: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """Have something done at the PDS."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(
            f"{self.pds}/xrpc/{method}", json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said: dict[str, Any] = json.loads(answer.read() or b"{}")
            return said

    def repository(self, did: str) -> list[dict[str, Any]]:
        """Every record of an account; the protocol's own code verifies the signature."""
        self._asked.write(json.dumps({"did": did}) + "\n")
        self._asked.flush()
        records: list[dict[str, Any]] = json.loads(self._answered.readline())
        return records


class Member:
    """An account of the network, signed in."""

    def __init__(self, network: Network, handle: str) -> None:
        self._network, self.handle = network, handle
        account = {"handle": handle, "email": f"{handle}@example.org", "password": "hunter2"}
        told = network.post("com.atproto.server.createAccount", account)
        self.did, self._token = told["did"], told["accessJwt"]

    def write(self, collection: str, **record: Any) -> Written:
        """Write a record; gives its address and digest."""
        at = f"2026-11-20T09:00:00.{time.monotonic_ns() % 1000:03d}Z"
        body = {
            "repo": self.did,
            "collection": collection,
            "record": {"$type": collection, "createdAt": at, **record},
        }
        told = self._network.post("com.atproto.repo.createRecord", body, self._token)
        return {"uri": told["uri"], "cid": told["cid"]}

    def say(
        self, text: str, *, to: tuple[dict[str, str], dict[str, str]] | None = None
    ) -> dict[str, str]:
        """Post, or answer: `to` is the first post of the dialogue and the one that is answered."""
        reply = {"reply": {"root": to[0], "parent": to[1]}} if to else {}
        return self.write("app.bsky.feed.post", text=text, **reply)

    def remove(self, uri: str) -> None:
        """Take a record back."""
        _, _, _, collection, rkey = uri.split("/")
        body = {"repo": self.did, "collection": collection, "rkey": rkey}
        self._network.post("com.atproto.repo.deleteRecord", body, self._token)


@contextmanager
def network() -> Iterator[Network]:
    """A network with nobody in it. Nothing of it is left."""
    shutil.copy(_HERE / "network.mjs", _ROOM)
    redis_port = free_port()
    redis = ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", ""]
    with server() as url, subprocess.Popen(redis, stdout=subprocess.DEVNULL) as cache:
        environ = {
            **os.environ,
            "PATH": f"{_ROOM / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "DB_POSTGRES_URL": url.replace("+psycopg", ""),
            "REDIS_HOST": f"127.0.0.1:{redis_port}",
            "LOG_ENABLED": "false",
            "NODE_NO_WARNINGS": "1",
        }
        with subprocess.Popen(
            [_ROOM / "bin" / "node", "network.mjs"],
            cwd=_ROOM,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as node:
            assert node.stdin
            assert node.stdout
            try:
                yield Network(node.stdin, node.stdout)
            finally:
                node.terminate()
                node.wait(_STOP_S)
                cache.terminate()
                cache.wait(_STOP_S)
