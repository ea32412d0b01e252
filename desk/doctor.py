"""The doctor (`insyn doctor`): can this machine, this store and these settings keep records?

Runs every check and collects what each found; a check that cannot be made is itself a finding.
The texts stand in doctor_texts.py, the probes of the store in storage.fitness.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.findings import Finding, Severity
from accounts.register import check_register
from capture.bodies import keep_bodies
from capture.browser import DESKTOP, find_chromium, open_browser, open_page
from capture.errors import CaptureError, NotSoftware, RecipeFaults, RecorderUnavailable
from capture.recipe import load_recipes
from capture.recording import Limits
from desk.doctor_texts import finding
from storage import embedded
from storage.archive import Archive
from storage.copies import Found, ReplicaSeen, Replication
from storage.credentials import endpoint_of, purger_file
from storage.errors import ArchiveError, SettingsError
from storage.fitness import probe
from storage.record import utc_now
from storage.settings import Settings

MOST_SKEW_S = 5.0
"""Seconds between our clock and the store's: signatures stand 15 minutes, order of times less."""

OURS = ("accounts", "storage", "capture", "retention", "disclosure", "desk")
"""Our top-level packages: PyPI has distributions that provide some of these names."""

Check = Callable[[Settings], Iterator[Finding]]


def examine() -> Iterator[Finding]:
    """Every check's findings, in the order in which one builds on the other."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        yield from (finding("D002", "settings", why=fault) for fault in error.faults)
        return
    yield finding("D001", "settings", home=settings.home)
    for check in CHECKS:
        yield from check(settings)


def examine_names(
    provided: dict[str, list[str]] | None = None, ours: tuple[str, ...] = OURS
) -> Iterator[Finding]:
    """Whether another installed distribution provides one of our package names."""
    known = packages_distributions() if provided is None else provided
    shadows = [(n, d) for n in ours for d in known.get(n, []) if d.lower() != "insyn"]
    for name, distribution in shadows:
        yield finding("D042", name, name=name, distribution=distribution)
    if not shadows:
        yield finding("D041", "names")


def examine_clock(now: datetime, stores: datetime) -> Iterator[Finding]:
    """Whether our clock and the store's agree, and Sweden's time zone is known."""
    skew = abs((now - stores).total_seconds())
    code = "D031" if skew <= MOST_SKEW_S else "D032"
    yield finding(code, "clock", seconds=f"{skew:.0f}")


def examine_replicas(
    replication: Replication, replicas: Iterable[ReplicaSeen]
) -> Iterator[Finding]:
    """Whether each replica can be looked at: what is disposed of must be gone there too (R37)."""
    if replication is Replication.REFUSED:
        yield finding("D027", "replication")
    for one in replicas:
        reached = one.found in (Found.CLEARED, Found.REMAINS)
        yield finding("D025" if reached else "D026", one.name, name=one.name, found=one.found)


def examine_fonts(families: str) -> Iterator[Finding]:
    """Whether text and emoji are painted, not boxes; `families` as `fc-list : family` tells."""
    known = families.casefold()
    missing = [
        package
        for family, package in (
            ("noto sans", "fonts-noto-core"),
            ("emoji", "fonts-noto-color-emoji"),
        )
        if family not in known
    ]
    if missing:
        yield finding("D014", "fonts", packages=" ".join(missing))
    else:
        yield finding("D013", "fonts", count=len(set(known.splitlines())))


def _register(settings: Settings) -> Iterator[Finding]:
    found = check_register(settings.register)
    yield from found
    if not any(one.severity is Severity.FAULT for one in found):
        yield finding("D003", "register", register=settings.register)


def _recipes(settings: Settings) -> Iterator[Finding]:
    try:
        load_recipes(settings.recipes)
    except RecipeFaults as error:
        yield from (finding("D005", "recipes", why=fault) for fault in error.faults)
    else:
        yield finding("D004", "recipes")


def _browser(settings: Settings) -> Iterator[Finding]:
    try:
        program = find_chromium(settings.chromium)
        version, unrecorded = asyncio.run(_launched(settings))
    except NotSoftware as error:
        yield finding("D016", "browser", why=error)
    except CaptureError as error:
        yield finding("D012", "browser", why=error)
    else:
        yield finding("D011", "browser", program=program, version=version)
        if unrecorded is None:
            yield finding("D017", "browser")
        else:
            yield finding("D018", "browser", why=unrecorded)


async def _launched(settings: Settings) -> tuple[str, RecorderUnavailable | None]:
    """Chromium's version, and why it cannot record, if it cannot."""
    async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
        try:
            await keep_bodies(await page.context.new_cdp_session(page), Limits())
        except RecorderUnavailable as error:
            return browser.version, error
        return browser.version, None


def _fonts(_: Settings) -> Iterator[Finding]:
    program = shutil.which("fc-list")
    if program is None:
        yield finding("D015", "fonts")
        return
    listed = subprocess.run(
        [program, ":", "family"], capture_output=True, text=True, check=False, timeout=30
    )
    yield from examine_fonts(listed.stdout)


def _store(settings: Settings) -> Iterator[Finding]:
    """The store's own fitness, then its clock and the catalogue; none without a store."""
    if settings.embedded and not embedded.status(settings).running:
        yield finding("D022", "store")
        return
    try:
        yield from probe(settings)
        yield from examine_clock(utc_now(), _stores_clock(endpoint_of(settings)))
        with Archive.open(settings) as archive:
            yield finding("D024", "catalogue")
            yield from examine_replicas(*archive.replicas())
    except (ArchiveError, OSError, HTTPException) as error:
        yield finding("D023", "store", why=error)


def _stores_clock(endpoint: str) -> datetime:
    """What the store says the time is, in its answer's Date header (whole seconds)."""
    parts = urlsplit(endpoint)
    made = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = made(parts.netloc, timeout=10)
    try:
        connection.request("GET", "/")
        return parsedate_to_datetime(connection.getresponse().headers["Date"])
    finally:
        connection.close()


def _zone(_: Settings) -> Iterator[Finding]:
    try:
        ZoneInfo("Europe/Stockholm")
    except ZoneInfoNotFoundError:
        yield finding("D034", "clock")
    else:
        yield finding("D033", "clock")


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Whether only we can read the secrets and the store's data; where the purger's key lies."""
    key = purger_file(settings.home)
    for folder in (settings.home / "secrets", settings.home / "store", key.parent):
        if folder.exists() and _open_to_others(folder):
            yield finding("D006", str(folder), folder=folder)
    if key.exists():
        yield finding("D007", str(key), file=key)


def _incidents(settings: Settings) -> Iterator[Finding]:
    """Whether two persons are told of a purge (RULES R49)."""
    if settings.mail_server is None or not settings.tells_of_incidents:
        yield finding("D008", "INSYN_MAIL_INCIDENT")


def _open_to_others(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o077)


def _names(_: Settings) -> Iterator[Finding]:
    yield from examine_names()


CHECKS: tuple[Check, ...] = (
    _secrets,
    _incidents,
    _register,
    _recipes,
    _names,
    _zone,
    _fonts,
    _browser,
    _store,
)
