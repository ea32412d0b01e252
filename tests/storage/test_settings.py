"""Settings."""

import pytest

from storage.errors import SettingsError
from storage.settings import SERVING, SETTINGS, Identity, Settings


def test_the_defaults_are_the_embedded_store() -> None:
    """Nothing needs to be set to begin."""
    settings = Settings.from_environment({})
    assert settings.embedded
    assert settings.catalogue_url.startswith("sqlite:///")


def test_all_faults_are_told_at_once() -> None:
    """One reading tells every setting that is wrong, by name."""
    wrong = {
        "INSYN_STOREPORT": "1",
        "INSYN_STORE_PORT": "many",
        "INSYN_LANGUAGE": "de",
        "INSYN_S3_URL": "https://s3.example",
        "INSYN_S3_CAPTURE_KEY": "k",
    }
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(wrong)
    assert len(told.value.faults) == 4
    for name in (
        "INSYN_STOREPORT",
        "INSYN_STORE_PORT",
        "INSYN_LANGUAGE",
        "INSYN_S3_CAPTURE_SECRET",
    ):
        assert any(name in fault for fault in told.value.faults)


def test_no_secret_stands_in_a_repr() -> None:
    """A log line with the settings in it gives nothing away."""
    environ = {
        "INSYN_S3_URL": "https://s3.example",
        "INSYN_CATALOGUE": "postgresql://insyn:hemligt-losen@db/insyn",
    }
    for identity in SERVING:
        environ[f"INSYN_S3_{identity.upper()}_KEY"] = f"key-{identity}"
        environ[f"INSYN_S3_{identity.upper()}_SECRET"] = f"hemligt-{identity}"
    environ["INSYN_REPLICAS"] = "norr=https://s3.norr.example/insyn-copy"
    environ["INSYN_REPLICA_KEYS"] = "norr=k:hemligt-norr"
    settings = Settings.from_environment(environ)
    assert settings.credentials[Identity.HOLDER].secret == "hemligt-holder"
    assert settings.replicas[0].credential.secret == "hemligt-norr"
    assert "hemligt" not in repr(settings)


def test_every_setting_says_what_it_is() -> None:
    """The table is what docs/settings.md is made of."""
    assert all(s.name.startswith("INSYN_") and s.says.endswith(".") for s in SETTINGS)
    assert len({s.name for s in SETTINGS}) == len(SETTINGS)


def test_each_replica_has_a_place_and_a_key() -> None:
    """F18: several, each with its own key; a half one is told, and no key with it."""
    both = {
        "INSYN_REPLICAS": "norr=https://s3.norr.example/copy syd=http://127.0.0.1:9000/other",
        "INSYN_REPLICA_KEYS": "syd=k2:hemligt:2 norr=k1:hemligt-1",
    }
    found = Settings.from_environment(both).replicas
    assert [(one.name, one.url, one.bucket, one.credential.secret) for one in found] == [
        ("norr", "https://s3.norr.example", "copy", "hemligt-1"),
        ("syd", "http://127.0.0.1:9000", "other", "hemligt:2"),
    ]
    wrong = {
        "INSYN_REPLICAS": "norr=https://s3.norr.example syd=https://s/b öst=https://s/b",
        "INSYN_REPLICA_KEYS": "syd=hemligt-utan-nyckel öst=k:hemligt öst=k:hemligt",
    }
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(wrong)
    assert len(told.value.faults) == 4
    assert "hemligt" not in str(told.value)
