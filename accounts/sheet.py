"""What is written for people to take along: a CSV file, and a page that needs nothing else."""

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV that a Swedish Excel opens as it should; None is an empty cell.

    It starts with a byte order mark, without which Excel takes UTF-8 for another code page, and is
    separated by semicolons, since the comma is Sweden's decimal sign; write it as plain UTF-8 with
    its own CRLF line ends (RFC 4180). A cell is one line, and one that Excel would run as a formula
    gets an apostrophe before it.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(map(_cell, row))
    return f"\ufeff{sheet.getvalue()}"


def html_page(title: str, body: str, language: str, style: str) -> str:
    """A whole page in `language`, with nothing fetched from elsewhere; `body` is HTML already."""
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
