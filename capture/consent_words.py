"""What buttons of consent say, in Swedish and English: refuse, open the settings, save the choice.

Whole texts, never parts: a button that accepts as well ("Spara och acceptera alla") fits none.
What permits names what is necessary and nothing else.
"""

import re

SAYS = re.compile(r"cookie|kakor|samtycke|consent", re.IGNORECASE)
"""What a text speaks of that asks for consent."""

_KINDS = r"(analys|statistik|marknadsförings|annons|spårnings|tredjeparts)-?"
_COOKIES = rf"({_KINDS})?(kakor(na)?|cookies|cookie-filer)|webbkakor"
_THINGS = rf"(\s+({_COOKIES}))?"
_NOT_NEEDED = r"(valfria|frivilliga|icke-nödvändiga|(icke|ej)\s+nödvändiga)"
_OPTIONAL = rf"(\s+(allt|(alla?\s+)?{_NOT_NEEDED}|alla?(\s+utom\s+(de\s+)?nödvändiga)?))?"
_NEEDED = r"(de\s+)?((tekniskt|absolut|strikt)\s+)?nödvändiga"
_ONLY = rf"(endast|bara|enbart)\s+({_NEEDED}|((tekniskt|absolut)\s+)?nödvändigt)"
_PERMIT = r"(acceptera|godkänn|tillåt|använd|spara)"
_AND_CLOSE = r"(\s+(och|&)\s+(stäng|fortsätt|gå\s+vidare))?"
_EN_KINDS = r"(analytics|statistics|marketing|advertising|tracking|third[\s-]party)"
_EN_NOT_NEEDED = r"(optional|non[\s-]essential|non[\s-]necessary|unnecessary|additional)"
_EN_OPTIONAL = rf"(\s+(all(\s+{_EN_NOT_NEEDED})?|{_EN_NOT_NEEDED}|{_EN_KINDS}))?"
_EN_NEEDED = r"(strictly\s+)?(necessary|essential|required)"
_EN_PERMIT = r"(accept|allow|use)"
_WORDINGS = (
    rf"(avvisa|neka|avböj|avslå|vägra){_OPTIONAL}{_THINGS}{_AND_CLOSE}",
    r"jag\s+(nekar|avböjer|avvisar|godkänner\s+inte|accepterar\s+inte|samtycker\s+inte)",
    r"(acceptera|godkänn|tillåt|samtyck)\s+inte",
    rf"({_PERMIT}\s+)?{_ONLY}{_THINGS}",
    rf"{_PERMIT}\s+{_NEEDED}{_THINGS}",
    rf"jag\s+(godkänner|accepterar|tillåter)\s+({_ONLY}|{_NEEDED}){_THINGS}",
    rf"nej(,?\s+tack)?,?\s+({_PERMIT}\s+)?{_ONLY}{_THINGS}",
    r"(fortsätt|stäng|gå\s+vidare)\s+utan\s+att\s+(acceptera|godkänna|samtycka)",
    r"nej,?\s+tack|tacka\s+nej",
    rf"(i\s+)?(reject|decline|deny|refuse){_EN_OPTIONAL}(\s+cookies)?(\s+(and|&)\s+(close|continue))?",
    rf"({_EN_PERMIT}\s+)?only\s+({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?",
    rf"({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?\s+only",
    rf"{_EN_PERMIT}\s+{_EN_NEEDED}(\s+cookies)?",
    r"(continue|close)\s+without\s+(accepting|consent|agreeing)",
    r"(i\s+)?(do\s+not|don['’]t)\s+(accept|agree|consent)",
    r"no,?\s+thanks|no,?\s+thank\s+you|disagree(\s+to\s+all)?|object\s+to\s+all",
    r"opt[\s-]out(\s+of\s+all)?",
)
REFUSAL = re.compile(rf"^\s*({'|'.join(_WORDINGS)})\s*[.!]?\s*$", re.IGNORECASE)
_SHORT = (
    rf"{_NEEDED}{_THINGS}",
    r"nej",
    rf"{_EN_NEEDED}\s+cookies",
    r"no",
)
SHORT_REFUSAL = re.compile(rf"^\s*({'|'.join(_SHORT)})\s*[.!]?\s*$", re.IGNORECASE)
"""Refusals in a banner's first layer only: in its settings the same words name a group."""

_CHOICES = (
    r"(val|samtycke|kakor|cookies|(kak|cookie)-?(inställningar|val)|inställningar|alternativ)"
)
_EN_CHOICES = r"(choices|preferences|settings|options|cookies|consent|selection)"
_OPENING = (
    rf"(hantera|anpassa|ändra|justera|välj|visa|fler|mer)(\s+(dina|mina))?(\s+{_CHOICES})?",
    rf"((kak|cookie|samtyckes)-?)?{_CHOICES}(\s+för\s+(kakor|cookies))?",
    rf"(gör\s+|visa\s+)?(egna|mina|dina)\s+{_CHOICES}",
    rf"välj\s+själv|ställ\s+in(\s+{_CHOICES})?|mer\s+information",
    r"(visa\s+)?(detaljer|syften)",
    rf"(manage|customi[sz]e|change|adjust|set|show|more)(\s+(your|my))?(\s+cookie)?\s+{_EN_CHOICES}",
    r"(manage|customi[sz]e|options|preferences|settings|(show\s+)?(details|purposes))",
    rf"(cookie|consent|privacy)\s+{_EN_CHOICES}",
    r"learn\s+more\s+and\s+customi[sz]e|let\s+me\s+choose|more\s+information",
)
SETTINGS = re.compile(rf"^\s*({'|'.join(_OPENING)})\s*[.!…]?\s*$", re.IGNORECASE)
_CHOSEN = r"(mina|dina|dessa|valda|gjorda|endast\s+valda)"
_SAVING = (
    rf"(spara|bekräfta|använd|godkänn)(\s+{_CHOSEN})*\s+{_CHOICES}",
    rf"spara(\s+och\s+(stäng|avsluta))?|(tillåt|acceptera|godkänn)\s+(urval(et)?|valda{_THINGS})",
    rf"(save|confirm|apply|allow|submit)(\s+(my|your|these|selected|current))*\s+{_EN_CHOICES}",
    r"save(\s*(and|&)\s*(exit|close))?|confirm",
    r"(allow|accept)\s+(my\s+|the\s+)?(selection|selected(\s+cookies)?)",
)
SAVE = re.compile(rf"^\s*({'|'.join(_SAVING)})\s*[.!]?\s*$", re.IGNORECASE)
