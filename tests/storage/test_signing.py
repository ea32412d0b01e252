"""The key that certificates are signed with: made once, shut, the same signature each time."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from storage.errors import Damaged, SettingsError
from storage.settings import Settings
from storage.signing import Signer, demand_signature


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an installation that has signed nothing yet."""
    return replace(settings, home=tmp_path / "home")


def test_the_key_is_made_at_first_use_and_read_by_its_owner_alone(own: Settings) -> None:
    """R40: once, also where several begin at once; what it signs is the same each time (F05)."""
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: Signer.of(own).fingerprint, range(8)))
    assert len(made) == 1
    [path] = (own.home / "secrets").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Signer.of(own).sign(b"x") == Signer.of(own).sign(b"x")
    assert "PRIVATE" not in repr(Signer.of(own))


def test_a_signature_is_of_these_bytes_by_this_key(own: Settings, tmp_path: Path) -> None:
    """R42."""
    mine, other = Signer.of(own), Signer.of(replace(own, home=tmp_path / "other"))
    demand_signature(mine.public_pem, b"data", mine.sign(b"data"))
    for pem, data, signature in (
        (mine.public_pem, b"date", mine.sign(b"data")),
        (other.public_pem, b"data", mine.sign(b"data")),
        (mine.public_pem, b"data", b""),
        (b"no key", b"data", mine.sign(b"data")),
    ):
        with pytest.raises(Damaged):
            demand_signature(pem, data, signature)


def test_the_settings_name_another_key(own: Settings, tmp_path: Path) -> None:
    """A key that is not there, or of another kind, is refused; none is made in its place."""
    Signer.of(own)
    named = replace(own, signing_key=own.home / "secrets" / "signing.pem")
    assert Signer.of(named).fingerprint == Signer.of(own).fingerprint
    curve = tmp_path / "curve.pem"
    curve.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    for path in (curve, tmp_path / "nowhere.pem"):
        with pytest.raises(SettingsError, match=path.name):
            Signer.of(replace(own, signing_key=path))
    assert not (tmp_path / "nowhere.pem").exists()
