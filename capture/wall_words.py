"""What walls and missing pages say, in Swedish and English: the last resort, never asked first.

Most are whole beginnings of lines, for people write of walls as well: a post that quotes "Access
denied" is none.
"""

import re

_LEAD = r"^[^\w\"“”»«'‘]{0,4}((sorry|oops|hoppsan|tyvärr|ursäkta|ett fel)[\s,.!:–-]*)?"
_SV_THIS = r"((den|det|de) här |detta |denna |dessa |ditt )?"
_EN_THIS = r"((this|the|that|your|these) )?"
_SV_NOT = r"(tyvärr )?inte(?! bara)"
_SV_GONE = (
    rf"(finns {_SV_NOT}|hittades {_SV_NOT}|existerar {_SV_NOT}|kunde {_SV_NOT} hittas|"
    rf"går {_SV_NOT} att (hitta|visa)|är {_SV_NOT} (tillgänglig|kvar)t?)"
)
_EN_GONE = (
    r"(not found|(isn't|is not|is no longer|may no longer be|is currently not) (available|here)|"
    r"(doesn't|does not|no longer) exists?|(could not|couldn't|cannot|can't) be found)"
)
_SV_OUT = r"(tagits bort|raderats|stängts( av| ned)?|spärrats|inaktiverats|avslutats)"
_EN_OUT = r"(removed|suspended|deleted|deactivated|terminated|disabled|banned|closed)"
_SV_SHOWN = r"(fortsätta|se|visa|läsa|komma)(?! (fler inlägg|alla inlägg|hela flödet))"
_EN_SHOWN = r"(continue|see|view|read|access)(?! (more posts|all posts))"
_SV_ENTER = r"logga in( eller (registrera dig|skapa (ett )?konto|gå med))?"
_EN_ENTER = r"(log|sign) ?in( or (sign up|register|join|create an account))?"
_WORDS = (
    (
        "removed",
        rf"{_LEAD}{_SV_THIS}(kontot?|profilen) (har {_SV_OUT}|är (avstängt|borttaget|spärrat))",
        rf"{_LEAD}{_EN_THIS}(account|profile) (has been |was |is |has )?{_EN_OUT}\b",
    ),
    (
        "not_found",
        rf"{_LEAD}{_SV_THIS}(sidan|kontot|profilen|användaren|innehållet)( du söker)? {_SV_GONE}",
        rf"{_LEAD}(vi )?(kunde|kan|hittar) ?inte (hitta )?{_SV_THIS}(sidan|kontot|användaren)",
        rf"{_LEAD}{_EN_THIS}(page|account|profile|user|content)( you[^.]{{0,30}} for)? {_EN_GONE}",
        rf"{_LEAD}(we )?(couldn't|could not|can't) find (this|that|the) (page|account|user)",
    ),
    (
        "private",
        rf"{_LEAD}{_SV_THIS}(kontot|profilen) är (privat|låst|skydda[dt])",
        rf"{_LEAD}{_EN_THIS}(account|profile) is (private|protected|locked)",
        rf"{_LEAD}{_SV_THIS}inlägg(en)? är skyddade|{_LEAD}{_EN_THIS}posts are protected",
        rf"{_LEAD}(privat (konto|profil)|private (account|profile))\W*$",
    ),
    (
        "login_wall",
        rf"\b{_SV_ENTER} för att {_SV_SHOWN}",
        r"\bdu (måste|behöver) (först )?(vara inloggad|logga in)",
        rf"\b{_EN_ENTER} to {_EN_SHOWN}|{_LEAD}inloggning krävs|{_LEAD}(login|sign-?in) required",
        r"\byou (must|need to|have to) (be )?(logged|signed|log|sign) ?in",
    ),
    (
        "rate_limited",
        rf"{_LEAD}(too many requests|för många (förfrågningar|anrop)|rate limit(ed| exceeded))",
    ),
    (
        "bot_wall",
        r"\batt du (är (en )?människa|inte är en robot)|\bjag är inte en robot",
        r"\b(verify|confirm) (that )?you('re| are) (a )?(human|not a robot)|\bi'm not a robot",
        r"\b(detected )?unusual traffic from your|\bovanligt? (mycket )?trafik från (din|ditt)",
        rf"{_LEAD}just a moment(\W*$|\.\.\.)|{_LEAD}checking your browser",
        rf"{_LEAD}(access (to this page has been )?denied|åtkomst nekad|åtkomsten nekades)",
    ),
)
_PATTERNS = tuple(
    (verdict, re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE))
    for verdict, *patterns in _WORDS
)
_MORE = re.compile(
    r"\b(logga in|registrera dig|skapa (ett )?konto)[^.\n]{0,40} för att (se|visa) (fler|mer|alla)"
    r"|\b(log in|sign in|sign up|register)[^.\n]{0,40} to (see|view|read) (more|all)",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"\b(logga in|inloggning|log ?in|sign ?in)\b", re.IGNORECASE)
_MOST_OF = 0.6
"""The share of a heading that a phrase must be: a heading may speak of a wall, too."""


def wall_in(text: str) -> tuple[str, str] | None:
    """The verdict that a short page's text gives, and the words."""
    plain = _plain(text)
    for verdict, pattern in _PATTERNS:
        if found := pattern.search(plain):
            return verdict, found[0].strip()
    return None


def wall_in_headings(headings: str) -> tuple[str, str] | None:
    """What a title or a heading says by itself, one a line."""
    for line in headings.splitlines():
        found = wall_in(line)
        if found and len(found[1]) >= _MOST_OF * len(line.strip()):
            return found
    return None


def asks_to_sign_in(headings: str) -> bool:
    """Whether a title or a heading is that of a page to sign in at."""
    return _SIGN_IN.search(headings) is not None


def keeps_the_rest(text: str) -> bool:
    """Whether a page's text ends in an invitation to sign in for the rest of its feed."""
    return _MORE.search(_plain(text[len(text) // 2 :])) is not None


def _plain(text: str) -> str:
    """With one kind of apostrophe, blank and ellipsis: platforms set them as printers do."""
    return re.sub(r"[^\S\n]+", " ", text.replace("’", "'").replace("…", "..."))
