"""Time stamps (RFC 3161): that a certificate was there at a moment, by somebody else's clock.

A token is over the digest of the record's manifest, which has the digests of all its files. It
lies under `timestamps/`, and `openssl ts -verify -digest …` checks it without us. A time-stamping
authority that is down delays nothing: what has no token yet is asked for again (RULES R63,
DISPOSAL case 30).
"""

import logging
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException

from pydantic import JsonValue

from storage.catalogue import find
from storage.errors import AlreadyThere, Damaged
from storage.journal import Act
from storage.keys import timestamp_key
from storage.people import Actor
from storage.query import Query
from storage.record import EVIDENCE, Record, sha256
from storage.vault import Vault

_LOG = logging.getLogger(__name__)

_TIMEOUT_S = 20.0
_MOST_BYTES = 100_000
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
"""AlgorithmIdentifier of SHA-256, with its NULL."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamping:
    """What came of asking: records that have a token now, those that wait, and why."""

    stamped: tuple[str, ...]
    waiting: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeStamp:
    """Where a record's token lies, and when the archive got it."""

    key: str
    version_id: str
    sha256: str
    at: datetime


def stamp_of(vault: Vault, record: Record) -> TimeStamp | None:
    """A record's time stamp, as the journal names it; None while it has none."""
    with vault.catalogue.read() as connection:
        entry = find.last_entry(connection, record.record_id, Act.TIMESTAMPED)
    if entry is None:
        return None
    key, version_id, digest = (str(entry.detail[n]) for n in ("key", "version_id", "sha256"))
    return TimeStamp(key=key, version_id=version_id, sha256=digest, at=entry.at)


def pending(vault: Vault) -> list[Record]:
    """The certificates that have no token yet, oldest first."""
    with vault.catalogue.read() as connection:
        found = find.record_ids(connection, Query(record_type=EVIDENCE))
        waiting = (one for one in found if not find.last_entry(connection, one, Act.TIMESTAMPED))
        records = [find.record(connection, one) for one in waiting]
    return [record for record in records if record is not None]


def stamp_pending(vault: Vault, actor: Actor) -> Stamping:
    """Ask for the tokens that are missing; one that is not got now waits, and nothing fails."""
    waiting, stamped = pending(vault), list[str]()
    url = vault.settings.tsa_url
    if not url or not waiting:
        return Stamping(stamped=(), waiting=tuple(one.record_id for one in waiting), why="")
    why = ""
    for record in waiting:
        try:
            token = ask(url, bytes.fromhex(record.manifest_sha256))
        except (OSError, HTTPException, Damaged) as error:
            why = f"{url}: {error}"
            _LOG.warning("timestamp: %s", why)
            break  # the authority is down for all of them
        _keep(vault, record, token, actor)
        stamped.append(record.record_id)
    left = (one.record_id for one in waiting if one.record_id not in stamped)
    return Stamping(stamped=tuple(stamped), waiting=tuple(left), why=why)


def ask(url: str, digest: bytes) -> bytes:
    """A token for a SHA-256 digest: the authority's whole answer (TimeStampResp, DER).

    Raises:
        OSError, HTTPException: no answer. Damaged: an answer that is no token for this digest.
    """
    nonce = secrets.token_bytes(8)
    asked = request(digest, nonce)
    made = urllib.request.Request(  # noqa: S310  # the setting is checked to be http or https
        url, data=asked, headers={"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(made, timeout=_TIMEOUT_S) as answer:  # noqa: S310
        token: bytes = answer.read(_MOST_BYTES)
    if not _is_granted(token) or digest not in token or _integer(nonce) not in token:
        raise Damaged("the answer is no time stamp of what was asked")
    return token


def request(digest: bytes, nonce: bytes) -> bytes:
    """A TimeStampReq in DER (RFC 3161 section 2.4.1), with the authority's certificate wanted."""
    imprint = _tagged(0x30, _SHA256 + _tagged(0x04, digest))
    return _tagged(0x30, b"\x02\x01\x01" + imprint + _integer(nonce) + b"\x01\x01\xff")


def _keep(vault: Vault, record: Record, token: bytes, actor: Actor) -> None:
    key = timestamp_key(record.record_id)
    try:
        stored = vault.capture.put(
            key,
            token,
            media_type="application/timestamp-reply",
            retain_until=vault.lock_until(),
            mode=vault.settings.evidence_mode,
            only_if_absent=True,
        )
    except AlreadyThere:  # a crash left it: that token is as good
        stored, token = vault.reader.fetch(key)
    _LOG.info("timestamp: stored")
    detail: dict[str, JsonValue] = {
        "key": key,
        "version_id": stored.version_id,
        "sha256": sha256(token),
        "of": record.manifest_sha256,
    }
    with vault.catalogue.write() as tx:
        if find.last_entry(tx.connection, record.record_id, Act.TIMESTAMPED) is None:
            tx.append(actor, Act.TIMESTAMPED, record.record_id, detail)
    vault.seal()


def _is_granted(token: bytes) -> bool:
    """Whether the first number in it, the PKIStatus, is granted (0) or granted with mods (1)."""
    body = _inside(_inside(token))
    return body[:2] == b"\x02\x01" and body[2:3] in (b"\x00", b"\x01")


def _inside(der: bytes) -> bytes:
    """What a SEQUENCE holds; nothing where it is none."""
    if der[:1] != b"\x30" or len(der) < 2:
        return b""
    length = der[1] & 0x7F if der[1] & 0x80 else 0
    return der[2 + length :]


def _integer(number: bytes) -> bytes:
    """A positive INTEGER in DER."""
    least = number.lstrip(b"\x00") or b"\x00"
    return _tagged(0x02, b"\x00" + least if least[0] & 0x80 else least)


def _tagged(tag: int, body: bytes) -> bytes:
    """A DER value; no body here is longer than 127 bytes."""
    return bytes([tag, len(body)]) + body
