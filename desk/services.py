"""Everything that runs: the store, the imitation platform, Airflow. Started and stopped as one.

`insyn up` and the demo come here. Airflow is started as programs of its own and never imported:
the desk and the DAGs are strangers. Its secrets are random and lie in INSYN_HOME/secrets (0600).
"""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from cryptography.fernet import Fernet

from storage import embedded
from storage.daemon import Daemon, is_taken
from storage.errors import SettingsError, StoreUnreachable
from storage.fitness import require_fit
from storage.settings import Settings

AIRFLOW_URL = "http://127.0.0.1:8480"
PLATFORM_URL = "http://127.0.0.1:8460"
USER = "operator"
"""Who signs in to Airflow's page."""

_STOP_SECONDS = 8.0
_POOL = ("browser", "3", "One place for each browser that may run at once")
_AIRFLOW = {
    "airflow-api": ("api-server",),
    "airflow-scheduler": ("scheduler", "--skip-serve-logs"),
    "airflow-dags": ("dag-processor",),
}
"""Airflow's programs. Not `standalone`: it starts log servers that listen beyond this machine
(measured: ports 8793 and 8794 on every address), and a triggerer that nothing here needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """Where everything answers; the password is Airflow's, for `USER`."""

    store_url: str
    platform_url: str
    airflow_url: str
    airflow_password: str


def up(settings: Settings, project: Path) -> Running:
    """Start what is not running yet and wait until all of it answers.

    `project` is the folder with airflow.cfg, dags/ and examples/. When it is interrupted or a part
    fails, what it started is stopped again.

    Raises:
        SettingsError: a port is taken by another program.
        StoreUnreachable: a part did not answer in time; the end of its log is told.
        StoreUnfit: the bucket cannot protect records (RULES R31).
    """
    check_ports(settings)
    with ExitStack() as undo:
        store_ran = settings.embedded and embedded.status(settings).running
        airflow_answers = _begin_airflow(settings, project, undo)
        platform_answers = _begin_platform(settings, project, undo)
        if settings.embedded:
            if not store_ran:
                undo.callback(embedded.stop, settings)
            embedded.start(settings)
        require_fit(settings)
        platform_answers()
        airflow_answers()
        undo.pop_all()
    return Running(
        store_url=settings.s3_url or embedded.status(settings).url,
        platform_url=PLATFORM_URL,
        airflow_url=AIRFLOW_URL,
        airflow_password=_password(settings),
    )


def down(settings: Settings) -> list[str]:
    """Stop all of it, the store last; gives back the names of what ran."""
    daemons = [Daemon(name=name, home=settings.home) for name in (*_AIRFLOW, "platform")]
    with ThreadPoolExecutor(len(daemons)) as pool:
        ran = list(pool.map(lambda daemon: daemon.stop(_STOP_SECONDS), daemons))
    names = [daemon.name for daemon, it_ran in zip(daemons, ran, strict=True) if it_ran]
    if settings.embedded and embedded.stop(settings):
        names.append("store")
    return names


def processes(settings: Settings) -> Iterator[tuple[str, psutil.Process]]:
    """Every process that runs here, with the name of its service."""
    for name in (*_AIRFLOW, "platform", "store"):
        process = Daemon(name=name, home=settings.home).process()
        if process is not None:
            yield from ((name, one) for one in (process, *process.children(recursive=True)))


def check_ports(settings: Settings) -> None:
    """Say it at once when another program has a port that is needed here.

    Raises:
        SettingsError: naming every such port.
    """
    faults = [
        f"port {urlsplit(url).port} is taken by another program: end it (`make down` in the folder "
        "where it was started)"
        for name, url in (("airflow-api", AIRFLOW_URL), ("platform", PLATFORM_URL))
        if Daemon(name=name, home=settings.home).process() is None
        and is_taken(urlsplit(url).port or 0)
    ]
    if faults:
        raise SettingsError(faults)


