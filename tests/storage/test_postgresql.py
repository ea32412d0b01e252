"""The catalogue on PostgreSQL: what SQLite holds and answers, it does too, and writers take turns.

`make test-postgresql` runs whole rooms on it; this is the short of it, where a server is installed.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retention.due import due
from retention.plan import Plan
from storage.archive import Archive
from storage.catalogue import Catalogue, Contents, find
from storage.errors import CatalogueUnreachable, SettingsError
from storage.journal import START, Act, follow
from storage.people import service
from storage.query import Query
from storage.settings import Settings
from storage.standing import Trigger
from storage.vault import Vault
from tests import postgresql
from tests.retention.strategies import RULE, plan_of
from tests.retention.test_due import CLOSED, COUNT, _populate

TEXT = Contents(
    title="Å", url="", text="Vår forskningsinfrastruktur", newest_post_at="", posts=("p",)
)
DAYS = (date(2024, 2, 29), date(2026, 1, 1), date(2040, 1, 1))


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Catalogue, Catalogue]]:
    """One journal folded in SQLite and in PostgreSQL."""
    if lacks := postgresql.missing():
        pytest.skip(lacks)
    written = Catalogue(f"sqlite:///{tmp_path}/written.sqlite")
    written.create()
    _populate(written, random.Random(4))
    with postgresql.server() as url:
        made = Catalogue(f"sqlite:///{tmp_path}/catalogue.sqlite"), Catalogue(url)
        for one in made:
            one.create()
            with written.read() as connection, one.write() as tx:
                for entry in find.entries(connection):
                    tx.replay(entry, lambda _: TEXT)
        yield made
        for one in (written, *made):
            one.close()


@pytest.mark.postgresql
def test_postgresql_holds_and_answers_what_sqlite_does(both: tuple[Catalogue, Catalogue]) -> None:
    """R24, R27: every table, what is due on any day, what is found; the chain never forks."""
    small, large = both
    assert list(large.dump()) == list(small.dump())
    plans = [plan_of(replace(RULE, trigger=(one,))) for one in Trigger]
    first, second = ([_due(one, plan) for plan in plans] for one in both)
    assert first == second
    assert sum(map(len, first)) > COUNT
    for query in (
        Query(text="infra struktur VÅR"),
        Query(text="infra", held=True),
        Query(text="å"),
    ):
        with small.read() as here, large.read() as there:
            assert find.record_ids(there, query) == find.record_ids(here, query) != []
    with small.read() as connection:
        before = sum(1 for _ in find.entries(connection))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: _note(large, n), range(24)))
    with large.read() as connection:
        [*_, head] = follow(START, find.entries(connection))
    assert head.seq == before + 24


def _due(catalogue: Catalogue, plan: Plan) -> list[object]:
    settings = Settings.from_environment({"INSYN_HOME": "/nowhere"})
    archive = Archive(Vault(settings=settings, catalogue=catalogue))
    return [
        (day, record.record_id, verdict)
        for day in DAYS
        for record, _, verdict in due(plan, day, lambda wanted: archive.reached(wanted, CLOSED))
    ]


def _note(catalogue: Catalogue, number: int) -> None:
    with catalogue.write() as tx:
        tx.append(service("test"), Act.INCIDENT_NOTED, f"I{number}", {"what": "prov"})


def test_a_database_that_cannot_be_had_is_told_without_its_password() -> None:
    """What is wrong is said in a sentence: the driver, the scheme, or who gives no answer."""
    nowhere = "postgresql+psycopg://insyn:hemligt@127.0.0.1:1/insyn"
    with pytest.raises((SettingsError, CatalogueUnreachable)) as told:
        Catalogue(nowhere).create()
    assert "hemligt" not in str(told.value)
    assert isinstance(told.value, CatalogueUnreachable) is not postgresql.DRIVER_MISSING
    with pytest.raises(SettingsError, match="INSYN_CATALOGUE"):
        Catalogue("mysql+nosuch://x/y")
    with pytest.raises(CatalogueUnreachable, match="/proc/nowhere"):
        Catalogue("sqlite:////proc/nowhere.sqlite").create()
