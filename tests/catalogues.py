"""Where a test's catalogue lies: a file of SQLite, or a schema of the PostgreSQL that is given.

`TEST_CATALOGUE=postgresql+psycopg://user@host:port/database` runs the tests on that database, which
needs the extension pg_trgm (CONTRIBUTING.md).
"""

import os
import secrets
from pathlib import Path

from sqlalchemy import create_engine, text

POSTGRES = os.environ.get("TEST_CATALOGUE", "")


def fresh_catalogue(folder: Path, name: str = "catalogue") -> str:
    """The URL of an empty catalogue."""
    if not POSTGRES:
        return f"sqlite:///{folder}/{name}.sqlite"
    schema = f"t{secrets.token_hex(8)}"
    engine = create_engine(POSTGRES)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{POSTGRES}?options=-csearch_path%3D{schema}%2Cpublic"
