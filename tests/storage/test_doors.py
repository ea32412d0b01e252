"""F17: below S3 no door reads or removes a locked object without our keys."""

import hashlib
import http.client
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from accounts.findings import Severity
from storage import embedded, fitness
from storage.objects import Store
from storage.record import StoredObject, utc_now
from storage.settings import Identity, Settings

BODY = b"allm\xc3\xa4n handling " * 50
SHUT = {0, 401, 403, 404, 405}
_SHELL_SECONDS = 6


@pytest.fixture
def stored(settings: Settings) -> StoredObject:
    """An object of the archive, locked."""
    return Store.from_settings(settings, Identity.CAPTURE).put(
        "records/2026/torget/ki/r1/capture.wacz",
        BODY,
        media_type="application/wacz",
        retain_until=utc_now() + timedelta(days=10),
    )


@pytest.fixture
def untouched(settings: Settings, stored: StoredObject) -> Iterator[None]:
    """After the test the object is what it was, read through the front door."""
    yield
    reader = Store.from_settings(settings, Identity.READER)
    data = reader.get(stored.key, stored.version_id)
    assert hashlib.sha256(data).hexdigest() == stored.sha256
    assert reader.head(stored.key, stored.version_id).retain_until is not None


def ask(port: int, method: str, path: str) -> tuple[int, bytes]:
    """An answer's status and body; a door that hangs up answers 0."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        with connection.getresponse() as answer:
            return answer.status, answer.read()
    except (http.client.HTTPException, ConnectionError, TimeoutError):
        return 0, b""
    finally:
        connection.close()


def shell(settings: Settings, folder: Path, commands: str, *options: str) -> str:
    """What someone with the same program is told; without `options` it has none of our keys."""
    port = embedded.ports(settings)
    process = subprocess.Popen(
        [
            str(embedded.weed_program()),
            *options,
            "shell",
            f"-master=127.0.0.1:{port['master']}",
            f"-filer=127.0.0.1:{port['filer']}",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "TMPDIR": str(folder)},
        text=True,
    )
    try:
        return process.communicate(commands, timeout=_SHELL_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


@pytest.mark.parametrize(
    "path",
    [
        "/buckets/{bucket}/{key}",
        "/buckets/{bucket}/{key}.versions/",
        "/buckets/{bucket}/{key}.versions/?recursive=true&ignoreRecursiveError=true",
        "/buckets/{bucket}/{key}.versions/v_{version}",
        "/buckets/{bucket}/?recursive=true",
    ],
)
def test_the_filer_gives_and_removes_nothing(
    settings: Settings, stored: StoredObject, untouched: None, path: str
) -> None:
    """F17: its HTTP port removed locked objects until it was shut."""
    where = path.format(bucket=settings.bucket, key=stored.key, version=stored.version_id)
    for method in ("GET", "HEAD", "POST", "DELETE"):
        status, body = ask(embedded.ports(settings)["filer"], method, where)
        assert status in SHUT
        assert BODY[:20] not in body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/col/delete?collection={bucket}", "/vol/vacuum?garbageThreshold=0", "/dir/assign"]
)
def test_the_master_removes_no_bucket(
    settings: Settings, untouched: None, path: str, method: str
) -> None:
    """F17: one GET removed a whole bucket's data until it was shut."""
    where = path.format(bucket=settings.bucket)
    assert ask(embedded.ports(settings)["master"], method, where)[0] in SHUT


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_the_volumes_give_and_remove_nothing(
    settings: Settings, untouched: None, method: str
) -> None:
    """F17: no file id, whichever the volume, is answered without a signed token."""
    for volume in range(1, 15):
        status, body = ask(embedded.ports(settings)["volume"], method, f"/{volume},0100000000")
        assert status in SHUT
        assert BODY[:20] not in body


