"""What can be seen to be wrong with a selector before a page is there to try it on.

Brackets and quotes have counterparts, no part of a list is empty, and what a page's own script
must understand is plain CSS. Whether anything matches, `insyn recipe check` tells.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PAIRS = {"(": ")", "[": "]"}
_QUOTES = "\"'"
_EMPTY_PART = re.compile(r"(?:^|[,(])\s*,|,\s*(?:\)|$)")
_NOT_CSS = re.compile(
    r":has-text\(|:text(?:-is|-matches)?\(|:visible\b|:nth-match\(|>>|\b(?:xpath|text)=|^//"
)
"""What Playwright understands beside CSS (its guide “Other locators”)."""


class SelectorFault(NamedTuple):
    """A code of recipe_codes.py with the sign it is about."""

    code: str
    sign: str


def selector_faults(selector: str, *, plain: bool) -> Iterator[SelectorFault]:
    """Every fault of a selector; `plain` where only CSS is understood."""
    bare, lonely = _without_quoted(selector)
    lonely = lonely or _lonely_bracket(bare)
    if lonely:
        yield SelectorFault("E020", lonely)
    elif _EMPTY_PART.search(bare):
        yield SelectorFault("E021", ",")
    if plain and (found := _NOT_CSS.search(bare)):
        yield SelectorFault("E022", found[0])


def _without_quoted(selector: str) -> tuple[str, str]:
    """The selector with `_` for what is quoted or escaped, and a quote that is never closed."""
    bare, quote, signs = "", "", iter(selector)
    for sign in signs:
        if sign == "\\":
            next(signs, "")
            bare += "_"
        elif quote:
            quote = "" if sign == quote else quote
            bare += "_"
        else:
            quote = sign if sign in _QUOTES else ""
            bare += "_" if quote else sign
    return bare, quote


def _lonely_bracket(bare: str) -> str:
    """The first bracket without a counterpart; empty where all have one."""
    opened: list[str] = []
    for sign in bare:
        if sign in _PAIRS:
            opened.append(sign)
        elif sign in _PAIRS.values() and (not opened or _PAIRS[opened.pop()] != sign):
            return sign
    return opened[-1] if opened else ""
