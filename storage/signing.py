"""Signatures by which an installation vouches for its certificates (RULES R40, R42).

Ed25519: the same bytes always get the same signature (RFC 8032), so a repeated try finds its own.
`openssl pkeyutl -verify` checks one without us. The key is made at first use, in a folder that
only its owner opens; `INSYN_SIGNING_KEY` names another.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from storage.errors import Damaged, SettingsError
from storage.record import sha256
from storage.settings import Settings

ALGORITHM = "Ed25519"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """The key of an installation; its private part stands in no repr."""

    _key: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"Signer({self.fingerprint})"

    @classmethod
    def of(cls, settings: Settings) -> "Signer":
        """The key that the settings name, or the installation's own, made now if need be.

        Raises:
            SettingsError: the file is not there, or holds no such key.
        """
        path = settings.signing_key or settings.home / "secrets" / "signing.pem"
        if settings.signing_key is None:
            _make(path)
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SettingsError([f"{path} cannot be read as a signing key: {error}"]) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingsError([f"{path}: certificates are signed with an Ed25519 key (PEM)"])
        return cls(_key=key)

    @property
    def public_pem(self) -> bytes:
        """The public key as anybody's tools read it."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's file."""
        return sha256(self.public_pem)

    def sign(self, data: bytes) -> bytes:
        """A detached signature, 64 bytes."""
        return self._key.sign(data)


def demand_signature(public_pem: bytes, data: bytes, signature: bytes) -> None:
    """Refuse a signature that is not this key's over these bytes.

    Raises:
        Damaged: it is not, or there is no such key.
    """
    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Damaged(f"the public key cannot be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Damaged(f"the public key is none of {ALGORITHM}")
    try:
        key.verify(signature, data)
    except InvalidSignature as error:
        raise Damaged("the signature is not this key's over these bytes") from error


def _make(path: Path) -> None:
    """Make the key once: whole or not at all, and the first of two wins."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{uuid4()}")
    fresh.touch(mode=0o600)
    key = Ed25519PrivateKey.generate()
    fresh.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
