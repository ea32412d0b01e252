"""The note to the author of what was removed from a page: printable, Swedish and English (R47).

It names no person: post, capture, ground, and what the author can ask for. Opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from desk.printer import local
from desk.words import word

_LANGUAGES = ("sv", "en")
_PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 12pt/1.5 serif; max-width: 38em; margin: 3em auto; padding: 0 1em; }}
section + section {{ margin-top: 3em; border-top: 1px solid; padding-top: 1em; }}
dt {{ font-weight: bold; }}
dd {{ margin: 0 0 .5em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
{sections}
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorsNote:
    """What the author of a post or comment is told of its removal; `at` is when it was noted."""

    authority: str
    post: str
    page: str
    category: str
    basis: str
    reason: str
    at: datetime
    captured_at: datetime
    record_id: str


def as_page(note: AuthorsNote) -> str:
    """The note as a page that can be printed, first in Swedish, then in English."""
    sections = "\n".join(_section(note, language) for language in _LANGUAGES)
    return _PAGE.format(title=escape(word(_LANGUAGES[0], "note.title")), sections=sections)


def _section(note: AuthorsNote, language: str) -> str:
    facts = (
        ("note.what", note.post),
        ("note.page", note.page),
        ("note.category", word(language, f"category.{note.category}")),
        ("note.basis", word(language, f"basis.{note.basis}")),
        ("note.reason", note.reason),
        ("note.captured", local(note.captured_at)),
        ("note.noted", local(note.at)),
        ("note.record", note.record_id),
    )
    rows = "\n".join(
        f"<dt>{escape(word(language, key))}</dt><dd>{escape(text)}</dd>" for key, text in facts
    )
    said = {"authority": note.authority}
    title, intro, kept, ask = (
        escape(word(language, f"note.{part}", **said)) for part in ("title", "intro", "kept", "ask")
    )
    return (
        f'<section lang="{language}">\n<h1>{title}</h1>\n<p>{intro}</p>\n'
        f"<dl>\n{rows}\n</dl>\n<p>{kept}</p>\n<p>{ask}</p>\n</section>"
    )
