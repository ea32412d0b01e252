"""The record (allmän handling) and what is written about it: order, manifest, parts, objects.

A record is what is kept or disposed of as one thing. Its manifest is the commit mark in the
bucket: canonical JSON (RFC 8785), so that equal manifests have equal bytes and digests. Looks at
nothing in the store or the catalogue.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, NewType

import rfc8785
from pydantic import JsonValue, TypeAdapter, ValidationError
from ulid import ULID

from accounts.model import Account, AccountId
from accounts.stockholm import civil_date
from storage.errors import Malformed

RecordId = NewType("RecordId", str)
"""A ULID: 26 characters, sortable by the time it was made."""

OrderId = NewType("OrderId", str)
"""Names one order; the same order twice gives one record (RULES R12)."""

RecordType = NewType("RecordType", str)
"""Handlingstyp: every record has exactly one (RULES R14)."""

PROFILE_CAPTURE = RecordType("profile_capture")
"""Ögonblicksbild av kontots profilsida (plan SM-01)."""

FINAL_CAPTURE = RecordType("final_capture")
"""Slututtag vid avveckling av konto (plan SM-02)."""

OWN_POST = RecordType("own_post_unique")
"""Eget inlägg med dialog; what is no copy and not temporary, until a person says so (SM-03)."""

EVIDENCE = RecordType("retention_evidence")
"""Gallringsprotokoll och annat som arkivet självt upprättar (plan SM-20)."""


POST_ORDERS = "post/"
"""How the id of an order for a post begins: what it meets is the post's, not the profile's."""


class Reason(StrEnum):
    """Why a capture was ordered (RULES R8)."""

    HALF_YEAR = "half_year"
    BEFORE_CHANGE = "before_change"
    BEFORE_REMOVAL = "before_removal"
    WIND_UP = "wind_up"
    ON_REQUEST = "on_request"
    POSTS = "posts"
    DISPOSAL = "disposal"
    """No capture: the archive itself documents a disposal."""
    TRANSFER = "transfer"
    """No capture: an e-archive's receipt (RULES R46)."""
    FILED = "filed"
    """No capture: a person filed what they made or fetched (RULES R50)."""


EVIDENT = frozenset({Reason.DISPOSAL, Reason.TRANSFER})
"""What is deposited for these reasons documents how records left the archive."""

CAPTURES = tuple(one for one in Reason if one not in EVIDENT | {Reason.FILED})
"""What a capture can be ordered for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What someone, or a scheduled run, asked to have captured."""

    order_id: OrderId
    account: AccountId
    reason: Reason
    ordered_by: str
    note: str
    ordered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRef:
    """The account as the register knew it at the capture."""

    id: AccountId
    platform: str
    handle: str
    name: str
    unit: str

    @classmethod
    def of(cls, account: Account) -> "AccountRef":
        """The account as its records name it."""
        return cls(
            id=account.id,
            platform=account.platform,
            handle=account.handle,
            name=account.name,
            unit=account.unit,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewport:
    """A window that was photographed: CSS pixels, device pixels per CSS pixel."""

    name: str
    width: int
    height: int
    ratio: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipeUsed:
    """The recipe that the capture followed, by its digest."""

    platform: str
    sha256: str
    checked_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplacedSecret:
    """A secret that was kept out of the record: where it stood and how often."""

    where: str
    name: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """By whose login a page was seen, when it was made, and when it last held."""

    owner: str
    made_on: date
    verified_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """By what means a capture was made (RULES R7, R8). `signed_in`: None as the public sees
    it, and in manifests from before it was told.
    """

    software: Mapping[str, str]
    browser: str
    user_agent: str
    locale: str
    timezone: str
    login: Literal["public", "signed_in"]
    signed_in: SignedIn | None = None
    viewports: tuple[Viewport, ...]
    recipe: RecipeUsed
    consent: Mapping[str, JsonValue]
    settle: Mapping[str, JsonValue]
    server: Mapping[str, JsonValue]
    warc: Literal["complete", "partial", "unavailable"]
    secrets_replaced: tuple[ReplacedSecret, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A fact of the profile that differs from the capture before (RULES R5)."""

    field: str
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A member of the record's package; `offset` is its first byte in the package, stored plain."""

    name: str
    media_type: str
    size: int
    sha256: str
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredObject:
    """One exact version of an object in the bucket."""

    key: str
    version_id: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What the capturer says of a record; the archive adds parts and objects."""

    record_id: RecordId
    record_type: RecordType
    account: AccountRef
    order: Order
    started_at: datetime
    ended_at: datetime
    requested_url: str
    final_url: str
    title: str
    facts: Mapping[str, JsonValue]
    changes: tuple[Change, ...]
    previous: RecordId | None
    completeness: Mapping[str, JsonValue]
    provenance: Provenance


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """All that is known of a record, written last and never changed."""

    manifest_version: Literal[1]
    description: Description
    parts: tuple[Part, ...]
    objects: tuple[StoredObject, ...]

    @property
    def record_id(self) -> RecordId:
        """The record that this is the manifest of."""
        return self.description.record_id

    def to_bytes(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(_MANIFEST.dump_python(self, mode="json"))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            Malformed: naming every fault with its path.
        """
        try:
            return _MANIFEST.validate_json(data)
        except ValidationError as error:
            raise Malformed.by(error, "This is not a manifest") from error


_MANIFEST = TypeAdapter(Manifest)


def new_id() -> RecordId:
    """A fresh ULID."""
    return RecordId(str(ULID()))


def sha256(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read a piece at a time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def utc_now() -> datetime:
    """The present moment, aware, in UTC, in whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def today() -> date:
    """The present civil date in Sweden."""
    return civil_date(utc_now())


class Status(StrEnum):
    """Where a record is in its life (DISPOSAL.md). Held is no status: it is a fact beside it."""

    ACTIVE = "active"
    DISPOSING = "disposing"
    DESTROYING = "destroying"
    DISPOSED = "disposed"
    TRANSFERRED = "transferred"


HERE = frozenset({Status.ACTIVE, Status.DISPOSING})
"""The statuses before the point of no return: a hold or a declaration still changes its fate."""

GONE = frozenset({Status.DISPOSED, Status.TRANSFERRED})
"""The statuses in which only a tombstone is left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record as the catalogue knows it: what it is, where it lies, how it stands.

    `size` is the sum of its objects' bytes; `changed` names the facts that differ from the capture
    before; `title` and `url` are empty once it is disposed of, and while it is `restricted`: kept
    apart for secrecy (RULES R16).
    """

    record_id: RecordId
    record_type: RecordType
    account: AccountId
    platform: str
    handle: str
    unit: str
    reason: Reason
    captured_at: datetime
    title: str
    url: str
    changed: tuple[str, ...]
    size: int
    status: Status
    generation: int
    held: bool
    restricted: bool
    manifest_key: str
    manifest_version: str
    manifest_sha256: str

    @property
    def is_evidence(self) -> bool:
        """Whether it documents a disposal; by its order, which nobody can change (RULES R40)."""
        return self.reason in EVIDENT
