"""The part of the fold that posts turn on: which are known, when each was seen, which are gone.

`apply` and `deposited` are called by `fold` alone. Ids, digests and dates only.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from accounts.model import AccountId
from storage.catalogue import schema
from storage.catalogue.moments import moment, stamp
from storage.journal import Act, Entry
from storage.posts import KnownPost, Seen, Sighting
from storage.record import RecordId

_POSTS, _SIGHTINGS = schema.posts, schema.sightings


def deposited(tx: Connection, entry: Entry, told: Mapping[str, JsonValue]) -> None:
    """A record of a post: its first, or a further version."""
    account, at = entry.detail["account"], str(entry.detail["captured_at"])
    key = {"account": account, "post": told["post"]}
    now = {"record_id": entry.subject, "digest": told["digest"], "seen_at": at, "gone_at": ""}
    before = tx.execute(select(_POSTS.c.digest).where(*_same(key))).scalar()
    if before is not None:
        tx.execute(update(_POSTS).where(*_same(key)).values(**now))
    else:
        day = entry.detail.get("published_on", "")
        tx.execute(insert(_POSTS).values(**key, **now, first_at=at, published_on=day))
    outcome = Seen.CAPTURED if before in (None, told["digest"]) else Seen.CHANGED
    _add(tx, entry, {**key, "at": at, "outcome": outcome.value, "record_id": entry.subject})


def apply(tx: Connection, entry: Entry) -> None:
    """Posts that were looked at and are as they were; a post that is gone."""
    at, detail = stamp(entry.at), entry.detail
    if entry.act is Act.POST_GONE:
        key = {"account": detail["account"], "post": entry.subject}
        first = (*_same(key), _POSTS.c.gone_at == "")  # a second look confirms it
        tx.execute(update(_POSTS).where(*first).values(gone_at=at))
        gone = {"at": at, "outcome": Seen.GONE.value, "record_id": detail["record_id"]}
        _add(tx, entry, {**key, **gone})
        return
    posts = detail["posts"]
    for post, record_id in posts.items() if isinstance(posts, Mapping) else ():
        key = {"account": detail["account"], "post": post}
        tx.execute(update(_POSTS).where(*_same(key)).values(seen_at=at, gone_at=""))
        there = {"at": at, "outcome": Seen.UNCHANGED.value, "record_id": record_id}
        _add(tx, entry, {**key, **there})


def known(connection: Connection, account: AccountId) -> list[KnownPost]:
    """Every post of an account that the archive has or had, in the order of its first capture."""
    selected = _known().where(_POSTS.c.account == account)
    rows = connection.execute(selected.order_by(_POSTS.c.first_at, _POSTS.c.post))
    return [_post(row) for row in rows]


def named(connection: Connection, name: str) -> list[KnownPost]:
    """The posts of this key, or of this id on any platform, or whose page has this address."""
    where = (
        (_POSTS.c.post == name)
        | _POSTS.c.post.endswith(f":{name}", autoescape=True)
        | (schema.records.c.url == name)
        | (_POSTS.c.record_id == name)
    )
    return [_post(row) for row in connection.execute(_known().where(where))]


def sightings(connection: Connection, post: KnownPost) -> list[Sighting]:
    """When a post was looked at, and what was seen; oldest first."""
    where = (_SIGHTINGS.c.post == post.post, _SIGHTINGS.c.account == post.account)
    rows = connection.execute(select(_SIGHTINGS).where(*where).order_by(_SIGHTINGS.c.seq))
    return [
        Sighting(at=moment(row.at), outcome=Seen(row.outcome), record_id=RecordId(row.record_id))
        for row in rows
    ]


def _known() -> Select[Any]:
    joined = _POSTS.outerjoin(schema.records, schema.records.c.record_id == _POSTS.c.record_id)
    return select(_POSTS, schema.records.c.url).select_from(joined)


def _post(row: Row[Any]) -> KnownPost:
    return KnownPost(
        account=AccountId(row.account),
        post=row.post,
        record_id=RecordId(row.record_id),
        digest=row.digest,
        url=row.url or "",
        published_on=row.published_on,
        first_at=moment(row.first_at),
        seen_at=moment(row.seen_at),
        gone_at=moment(row.gone_at) if row.gone_at else None,
    )


def _same(key: Mapping[str, JsonValue]) -> tuple[ColumnElement[bool], ...]:
    return tuple(_POSTS.c[name] == value for name, value in key.items())


def _add(tx: Connection, entry: Entry, row: Mapping[str, JsonValue]) -> None:
    tx.execute(insert(_SIGHTINGS).values(seq=entry.seq, **row))
