"""What buttons of consent say, in Swedish and English: refuse, open the settings, save the choice.

Whole texts, never parts: a button that accepts as well ("Spara och acceptera alla") fits none.
"""

import re

_THINGS = r"(\s+(kakor(na)?|cookies|cookie-filer|webbkakor))?"
_OPTIONAL = r"(\s+(alla?|allt|valfria|frivilliga|icke-nödvändiga|icke nödvändiga))?"
_NEEDED = r"(endast|bara|enbart)\s+(de\s+)?nödvändiga"
_EN_OPTIONAL = r"(\s+(all|optional|non-essential|non essential|unnecessary|additional))?"
_EN_NEEDED = r"(strictly\s+)?(necessary|essential|required)"
_EN_PERMIT = r"(accept|allow|use)"
_WORDINGS = (
    rf"(avvisa|neka|avböj|vägra){_OPTIONAL}{_THINGS}",
    r"jag\s+(nekar|avböjer|godkänner\s+inte|accepterar\s+inte)",
    r"(acceptera|godkänn|tillåt)\s+inte",
    rf"((acceptera|godkänn|tillåt|använd|spara)\s+)?{_NEEDED}{_THINGS}",
    r"fortsätt\s+utan\s+att\s+(acceptera|godkänna|samtycka)",
    r"nej,?\s+tack",
    rf"(reject|decline|deny|refuse){_EN_OPTIONAL}(\s+cookies)?",
    rf"({_EN_PERMIT}\s+)?only\s+({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?",
    rf"({_EN_PERMIT}\s+)?{_EN_NEEDED}(\s+cookies)?\s+only",
    r"continue\s+without\s+(accepting|consent|agreeing)",
    r"(i\s+)?(do\s+not|don['’]t)\s+(accept|agree|consent)",
    r"no,?\s+thanks|no,?\s+thank\s+you|disagree(\s+to\s+all)?|object\s+to\s+all",
)
REFUSAL = re.compile(rf"^\s*({'|'.join(_WORDINGS)})\s*[.!]?\s*$", re.IGNORECASE)
_CHOICES = r"(val|samtycke|kakor|cookies|cookie-?inställningar|inställningar|alternativ)"
_EN_CHOICES = r"(choices|preferences|settings|options|cookies|consent|selection)"
_OPENING = (
    rf"(hantera|anpassa|ändra|välj|visa|fler|mer)(\s+(dina|mina))?(\s+{_CHOICES})?",
    rf"(kak|cookie|samtyckes)?-?{_CHOICES}(\s+för\s+(kakor|cookies))?",
    r"(visa\s+)?(detaljer|syften)",
    rf"(manage|customi[sz]e|change|adjust|set|show|more)(\s+(your|my))?(\s+cookie)?\s+{_EN_CHOICES}",
    r"(manage|customi[sz]e|options|preferences|settings|(show\s+)?(details|purposes))",
    rf"(cookie|consent|privacy)\s+{_EN_CHOICES}",
    r"learn\s+more\s+and\s+customi[sz]e",
)
SETTINGS = re.compile(rf"^\s*({'|'.join(_OPENING)})\s*[.!…]?\s*$", re.IGNORECASE)
_SAVING = (
    rf"(spara|bekräfta|använd|godkänn)(\s+(mina|dina|dessa|valda|gjorda|endast\s+valda))*\s+{_CHOICES}",
    r"spara(\s+och\s+(stäng|avsluta))?|tillåt\s+(urval|valda)",
    rf"(save|confirm|apply|allow|submit)(\s+(my|your|these|selected|current))*\s+{_EN_CHOICES}",
    r"save(\s*(and|&)\s*(exit|close))?|allow\s+selection|confirm",
)
SAVE = re.compile(rf"^\s*({'|'.join(_SAVING)})\s*[.!]?\s*$", re.IGNORECASE)
