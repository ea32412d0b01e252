"""The command `insyn` as a person runs it, on the real store, with records that are there."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk.cli import main
from examples.platform.server import Platform
from storage.credential import close_session, open_session
from storage.people import person
from storage.record import utc_now
from storage.settings import Settings
from tests.cast import give_credentials
from tests.storage.conftest import (
    account,
    archive,
    deposited,
    describe,
    order,
    package,
    parts,
)

__all__ = ["account", "archive", "deposited", "describe", "order", "package", "parts"]

REGISTER = Path("examples/karolinska/accounts.toml").absolute()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Insyn = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Insyn:
    """Runs `insyn` with these words."""

    def ran(*words: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        told = capsys.readouterr()
        return Ran(code=int(ended.value.code or 0), out=told.out, err=told.err)

    return ran


def set_environment(patch: pytest.MonkeyPatch, settings: Settings) -> None:
    values = {
        "INSYN_HOME": settings.home,
        "INSYN_REGISTER": REGISTER,
        "INSYN_CATALOGUE": settings.catalogue_url,
        "INSYN_BUCKET": settings.bucket,
        "INSYN_STORE_PORT": settings.store_port,
        "INSYN_ALLOW_PRIVATE": "yes",
        "INSYN_COMPACT": "no",
        "INSYN_LANGUAGE": "en",
    }
    for name, value in values.items():
        patch.setenv(name, str(value))


@pytest.fixture
def insyn(settings: Settings, run: Insyn, monkeypatch: pytest.MonkeyPatch) -> Insyn:
    """Runs `insyn` against a fresh archive on the real store."""
    set_environment(monkeypatch, settings)
    close_session(settings)
    file = give_credentials(settings.home)

    def ran(*words: str) -> Ran:
        """`--by NAME` is the tests' word for: signed in as NAME. A second gives their password."""
        said = list(words)
        if "--by" in said:
            at = said.index("--by")
            open_session(settings, person(said[at + 1]), utc_now())
            del said[at : at + 2]
        if "--second" in said and "--second-password-file" not in said:
            said += ["--second-password-file", str(file)]
        return run(*said)

    return ran


@pytest.fixture
def no_store(tmp_path: Path, run: Insyn, monkeypatch: pytest.MonkeyPatch) -> Insyn:
    """Runs `insyn` on a machine where the store was never started."""
    monkeypatch.setenv("INSYN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("INSYN_REGISTER", str(REGISTER))
    monkeypatch.setenv("INSYN_LANGUAGE", "en")
    return run


@pytest.fixture
def torget() -> Iterator[Platform]:
    """A platform of this test alone."""
    with Platform() as running:
        yield running


@pytest.fixture
def on_torget(
    insyn: Insyn, torget: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Insyn:
    """Runs `insyn` with the example register's accounts on a running imitation platform."""
    told = REGISTER.read_text("utf-8").replace("http://127.0.0.1:8460", torget.url)
    register = tmp_path / "accounts.toml"
    register.write_text(told, "utf-8")
    monkeypatch.setenv("INSYN_REGISTER", str(register))
    return insyn
