"""Every setting there is: its name, its default and its meaning (docs/settings.md is made from it).

Reads nothing; `storage.settings` does.
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.notices import Office


class Identity(StrEnum):
    """Who speaks to the object store, each with its own powers (docs/store.md)."""

    CAPTURE = "capture"
    HOLDER = "holder"
    DISPOSER = "disposer"
    READER = "reader"
    CUSTODIAN = "custodian"
    SETUP = "setup"
    PURGER = "purger"


SERVING = tuple(identity for identity in Identity if identity is not Identity.PURGER)
"""Those whose keys the environment may have; the purger's is brought by people (RULES R49)."""


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
        says="SQLAlchemy URL of the catalogue, as postgresql+psycopg://user@host/insyn (store.md); "
        "empty: SQLite in INSYN_HOME.",
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
        name="INSYN_WALK_POSTS",
        default="1000",
        says="How many posts that the archive lacks a walk takes in; the next goes on below them.",
    ),
    Setting(
        name="INSYN_WALK_SECONDS",
        default="600",
        says="Seconds that a walk spends on them; passing by known posts is not counted.",
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
        name="INSYN_FLOOR_TEXTS",
        default="80",
        says="Percent of the texts looked for that must be in the picture, else it is a gap.",
    ),
    Setting(
        name="INSYN_FLOOR_HEIGHT",
        default="90",
        says="Percent of what can be scrolled on the page that must be scrolled, else it is a gap.",
    ),
    Setting(
        name="INSYN_FLOOR_COMMENTS",
        default="80",
        says="Percent of the comments a post announces that must be shown, else it is a gap; what "
        "INSYN_MOST_COMMENTS leaves folded is excused.",
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
        name="INSYN_REPLICAS",
        default="",
        says="Copies of the bucket in other stores, each `name=https://host/bucket`, spaces "
        "between: a disposal is complete when they are empty of it (disposal.md).",
    ),
    Setting(
        name="INSYN_REPLICA_KEYS",
        default="",
        says="The key that lists each of them, `name=KEY:SECRET`, spaces between.",
    ),
    Setting(
        name="INSYN_COMPACT",
        default="yes",
        says="yes: a disposal ends when the embedded store's files are written anew without what "
        "was removed; no: certificates say that bytes may still lie there.",
    ),
    Setting(
        name="INSYN_SIGNING_KEY",
        default="",
        says="File with the key that signs certificates (Ed25519, PEM); empty: made in "
        "INSYN_HOME/secrets.",
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
        name="INSYN_MODERATION_HOURS",
        default="24",
        says="Hours for which a capture shows what stood on a page before something was removed.",
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
