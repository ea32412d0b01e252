"""Every code that a check of the register can give, with its text in Swedish and English.

A0xx are faults, A1xx warnings. A text says what is wrong and what to do; `{…}` are facts of the
place. Decides nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

from accounts.findings import Finding, Severity


class Text(NamedTuple):
    """What a code says in each language."""

    sv: str
    en: str


TEXTS: Mapping[str, Text] = {
    "A001": Text(
        "Filen kan inte läsas: {why}. Kontrollera sökväg, rättigheter och att filen är UTF-8.",
        "The file cannot be read: {why}. Check its path, its permissions and that it is UTF-8.",
    ),
    "A002": Text(
        "Filen följer inte TOML: {why}. Rätta raden och kontrollera på nytt.",
        "The file is not valid TOML: {why}. Mend the line and check again.",
    ),
    "A003": Text(
        "Nyckeln ”{key}” är okänd. {hint_sv}",
        "The key “{key}” is unknown. {hint_en}",
    ),
    "A004": Text(
        "Värdet ska vara {wanted_sv}, men är {found}. Skriv om det.",
        "The value must be {wanted_en}, but is {found}. Rewrite it.",
    ),
    "A005": Text(
        "Uppgiften saknas och måste alltid finnas. Fyll i den.",
        "This is missing and is always needed. Fill it in.",
    ),
    "A006": Text(
        "”{value}” går inte att välja. Välj ett av: {choices}.",
        "“{value}” is no choice. Take one of: {choices}.",
    ),
    "A007": Text(
        "”{value}” duger inte som id. Använd små bokstäver a–z, siffror och enkla bindestreck, "
        "högst 63 tecken.",
        "“{value}” will not do as an id. Use lower-case letters a–z, digits and single hyphens, "
        "at most 63 characters.",
    ),
    "A008": Text(
        "”{value}” duger inte som plattform. Använd små bokstäver a–z, siffror och enkla "
        "bindestreck, högst 63 tecken.",
        "“{value}” will not do as a platform. Use lower-case letters a–z, digits and single "
        "hyphens, at most 63 characters.",
    ),
    "A009": Text(
        "”{value}” duger inte som användarnamn, eftersom det blir en del av arkivets sökvägar. "
        "Skriv det utan inledande @, med bokstäver, siffror och . _ - @ (NFC, högst 100 tecken, "
        "inte bara punkter).",
        "“{value}” will not do as a handle, since it becomes part of the archive's paths. Write "
        "it without a leading @, with letters, digits and . _ - @ (NFC, at most 100 characters, "
        "not dots alone).",
    ),
    "A010": Text(
        "”{value}” är ingen användbar webbadress. Skriv hela adressen med http:// eller "
        "https://, utan mellanslag och utan inloggningsuppgifter.",
        "“{value}” is no usable web address. Write the whole address with http:// or https://, "
        "without spaces and without credentials.",
    ),
    "A011": Text(
        "”{value}” är ingen e-postadress. Skriv den som namn@domän.",
        "“{value}” is no e-mail address. Write it as name@domain.",
    ),
    "A012": Text(
        "”{value}” är inget datum. Skriv det utan citattecken som ÅÅÅÅ-MM-DD.",
        "“{value}” is no date. Write it without quotation marks as YYYY-MM-DD.",
    ),
    "A013": Text(
        "”{value}” är ingen språkkod. Skriv till exempel sv eller en.",
        "“{value}” is no language code. Write for example sv or en.",
    ),
    "A020": Text(
        "Ett konto i bruk måste ha plattform, användarnamn och webbadress. Fyll i uppgiften.",
        "An account in use must have platform, handle and URL. Fill this in.",
    ),
    "A021": Text(
        "Ett konto i bruk måste ha ett syfte. Skriv i en eller två meningar vad det är till för.",
        "An account in use must have a purpose. Say in a sentence or two what it is for.",
    ),
    "A022": Text(
        "Ett konto i bruk måste ägas av en enhet. Ange vilken.",
        "An account in use must be owned by a unit. Say which.",
    ),
    "A023": Text(
        "Ett konto i bruk måste ha en godkännande chef. Ange namn, titel och e-post.",
        "An account in use must have an approving manager. Give name, title and e-mail.",
    ),
    "A024": Text(
        "Ett konto i bruk måste ha minst två ansvariga personer, men har {count}. "
        "Utse fler och fyll i dem.",
        "An account in use must have at least two responsible persons, but has {count}. "
        "Appoint more and fill them in.",
    ),
    "A025": Text(
        "De ansvariga är samma person: namn eller e-post är lika. Utse minst två olika personer.",
        "The responsible persons are one and the same: name or e-mail agree. Appoint at least "
        "two different persons.",
    ),
    "A026": Text(
        "Ett konto i bruk måste ha ett diarienummer. Diarieför beslutet om kontot och ange numret.",
        "An account in use must have a registration number. Register the decision on the account "
        "and give its number.",
    ),
    "A027": Text(
        "Den enda ansvariga är också den chef som har godkänt kontot. Utse minst två personer, "
        "varav minst en annan än chefen.",
        "The only responsible person is also the manager who approved the account. Appoint at "
        "least two persons, at least one of them not the manager.",
    ),
    "A030": Text(
        "Kontot talar för hela lärosätet eller dess centrala förvaltning och kräver "
        "kommunikationsdirektörens godkännande. Inhämta det och ange dagen.",
        "The account speaks for the whole university or its central administration and needs the "
        "communications director's approval. Obtain it and give its date.",
    ),
    "A040": Text(
        "Kontot är avslutat men saknar dag för avslutet. Ange closed_on.",
        "The account is closed but has no closing date. Give closed_on.",
    ),
    "A041": Text(
        "Kontot avvecklas men saknar dag för beskedet. Ange wind_up_declared_on.",
        "The account is winding up but has no date of the notice. Give wind_up_declared_on.",
    ),
    "A042": Text(
        "Dagarna står i fel ordning: {later} ({later_day}) får inte ligga före {earlier} "
        "({earlier_day}). Rätta den som är fel.",
        "The dates are in the wrong order: {later} ({later_day}) may not lie before {earlier} "
        "({earlier_day}). Mend the wrong one.",
    ),
    "A043": Text(
        "Uppgiften säger emot kontots status ({status}). Rätta statusen eller ta bort uppgiften.",
        "This contradicts the account's status ({status}). Mend the status or remove this.",
    ),
    "A050": Text(
        "Id:t ”{value}” används redan av konto {first}. Ge kontona var sitt id.",
        "The id “{value}” is already that of account {first}. Give each account its own id.",
    ),
    "A051": Text(
        "Plattformen och användarnamnet ({value}) finns redan hos konto {first}. Ta bort det ena "
        "eller rätta användarnamnet.",
        "The platform and handle ({value}) are already those of account {first}. Remove one or "
        "mend the handle.",
    ),
    "A052": Text(
        "Webbadressen finns redan hos konto {first}. Ta bort det ena kontot eller rätta adressen.",
        "The URL is already that of account {first}. Remove one account or mend the address.",
    ),
    "A101": Text(
        "Syftet saknas på engelska och visas då på svenska. Skriv purpose_en.",
        "The purpose has no English text and is then shown in Swedish. Write purpose_en.",
    ),
    "A102": Text(
        "Inget har publicerats på sex månader, och kontot är vilande sedan {since}. Publicera igen "
        "eller avveckla det; meddela registrator och kommunikationsavdelningen.",
        "Nothing has been published for six months, and the account is dormant since {since}. "
        "Publish again or wind it up; tell the registrar and the communications department.",
    ),
    "A103": Text(
        "Dagen för chefens godkännande saknas. Ange approved_on.",
        "The day of the manager's approval is missing. Give approved_on.",
    ),
    "A104": Text(
        "Dagen då kontot öppnades saknas; det räknas som öppet sedan länge. Ange opened_on.",
        "The day the account was opened is missing; it counts as long open. Give opened_on.",
    ),
    "A105": Text(
        "Den godkännande chefen är en av endast två ansvariga. Utse gärna en tredje person.",
        "The approving manager is one of only two responsible persons. Consider a third.",
    ),
    "A106": Text(
        "Dagen ({day}) ligger i framtiden. Kontrollera den.",
        "The date ({day}) lies in the future. Check it.",
    ),
    "A108": Text(
        "Uppdraget som ansvarig för {name} gick ut {day}. Utse en ny, eller förläng det.",
        "The time of {name} as responsible ended on {day}. Appoint another, or extend it.",
    ),
    "A107": Text(
        "Adressen börjar med http:// och är inte skyddad. Använd https:// om plattformen har det.",
        "The address starts with http:// and is not protected. Use https:// if the platform has "
        "it.",
    ),
}


def finding(code: str, place: str, /, **facts: object) -> Finding:
    """The finding that `code` gives at `place`, its texts filled in with `facts`."""
    return filled(TEXTS, code, place, facts)


def filled(
    texts: Mapping[str, Text], code: str, place: str, facts: Mapping[str, object]
) -> Finding:
    """The finding of a code in any such list: a letter and a number, warnings from 100 on."""
    text = texts[code]
    return Finding(
        code=code,
        severity=Severity.WARNING if code[1] == "1" else Severity.FAULT,
        place=place,
        sv=text.sv.format(**facts),
        en=text.en.format(**facts),
    )