def test_a_shell_without_our_certificate_does_nothing(
    settings: Settings, stored: StoredObject, untouched: None, tmp_path: Path
) -> None:
    """F17: gRPC takes nobody without the certificate."""
    bucket = settings.bucket
    said = shell(
        settings,
        tmp_path,
        f"fs.cat /buckets/{bucket}/{stored.key}\n"
        f"fs.rm -rf /buckets/{bucket}\n"
        f"s3.bucket.delete -name {bucket}\n"
        f"lock\ncollection.delete -collection {bucket} -force\nunlock\n",
    )
    assert BODY[:20].decode() not in said
    assert bucket not in said


def test_the_shell_works_with_our_certificate(
    settings: Settings, stored: StoredObject, untouched: None, tmp_path: Path
) -> None:
    """The other side of it: what stops an outsider is the certificate and nothing else."""
    keys = f"-config_dir={settings.home / 'secrets'}"
    assert settings.bucket in shell(settings, tmp_path, "fs.ls /buckets/\n", keys)


def test_s3_takes_nobody_without_a_signature(
    settings: Settings, stored: StoredObject, untouched: None
) -> None:
    """The front door is shut too."""
    for method in ("GET", "DELETE", "PUT"):
        where = f"/{settings.bucket}/{stored.key}"
        assert ask(embedded.ports(settings)["s3"], method, where)[0] == 403


def test_nothing_listens_beyond_this_machine(running_store: Settings) -> None:
    """Loopback only, every port of every process of the store."""
    pid = embedded.status(running_store).pid
    assert pid is not None
    process = psutil.Process(pid)
    listening = [
        c.laddr
        for one in (process, *process.children(recursive=True))
        for c in one.net_connections(kind="inet")
        if c.status == psutil.CONN_LISTEN
    ]
    assert {address.ip for address in listening} == {"127.0.0.1"}
    known = {p + high for p in embedded.ports(running_store).values() for high in (0, 10_000)}
    assert {address.port for address in listening} == known


@pytest.mark.parametrize("name", ["secrets", "store"])
def test_the_folders_of_the_store_are_ours_alone(running_store: Settings, name: str) -> None:
    """Keys and data: no other user of the machine looks in."""
    assert (running_store.home / name).stat().st_mode & 0o777 == 0o700


def test_every_secret_is_ours_alone(running_store: Settings) -> None:
    """Mode 0600, each of them: the store's, and those of persons where there are any."""
    files = [f for f in (running_store.home / "secrets").rglob("*") if f.is_file()]
    assert {f.name for f in files} - {
        "credentials.json",
        "sessions.json",
        "signing.pem",
    } == {
        "ca.crt",
        "identities.json",
        "security.toml",
        "store.crt",
        "store.key",
    }
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}


def test_no_secret_stands_on_the_command_line_or_in_the_log(running_store: Settings) -> None:
    """What every user of the machine may see of a process names files, not keys."""
    told = json.loads((running_store.home / "secrets" / "identities.json").read_text())
    keys = [key["secretKey"] for one in told["identities"] for key in one["credentials"]]
    assert len(keys) >= len(Identity)
    pid = embedded.status(running_store).pid
    seen = " ".join(psutil.Process(pid).cmdline())
    seen += (running_store.home / "logs" / "store.log").read_text(errors="replace")
    assert [key for key in keys if key in seen] == []


def test_the_doctor_finds_the_doors_shut(settings: Settings) -> None:
    """`insyn doctor` tells it in one line."""
    assert [f.code for f in fitness.check_doors(settings)] == ["S120"]


def test_the_doctor_sees_an_open_door(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, open_door: Callable[[], int]
) -> None:
    """A door that answers is a fault: the check can fail."""
    port = open_door()
    monkeypatch.setattr(
        embedded, "ports", lambda _: dict.fromkeys(("master", "volume", "filer"), port)
    )
    found = list(fitness.check_doors(settings))
    assert {f.code for f in found} == {"S122"}
    assert all(f.severity is Severity.FAULT for f in found)


@pytest.fixture
def open_door() -> Iterator[Callable[[], int]]:
    """A server that gives to anyone, as a filer does that was started without our flags."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Giving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Giving)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield lambda: int(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()
