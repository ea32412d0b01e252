"""Putting an object: whole, or in parts where it is large; the store checks every digest."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_MULTIPART_FROM = 64 * 1024 * 1024
_PART = 32 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What is put, with its SHA-256 and its size in bytes."""

    body: bytes | Path
    digest: bytes
    size: int


def measure(body: bytes | Path) -> Measured:
    """Hash what is to be put; a file a piece at a time."""
    if isinstance(body, bytes):
        return Measured(body=body, digest=hashlib.sha256(body).digest(), size=len(body))
    with body.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return Measured(body=body, digest=digest, size=body.stat().st_size)


def put_object(
    s3: Any, named: Mapping[str, str], measured: Measured, extra: Mapping[str, Any]
) -> str:
    """Put a new version under the bucket and key that are named; gives back its version id."""
    body = measured.body
    if isinstance(body, Path) and measured.size >= _MULTIPART_FROM:
        return _put_in_parts(s3, named, body, dict(extra))
    data = body.read_bytes() if isinstance(body, Path) else body
    checksum = base64.b64encode(measured.digest).decode()
    answer = s3.put_object(**named, Body=data, ChecksumSHA256=checksum, **extra)
    return str(answer["VersionId"])


def _put_in_parts(s3: Any, target: Mapping[str, str], path: Path, extra: dict[str, Any]) -> str:
    condition = {"IfNoneMatch": extra.pop("IfNoneMatch")} if "IfNoneMatch" in extra else {}
    upload = s3.create_multipart_upload(**target, ChecksumAlgorithm="SHA256", **extra)
    named = {**target, "UploadId": upload["UploadId"]}
    try:
        parts = [_put_part(s3, named, number, piece) for number, piece in _pieces(path)]
        answer = s3.complete_multipart_upload(
            **named, MultipartUpload={"Parts": parts}, **condition
        )
    except (ClientError, BotoCoreError):
        s3.abort_multipart_upload(**named)
        raise
    return str(answer["VersionId"])


def _put_part(s3: Any, named: Mapping[str, str], number: int, piece: bytes) -> dict[str, Any]:
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    answer = s3.upload_part(**named, PartNumber=number, Body=piece, ChecksumSHA256=checksum)
    return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 1
        while piece := file.read(_PART):
            yield number, piece
            number += 1
