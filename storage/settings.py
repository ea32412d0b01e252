"""Settings of the whole system, read once from the environment and passed in.

The table of them stands in `setting_table`. Secrets stand in no repr. Nothing here opens a file or
a connection.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from accounts.notices import Office
from storage.errors import SettingsError
from storage.mail import Server, read_server
from storage.setting_table import SERVING, SETTINGS, Identity

__all__ = ["SERVING", "SETTINGS", "Credential", "Identity", "LockMode", "Replica", "Settings"]


_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_REPLICA = re.compile(r"([\w-]+)=(https?://[^\s/]+)/([a-z0-9.-]+)")
_REPLICA_KEY = re.compile(r"([\w-]+)=([^\s:]+):(\S+)")


class LockMode(StrEnum):
    """S3 Object Lock modes. A record is never stored in COMPLIANCE (RULES: CSAM must go)."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """An S3 key pair; the secret stays out of every repr."""

    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Replica:
    """A copy of the bucket that another store keeps, and the key that may list it."""

    name: str
    url: str
    bucket: str
    credential: Credential


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What one process works with. Spans are in the unit that their name says."""

    home: Path
    register: Path
    catalogue_url: str = field(repr=False)
    s3_url: str
    s3_region: str
    bucket: str
    credentials: Mapping[Identity, Credential]
    store_port: int
    retention_years: int
    evidence_mode: LockMode
    chromium: Path | None
    allow_private: bool
    capture_seconds: int
    most_height: int
    most_posts: int
    most_comments: int
    walk_posts: int
    walk_seconds: int
    post_pace_seconds: int
    post_looks: tuple[int, ...]
    post_hours: tuple[int, int] | None
    post_batch: int
    floor_posts: int
    floor_images: int
    floor_texts: int
    floor_height: int
    floor_comments: int
    recipes: Path | None
    login_key: Path | None
    cooling_days: int
    approval_days: int
    cap_percent: int
    cap_records: int
    backup_days: int
    replicas: tuple[Replica, ...]
    compact: bool
    signing_key: Path | None
    session_hours: int
    moderation_hours: int
    tsa_url: str
    mail_server: Server | None
    mail_from: str
    mail_to: Mapping[Office, tuple[str, ...]]
    language: str

    @property
    def embedded(self) -> bool:
        """Whether the store is the one that Insyn runs itself."""
        return not self.s3_url

    @property
    def tells_of_incidents(self) -> bool:
        """Whether two persons or more are named who are told of a purge (RULES R49)."""
        return len({one.casefold() for one in self.mail_to[Office.INCIDENT]}) > 1

    def lock_until(self, now: datetime) -> datetime:
        """How long an object that is put at `now` stays locked; a year is 365 days."""
        return now + timedelta(days=365 * self.retention_years)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check all settings.

        Raises:
            SettingsError: naming every unknown or malformed setting at once.
        """
        return _Reader(environ).settings()


class _Reader:
    """Collects every fault before it gives up."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        known = {s.name: s.default for s in SETTINGS}
        self.faults = [
            f"{name}: there is no such setting (see docs/settings.md)"
            for name in sorted(environ)
            if name.startswith("INSYN_") and name not in known
        ]
        self.values = {name: environ.get(name, default) for name, default in known.items()}

    def settings(self) -> Settings:
        home = Path(self.values["INSYN_HOME"]).absolute()
        made = Settings(
            home=home,
            register=Path(self.values["INSYN_REGISTER"]).absolute(),
            catalogue_url=self.values["INSYN_CATALOGUE"] or f"sqlite:///{home}/catalogue.sqlite",
            s3_url=self.values["INSYN_S3_URL"],
            s3_region=self.values["INSYN_S3_REGION"],
            bucket=self.values["INSYN_BUCKET"],
            credentials=self._credentials(),
            store_port=self._number("INSYN_STORE_PORT", 1024, 55_000),
            retention_years=self._number("INSYN_RETENTION_YEARS", 1, 100),
            evidence_mode=LockMode(
                self._choice("INSYN_EVIDENCE_MODE", [mode.value for mode in LockMode])
            ),
            chromium=self._path("INSYN_CHROMIUM"),
            allow_private=self._choice("INSYN_ALLOW_PRIVATE", ["no", "yes"]) == "yes",
            capture_seconds=self._number("INSYN_CAPTURE_SECONDS", 5, 3600),
            most_height=self._number("INSYN_MOST_HEIGHT", 1000, 500_000),
            most_posts=self._number("INSYN_MOST_POSTS", 1, 100_000),
            most_comments=self._number("INSYN_MOST_COMMENTS", 0, 100_000),
            walk_posts=self._number("INSYN_WALK_POSTS", 1, 100_000),
            walk_seconds=self._number("INSYN_WALK_SECONDS", 1, 36_000),
            post_pace_seconds=self._number("INSYN_POST_PACE_SECONDS", 0, 3600),
            post_looks=self._days("INSYN_POST_LOOKS"),
            post_hours=self._hours("INSYN_POST_HOURS"),
            post_batch=self._number("INSYN_POST_BATCH", 1, 500),
            floor_posts=self._number("INSYN_FLOOR_POSTS", 0, 100),
            floor_images=self._number("INSYN_FLOOR_IMAGES", 0, 100),
            floor_texts=self._number("INSYN_FLOOR_TEXTS", 0, 100),
            floor_height=self._number("INSYN_FLOOR_HEIGHT", 0, 100),
            floor_comments=self._number("INSYN_FLOOR_COMMENTS", 0, 100),
            recipes=self._path("INSYN_RECIPES"),
            login_key=self._path("INSYN_LOGIN_KEY"),
            cooling_days=self._number("INSYN_COOLING_DAYS", 0, 90),
            approval_days=self._number("INSYN_APPROVAL_DAYS", 1, 365),
            cap_percent=self._number("INSYN_CAP_PERCENT", 0, 100),
            cap_records=self._number("INSYN_CAP_RECORDS", 0, 1_000_000_000),
            backup_days=self._number("INSYN_BACKUP_DAYS", 0, 36_500),
            replicas=self._replicas(),
            compact=self._choice("INSYN_COMPACT", ["yes", "no"]) == "yes",
            signing_key=self._path("INSYN_SIGNING_KEY"),
            session_hours=self._number("INSYN_SESSION_HOURS", 1, 168),
            moderation_hours=self._number("INSYN_MODERATION_HOURS", 1, 8760),
            tsa_url=self._web_address("INSYN_TSA_URL"),
            mail_server=self._server(),
            mail_from=self.values["INSYN_SMTP_FROM"],
            mail_to={office: self._addresses(office) for office in Office},
            language=self._choice("INSYN_LANGUAGE", ["sv", "en"]),
        )
        if self.faults:
            raise SettingsError(self.faults)
        return made

    def _credentials(self) -> dict[Identity, Credential]:
        if not self.values["INSYN_S3_URL"]:
            return {}
        found: dict[Identity, Credential] = {}
        for identity in SERVING:
            names = [f"INSYN_S3_{identity.upper()}_{what}" for what in ("KEY", "SECRET")]
            key, secret = (self.values[name] for name in names)
            if bool(key) != bool(secret):
                self.faults.append(f"{names[0]} and {names[1]} go together: set both or neither")
            elif key:
                found[identity] = Credential(key=key, secret=secret)
        return found

    def _replicas(self) -> tuple[Replica, ...]:
        """Each copy of the bucket with the key that lists it; both settings name the same."""
        places = self._named("INSYN_REPLICAS", _REPLICA)
        keys = self._named("INSYN_REPLICA_KEYS", _REPLICA_KEY)
        for name in sorted(places.keys() ^ keys.keys()):
            self.faults.append(
                f"INSYN_REPLICAS and INSYN_REPLICA_KEYS go together: {name!r} is in one of them"
            )
        return tuple(
            Replica(
                name=name,
                url=url,
                bucket=bucket,
                credential=Credential(key=keys[name][0], secret=keys[name][1]),
            )
            for name, (url, bucket) in places.items()
            if name in keys
        )

    def _named(self, name: str, form: re.Pattern[str]) -> dict[str, tuple[str, str]]:
        """What a list with spaces between gives each name; no value is told, as some are secret."""
        found: dict[str, tuple[str, str]] = {}
        for number, word in enumerate(self.values[name].split(), start=1):
            match = form.fullmatch(word)
            if match is None or match[1] in found:
                self.faults.append(f"{name}: entry {number} will not do (see docs/settings.md)")
            else:
                found[match[1]] = (match[2], match[3])
        return found

    def _web_address(self, name: str) -> str:
        url = self.values[name]
        if url and not url.startswith(("http://", "https://")):
            self.faults.append(f"{name}={url!r}: give http://… or https://…")
        return url

    def _server(self) -> Server | None:
        url = self.values["INSYN_SMTP_URL"]
        try:
            return read_server(url) if url else None
        except ValueError:
            self.faults.append("INSYN_SMTP_URL: give smtp://[user:password@]host[:port] or smtps:…")
            return None

    def _addresses(self, office: Office) -> tuple[str, ...]:
        name = f"INSYN_MAIL_{office.upper()}"
        found = tuple(one.strip() for one in self.values[name].split(",") if one.strip())
        if any(not _ADDRESS.fullmatch(one) for one in found):
            self.faults.append(f"{name}={self.values[name]!r}: give addresses, name@domain")
        if office is Office.INCIDENT and found and len({one.casefold() for one in found}) == 1:
            self.faults.append(f"{name}: name two persons or more (RULES R49)")
        return found

    def _number(self, name: str, low: int, high: int) -> int:
        text = self.values[name]
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        self.faults.append(f"{name}={text!r}: give a whole number from {low} to {high}")
        return low

    def _days(self, name: str) -> tuple[int, ...]:
        """Growing numbers of days."""
        words = self.values[name].replace(",", " ").split()
        days = [int(word) for word in words if word.isascii() and word.isdigit()]
        if len(days) == len(words) and all(a < b for a, b in zip([0, *days], days, strict=False)):
            return tuple(days)
        self.faults.append(f"{name}={self.values[name]!r}: give growing numbers of days: 1 7 30")
        return ()

    def _hours(self, name: str) -> tuple[int, int] | None:
        """From an hour to an hour, also over midnight; None: at any hour."""
        text = self.values[name]
        if not text:
            return None
        match = re.fullmatch(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])", text)
        if match and match[1] != match[2]:
            return int(match[1]), int(match[2])
        self.faults.append(f"{name}={text!r}: give two hours from 0 to 23 with a hyphen: 22-6")
        return None

    def _choice(self, name: str, choices: list[str]) -> str:
        if self.values[name] in choices:
            return self.values[name]
        self.faults.append(f"{name}={self.values[name]!r}: give one of {', '.join(choices)}")
        return choices[0]

    def _path(self, name: str) -> Path | None:
        return Path(self.values[name]).absolute() if self.values[name] else None
