"""Every code that a check of a plan can give, with its text in Swedish and English.

P0xx are faults, P1xx warnings. What any file can have wrong is told in the register's words.
Decides nothing.
"""

from collections.abc import Mapping

from accounts import codes
from accounts.codes import Text
from accounts.findings import Finding

_OF_ANY_FILE: Mapping[str, Text] = {
    "P001": codes.TEXTS["A001"],
    "P002": codes.TEXTS["A002"],
    "P003": codes.TEXTS["A003"],
    "P004": codes.TEXTS["A004"],
    "P005": codes.TEXTS["A005"],
    "P006": codes.TEXTS["A006"],
    "P012": codes.TEXTS["A012"],
}

_OF_A_PLAN: Mapping[str, Text] = {
    "P007": Text(
        "”{value}” duger inte som beteckning. Använd bokstäver A–Z, siffror och enkla bindestreck, "
        "högst 32 tecken, till exempel SM-04.",
        "“{value}” will not do as a rule's name. Use letters A–Z, digits and single hyphens, at "
        "most 32 characters, for example SM-04.",
    ),
    "P008": Text(
        "”{value}” duger inte som id. Använd små bokstäver a–z, siffror och enkla understreck, "
        "högst 63 tecken.",
        "“{value}” will not do as an id. Use lower-case letters a–z, digits and single "
        "underscores, at most 63 characters.",
    ),
    "P020": Text(
        "Den svenska texten saknas. Skriv sv.",
        "The Swedish text is missing. Write sv.",
    ),
    "P021": Text(
        "Den engelska texten saknas. Skriv en.",
        "The English text is missing. Write en.",
    ),
    "P030": Text(
        "Handlingstypen {value} har redan en regel, {first}. Varje handlingstyp ska ha exakt en: "
        "ta bort den ena eller skilj typerna åt.",
        "The record type {value} has a rule already, {first}. Each type has exactly one: remove "
        "one of them or tell the types apart.",
    ),
    "P031": Text(
        "Beteckningen {value} används redan av regel {first}. Ge reglerna var sin.",
        "The name {value} is already that of rule {first}. Give each rule its own.",
    ),
    "P032": Text(
        "”{value}” står två gånger. Ta bort den ena.",
        "“{value}” stands twice. Remove one of them.",
    ),
    "P040": Text(
        "Regeln saknar rättsligt stöd. Ange författning och paragraf i disposal_authority.",
        "The rule has no legal basis. Give the instrument and section in disposal_authority.",
    ),
    "P041": Text(
        "{instrument} är upphävd sedan {since} och kan inte bära ett beslut av {decided_on}. Ange "
        "det stöd som gäller, till exempel RA-FS 2021:6.",
        "{instrument} is repealed since {since} and cannot carry a decision of {decided_on}. Give "
        "the basis in force, for example RA-FS 2021:6.",
    ),
    "P042": Text(
        "RA-FS 2021:6 får inte användas på handlingar som styr myndigheten eller dokumenterar dess "
        "kärnverksamhet, utom enligt bilagan. Ange bilagans punkt i annex_item eller bevara.",
        "RA-FS 2021:6 may not be used for records that steer the authority or document its core "
        "activity, except by its annex. Give the annex item in annex_item, or preserve.",
    ),
    "P043": Text(
        "{instrument} gäller från {since} och kan inte bära ett beslut av {decided_on}. Rätta "
        "dagen eller stödet.",
        "{instrument} is in force from {since} and cannot carry a decision of {decided_on}. Mend "
        "the day or the basis.",
    ),
    "P050": Text(
        "Regeln gallrar eller omprövar men har ingen frist. Ange retention_period, till exempel "
        "P1Y; P0D är ingen ytterligare tid.",
        "The rule disposes or reviews but has no period. Give retention_period, for example P1Y; "
        "P0D is no further time.",
    ),
    "P051": Text(
        "Regeln gallrar eller omprövar men säger inte från vad fristen räknas. Ange trigger.",
        "The rule disposes or reviews but does not say what the period counts from. Give trigger.",
    ),
    "P052": Text(
        "”{value}” är ingen frist. Skriv hela år, månader, dagar eller veckor enligt ISO 8601, "
        "till exempel P1Y6M eller P30D.",
        "“{value}” is no period. Write whole years, months, days or weeks by ISO 8601, for "
        "example P1Y6M or P30D.",
    ),
    "P053": Text(
        "”{value}” är ingen händelse som en frist kan räknas från. Välj bland: {choices}.",
        "“{value}” is nothing that a period can count from. Take from: {choices}.",
    ),
    "P054": Text(
        "”{value}” är inget villkor. Välj bland: {choices}.",
        "“{value}” is no condition. Take from: {choices}.",
    ),
    "P055": Text(
        "Regeln bevarar eller lämnar åt ärendet, men har en frist. Ta bort fristen eller ändra "
        "disposal_action.",
        "The rule preserves or leaves it to the case, but has a period. Remove the period or "
        "change disposal_action.",
    ),
    "P056": Text(
        "Det lokala exemplaret får tas bort först när e-arkivet har kvitterat. Skriv trigger = "
        "”transferred”, och inget annat.",
        "The local copy may only be removed once the e-archive has given a receipt. Write trigger "
        "= “transferred”, and nothing else.",
    ),
    "P057": Text(
        "Det som är överfört till e-arkiv är inte gallrat. Skriv disposal_action = ”transfer”, "
        "eller räkna fristen från något annat.",
        "What was transferred to an e-archive is not disposed of. Write disposal_action = "
        "“transfer”, or count the period from something else.",
    ),
    "P060": Text(
        "Dagarna står i fel ordning: {later} ({later_day}) får inte ligga före {earlier} "
        "({earlier_day}). Rätta den som är fel.",
        "The dates are in the wrong order: {later} ({later_day}) may not lie before {earlier} "
        "({earlier_day}). Mend the wrong one.",
    ),
    "P101": Text(
        "Regeln gallrar men har inget tillämpningsbeslut och är därför vilande: handlingarna "
        "bevaras. Besluta och ange dnr och decided_on i local_decision.",
        "The rule disposes but has no local decision and so is inactive: the records are "
        "preserved. Decide, and give dnr and decided_on in local_decision.",
    ),
    "P102": Text(
        "RA-FS 2021:6 begränsas av när handlingarna kom till. Ange created_from.",
        "RA-FS 2021:6 is limited by when the records were created. Give created_from.",
    ),
    "P103": Text(
        "Klassificeringskod saknas. Ange myndighetens egen i classification_code.",
        "There is no classification code. Give the authority's own in classification_code.",
    ),
}

TEXTS: Mapping[str, Text] = {**_OF_ANY_FILE, **_OF_A_PLAN}


def finding(code: str, place: str, /, **facts: object) -> Finding:
    """The finding that `code` gives at `place`, its texts filled in with `facts`."""
    return codes.filled(TEXTS, code, place, facts)
