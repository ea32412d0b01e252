"""The object store, as one identity sees the one bucket.

Every put carries its SHA-256, which the store checks and keeps; every deletion names an exact
version. What the store answers becomes an error of ours that names the key and the identity.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from storage.credentials import credential_of, endpoint_of
from storage.errors import ObjectMissing
from storage.objects.client import client_of, told
from storage.objects.putting import measure, put_object
from storage.record import StoredObject, sha256
from storage.settings import Credential, Identity, LockMode, Settings

_CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What the store says of a version; `sha256` is None where it keeps none (multipart)."""

    version_id: str
    size: int
    sha256: str | None
    retain_until: datetime | None
    mode: LockMode | None
    legal_hold: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A version or a delete marker, as listed. `size` is in bytes, 0 for a marker."""

    key: str
    version_id: str
    size: int
    last_modified: datetime
    is_latest: bool
    is_marker: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A version that a batch deletion did not remove, and why."""

    key: str
    version_id: str
    code: str


class Store:
    """The bucket as one identity sees it."""

    def __init__(
        self, *, url: str, region: str, bucket: str, credential: Credential, identity: Identity
    ) -> None:
        self.identity = identity
        self.bucket = bucket
        self._s3 = client_of(url, region, credential)

    @classmethod
    def from_settings(cls, settings: Settings, identity: Identity) -> Self:
        """The identity's view, with the credentials of the settings or of the embedded store.

        Raises:
            StoreRefused: this installation has no credentials for the identity.
        """
        return cls(
            url=endpoint_of(settings),
            region=settings.s3_region,
            bucket=settings.bucket,
            credential=credential_of(settings, identity),
            identity=identity,
        )

    def put(
        self,
        key: str,
        body: bytes | Path,
        *,
        media_type: str,
        retain_until: datetime | None,
        mode: LockMode = LockMode.GOVERNANCE,
        only_if_absent: bool = False,
    ) -> StoredObject:
        """Put a new version, its digest checked by the store.

        Raises:
            AlreadyThere: `only_if_absent`, and the key has an object.
            StoreRefused: this identity may not put, or the digest did not agree.
        """
        measured = measure(body)
        extra: dict[str, Any] = {"ContentType": media_type}
        if retain_until is not None:
            extra |= {"ObjectLockMode": mode.value, "ObjectLockRetainUntilDate": retain_until}
        if only_if_absent:
            extra["IfNoneMatch"] = "*"
        with self._told(key):
            version_id = put_object(self._s3, {"Bucket": self.bucket, "Key": key}, measured, extra)
        return StoredObject(
            key=key,
            version_id=version_id,
            media_type=media_type,
            size=measured.size,
            sha256=measured.digest.hex(),
        )

    def get(
        self,
        key: str,
        version_id: str | None = None,
        *,
        first: int | None = None,
        last: int | None = None,
    ) -> bytes:
        """A version's bytes, or those from `first` to `last`, both included."""
        extra = {} if first is None else {"Range": f"bytes={first}-{'' if last is None else last}"}
        with self._told(key):
            answer = self._s3.get_object(
                Bucket=self.bucket, Key=key, **_version(version_id), **extra
            )
            with closing(answer["Body"]) as body:
                data: bytes = body.read()
        return data

    def fetch(self, key: str, version_id: str | None = None) -> tuple[StoredObject, bytes]:
        """A version whole, and which it is: the latest where none is named. One request."""
        with self._told(key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key, **_version(version_id))
            with closing(answer["Body"]) as body:
                data: bytes = body.read()
        stored = StoredObject(
            key=key,
            version_id=answer["VersionId"],
            media_type=answer["ContentType"],
            size=len(data),
            sha256=sha256(data),
        )
        return stored, data

    def download(self, key: str, version_id: str | None, path: Path) -> None:
        """Write a version to a file, a piece at a time."""
        with self._told(key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key, **_version(version_id))
            with closing(answer["Body"]) as body, path.open("wb") as file:
                for piece in body.iter_chunks(_CHUNK):
                    file.write(piece)

    def head(self, key: str, version_id: str | None = None) -> Head:
        """What the store says of a version: size, digest, lock, legal hold."""
        with self._told(key):
            said = self._s3.head_object(
                Bucket=self.bucket, Key=key, ChecksumMode="ENABLED", **_version(version_id)
            )
        checksum = said.get("ChecksumSHA256", "")
        whole = checksum and "-" not in checksum
        mode = said.get("ObjectLockMode")
        return Head(
            version_id=said.get("VersionId", ""),
            size=said["ContentLength"],
            sha256=base64.b64decode(checksum).hex() if whole else None,
            retain_until=said.get("ObjectLockRetainUntilDate"),
            mode=LockMode(mode) if mode else None,
            legal_hold=said.get("ObjectLockLegalHoldStatus") == "ON",
        )

    def versions(self, prefix: str, page: int = 1000) -> Iterator[Version]:
        """Every version and delete marker below a prefix, `page` at a time."""
        with self._told(prefix):
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=prefix, PaginationConfig={"PageSize": page}
            )
            for listed in pages:
                marked = [(v, False) for v in listed.get("Versions", [])]
                marked += [(v, True) for v in listed.get("DeleteMarkers", [])]
                for version, is_marker in sorted(marked, key=lambda pair: pair[0]["Key"]):
                    yield _listed(version, is_marker=is_marker)

    def keys(self, prefix: str, start_after: str = "") -> Iterator[str]:
        """The keys below a prefix that have a current object, in order."""
        with self._told(prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, StartAfter=start_after
            )
            for listed in pages:
                for found in listed.get("Contents", []):
                    yield found["Key"]

    def legal_hold(self, key: str, version_id: str, on: bool) -> None:
        """Set or clear the legal hold of one exact version."""
        with self._told(key):
            self._s3.put_object_legal_hold(
                Bucket=self.bucket,
                Key=key,
                VersionId=version_id,
                LegalHold={"Status": "ON" if on else "OFF"},
            )

    def retain(self, key: str, version_id: str, until: datetime, *, bypass: bool) -> None:
        """Set a version's GOVERNANCE retention; shortening needs the power to bypass."""
        with self._told(key):
            self._s3.put_object_retention(
                Bucket=self.bucket,
                Key=key,
                VersionId=version_id,
                Retention={"Mode": LockMode.GOVERNANCE.value, "RetainUntilDate": until},
                BypassGovernanceRetention=bypass,
            )

    def delete_version(self, key: str, version_id: str, *, bypass_governance: bool) -> None:
        """Remove one exact version. A version that never was is no error: verify by listing.

        Raises:
            StoreRefused: it is held, locked, or this identity may not.
        """
        with self._told(key):
            self._s3.delete_object(
                Bucket=self.bucket,
                Key=key,
                VersionId=version_id,
                **({"BypassGovernanceRetention": True} if bypass_governance else {}),
            )

    def delete_versions(
        self, targets: Sequence[tuple[str, str]], *, bypass_governance: bool
    ) -> list[Refusal]:
        """Remove up to 1,000 (key, version) at once; gives back those that were refused.

        The store answers 200 with the refusals inside: they are read, not assumed.
        """
        if not targets:
            return []
        objects = [{"Key": key, "VersionId": version_id} for key, version_id in targets]
        with self._told(targets[0][0]):
            answer = self._s3.delete_objects(
                Bucket=self.bucket,
                Delete={"Objects": objects},
                BypassGovernanceRetention=bypass_governance,
            )
        return [
            Refusal(key=e["Key"], version_id=e.get("VersionId", ""), code=e.get("Code", ""))
            for e in answer.get("Errors", [])
        ]

    def uploads(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Key and upload id of every put in parts below a prefix that was not ended."""
        with self._told(prefix):
            pages = self._s3.get_paginator("list_multipart_uploads").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for listed in pages:
                for upload in listed.get("Uploads", []):
                    yield upload["Key"], upload["UploadId"]

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Give up a put in parts; one that is gone is no error."""
        try:
            with self._told(key):
                self._s3.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except ObjectMissing:
            return

    def mark_deleted(self, key: str) -> None:
        """Put a delete marker over a key: hides, removes nothing (DISPOSAL case 13)."""
        with self._told(key):
            self._s3.delete_object(Bucket=self.bucket, Key=key)

    def _told(self, key: str) -> AbstractContextManager[None]:
        return told(key, self.identity)


def _version(version_id: str | None) -> dict[str, str]:
    return {"VersionId": version_id} if version_id else {}


def _listed(version: dict[str, Any], *, is_marker: bool) -> Version:
    return Version(
        key=version["Key"],
        version_id=version["VersionId"],
        size=version.get("Size", 0),
        last_modified=version["LastModified"],
        is_latest=version["IsLatest"],
        is_marker=is_marker,
    )
