"""The environment of a program that works in the same installation as this one."""

import os

from storage.settings import Settings


def environment_of(settings: Settings, **more: str) -> dict[str, str]:
    """Ours, with where these settings' archive is and `more`."""
    return {
        **os.environ,
        "INSYN_HOME": str(settings.home),
        "INSYN_REGISTER": str(settings.register),
        "INSYN_STORE_PORT": str(settings.store_port),
        "INSYN_BUCKET": settings.bucket,
        "INSYN_CATALOGUE": settings.catalogue_url,
        "INSYN_COMPACT": "yes" if settings.compact else "no",
        "INSYN_ALLOW_PRIVATE": "yes" if settings.allow_private else "no",
        **more,
    }
