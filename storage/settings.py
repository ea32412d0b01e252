"""Settings of the whole system, read once from the environment and passed in.

One table (`SETTINGS`) names every setting, its default and its meaning; docs/settings.md is made
from it. Secrets stand in no repr. Nothing here opens a file or a connection.
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


class Identity(StrEnum):
    """Who speaks to the object store, each with its own powers (docs/store.md)."""

    CAPTURE = "capture"
    HOLDER = "holder"
    DISPOSER = "disposer"
    READER = "reader"
    SETUP = "setup"
    PURGER = "purger"


SERVING = tuple(identity for identity in Identity if identity is not Identity.PURGER)
"""Those whose keys the environment may have; the purger's is brought by people (RULES R49)."""


_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class LockMode(StrEnum):
    """S3 Object Lock modes. A record is never stored in COMPLIANCE (RULES: CSAM must go)."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row of the settings table."""

    name: str
    default: str
    says: str


SETTINGS = (
    Setting(name="INSYN_HOME", default=".insyn", says="Folder of state: secrets, catalogue, logs."),
    Setting(
        name="INSYN_REGISTER",
        default="examples/karolinska/accounts.toml",
        says="The register of accounts (TOML).",
    ),
    Setting(
        name="INSYN_CATALOGUE",
        default="",
        says="SQLAlchemy URL of the catalogue; empty: SQLite in INSYN_HOME.",
    ),
    Setting(
        name="INSYN_S3_URL",
        default="",
        says="Endpoint of an S3 with Object Lock; empty: the embedded store.",
    ),
    Setting(name="INSYN_S3_REGION", default="us-east-1", says="Region of the S3 endpoint."),
    Setting(name="INSYN_BUCKET", default="insyn", says="The one bucket that holds everything."),
    *(
        Setting(
            name=f"INSYN_S3_{identity.upper()}_{what}",
            default="",
            says=f"{what.capitalize()} of the identity `{identity}` (not for the embedded store).",
        )
        for identity in SERVING
        for what in ("KEY", "SECRET")
    ),
    Setting(
        name="INSYN_STORE_PORT",
        default="18330",
        says="First of four loopback ports of the embedded store (and each plus 10000).",
    ),
    Setting(
        name="INSYN_RETENTION_YEARS",
        default="99",
        says="How long records are locked (GOVERNANCE): only a disposal removes them sooner.",
    ),
    Setting(
        name="INSYN_EVIDENCE_MODE",
        default="GOVERNANCE",
        says="Lock of journal segments, tombstones and certificates: GOVERNANCE, or COMPLIANCE "
        "in production.",
    ),
    Setting(name="INSYN_CHROMIUM", default="", says="Path of Chromium; empty: the installed one."),
    Setting(
        name="INSYN_ALLOW_PRIVATE",
        default="no",
        says="yes: pages on private and loopback addresses may be captured (the demo).",
    ),
    Setting(
        name="INSYN_CAPTURE_SECONDS",
        default="180",
        says="Deadline of one capture, in seconds.",
    ),
    Setting(
        name="INSYN_MOST_HEIGHT",
        default="160000",
        says="How far down a page is photographed, in CSS pixels; the manifest says what ended it.",
    ),
    Setting(name="INSYN_MOST_POSTS", default="1000", says="How many posts a page is followed for."),
    Setting(
        name="INSYN_MOST_COMMENTS",
        default="2000",
        says="How many comments of a post are unfolded; the manifest says when more were left.",
    ),
    Setting(
        name="INSYN_POST_PACE_SECONDS",
        default="3",
        says="Seconds between two pages of one platform at least, a third more or less by chance.",
    ),
    Setting(
        name="INSYN_POST_LOOKS",
        default="1 7 30",
        says="Days after its first capture on which a post is seen again; then each half-year.",
    ),
    Setting(
        name="INSYN_POST_HOURS",
        default="",
        says="Hours in which the daily run visits posts, 22-6; empty: at any hour.",
    ),
    Setting(name="INSYN_POST_BATCH", default="25", says="How many posts a task visits."),
    Setting(
        name="INSYN_FLOOR_POSTS",
        default="95",
        says="Percent of the posts seen that must be painted, else the capture is a gap (partial).",
    ),
    Setting(
        name="INSYN_FLOOR_IMAGES",
        default="50",
        says="Percent of the pictures on the page that must have loaded, else it is a gap.",
    ),
    Setting(
        name="INSYN_RECIPES", default="", says="A folder of recipes that go before the built-in."
    ),
    Setting(
        name="INSYN_COOLING_DAYS",
        default="7",
        says="Days between the last approval of a disposal and its execution.",
    ),
    Setting(
        name="INSYN_APPROVAL_DAYS",
        default="30",
        says="Days for which an approval of a disposal counts.",
    ),
    Setting(
        name="INSYN_CAP_PERCENT",
        default="5",
        says="Percent of the holdings from which a disposal takes a third person.",
    ),
    Setting(
        name="INSYN_CAP_RECORDS",
        default="1000",
        says="Records from which a disposal takes a third person.",
    ),
    Setting(
        name="INSYN_BACKUP_DAYS",
        default="0",
        says="Days for which backups of the bucket are kept: certificates say until when copies "
        "remain. 0: there are none.",
    ),
    Setting(
        name="INSYN_LOGIN_KEY",
        default="",
        says="File with the key of login states; empty: made in INSYN_HOME/secrets.",
    ),
    Setting(
        name="INSYN_SESSION_HOURS",
        default="8",
        says="Hours for which a person stays signed in.",
    ),
    Setting(
        name="INSYN_SMTP_URL",
        default="",
        says="Mail server for notices, smtp://[user:password@]host[:port] or smtps://…; empty: "
        "none is sent, and `insyn duties` tells.",
    ),
    Setting(
        name="INSYN_SMTP_FROM", default="insyn@localhost", says="The sender's address of notices."
    ),
    *(
        Setting(
            name=f"INSYN_MAIL_{office.upper()}",
            default="",
            says=f"Addresses of {told}, with commas between.",
        )
        for office, told in {
            Office.REGISTRAR: "the registrar",
            Office.COMMUNICATIONS: "the communications department",
            Office.ARCHIVIST: "the archivists",
            Office.INCIDENT: "those who are told of incidents, two persons or more",
            Office.OPERATOR: "those who are told that a run failed",
        }.items()
    ),
    Setting(
        name="INSYN_TSA_URL",
        default="",
        says="Time-stamping authority (RFC 3161) for certificates, http(s)://…; empty: none is "
        "asked.",
    ),
    Setting(name="INSYN_LANGUAGE", default="sv", says="Language of texts: sv or en."),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """An S3 key pair; the secret stays out of every repr."""

    key: str
    secret: str = field(repr=False)


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
    post_pace_seconds: int
    post_looks: tuple[int, ...]
    post_hours: tuple[int, int] | None
    post_batch: int
    floor_posts: int
    floor_images: int
    recipes: Path | None
    login_key: Path | None
    cooling_days: int
    approval_days: int
    cap_percent: int
    cap_records: int
    backup_days: int
    session_hours: int
    tsa_url: str
    mail_server: Server | None
    mail_from: str
    mail_to: Mapping[Office, tuple[str, ...]]
    language: str

    @property
    def embedded(self) -> bool:
        """Whether the store is the one that Insyn runs itself."""
        return not self.s3_url

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
            post_pace_seconds=self._number("INSYN_POST_PACE_SECONDS", 0, 3600),
            post_looks=self._days("INSYN_POST_LOOKS"),
            post_hours=self._hours("INSYN_POST_HOURS"),
            post_batch=self._number("INSYN_POST_BATCH", 1, 500),
            floor_posts=self._number("INSYN_FLOOR_POSTS", 0, 100),
            floor_images=self._number("INSYN_FLOOR_IMAGES", 0, 100),
            recipes=self._path("INSYN_RECIPES"),
            login_key=self._path("INSYN_LOGIN_KEY"),
            cooling_days=self._number("INSYN_COOLING_DAYS", 0, 90),
            approval_days=self._number("INSYN_APPROVAL_DAYS", 1, 365),
            cap_percent=self._number("INSYN_CAP_PERCENT", 0, 100),
            cap_records=self._number("INSYN_CAP_RECORDS", 0, 1_000_000_000),
            backup_days=self._number("INSYN_BACKUP_DAYS", 0, 36_500),
            session_hours=self._number("INSYN_SESSION_HOURS", 1, 168),
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
        if office is Office.INCIDENT and len(found) == 1:
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
