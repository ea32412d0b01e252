"""What can be wrong with a package: each fault's code and words, in Swedish and English.

Checks nothing; docs/findings.md says what to do about each.
"""

from accounts.findings import Finding, Severity

_TEXTS = {
    "K001": ("Paketet är ingen hel ZIP-fil", "The package is not a whole ZIP file"),
    "K002": ("En del saknas i paketet", "A part is missing from the package"),
    "K003": ("En del finns i paketet men nämns inte", "A part is in the package but not listed"),
    "K004": (
        "En del är ändrad: kontrollsumma, storlek eller plats skiljer sig",
        "A part was changed: its digest, size or place differs",
    ),
    "K005": ("Paketets förteckning går inte att läsa", "The list of the package cannot be read"),
    "K006": ("Paketets förteckning är ändrad", "The list of the package was changed"),
    "K007": ("En del har ett otillåtet namn", "A part has a name that is not allowed"),
    "K008": ("Webbarkivet är avhugget eller trasigt", "The web archive is cut off or broken"),
    "K009": ("En post i webbarkivet är ändrad", "A record of the web archive was changed"),
    "K010": ("Webbarkivet har inga svar", "The web archive has no responses"),
    "K011": ("Registret stämmer inte med webbarkivet", "The index disagrees with the web archive"),
    "K012": ("En bild går inte att avkoda", "A picture cannot be decoded"),
    "K013": ("En text är inte giltig UTF-8", "A text is not valid UTF-8"),
    "K014": ("En datafil går inte att tolka", "A data file cannot be parsed"),
    "K015": (
        "Den fångade sidans adress finns inte i webbarkivet",
        "The captured page's address is not in the web archive",
    ),
    "K016": (
        "En del är komprimerad i paketet och kan inte läsas för sig",
        "A part is compressed in the package and cannot be read by itself",
    ),
    "K017": (
        "En post i webbarkivet saknar kontrollsumma",
        "A record of the web archive has no digest",
    ),
    "K018": (
        "Paketet är ändrat mellan sina delar",
        "The package was changed between its parts",
    ),
}
_WARNINGS = {"K015"}


def finding(code: str, place: str, detail: str = "") -> Finding:
    """The finding of a code at a place; only K015 is a mere warning.

    An application that changes its address in the browser (`history.pushState`) shows a page
    whose address was never asked for: that is no damage.
    """
    severity = Severity.WARNING if code in _WARNINGS else Severity.FAULT
    sv, en = (text + (f": {detail}" if detail else ".") for text in _TEXTS[code])
    return Finding(code=code, severity=severity, place=place, sv=sv, en=en)
