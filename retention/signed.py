"""The files of a certificate: data, page, their signatures, the public key and the digests.

Whatever holds the JSON and the page holds the means to check them: `openssl` and the key beside
them are enough (docs/verify-certificate).
"""

from collections.abc import Mapping

import rfc8785
from pydantic import JsonValue

from storage.record import sha256
from storage.signing import ALGORITHM, Signer


def signature_said(signer: Signer, stem: str) -> dict[str, JsonValue]:
    """How the data names the key that signs it."""
    return {
        "algorithm": ALGORITHM,
        "public_key": f"{stem}.pem",
        "public_key_sha256": signer.fingerprint,
    }


def signed_files(stem: str, data: bytes, page: bytes, signer: Signer) -> dict[str, bytes]:
    """Every file by its name; `STEM.sha256` has the digests of the others for `sha256sum -c`."""
    files = {
        f"{stem}.json": data,
        f"{stem}.json.sig": signer.sign(data),
        f"{stem}.pdf": page,
        f"{stem}.pdf.sig": signer.sign(page),
        f"{stem}.pem": signer.public_pem,
    }
    return {**files, f"{stem}.sha256": _sums(files)}


def canonical(facts: Mapping[str, JsonValue]) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(dict(facts))


def _sums(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(files.items())).encode()
