"""Where the store answers and with which key each identity speaks to it.

For the embedded store both come from INSYN_HOME/secrets; for any other from the settings.
"""

import json
from pathlib import Path

from storage.errors import StoreRefused, StoreUnreachable
from storage.settings import Credential, Identity, Settings

S3_PORT_OFFSET = 3
"""The embedded store's S3 port is the fourth of its ports (master, volume, filer, S3)."""


def identities_file(settings: Settings) -> Path:
    """The embedded store's identities, as the server reads them."""
    return settings.home / "secrets" / "identities.json"


def endpoint_of(settings: Settings) -> str:
    """The S3 endpoint's URL."""
    return settings.s3_url or f"http://127.0.0.1:{settings.store_port + S3_PORT_OFFSET}"


def credential_of(settings: Settings, identity: Identity) -> Credential:
    """The key pair of an identity.

    Raises:
        StoreRefused: this installation has none for it, on purpose or by mistake.
        StoreUnreachable: the embedded store was never started.
    """
    if settings.embedded:
        return _embedded(settings, identity)
    if identity not in settings.credentials:
        name = f"INSYN_S3_{identity.upper()}_KEY"
        raise StoreRefused(
            f"This process has no credentials for `{identity}`: set {name} and its SECRET where "
            "that identity may act."
        )
    return settings.credentials[identity]


def _embedded(settings: Settings, identity: Identity) -> Credential:
    path = identities_file(settings)
    if not path.exists():
        raise StoreUnreachable("The embedded store has not been started: run `insyn store start`.")
    for known in json.loads(path.read_text())["identities"]:
        if known["name"] == identity:
            pair = known["credentials"][0]
            return Credential(key=pair["accessKey"], secret=pair["secretKey"])
    raise StoreRefused(f"The embedded store knows no identity `{identity}`.")
