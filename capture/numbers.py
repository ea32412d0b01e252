"""Numbers as pages show them, in Swedish and English. Looks at no page."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

_UNITS = {
    1e3: ("tn", "tusen", "k", "thousand"),
    1e6: ("mn", "miljon", "miljoner", "m", "million", "millions"),
    1e9: ("md", "mdr", "miljard", "miljarder", "b", "bn", "billion"),
}
_FACTOR = {unit: factor for factor, units in _UNITS.items() for unit in units}
_NUMBER = r"(?P<n>\d[\d .,]*)"
_UNIT = rf"(?:\s?(?P<u>{'|'.join(sorted(_FACTOR, key=len, reverse=True))})(?![^\W\d_])\.?)?"
_NUMBER_FIRST = re.compile(rf"^{_NUMBER}{_UNIT}\s*(?P<w>\D*)$", re.IGNORECASE)
_WORD_FIRST = re.compile(rf"^(?P<w>\D+?):?\s+{_NUMBER}{_UNIT}$", re.IGNORECASE)
_COMMENTS = re.compile(
    rf"(?<![\w.,]){_NUMBER}{_UNIT}\s+(?:kommentar(?:er)?|comments?|svar|repl(?:y|ies))\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    rf"(?<![\w.,])(?:{_NUMBER}{_UNIT}|(?P<one>en|ett|one|an?)|(?P<none>inga|no))\s+"
    r"(?:kommentar(?:er)?|comments?|svar|repl(?:y|ies)|responses?|thoughts?|tankar|tanke)\b",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\(?{_NUMBER}{_UNIT}\)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}([ .,]\d{3})+")


def counts(shown: Sequence[str]) -> dict[str, JsonValue]:
    """Numbers with their words: `12 480 följare` → {"följare": 12480}, `3,4 tn` → 3400.

    A text without a number, or with several, is left to `counts_shown`.
    """
    found: dict[str, JsonValue] = {}
    for text in shown:
        line = " ".join(text.split())
        if match := _NUMBER_FIRST.match(line) or _WORD_FIRST.match(line):
            word = match["w"].strip().lower() or "number"
            found[word] = _value(match["n"].strip(" .,"), (match["u"] or "").lower())
    return found


def announced_comments(text: str) -> int:
    """How many comments a page's own texts announce in all: `37 kommentarer`, `2 comments`."""
    return sum(round(_value(m["n"].strip(" .,"), (m["u"] or "").lower())) for m in _said(text))


def announced_in(texts: Sequence[str]) -> int | None:
    """The number that the first understood of these texts tells; None: none does.

    A text names comments (`37 kommentarer`, `Ett svar`), or is a bare number; words go first.
    """
    for pattern in (_ANNOUNCED.search, _BARE.fullmatch):
        for text in texts:
            if match := pattern(" ".join(text.split())):
                return _number(match)
    return None


def _number(match: re.Match[str]) -> int:
    if match["n"] is None:
        return 1 if match["one"] else 0
    return round(_value(match["n"].strip(" .,"), (match["u"] or "").lower()))


def _said(text: str) -> Iterator[re.Match[str]]:
    return (match for line in text.splitlines() for match in _COMMENTS.finditer(line))


def _value(digits: str, unit: str) -> int | float:
    """`12 480`, `12.480` and `12,480` are grouped; `4,5` and `4.5` have a decimal."""
    if not unit and _GROUPED.fullmatch(digits):
        return int(re.sub(r"\D", "", digits))
    bare = digits.replace(" ", "").replace(",", ".")
    whole, _, decimals = bare.rpartition(".")
    number = float(f"{whole.replace('.', '')}.{decimals}") if whole else float(decimals)
    value = number * _FACTOR.get(unit, 1)
    return round(value) if unit or not whole else value
