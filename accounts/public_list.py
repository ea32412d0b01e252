"""The public list of accounts (RULES R3), as CSV and as a web page.

What is shown is chosen column by column, so that no field of a person can follow along. Planned
accounts are left out: there is nothing yet to visit.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from html import escape
from typing import NamedTuple

from accounts.model import Account, Status
from accounts.register import Register
from accounts.sheet import csv_sheet, html_page


class Language(StrEnum):
    """The languages the page is written in."""

    SV = "sv"
    EN = "en"


class _Column(NamedTuple):
    """A public fact: its heading in each language and in the CSV file, and where it comes from."""

    key: str
    sv: str
    en: str
    value: Callable[[Account], str]


STATUSES = {
    Language.SV: {
        Status.ACTIVE: "I bruk",
        Status.WINDING_UP: "Avvecklas",
        Status.CLOSED: "Avslutat",
    },
    Language.EN: {
        Status.ACTIVE: "In use",
        Status.WINDING_UP: "Winding up",
        Status.CLOSED: "Closed",
    },
}

_COLUMNS = (
    _Column("namn", "Namn", "Name", lambda a: a.name),
    _Column("plattform", "Plattform", "Platform", lambda a: a.platform),
    _Column("anvandarnamn", "Användarnamn", "Handle", lambda a: a.handle),
    _Column("webbadress", "Webbadress", "Address", lambda a: a.url),
    _Column("syfte", "Syfte", "Purpose", lambda a: a.purpose_sv),
    _Column("purpose", "Syfte på engelska", "Purpose in English", lambda a: a.purpose_en),
    _Column("enhet", "Ansvarig enhet", "Unit", lambda a: a.unit),
    _Column("status", "Status", "Status", lambda a: STATUSES[Language.SV][a.status]),
    _Column("diarienummer", "Diarienummer", "Registration number", lambda a: a.registration_number),
    _Column("oppnat", "Öppnat", "Opened", lambda a: a.opened_on.isoformat() if a.opened_on else ""),
)

_WORDS = {
    Language.SV: {
        "title": "{authority} i sociala medier",
        "caption": "Konton som {authority} ansvarar för",
        "note": (
            "Det som skrivs på kontona, av myndigheten och av andra, är allmänna handlingar. "
            "Myndigheten bevarar bilder av profilsidorna varje halvår."
        ),
    },
    Language.EN: {
        "title": "{authority} in social media",
        "caption": "Accounts that {authority} is responsible for",
        "note": (
            "What is written on the accounts, by the authority and by others, is public records. "
            "The authority keeps pictures of the profile pages each half-year."
        ),
    },
}

_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:2rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top}"
    "thead th{background:#eee}a{color:#0b4f8a}"
)


def public_csv(register: Register) -> str:
    """The list as CSV; see `sheet.csv_sheet`."""
    rows = ([column.value(account) for column in _COLUMNS] for account in _shown(register))
    return csv_sheet([column.key for column in _COLUMNS], rows)


def public_html(register: Register, language: Language) -> str:
    """The list as one whole page in `language`, with nothing fetched from elsewhere."""
    words = {
        key: text.format(authority=register.authority) for key, text in _WORDS[language].items()
    }
    shown = [column for column in _COLUMNS if column.key not in {"webbadress", "purpose"}]
    heads = "".join(f'<th scope="col">{getattr(column, language)}</th>' for column in shown)
    rows = "\n".join(_row(account, language) for account in _shown(register))
    body = f"""<p>{escape(words["note"])}</p>
<div role="region" aria-labelledby="accounts" tabindex="0">
<table>
<caption id="accounts">{escape(words["caption"])}</caption>
<thead>
<tr>{heads}</tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</div>"""
    return html_page(words["title"], body, language, _STYLE)


def _row(account: Account, language: Language) -> str:
    cells = "".join(f"<td{lang}>{inner}</td>" for lang, inner in _cells(account, language))
    name = f'<th scope="row"{_lang(account.language, language)}>{escape(account.name)}</th>'
    return f"<tr>{name}{cells}</tr>"


def _cells(account: Account, language: Language) -> Iterator[tuple[str, str]]:
    """The cells after the name: the language they differ by, and their HTML."""
    english = language is Language.EN and bool(account.purpose_en)
    purpose = account.purpose_en if english else account.purpose_sv
    written = Language.EN if english else Language.SV
    yield "", escape(account.platform)
    yield "", f'<a href="{escape(account.url)}">{escape(account.handle)}</a>'
    yield _lang(written, language), escape(purpose)
    yield _lang(Language.SV, language), escape(account.unit)
    yield "", STATUSES[language][account.status]
    yield "", escape(account.registration_number)
    yield "", account.opened_on.isoformat() if account.opened_on else ""


def _lang(written: str, page: Language) -> str:
    return "" if written == page else f' lang="{escape(written)}"'


def _shown(register: Register) -> Iterator[Account]:
    return (one for one in register.accounts if one.status is not Status.PLANNED)
