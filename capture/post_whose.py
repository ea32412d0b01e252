"""Whose a post or a comment is: the account's own, another's, or untold (RULES R10, R13). Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

_HANDLE = re.compile(r"@?[\w.-]+(?:@[\w.-]+)?")
_WITHIN = re.compile(r"(?<![\w@])@[\w.-]+(?:@[\w.-]+)?")
_NUMBERED = re.compile(r"\d+|did:.*|UC[\w-]{22}")
"""What platforms put in the place of a handle: it tells of nobody in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """An account by its handle, the recipe's pattern of handles in addresses, the page's address.

    An empty pattern: addresses tell nothing.
    """

    account: str
    owner: str
    url: str

    def handle(self, said: Mapping[str, Any]) -> str | None:
        """The author's handle as the page shows it, else as the author's link has it."""
        return _shown(said["handle"]) or next(self._in(said["by"]), None)

    def own(self, said: Mapping[str, Any], *addresses: str | None) -> bool | None:
        """Whether this is the account's own, by its author, then by addresses; None: untold."""
        handle = self.handle(said)
        found = [handle] if handle else [one for url in addresses for one in self._in(url)]
        return self._same(found[0]) if found else None

    def _in(self, url: str | None) -> Iterator[str]:
        if self.owner and url and (match := re.search(self.owner, unquote(url))):
            told = match[match.re.groups and 1] or ""
            if told and (not _NUMBERED.fullmatch(told) or _NUMBERED.fullmatch(self.account)):
                yield told.lstrip("@")

    def _same(self, handle: str) -> bool:
        """A handle without a server is of the page's own: `@ki`, not `@ki@elsewhere.example`."""
        name, _, server = handle.casefold().partition("@")
        own, _, home = self.account.lstrip("@").casefold().partition("@")
        if name != own or not server or server == home:
            return name == own
        here = urlsplit(self.url).hostname or ""
        return not home and (here == server or here.endswith(f".{server}"))


def _shown(text: str | None) -> str | None:
    """A handle as it stands alone, or the one with its @ beside a name."""
    told = (text or "").strip()
    if _HANDLE.fullmatch(told):
        return told.lstrip("@")
    return found[0].lstrip("@") if (found := _WITHIN.search(told)) else None
