"""boto3: one client for each endpoint and key, and what the store answers as errors of ours.

Every error names the key and the identity that asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage.errors import (
    AlreadyThere,
    ObjectMissing,
    StoreError,
    StoreRefused,
    StoreUnreachable,
)
from storage.settings import Credential, Identity

_MISSING = frozenset(
    {"404", "NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NotFound", "MethodNotAllowed", "405"}
)
_REFUSED = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_CLASH = frozenset({"412", "PreconditionFailed", "ConditionalRequestConflict"})

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


def client_of(url: str, region: str, credential: Credential) -> Any:
    """The client that speaks to an endpoint with a key."""
    return _client(url, region, credential.key, credential.secret)


@contextmanager
def told(key: str, identity: Identity) -> Iterator[None]:
    """Turn what the store answers into errors of ours.

    Raises:
        AlreadyThere, ObjectMissing, StoreRefused, StoreError: by the store's code.
        StoreUnreachable: it gave no answer.
    """
    try:
        yield
    except ClientError as error:
        raise _error(error, key, identity) from error
    except BotoCoreError as error:
        raise StoreUnreachable(
            f"The store gave no answer about {key or 'the bucket'}: {error}. Is it running "
            "(insyn store status)?"
        ) from error


def code_of(error: ClientError) -> str:
    """The code of a refusal, or the HTTP status where the store gives none."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code or str(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _error(error: ClientError, key: str, identity: Identity) -> StoreError:
    code = code_of(error)
    what = f"{key or 'the bucket'} ({error.operation_name}, as {identity}: {code})"
    if code in _CLASH:
        return AlreadyThere(f"There is an object already: {what}")
    if code in _MISSING:
        return ObjectMissing(f"There is no such object or version: {what}")
    if code in _REFUSED:
        return StoreRefused(f"The store refused: {what}")
    return StoreError(f"The store failed: {what}: {error}")
