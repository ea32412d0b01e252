"""The catalogue: the searchable fold of the journal and the manifests, in SQLite or PostgreSQL.

Entries and the tables that they change are written in one transaction; writers wait for each
other (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock and the locked head row), so the chain
never forks and what a transaction has looked at stays so.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.catalogue import fold, schema
from storage.catalogue.contents import Contents, ContentsOf
from storage.errors import CatalogueUnreachable, SettingsError
from storage.journal import START, Act, Entry, Head, next_entry
from storage.people import Actor
from storage.record import utc_now

_BUSY_SECONDS = 60
_SCRUBS = {
    "sqlite": (
        "INSERT INTO texts (texts) VALUES ('optimize')",
        "VACUUM",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ),
    "postgresql": ("VACUUM FULL",),
}
_MERGED_PAGES = 500
"""How many pages of the index of texts one step writes anew; others wait for it that long."""
_WRITERS = 125_59
"""The number of the lock that writers take in PostgreSQL; any will do that is ours alone."""


class Transaction:
    """One unit of writing: entries appended here and their fold are kept or lost together."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def append(
        self,
        actor: Actor,
        act: Act,
        subject: str,
        detail: Mapping[str, JsonValue],
        contents: Contents | None = None,
    ) -> Entry:
        """Add the next entry to the journal and fold it into the tables."""
        entry = next_entry(
            self._head(), at=utc_now(), actor=actor, act=act, subject=subject, detail=detail
        )
        fold.apply(self.connection, entry, lambda _: contents)
        return entry

    def replay(self, entry: Entry, contents_of: ContentsOf) -> None:
        """Fold an entry that was written before (rebuild). The caller has checked the chain."""
        fold.apply(self.connection, entry, contents_of)

    def _head(self) -> Head:
        row = self.connection.execute(
            select(schema.head.c.seq, schema.head.c.digest).with_for_update()
        ).one()
        return Head(seq=row.seq, digest=row.digest)


class Catalogue:
    """A database of the archive. Cheap to make; holds a pool of connections until closed."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def create(self) -> None:
        """Make the tables that are missing; an existing catalogue is left as it is."""
        with self.write() as tx:
            schema.create(tx.connection)
            if tx.connection.execute(select(schema.head)).first() is None:
                tx.connection.execute(
                    insert(schema.head).values(id=1, seq=START.seq, digest=START.digest)
                )

    @property
    def exists(self) -> bool:
        """Whether the tables are there."""
        with self._connected() as connection:
            return inspect(connection).has_table("head")

    def missing_columns(self) -> list[str]:
        """Columns that this version has and the tables have not: `table.column`, in order."""
        with self._connected() as connection:
            found = inspect(connection).get_multi_columns()
        there = {(table, one["name"]) for (_, table), columns in found.items() for one in columns}
        ours = [(table.name, one.name) for table in schema.TABLES.sorted_tables for one in table.c]
        return [f"{table}.{name}" for table, name in ours if (table, name) not in there]

    def clear(self, tx: Transaction) -> None:
        """Forget everything, within a transaction: the first half of a rebuild."""
        schema.drop(tx.connection)
        schema.create(tx.connection)
        tx.connection.execute(insert(schema.head).values(id=1, seq=START.seq, digest=START.digest))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; writes nothing."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """The only way to change anything; one writer at a time."""
        with (
            self._connected().execution_options(insyn_writes=True) as connection,
            connection.begin(),
        ):
            if connection.dialect.name == "postgresql":
                # What a transaction looks at before it appends must still be so when it does.
                connection.execute(select(func.pg_advisory_xact_lock(_WRITERS)))
            yield Transaction(connection)

    def _connected(self) -> Connection:
        try:
            return self._engine.connect()
        except OperationalError as error:
            shown = self._engine.url.render_as_string(hide_password=True)
            raise CatalogueUnreachable(
                f"The catalogue {shown} gives no answer: {error.orig}. See INSYN_CATALOGUE."
            ) from error

    def _bare(self) -> Connection:
        """A connection whose statements stand in no transaction."""
        sqlite = self._engine.dialect.name == "sqlite"
        bare = {"insyn_bare": True} if sqlite else {"isolation_level": "AUTOCOMMIT"}
        return self._connected().execution_options(**bare)

    def scrub(self) -> None:
        """Leave nothing of removed rows in the database's files (RULES R49). Writes them anew.

        PostgreSQL gives back whole tables with VACUUM FULL; its write-ahead log is the operator's.
        """
        with self._bare() as connection:
            for statement in _SCRUBS[connection.dialect.name]:
                connection.exec_driver_sql(statement)

    def settle_texts(self) -> None:
        """Leave nothing of removed texts in the index, which keeps their trigrams until it merges.

        Rewrites it in steps between which others write. PostgreSQL rewrites table and index whole.
        """
        with self._bare() as connection:
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("VACUUM FULL texts")
                return
            step, changed = -_MERGED_PAGES, _MERGED_PAGES
            while changed > 1:  # fts5.html, section 6.8: the first step marks all there is
                before = _total_changes(connection)
                merge = "INSERT INTO texts (texts, rank) VALUES ('merge', ?)"
                connection.exec_driver_sql(merge, (step,))
                step, changed = _MERGED_PAGES, _total_changes(connection) - before
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def dump(self) -> Iterator[str]:
        """Every row of every table that a rebuild makes, one JSON line each, in a fixed order.

        Two catalogues are the same when their dumps have equal bytes. Leases are not history.
        """
        with self.read() as connection:
            for table in schema.TABLES.sorted_tables:
                if table is schema.leases:
                    continue
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                    yield _line(table.name, row._asdict())
            texts = text("SELECT rowid, body FROM texts ORDER BY rowid")
            for row in connection.execute(texts):
                yield _line("texts", row._asdict())


def _total_changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def _line(table: str, row: Mapping[str, object]) -> str:
    return json.dumps([table, row], ensure_ascii=False, sort_keys=True)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return _servers(url, parsed.get_backend_name())
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(
            ["INSYN_CATALOGUE: give sqlite:/// or postgresql+psycopg://"]
        ) from error
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _servers(url: str, backend: str) -> Engine:
    """The engine of a database that is a server's; its driver is no part of the lock."""
    if backend not in _SCRUBS:
        raise SettingsError([f"INSYN_CATALOGUE: {backend} is no database that Insyn knows"])
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        driver = f"INSYN_CATALOGUE: the driver {error.name} is not installed: make postgresql"
        raise SettingsError([driver]) from error


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a journaled hold must survive a power cut
    cursor.execute("PRAGMA secure_delete=ON")  # not every build of SQLite overwrites by itself
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("insyn_bare", False):
        return  # VACUUM runs in no transaction
    writes = connection.get_execution_options().get("insyn_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
