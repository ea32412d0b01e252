"""Certificates that only a test trusts."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from storage.record import utc_now

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Certified:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def issue(
        cls, name: str, *extensions: tuple[x509.ExtensionType, bool], by: "Certified | None" = None
    ) -> Self:
        """A certificate of a name, for yesterday to tomorrow; without `by`, signed by itself.

        Each extension with whether it is critical.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = utc_now()
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by.certificate.subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + _DAY)
        )
        for extension, critical in extensions:
            made = made.add_extension(extension, critical=critical)
        return cls(certificate=made.sign(by.key if by else key, hashes.SHA256()), key=key)

    @property
    def der(self) -> bytes:
        """The certificate as a server shows it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate as a file holds it."""
        return self.certificate.public_bytes(Encoding.PEM)

    def write_key(self, path: Path) -> None:
        """The key, in the clear."""
        plain = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(plain)
