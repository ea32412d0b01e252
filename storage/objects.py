"""The object store, as one identity sees the one bucket. The one door to boto3.

Every put carries its SHA-256, which the store checks and keeps; every deletion names an exact
version. What the store answers becomes an error of ours that names the key and the identity.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage.credentials import credential_of, endpoint_of
from storage.errors import (
    AlreadyThere,
    ObjectMissing,
    StoreError,
    StoreRefused,
    StoreUnreachable,
)
from storage.record import StoredObject, sha256
from storage.settings import Credential, Identity, LockMode, Settings

_MULTIPART_FROM = 64 * 1024 * 1024
_PART = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_MISSING = frozenset(
    {"404", "NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NotFound", "MethodNotAllowed", "405"}
)
_REFUSED = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_CLASH = frozenset({"412", "PreconditionFailed", "ConditionalRequestConflict"})


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
        self._s3 = _client(url, region, credential.key, credential.secret)

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
        digest, size = _measure(body)
        extra: dict[str, Any] = {"ContentType": media_type}
        if retain_until is not None:
            extra |= {"ObjectLockMode": mode.value, "ObjectLockRetainUntilDate": retain_until}
        if only_if_absent:
            extra["IfNoneMatch"] = "*"
        with self._told(key):
            if isinstance(body, Path) and size >= _MULTIPART_FROM:
                version_id = self._put_in_parts(key, body, extra)
            else:
                version_id = self._put_whole(key, body, digest, extra)
        return StoredObject(
            key=key, version_id=version_id, media_type=media_type, size=size, sha256=digest.hex()
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

    def _put_whole(self, key: str, body: bytes | Path, digest: bytes, extra: dict[str, Any]) -> str:
        data = body.read_bytes() if isinstance(body, Path) else body
        answer = self._s3.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=data,
            ChecksumSHA256=base64.b64encode(digest).decode(),
            **extra,
        )
        return str(answer["VersionId"])

    def _put_in_parts(self, key: str, path: Path, extra: dict[str, Any]) -> str:
        condition = {"IfNoneMatch": extra.pop("IfNoneMatch")} if "IfNoneMatch" in extra else {}
        upload = self._s3.create_multipart_upload(
            Bucket=self.bucket, Key=key, ChecksumAlgorithm="SHA256", **extra
        )
        named = {"Bucket": self.bucket, "Key": key, "UploadId": upload["UploadId"]}
        try:
            parts = [self._put_part(named, number, piece) for number, piece in _pieces(path)]
            answer = self._s3.complete_multipart_upload(
                **named, MultipartUpload={"Parts": parts}, **condition
            )
        except (ClientError, BotoCoreError):
            self._s3.abort_multipart_upload(**named)
            raise
        return str(answer["VersionId"])

    def _put_part(self, named: dict[str, str], number: int, piece: bytes) -> dict[str, Any]:
        checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        answer = self._s3.upload_part(
            **named, PartNumber=number, Body=piece, ChecksumSHA256=checksum
        )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Turn what the store answers into errors of ours."""
        try:
            yield
        except ClientError as error:
            raise _error(error, key, self.identity) from error
        except BotoCoreError as error:
            raise StoreUnreachable(
                f"The store gave no answer about {key or 'the bucket'}: {error}. Is it running "
                "(insyn store status)?"
            ) from error


