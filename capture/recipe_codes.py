"""Every code that a check of a recipe can give, with its text in Swedish and English.

E0xx are faults, E1xx warnings. What any file can have wrong is told in the register's words.
Decides nothing.
"""

from collections.abc import Mapping

from accounts import codes
from accounts.codes import Text
from accounts.findings import Finding, Severity

_OF_ANY_FILE: Mapping[str, Text] = {
    "E001": codes.TEXTS["A001"],
    "E002": codes.TEXTS["A002"],
    "E003": codes.TEXTS["A003"],
    "E004": codes.TEXTS["A004"],
    "E005": codes.TEXTS["A005"],
    "E008": codes.TEXTS["A008"],
    "E012": codes.TEXTS["A012"],
}

_OF_A_RECIPE: Mapping[str, Text] = {
    "E020": Text(
        "I selektorn ”{value}” saknar {sign} sin motpart. Rätta den.",
        "In the selector “{value}” {sign} has no counterpart. Mend it.",
    ),
    "E021": Text(
        "Selektorn ”{value}” är tom före eller efter ett kommatecken. Rätta den.",
        "The selector “{value}” is empty before or after a comma. Mend it.",
    ),
    "E022": Text(
        "”{sign}” i selektorn ”{value}” är inte CSS. Här läses sidan med ren CSS; bara landmark, "
        "consent, signs och offer får fråga efter text.",
        "“{sign}” in the selector “{value}” is not CSS. Here the page is read with plain CSS; only "
        "landmark, consent, signs and offer may ask for text.",
    ),
    "E023": Text(
        "Mönstret ”{value}” går inte att tolka: {why}. Rätta det.",
        "The pattern “{value}” cannot be parsed: {why}. Mend it.",
    ),
    "E024": Text(
        "”{value}” pekar inte ut något i JSON-LD. Skriv typ, punkt och nyckel, till exempel "
        "Organization.name; * är varje typ.",
        "“{value}” names nothing in JSON-LD. Write type, dot and key, for example "
        "Organization.name; * is any type.",
    ),
    "E025": Text(
        "Ange antingen select (en selektor) eller json (något i JSON-LD), och bara ett av dem.",
        "Give either select (a selector) or json (something in JSON-LD), and only one of them.",
    ),
    "E026": Text(
        "”{value}” är varken en sökväg som /login eller ett värdnamn som consent.example.com. "
        "Skriv om det.",
        "“{value}” is neither a path such as /login nor a host such as consent.example.com. "
        "Rewrite it.",
    ),
    "E027": Text(
        "Selektorn pekar ut en knapp som nekar, men consent.banner saknas. Ange frågan den står i.",
        "The selector names a button that refuses, but consent.banner is missing. Give the "
        "question that it stands in.",
    ),
    "E028": Text(
        "”{value}” pekar inte ut något i plattformens JSON. Skriv nycklar med punkt emellan, till "
        "exempel record.reply.parent.uri.",
        "“{value}” names nothing in the platform's JSON. Write keys with dots between, for example "
        "record.reply.parent.uri.",
    ),
    "E030": Text(
        "Plattformen {value} har redan ett recept i {first}. Behåll det ena.",
        "The platform {value} has a recipe already, in {first}. Keep one of them.",
    ),
    "E031": Text(
        "Receptet säger inget om inläggens egna sidor. Lägg till post_page.",
        "The recipe says nothing of posts' own pages. Add post_page.",
    ),
    "E101": Text(
        "Receptet har inte prövats mot plattformen själv ({how}). Kör insyn recipe check mot ett "
        "konto och ange dagen i tried.",
        "The recipe has not been tried on the platform itself ({how}). Run insyn recipe check on "
        "an account and give the day in tried.",
    ),
    "E102": Text(
        "Receptet prövades senast {day}, för mer än ett år sedan. Kör insyn recipe check.",
        "The recipe was last tried on {day}, more than a year ago. Run insyn recipe check.",
    ),
    "E103": Text(
        "Dagen ({day}) ligger i framtiden. Kontrollera den.",
        "The date ({day}) lies in the future. Check it.",
    ),
    "E104": Text(
        "Sedan {day} stämmer receptet inte med sidan för {account}: {what}. Kör insyn recipe "
        "check mot kontot och rätta receptet.",
        "Since {day} the recipe does not fit the page of {account}: {what}. Run insyn recipe "
        "check on the account and mend the recipe.",
    ),
}

TEXTS: Mapping[str, Text] = {**_OF_ANY_FILE, **_OF_A_RECIPE}


def finding(code: str, place: str, /, **facts: object) -> Finding:
    """The finding that `code` gives at `place`, its texts filled in with `facts`."""
    text = TEXTS[code]
    return Finding(
        code=code,
        severity=Severity.WARNING if code.startswith("E1") else Severity.FAULT,
        place=place,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
