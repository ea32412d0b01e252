"""The catalogue's tables. There are no migrations: a new schema is a rebuild.

Moments are text in UTC with milliseconds (`2026-11-23T09:20:17.123Z`), so that both databases sort
and dump them alike. `texts` is the full text: in SQLite an FTS5 table of trigrams (Å, Ä and Ö are
letters of their own, and "infrastruktur" is found inside "forskningsinfrastruktur"), in PostgreSQL
a table with a trigram index (pg_trgm).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    exists,
    text,
)

from storage.record import HERE

TABLES = MetaData()

_BIG = BigInteger().with_variant(Integer, "sqlite")

entries = Table(
    "entries",
    TABLES,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

head = Table(
    "head",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", _BIG, nullable=False),
    Column("digest", Text, nullable=False),
)

segments = Table(
    "segments",
    TABLES,
    Column("first", _BIG, primary_key=True, autoincrement=False),
    Column("last", _BIG, nullable=False),
    Column("key", Text, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)

orders = Table(
    "orders",
    TABLES,
    Column("order_id", Text, primary_key=True),
    Column("record_id", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("ordered_at", Text, nullable=False),
)

records = Table(
    "records",
    TABLES,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("record_id", Text, nullable=False, unique=True),
    Column("order_id", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("captured_at", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("newest_post_at", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("manifest_key", Text, nullable=False),
    Column("manifest_version", Text, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Index("records_by_account", "account", "captured_at"),
    Index("records_by_type", "record_type", "captured_at"),
    Index("records_by_account_and_type", "account", "record_type", "captured_at"),
    Index("records_by_time", "captured_at"),
)

IS_HERE = records.c.status.in_(sorted(status.value for status in HERE))
"""The record has not passed the point of no return."""

gaps = Table(
    "gaps",
    TABLES,
    Column("gap_id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("met_by", Text, nullable=False),
    Index("gaps_by_account", "account", "at"),
)

holds = Table(
    "holds",
    TABLES,
    Column("hold_id", Text, primary_key=True),
    Column("ground", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", Text, nullable=False),
    Column("review_by", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("lifted_by", Text, nullable=False),
    Column("lifted_at", Text, nullable=False),
    Column("lift_reason", Text, nullable=False),
)

hold_members = Table(
    "hold_members",
    TABLES,
    Column("hold_id", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Index("holds_by_record", "record_id"),
)

intents = Table(
    "intents",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version_id", Text, primary_key=True),
    Column("warrant_id", Text, nullable=False),
)

plans = Table(
    "plans",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("plan_id", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_on", Text, nullable=False),
    Column("registration_number", Text, nullable=False),
    Column("in_force_from", Text, nullable=False),
    Column("adopted_by", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("adopted_at", Text, nullable=False),
    Column("shortened", Text, nullable=False),
    Column("transition", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)

plan_rules = Table(
    "plan_rules",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record_type", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
)

events = Table(
    "events",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("happened_on", Text, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("events_by_day", "event", "happened_on"),
)

reviews = Table(
    "reviews",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("reviewed_on", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("plan", Integer, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("period_end", Text, nullable=False),
)

registrations = Table(
    "registrations",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("needs_case", Boolean, nullable=False),
)

case_rules = Table(
    "case_rules",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("year_end", Boolean, nullable=False),
    Column("basis", Text, nullable=False),
)

collective_numbers = Table(
    "collective_numbers",
    TABLES,
    Column("record_type", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False),
)

proposals = Table(
    "proposals",
    TABLES,
    Column("proposal_id", Text, primary_key=True),
    Column("plan", Integer, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("ends_as", Text, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("ready_at", Text, nullable=False),
    Column("executor", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("verified_at", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Index("proposals_by_state", "state"),
)

proposal_items = Table(
    "proposal_items",
    TABLES,
    Column("proposal_id", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("objects_sha256", Text, nullable=False),
    Column("period_start", Text, nullable=False),
    Column("period_end", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("proposals_by_record", "record_id"),
)

approvals = Table(
    "approvals",
    TABLES,
    Column("proposal_id", Text, primary_key=True),
    Column("seat", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("attested", Text, nullable=False),
)

appearances = Table(
    "appearances",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Index("appearances_by_post", "post"),
)

posts = Table(
    "posts",
    TABLES,
    Column("account", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("record_id", Text, nullable=False, index=True),
    Column("digest", Text, nullable=False),
    Column("published_on", Text, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("gone_at", Text, nullable=False),
)

sightings = Table(
    "sightings",
    TABLES,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("post", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Index("sightings_by_post", "post", "seq"),
)

tombstones = Table(
    "tombstones",
    TABLES,
    Column("record_id", Text, primary_key=True),
    Column("proposal_id", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("disposed_at", Text, nullable=False),
    Column("also_in", Text, nullable=False),
    Column("handover", Text, nullable=False),
)

abuse_notices = Table(
    "abuse_notices",
    TABLES,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("noted_at", Text, nullable=False),
)

people = Table(
    "people",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("own_password", Boolean, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("roles_by", Text, nullable=False),
)

ACTIVE_HOLD = exists().where(
    hold_members.c.record_id == records.c.record_id,
    holds.c.hold_id == hold_members.c.hold_id,
    holds.c.active,
)
"""A hold stands on the record."""

leases = Table(
    "leases",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Text, nullable=False),
)

_TEXTS = {
    "sqlite": ("CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(body, tokenize='trigram')",),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE TABLE IF NOT EXISTS texts (rowid bigint PRIMARY KEY, body text NOT NULL)",
        "CREATE INDEX IF NOT EXISTS texts_trgm ON texts USING gin (body gin_trgm_ops)",
    ),
}


def create(connection: Connection) -> None:
    """Make what is missing: tables, full text, the head of an empty journal."""
    TABLES.create_all(connection)
    for statement in _TEXTS[connection.dialect.name]:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove every table: the first half of a rebuild."""
    connection.execute(text("DROP TABLE IF EXISTS texts"))
    TABLES.drop_all(connection)
