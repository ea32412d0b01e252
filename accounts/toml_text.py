"""A file of TOML that people write, read as far as its syntax; faults are told, never raised."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.findings import Finding

Table = Mapping[str, object]

_LINE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_ELEMENT = re.compile(r"\[\d+\]\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Why a text is no TOML, and where. `number` is that of the code: 001 bytes, 002 syntax."""

    number: str
    place: str
    why: str


def read_toml(data: bytes, name: str) -> Table | Unreadable:
    """The table in the text `data`, called `name`."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Unreadable(number="001", place=name, why=f"byte {error.start}: {error.reason}")
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        return Unreadable(
            number="002",
            place=f"{name}: {where[1]}" if where else name,
            why=_LINE.sub("", str(error)).strip(),
        )


def misread(findings: Iterable[Finding]) -> set[str]:
    """The places whose form was wrong, a list's elements as the list: not also called missing."""
    return {_ELEMENT.sub("", one.place) for one in findings}
