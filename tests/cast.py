"""The persons whom every archive of the tests knows, and their roles."""

import json
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher

from storage.catalogue import Catalogue
from storage.journal import Act
from storage.people import Role, name_key, service
from storage.settings import Settings

CAST = {
    "Eva Ek": {Role.ARCHIVIST, Role.OFFICER},
    "Ali Alm": {Role.OFFICER, Role.MANAGER},
    "Andra Anna": {Role.MANAGER},
    "Olga Owner": {Role.OWNER},
    "Arvid Arkivarie": {Role.ARCHIVIST},
    "Astrid Arkivarie": {Role.ARCHIVIST},
    "Dubbel Dagny": {Role.OWNER, Role.ARCHIVIST},
    "Tredje Tage": {Role.MANAGER},
    "Drift Dahl": {Role.OPERATOR},
    "Rektor Rönn": {Role.MANAGER},
    "Registrator Rut": {Role.OFFICER},
    "Kontoägare Karin": {Role.OWNER},
    "Arkivarie Astrid": {Role.ARCHIVIST},
    "Rolf Revisor": {Role.AUDITOR},
}


def appoint(settings: Settings) -> None:
    """Enter them in a fresh catalogue, unsealed: the first act of a test seals them too.

    Each as a first person, who has a password of their own at once.
    """
    catalogue = Catalogue(settings.catalogue_url)
    catalogue.create()
    with catalogue.write() as tx:
        for name, roles in CAST.items():
            detail = {"roles": [role.value for role in sorted(roles)], "first": True}
            tx.append(service("tests"), Act.PERSON_ADDED, name, detail)
    catalogue.close()


PASSWORD = "korrekt häst batteri"


@cache
def give_credentials(home: Path) -> Path:
    """Everyone in the cast has PASSWORD in this installation; gives back a file with it."""
    hashed = PasswordHasher().hash(PASSWORD)
    path = home / "secrets" / "credentials.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({name_key(name): hashed for name in CAST}), "utf-8")
    (home / "password").write_text(PASSWORD + "\n", "utf-8")
    return home / "password"
