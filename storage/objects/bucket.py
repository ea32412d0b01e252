"""The bucket itself, for setting it up and for looking at its rules."""

import json
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from storage.keys import RESTRICTED
from storage.objects.client import code_of
from storage.objects.store import Store
from storage.settings import Identity

_DELETIONS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_CONTENT = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
_UNKNOWN_HERE = frozenset({"NotImplemented", "501", "MethodNotAllowed", "405"})
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


class Bucket(Store):
    """The bucket itself, for setting it up and for looking at its rules."""

    def create(self) -> None:
        """Make the bucket with Object Lock and versioning; one that is there is left alone."""
        with self._told(""):
            try:
                self._s3.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True)
            except ClientError as error:
                if code_of(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def prepare(self) -> None:
        """Make the bucket what the archive needs; what is there already is left alone."""
        self.create()
        self.forbid()

    def forbid(self) -> None:
        """A bucket policy for what the identities' own powers leave open.

        Those who put delete nothing, delete markers neither. What is restricted is put and read by
        the custodian alone. Nobody who works here puts or takes away lifecycle rules: on SeaweedFS
        4.48 whoever may write could (measured).
        """
        bucket = f"arn:aws:s3:::{self.bucket}"
        objects, apart = f"{bucket}/*", f"{bucket}/{RESTRICTED}*"
        workers = [identity for identity in Identity if identity is not Identity.SETUP]
        others = [identity for identity in workers if identity is not Identity.CUSTODIAN]
        putters = [Identity.CAPTURE, Identity.CUSTODIAN]
        statements = [
            _denied("deletion", putters, _DELETIONS, [objects]),
            _denied("lifecycle", workers, _LIFECYCLE, [bucket, objects]),
            _denied("look at what is restricted", others, _CONTENT, [apart]),
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
                if code_of(error) == "ObjectLockConfigurationNotFoundError":
                    return False
                raise
        return bool(said["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")

    def versioning(self) -> bool:
        """Whether old versions are kept."""
        with self._told(""):
            return bool(
                self._s3.get_bucket_versioning(Bucket=self.bucket).get("Status") == "Enabled"
            )

    def replication(self) -> tuple[str, ...] | None:
        """The buckets that the store copies this one to; None where it knows no replication.

        Raises:
            StoreRefused: this identity may not look.
        """
        with self._told(""):
            try:
                said = self._s3.get_bucket_replication(Bucket=self.bucket)
            except ClientError as error:
                if code_of(error) == "ReplicationConfigurationNotFoundError":
                    return ()
                if code_of(error) in _UNKNOWN_HERE:
                    return None
                raise
        rules = said["ReplicationConfiguration"].get("Rules", [])
        active = (rule["Destination"] for rule in rules if rule.get("Status") != "Disabled")
        return tuple(sorted({str(one["Bucket"]).rpartition(":")[2] for one in active}))

    def lifecycle(self) -> list[dict[str, Any]]:
        """The bucket's lifecycle rules, as the store gives them."""
        with self._told(""):
            try:
                said = self._s3.get_bucket_lifecycle_configuration(Bucket=self.bucket)
            except ClientError as error:
                if code_of(error) == "NoSuchLifecycleConfiguration":
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