def _begin_platform(settings: Settings, project: Path, undo: ExitStack) -> Callable[[], None]:
    """The imitation platform of examples/platform; gives back how to wait for it."""
    daemon = Daemon(name="platform", home=settings.home)
    if daemon.process() is None:
        undo.callback(daemon.stop, _STOP_SECONDS)
        port = str(urlsplit(PLATFORM_URL).port)
        daemon.start([sys.executable, "-m", "examples.platform", "--port", port], {}, project)
    return lambda: _wait_for(daemon, f"{PLATFORM_URL}/__health", 30)


def _begin_airflow(settings: Settings, project: Path, undo: ExitStack) -> Callable[[], None]:
    """Airflow's programs, after its database and pool; gives back how to wait for its page."""
    prepare_airflow(settings, project)
    environ = airflow_environment(settings, project)
    for name, words in _AIRFLOW.items():
        daemon = Daemon(name=name, home=settings.home)
        if daemon.process() is None:
            undo.callback(daemon.stop, _STOP_SECONDS)
            daemon.start([_airflow(), *words], environ, project)
    page = Daemon(name="airflow-api", home=settings.home)
    return lambda: _wait_for(page, f"{AIRFLOW_URL}/api/v2/monitor/health", 180)


def prepare_airflow(settings: Settings, project: Path) -> None:
    """Airflow's database, its user and the browsers' pool; done once, quick after that."""
    folder = settings.home / "airflow"
    (folder / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    _password(settings)
    done = folder / "prepared"  # a first time that was cut off is begun again
    if not done.exists():
        run_airflow(settings, project, "db", "migrate")
        run_airflow(settings, project, "pools", "set", *_POOL)
        done.touch()


def run_airflow(settings: Settings, project: Path, *words: str) -> str:
    """Run one command of Airflow's and give back its output.

    Raises:
        StoreUnreachable: it failed; its last lines are told.
    """
    done = subprocess.run(
        [_airflow(), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env={**os.environ, **airflow_environment(settings, project)},
    )
    if done.returncode:
        told = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise StoreUnreachable(f"airflow {' '.join(words)} failed:\n{told}")
    return done.stdout


def airflow_environment(settings: Settings, project: Path) -> dict[str, str]:
    """What Airflow and its tasks need to know beside airflow.cfg, which has `.insyn` as home."""
    keys = _keys(settings.home / "secrets" / "airflow.json")
    state = settings.home / "airflow"
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "AIRFLOW_HOME": str(project),
        # 50 captures in one process: 238 MB, and 546 MB with an arena a thread (measured).
        "MALLOC_ARENA_MAX": "2",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__API__SECRET_KEY": keys["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(state / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{state}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(state / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(state / "logs" / "dags"),
        "INSYN_HOME": str(settings.home),
        "INSYN_REGISTER": str(settings.register),
        "INSYN_STORE_PORT": str(settings.store_port),
        "INSYN_BUCKET": settings.bucket,
        "INSYN_ALLOW_PRIVATE": "yes" if settings.allow_private else "no",
    }


def _keys(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {
            "fernet": Fernet.generate_key().decode(),
            "api": secrets.token_urlsafe(32),
            "jwt": secrets.token_urlsafe(48),
        }
        _write_secret(path, json.dumps(made))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def _password(settings: Settings) -> str:
    """Of `USER`; made by us, as Airflow would log it and let everyone on the machine read it."""
    path = settings.home / "airflow" / "passwords.json"
    if not path.exists():
        _write_secret(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return str(json.loads(path.read_text())[USER])


def _write_secret(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(path)


def _airflow() -> str:
    return str(Path(sys.executable).parent / "airflow")


def _wait_for(daemon: Daemon, url: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # loopback, ours
                if answer.status == 200:
                    return
        except (TimeoutError, urllib.error.URLError, ConnectionError):
            if daemon.process() is None:
                break
        time.sleep(0.3)
    raise StoreUnreachable(f"{daemon.name} does not answer at {url}:\n{daemon.last_words()}")