class Bucket(Store):
    """The bucket itself, for setting it up and for looking at its rules."""

    def create(self) -> None:
        """Make the bucket with Object Lock and versioning; one that is there is left alone."""
        with self._told(""):
            try:
                self._s3.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True)
            except ClientError as error:
                if _code(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def prepare(self) -> None:
        """Make the bucket what the archive needs; what is there already is left alone."""
        self.create()
        self.forbid()

    def forbid(self) -> None:
        """A bucket policy for what the identities' own powers leave open.

        `capture` deletes nothing, delete markers neither. Nobody who works here puts or takes away
        lifecycle rules: on SeaweedFS 4.48 whoever may write could (measured).
        """
        objects, bucket = f"arn:aws:s3:::{self.bucket}/*", f"arn:aws:s3:::{self.bucket}"
        workers = [identity for identity in Identity if identity is not Identity.SETUP]
        statements = [
            _denied("deletion", [Identity.CAPTURE], _DELETIONS, [objects]),
            _denied("lifecycle", workers, _LIFECYCLE, [bucket, objects]),
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        with self._told(""):
            self._s3.put_bucket_policy(Bucket=self.bucket, Policy=policy)

    def object_lock(self) -> bool:
        """Whether the bucket was made with Object Lock."""
        with self._told(""):
            try:
                said = self._s3.get_object_lock_configuration(Bucket=self.bucket)
            except ClientError as error:
                if _code(error) == "ObjectLockConfigurationNotFoundError":
                    return False
                raise
        return bool(said["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")

    def versioning(self) -> bool:
        """Whether old versions are kept."""
        with self._told(""):
            return bool(
                self._s3.get_bucket_versioning(Bucket=self.bucket).get("Status") == "Enabled"
            )

    def lifecycle(self) -> list[dict[str, Any]]:
        """The bucket's lifecycle rules, as the store gives them."""
        with self._told(""):
            try:
                said = self._s3.get_bucket_lifecycle_configuration(Bucket=self.bucket)
            except ClientError as error:
                if _code(error) == "NoSuchLifecycleConfiguration":
                    return []
                raise
        rules: list[dict[str, Any]] = said.get("Rules", [])
        return rules

    def set_lifecycle(self, rules: list[dict[str, Any]]) -> None:
        """Put lifecycle rules on the bucket (the probes do, to see them refused)."""
        with self._told(""):
            if rules:
                self._s3.put_bucket_lifecycle_configuration(
                    Bucket=self.bucket, LifecycleConfiguration={"Rules": rules}
                )
            else:
                self._s3.delete_bucket_lifecycle(Bucket=self.bucket)


_DELETIONS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_LIFECYCLE = ("s3:PutLifecycleConfiguration", "s3:PutBucketLifecycleConfiguration")


def _denied(
    what: str, identities: Sequence[Identity], actions: Sequence[str], resources: Sequence[str]
) -> dict[str, Any]:
    """A statement of a bucket policy."""
    return {
        "Sid": f"No {what}",
        "Effect": "Deny",
        "Principal": {"AWS": [f"arn:aws:iam::*:user/{identity}" for identity in identities]},
        "Action": list(actions),
        "Resource": list(resources),
    }


_MAKING = Lock()
"""boto3 makes one client at a time; using them is safe from any thread."""


@cache
def _session() -> boto3.session.Session:
    """Reads the description of S3 once in a process."""
    return boto3.session.Session()


@cache
def _client(url: str, region: str, key: str, secret: str) -> Any:
    """One client for each endpoint and key in a process: making the first takes 0.3 s."""
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        retries={"max_attempts": 4, "mode": "standard"},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=16,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    with _MAKING:
        return _session().client(
            "s3",
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=config,
        )


def _error(error: ClientError, key: str, identity: Identity) -> StoreError:
    code = _code(error)
    what = f"{key or 'the bucket'} ({error.operation_name}, as {identity}: {code})"
    if code in _CLASH:
        return AlreadyThere(f"There is an object already: {what}")
    if code in _MISSING:
        return ObjectMissing(f"There is no such object or version: {what}")
    if code in _REFUSED:
        return StoreRefused(f"The store refused: {what}")
    return StoreError(f"The store failed: {what}: {error}")


def _code(error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code or str(error.response["ResponseMetadata"]["HTTPStatusCode"])


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


def _measure(body: bytes | Path) -> tuple[bytes, int]:
    if isinstance(body, bytes):
        return hashlib.sha256(body).digest(), len(body)
    with body.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest(), body.stat().st_size


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 1
        while piece := file.read(_PART):
            yield number, piece
            number += 1
