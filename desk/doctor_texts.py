"""Every code that the doctor can give, with its text in Swedish and English. Decides nothing.

A text says how it stands and, where something is wrong, what to do.
"""

from collections.abc import Mapping
from typing import NamedTuple

from accounts.findings import Finding, Severity

_OK, _WARNING, _FAULT = Severity.OK, Severity.WARNING, Severity.FAULT


class Text(NamedTuple):
    """A code's gravity and what it says in each language."""

    severity: Severity
    sv: str
    en: str


TEXTS: Mapping[str, Text] = {
    "D001": Text(
        _OK,
        "Inställningarna går att läsa; tillståndet ligger i {home}.",
        "The settings can be read; state lies in {home}.",
    ),
    "D002": Text(
        _FAULT,
        "Inställningarna går inte att använda: {why}. Se docs/settings.md.",
        "The settings cannot be used: {why}. See docs/settings.md.",
    ),
    "D003": Text(
        _OK,
        "Registret {register} går att använda.",
        "The register {register} can be used.",
    ),
    "D004": Text(_OK, "Recepten går att läsa.", "The recipes can be read."),
    "D005": Text(
        _FAULT,
        "Ett recept går inte att använda: {why}. Rätta det.",
        "A recipe cannot be used: {why}. Mend it.",
    ),
    "D006": Text(
        _WARNING,
        "Andra användare på maskinen kommer åt {folder}: kör chmod 700 {folder}.",
        "Other users of this machine can reach {folder}: run chmod 700 {folder}.",
    ),
    "D007": Text(
        _WARNING,
        "Nyckeln för nödradering ligger kvar i {file}: flytta den dit två personer når den och "
        "ingen tjänst.",
        "The purger's key still lies in {file}: move it to where two persons can reach it and no "
        "service.",
    ),
    "D008": Text(
        _WARNING,
        "Färre än två personer får besked om en nödradering: ange två adresser eller fler i "
        "INSYN_MAIL_INCIDENT, och en e-postserver i INSYN_SMTP_URL.",
        "Fewer than two persons are told of a purge: give two addresses or more in "
        "INSYN_MAIL_INCIDENT, and a mail server in INSYN_SMTP_URL.",
    ),
    "D011": Text(
        _OK,
        "Chromium {version} startar ({program}).",
        "Chromium {version} starts ({program}).",
    ),
    "D012": Text(_FAULT, "Webbläsaren kan inte användas. {why}", "The browser is unusable. {why}"),
    "D013": Text(
        _OK,
        "Typsnitten räcker, även för emoji ({count} familjer).",
        "The fonts suffice, emoji too ({count} families).",
    ),
    "D014": Text(
        _WARNING,
        "Typsnitt saknas, så att tecken blir tomma rutor i bilderna: apt-get install {packages}.",
        "Fonts are missing, so that characters become boxes in pictures: apt-get install "
        "{packages}.",
    ),
    "D015": Text(
        _WARNING,
        "Typsnitten kan inte kontrolleras, eftersom fc-list saknas: apt-get install fontconfig.",
        "The fonts cannot be checked, as fc-list is missing: apt-get install fontconfig.",
    ),
    "D016": Text(
        _FAULT,
        "Webbläsaren målar inte i programvara, så att höga bilder blir fel utan att det märks. "
        "{why}",
        "The browser does not paint in software, so that tall pictures go wrong unseen. {why}",
    ),
    "D017": Text(
        _OK,
        "Chromium målar i programvara och kan spela in webbtrafik.",
        "Chromium paints in software and can record web traffic.",
    ),
    "D018": Text(
        _WARNING,
        "Chromium kan inte spela in webbtrafik: fångsterna får bilder men inget webbarkiv. {why}",
        "Chromium cannot record web traffic: captures get pictures and no web archive. {why}",
    ),
    "D022": Text(
        _FAULT,
        "Lagret är inte igång: kör insyn store start.",
        "The store is not running: run insyn store start.",
    ),
    "D023": Text(_FAULT, "Lagret kan inte användas: {why}", "The store cannot be used: {why}"),
    "D024": Text(
        _OK,
        "Katalogen är aktuell: den kan allt som lagret har förseglat.",
        "The catalogue is current: it knows all that is sealed in the store.",
    ),
    "D025": Text(_OK, "Kopian {name} går att granska.", "The replica {name} can be looked at."),
    "D026": Text(
        _FAULT,
        "Kopian {name} går inte att granska ({found}): gallringar protokollförs som ofullständiga. "
        "Se INSYN_REPLICAS och INSYN_REPLICA_KEYS.",
        "The replica {name} cannot be looked at ({found}): disposals are certified as incomplete. "
        "See INSYN_REPLICAS and INSYN_REPLICA_KEYS.",
    ),
    "D027": Text(
        _WARNING,
        "Lagret säger inte om det kopierar till andra: ge läsaren s3:GetReplicationConfiguration.",
        "The store does not say whether it copies to others: give the reader "
        "s3:GetReplicationConfiguration.",
    ),
    "D031": Text(
        _OK,
        "Klockan stämmer med lagrets (skillnad {seconds} s).",
        "The clock agrees with the store's ({seconds} s apart).",
    ),
    "D032": Text(
        _FAULT,
        "Klockan skiljer {seconds} s från lagrets: ställ båda efter en tidsserver (NTP).",
        "The clock is {seconds} s from the store's: set both by a time server (NTP).",
    ),
    "D033": Text(
        _OK, "Tidszonen Europe/Stockholm är känd.", "The time zone Europe/Stockholm is known."
    ),
    "D034": Text(
        _FAULT,
        "Tidszonen Europe/Stockholm saknas: apt-get install tzdata.",
        "The time zone Europe/Stockholm is missing: apt-get install tzdata.",
    ),
    "D041": Text(
        _OK,
        "Inget annat installerat paket skymmer våra.",
        "No other installed distribution shadows our packages.",
    ),
    "D042": Text(
        _FAULT,
        "Paketet {distribution} har också ett {name} och kan skymma vårt: avinstallera det.",
        "The distribution {distribution} also provides {name} and may shadow ours: uninstall it.",
    ),
}


def finding(code: str, place: str, /, **facts: object) -> Finding:
    """The finding that `code` gives at `place`, its texts filled in with `facts`."""
    text = TEXTS[code]
    return Finding(
        code=code,
        severity=text.severity,
        place=place,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
