"""One real store for the whole run (one a worker), and settings that point at it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from examples.ports import free_ports
from storage import embedded
from storage.settings import Settings
from tests.cast import appoint
from tests.catalogues import fresh_catalogue

hypothesis.settings.register_profile("insyn", deadline=None)  # no test is timed: `make bench` is
hypothesis.settings.load_profile("insyn")


@pytest.fixture(scope="session")
def running_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The embedded store, started once and killed at the end."""
    settings = Settings.from_environment(
        {
            "INSYN_HOME": str(tmp_path_factory.mktemp("store")),
            "INSYN_STORE_PORT": str(free_ports()),
            "INSYN_ALLOW_PRIVATE": "yes",
            "INSYN_COMPACT": "no",  # seconds for each disposal; test_copies tries it
        }
    )
    embedded.start(settings)
    yield settings
    pid = embedded.status(settings).pid
    if pid:
        os.killpg(pid, signal.SIGKILL)


@pytest.fixture
def settings(running_store: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A fresh archive on the running store: a bucket and a catalogue of its own."""
    from dataclasses import replace

    from storage.objects import Bucket
    from storage.settings import Identity

    bucket = "t" + str(abs(hash(request.node.nodeid)))[:16] + str(os.getpid())
    made = replace(running_store, bucket=bucket, catalogue_url=fresh_catalogue(tmp_path))
    setup = Bucket.from_settings(made, Identity.SETUP)
    setup.prepare()
    appoint(made)
    return made
