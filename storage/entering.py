"""Entering a stored record in the journal: what is read back from the bucket, and what is said.

A deposit, the repeat of one that was cut off, and a rebuild all come through here.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import JsonValue

from accounts.stockholm import civil_date
from storage.catalogue import Contents, find, held, stamp
from storage.errors import NotFound
from storage.holding import set_bits
from storage.journal import Act
from storage.keys import PACKAGE, is_restricted
from storage.objects import Store
from storage.package import part_range
from storage.people import Actor
from storage.record import (
    Manifest,
    Order,
    Record,
    RecordId,
    Status,
    StoredObject,
)
from storage.vault import Vault

_LOG = logging.getLogger(__name__)
_TEXT = "text/visible.txt"
_POSTS = "data/posts.json"


def enter(vault: Vault, manifest: Manifest, stored: StoredObject, actor: Actor, act: Act) -> Record:
    """Enter a stored record in the journal, once; stored queries that hold it take effect."""
    contents = contents_of(vault.reader_of(stored.key), manifest)
    with vault.catalogue.write() as tx:
        record = find.record(tx.connection, manifest.record_id)
        if record is None:
            holds = held.catching(tx.connection, record_of(manifest, stored), contents.text)
            detail = entry_detail(manifest, stored, holds, act)
            tx.append(actor, act, manifest.record_id, detail, contents)
            record = find.record(tx.connection, manifest.record_id)
    if record is None:
        raise NotFound(f"Record {manifest.record_id} was not entered. This is a fault of Insyn.")
    _LOG.info("deposit: journaled")
    vault.seal()
    if record.held:
        set_bits(vault.holder, manifest, stored, on=True)
    _LOG.info("deposit: sealed")
    return record


def contents_of(store: Store, manifest: Manifest) -> Contents:
    """What the catalogue keeps of a record beside its journal entry."""
    said = manifest.description
    newest = said.facts.get("newest_post_at")
    return Contents(
        title=said.title,
        url=said.final_url,
        text=_part(store, manifest, _TEXT).decode("utf-8", errors="replace"),
        newest_post_at=stamp(datetime.fromisoformat(str(newest))) if newest else "",
        posts=_posts(_part(store, manifest, _POSTS), said.account.platform),
    )


def shown_in(store: Store, manifest: Manifest) -> frozenset[str]:
    """The ids of every post and comment that a record shows, as the platform gives them."""
    read = json.loads(_part(store, manifest, _POSTS) or b"{}")
    posts = read.get("posts") if isinstance(read, dict) else None
    found = {str(one["id"]) for one in _nested(posts) if one.get("id")}
    return frozenset(found)


def _nested(value: object) -> Iterator[dict[str, object]]:
    """The posts of a list, and what lies in them: their comments and the replies to these."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one
            yield from _nested(one.get("comments"))
            yield from _nested(one.get("replies"))


def _part(store: Store, manifest: Manifest, name: str) -> bytes:
    """A part's bytes, by a range read; nothing where the record has none of that name."""
    package = next((o for o in manifest.objects if o.key.endswith("/" + PACKAGE)), None)
    part = next((p for p in manifest.parts if p.name == name), None)
    if package is None or part is None or not part.size:
        return b""
    first, last = part_range(part)
    return store.get(package.key, package.version_id, first=first, last=last)


def _posts(data: bytes, platform: str) -> tuple[str, ...]:
    """The posts that a record shows, each as the platform names it."""
    read = json.loads(data or b"{}")
    posts = read.get("posts") if isinstance(read, dict) else None
    named = (post.get("id") for post in posts or () if isinstance(post, dict))
    return tuple(dict.fromkeys(f"{platform}:{name}" for name in named if name))


def record_of(manifest: Manifest, stored: StoredObject) -> Record:
    """A record as it is when it has just been stored."""
    said = manifest.description
    return Record(
        record_id=said.record_id,
        record_type=said.record_type,
        account=said.account.id,
        platform=said.account.platform,
        handle=said.account.handle,
        unit=said.account.unit,
        reason=said.order.reason,
        captured_at=said.started_at,
        title=said.title,
        url=said.final_url,
        changed=tuple(change.field for change in said.changes),
        size=stored.size + sum(o.size for o in manifest.objects),
        status=Status.ACTIVE,
        generation=0,
        held=False,
        restricted=is_restricted(stored.key),
        manifest_key=stored.key,
        manifest_version=stored.version_id,
        manifest_sha256=stored.sha256,
    )


def entry_detail(
    manifest: Manifest, stored: StoredObject, holds: Sequence[str], act: Act
) -> dict[str, JsonValue]:
    """What the journal says of a deposit: ids, dates and digests.

    A recovered record brings its order with it, whose own entry may have been lost.
    """
    said = manifest.description
    record = record_of(manifest, stored)
    detail: dict[str, JsonValue] = {
        "order_id": said.order.order_id,
        "record_type": record.record_type,
        "account": record.account,
        "platform": record.platform,
        "handle": record.handle,
        "unit": record.unit,
        "reason": record.reason.value,
        "captured_at": stamp(record.captured_at),
        "size": record.size,
        "manifest_key": record.manifest_key,
        "manifest_version": record.manifest_version,
        "manifest_sha256": record.manifest_sha256,
        "changed": list(record.changed),
        "holds": list(holds),
    }
    published = said.facts.get("published_at")
    if published:
        detail["published_on"] = civil_date(datetime.fromisoformat(str(published))).isoformat()
    if post := said.facts.get("post_id"):
        detail["post"] = {
            "post": f"{record.platform}:{post}",
            "digest": said.facts.get("content_sha256"),
        }
    if act is Act.RECOVERED:
        detail["order"] = order_detail(said.order, said.record_id)
    return detail


def order_detail(order: Order, record_id: RecordId) -> dict[str, JsonValue]:
    return {
        "record_id": record_id,
        "account": order.account,
        "reason": order.reason.value,
        "ordered_by": order.ordered_by,
        "note": order.note,
        "ordered_at": stamp(order.ordered_at),
    }
