"""What buttons say that bring more of a feed, in Swedish and English.

Whole texts, never parts: what unfolds comments, answers or a cut text fits none.
"""

_WHAT = "(inlägg|poster|artiklar|nyheter|händelser|resultat|uppdateringar|aktiviteter)"
_EN_WHAT = "(posts|articles|stories|news|items|results|updates|activity|entries)"
_WORDINGS = (
    rf"(visa|ladda|läs\s+in|hämta|se)\s+(fler|flera|äldre|tidigare)(\s+{_WHAT})?",
    r"(visa|ladda|läs\s+in|hämta)\s+mer",
    rf"(fler|äldre|tidigare)\s+{_WHAT}",
    rf"(show|load|view|see|fetch)\s+(more|older|earlier)\s+{_EN_WHAT}",
    r"(show|load|view)\s+more",
    rf"(more|older|earlier)\s+{_EN_WHAT}",
)
MORE = rf"^\s*({'|'.join(_WORDINGS)})\s*[.…↓⌄]*\s*$"
"""A pattern that Python and the page's own script read alike, whatever the case of its letters."""
