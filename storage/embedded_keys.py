"""The embedded store's keys: S3 identities with random secrets, and mutual TLS below S3.

Three doors below S3 removed locked objects without credentials until they were shut (measured on
SeaweedFS 4.48): signing keys for master, volume and filer, a certificate for every gRPC call, and
`-disableHttp` shut them.
"""

import json
import secrets
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.credentials import purger_file
from storage.record import utc_now
from storage.settings import Identity

ACTIONS = {
    Identity.CAPTURE: ["Read", "Write", "List", "PutObjectRetention"],
    Identity.HOLDER: ["Read", "List", "PutObjectLegalHold", "GetObjectLegalHold"],
    Identity.DISPOSER: ["Read", "List", "Write", "BypassGovernanceRetention"],
    Identity.READER: ["Read", "List"],
    Identity.CUSTODIAN: ["Read", "Write", "List", "PutObjectRetention"],
    Identity.SETUP: ["Admin"],
    Identity.PURGER: [
        "List",
        "Write",
        "BypassGovernanceRetention",
        "PutObjectLegalHold",
        "GetObjectLegalHold",
    ],
}
"""The powers of DISPOSAL.md in SeaweedFS's words; the purger cannot look at what it removes."""

_NAME = "insyn-store"
_DAYS = 3650
_JWTS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
_PARTS = ("volume", "master", "filer", "s3", "admin", "worker", "msg_broker", "msg_agent", "mq")


def make_keys(folder: Path) -> None:
    """Write identities.json, security.toml and its certificates, once, readable by us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not (folder / "security.toml").exists():
        _write_certificates(folder)
        _write(folder / "security.toml", _security(folder))
    _write_identities(folder / "identities.json")


def _write_identities(path: Path) -> None:
    """Every identity with its key; those that an older Insyn did not know are added."""
    known = json.loads(path.read_text())["identities"] if path.exists() else []
    names = {one["name"] for one in known}
    missing = [identity for identity in ACTIONS if identity not in names]
    made = [
        _break_glass(path.parent) if one is Identity.PURGER else _identity(one) for one in missing
    ]
    if made:
        _write(path, json.dumps({"identities": [*known, *made]}, indent=2))


def _identity(identity: Identity) -> dict[str, Any]:
    pair = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(32)}
    return {"name": identity.value, "credentials": [pair], "actions": ACTIONS[identity]}


def _break_glass(folder: Path) -> dict[str, Any]:
    """The purger, whose key is laid in a file of its own, for people to lock away."""
    made = _identity(Identity.PURGER)
    [pair] = made["credentials"]
    target = purger_file(folder.parent)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    _write(target, json.dumps({"key": pair["accessKey"], "secret": pair["secretKey"]}))
    return made


def _security(folder: Path) -> str:
    lines = [f'[{name}]\nkey = "{secrets.token_urlsafe(32)}"\n' for name in _JWTS]
    parts = [f'[grpc.{p}]\n{_pair(folder)}allowed_commonNames = "{_NAME}"\n' for p in _PARTS]
    authority = f'[grpc]\nca = "{folder}/ca.crt"\n'
    return "\n".join([*lines, authority, *parts, f"[grpc.client]\n{_pair(folder)}"])


def _pair(folder: Path) -> str:
    return f'cert = "{folder}/store.crt"\nkey = "{folder}/store.key"\n'


def _write_certificates(folder: Path) -> None:
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = _certificate("insyn-store-ca", "insyn-store-ca", ca_key, ca_key, is_ca=True)
    leaf = _certificate(_NAME, "insyn-store-ca", key, ca_key, is_ca=False)
    pem = serialization.Encoding.PEM
    _write(folder / "ca.crt", ca.public_bytes(pem).decode())
    _write(folder / "store.crt", leaf.public_bytes(pem).decode())
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(folder / "store.key", private.decode())


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = utc_now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(
            x509.SubjectAlternativeName(names), critical=False
        ).add_extension(x509.ExtendedKeyUsage(both), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
