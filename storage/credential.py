"""That a person is who they say: their own credential, kept as argon2, and a session of hours.

Files of this installation, mode 0600: `secrets/credentials.json`, `secrets/sessions.json` and the
session's token in `session`. None of it is in the journal or the bucket. The one door to argon2.
"""

import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.errors import Malformed, NotAllowed
from storage.people import Actor, name_key, person
from storage.record import sha256
from storage.settings import Settings

SHORTEST = 12
"""Characters that a credential has at least."""

_HASHER = PasswordHasher()
_STRANGER = _HASHER.hash(secrets.token_urlsafe(16))  # a name without one takes as long to refuse


def is_any_set(settings: Settings) -> bool:
    """Whether anyone can sign in to this installation."""
    return bool(_read(_credentials(settings)))


def set_credential(settings: Settings, name: str, word: str) -> None:
    """Give a person a credential, in place of any before; sessions of theirs end.

    Raises:
        Malformed: it is shorter than SHORTEST.
    """
    if len(word) < SHORTEST:
        raise Malformed("The credential cannot be set", [f"give at least {SHORTEST} characters"])
    hashed = _HASHER.hash(word)
    _change(_credentials(settings), lambda known: known | {name_key(name): hashed})


def change_credential(settings: Settings, name: str, old: str, new: str) -> None:
    """Give a person another credential than the one they have and prove.

    Raises:
        NotAllowed: the old one is not theirs. Malformed: the new one is too short, or the same.
    """
    prove(settings, name, old)
    if new == old:
        raise Malformed("The credential cannot be set", ["give another than the one before"])
    set_credential(settings, name, new)


def forget_credential(settings: Settings, name: str) -> None:
    """Take a person's credential away; sessions of theirs end."""
    gone = name_key(name)
    _change(_credentials(settings), lambda known: {k: v for k, v in known.items() if k != gone})


def prove(settings: Settings, name: str, word: str) -> Actor:
    """The person, once their credential is given.

    Raises:
        NotAllowed: it is not theirs, or they have none; which of the two is not told.
    """
    hashed = _read(_credentials(settings)).get(name_key(name))
    try:
        _HASHER.verify(hashed or _STRANGER, word)
    except (VerificationError, InvalidHashError) as error:
        raise NotAllowed(f"{name}: name and credential do not belong together.") from error
    return person(name)


def open_session(settings: Settings, actor: Actor, now: datetime) -> datetime:
    """Keep a person signed in here; gives back until when. Any session before ends."""
    hashed = _read(_credentials(settings))[name_key(actor.name)]
    until = now + timedelta(hours=settings.session_hours)
    token = secrets.token_urlsafe(32)
    said = json.dumps(
        {"name": actor.name, "until": until.isoformat(), "of": sha256(hashed.encode())}
    )
    close_session(settings)
    _change(
        _sessions(settings), lambda known: _lasting(known, now) | {sha256(token.encode()): said}
    )
    _write(_token(settings), token)
    return until


def close_session(settings: Settings) -> bool:
    """Sign out; gives back whether anyone was signed in."""
    path = _token(settings)
    if not path.exists():
        return False
    mine = sha256(path.read_bytes())
    path.unlink()
    _change(_sessions(settings), lambda known: {k: v for k, v in known.items() if k != mine})
    return True


def signed_in(settings: Settings, now: datetime) -> Actor:
    """The person who is signed in here.

    Raises:
        NotAllowed: nobody is, the session has run out, or the credential was changed or taken away.
    """
    path = _token(settings)
    text = _read(_sessions(settings)).get(sha256(path.read_bytes())) if path.exists() else None
    if text is None:
        raise NotAllowed("Nobody is signed in: run `insyn sign-in NAME`.")
    said = json.loads(text)
    hashed = _read(_credentials(settings)).get(name_key(said["name"]), "")
    if datetime.fromisoformat(said["until"]) <= now or sha256(hashed.encode()) != said["of"]:
        raise NotAllowed(f"The session of {said['name']} has ended: run `insyn sign-in` again.")
    return person(said["name"])


def _lasting(known: dict[str, str], now: datetime) -> dict[str, str]:
    return {
        key: text
        for key, text in known.items()
        if datetime.fromisoformat(json.loads(text)["until"]) > now
    }


def _credentials(settings: Settings) -> Path:
    return settings.home / "secrets" / "credentials.json"


def _sessions(settings: Settings) -> Path:
    return settings.home / "secrets" / "sessions.json"


def _token(settings: Settings) -> Path:
    return settings.home / "session"


def _read(path: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return known


def _change(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    _write(path, json.dumps(change(_read(path)), indent=2, ensure_ascii=False))


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by another."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)
