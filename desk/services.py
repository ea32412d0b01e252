"""Everything that runs: the store, the imitation platform, Airflow. Started and stopped as one.

`insyn up` and the demo come here. Airflow is started as a program of its own and never imported:
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
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from storage import embedded
from storage.daemon import Daemon
from storage.errors import StoreUnreachable
from storage.fitness import require_fit
from storage.settings import Settings

AIRFLOW_URL = "http://127.0.0.1:8480"
PLATFORM_URL = "http://127.0.0.1:8460"
_STOP_SECONDS = 8.0
_POOL = ("browser", "2", "One place for each browser that may run at once")


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """Where everything answers; the password is Airflow's, for the user `operator`."""

    store_url: str
    platform_url: str
    airflow_url: str
    airflow_password: str


def up(settings: Settings, project: Path) -> Running:
    """Start what is not running yet and wait until all of it answers.

    `project` is the folder with airflow.cfg, dags/ and examples/.

    Raises:
        StoreUnreachable: a part did not answer in time; the end of its log is told.
        StoreUnfit: the bucket cannot protect records (RULES R31).
    """
    if settings.embedded:
        embedded.start(settings)
    require_fit(settings)
    start_platform(settings, project)
    start_airflow(settings, project)
    passwords = settings.home / "airflow" / "passwords.json"
    return Running(
        store_url=settings.s3_url or embedded.status(settings).url,
        platform_url=PLATFORM_URL,
        airflow_url=AIRFLOW_URL,
        airflow_password=json.loads(passwords.read_text())["operator"],
    )


def down(settings: Settings) -> list[str]:
    """Stop all of it; gives back the names of what ran."""
    names = [
        name
        for name in ("airflow", "platform")
        if Daemon(name=name, home=settings.home).stop(_STOP_SECONDS)
    ]
    if settings.embedded and embedded.stop(settings):
        names.append("store")
    return names


def start_platform(settings: Settings, project: Path) -> None:
    """The imitation platform of examples/platform."""
    daemon = Daemon(name="platform", home=settings.home)
    daemon.start([sys.executable, "-m", "examples.platform", "--port", "8460"], {}, project)
    _wait_for(daemon, f"{PLATFORM_URL}/__health", 30)


def start_airflow(settings: Settings, project: Path) -> None:
    """Airflow with its page: database, pool, scheduler, DAG processor, API server."""
    daemon = Daemon(name="airflow", home=settings.home)
    environ = airflow_environment(settings, project)
    if daemon.process() is None:
        prepare_airflow(settings, project)
        daemon.start([_airflow(), "standalone"], environ, project)
    _wait_for(daemon, f"{AIRFLOW_URL}/api/v2/monitor/health", 180)


def prepare_airflow(settings: Settings, project: Path) -> None:
    """Airflow's database and the browsers' pool; done once, quick after that."""
    (settings.home / "airflow" / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (settings.home / "airflow" / "airflow.db").exists():
        run_airflow(settings, project, "db", "migrate")
        run_airflow(settings, project, "pools", "set", *_POOL)


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
    """What Airflow and its tasks need to know beside airflow.cfg."""
    keys = _keys(settings.home / "secrets" / "airflow.json")
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "AIRFLOW_HOME": str(project),
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__API__SECRET_KEY": keys["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        "INSYN_HOME": str(settings.home),
        "INSYN_REGISTER": str(settings.register),
        "INSYN_STORE_PORT": str(settings.store_port),
        "INSYN_ALLOW_PRIVATE": "yes" if settings.allow_private else "no",
    }


def _keys(path: Path) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        made = {
            "fernet": Fernet.generate_key().decode(),
            "api": secrets.token_urlsafe(32),
            "jwt": secrets.token_urlsafe(48),
        }
        path.write_text(json.dumps(made))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


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
