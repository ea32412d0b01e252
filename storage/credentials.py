"""Where the store answers and with which key each identity speaks to it.

For the embedded store both come from INSYN_HOME/secrets; for any other from the settings.
"""

import json
from dataclasses import replace
from pathlib import Path

from storage.errors import StoreRefused, StoreUnreachable
from storage.settings import Credential, Identity, Settings

S3_PORT_OFFSET = 3
"""The embedded store's S3 port is the fourth of its ports (master, volume, filer, S3)."""


def identities_file(settings: Settings) -> Path:
    """The embedded store's identities, as the server reads them."""
    return settings.home / "secrets" / "identities.json"


def purger_file(home: Path) -> Path:
    """Where the embedded store lays the purger's key, for people to lock away."""
    return home / "break-glass" / "purger.json"


def with_purger(settings: Settings, path: Path) -> Settings:
    """Settings with the purger's key, which no service has: a person brings it in a file.

    Raises:
        StoreRefused: the file is not there, or holds no key.
    """
    try:
        said = json.loads(path.read_text("utf-8"))
        key = Credential(key=str(said["key"]), secret=str(said["secret"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise StoreRefused(
            f"{path} gives no key of the identity `{Identity.PURGER}`: bring the file that was "
            'locked away, {"key": …, "secret": …}, and name it (--key FILE).'
        ) from error
    return replace(settings, credentials={**settings.credentials, Identity.PURGER: key})


def endpoint_of(settings: Settings) -> str:
    """The S3 endpoint's URL."""
    return settings.s3_url or f"http://127.0.0.1:{settings.store_port + S3_PORT_OFFSET}"


def credential_of(settings: Settings, identity: Identity) -> Credential:
    """The key pair of an identity.

    Raises:
        StoreRefused: this installation has none for it, on purpose or by mistake.
        StoreUnreachable: the embedded store was never started.
    """
    if identity is Identity.PURGER:
        return _brought(settings)
    if settings.embedded:
        return _embedded(settings, identity)
    if identity not in settings.credentials:
        name = f"INSYN_S3_{identity.upper()}_KEY"
        raise StoreRefused(
            f"This process has no credentials for `{identity}`: set {name} and its SECRET where "
            "that identity may act."
        )
    return settings.credentials[identity]


def _brought(settings: Settings) -> Credential:
    """The purger's: never looked up, only brought (`with_purger`)."""
    if Identity.PURGER not in settings.credentials:
        raise StoreRefused("Nobody brought the purger's key: only `insyn purge` works with it.")
    return settings.credentials[Identity.PURGER]


def _embedded(settings: Settings, identity: Identity) -> Credential:
    path = identities_file(settings)
    if not path.exists():
        raise StoreUnreachable("The embedded store has not been started: run `insyn store start`.")
    for known in json.loads(path.read_text())["identities"]:
        if known["name"] == identity:
            pair = known["credentials"][0]
            return Credential(key=pair["accessKey"], secret=pair["secretKey"])
    raise StoreRefused(f"The embedded store knows no identity `{identity}`.")
