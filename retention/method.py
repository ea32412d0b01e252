"""How a disposal removed its records, in words of the certificate (RULES R40). Pure."""

from collections.abc import Mapping

from pydantic import JsonValue

from storage.copies import Volumes

_REMOVAL = (
    "Varje version av varje objekt raderades ur lagret genom att namnges exakt, med den särskilda "
    "behörighet som får bryta lagrets tidslås men inte ett gallringsstopp."
)
_VERIFICATION = (
    "Borttagningen bekräftades genom att lagrets versioner, raderingsmarkörer och oavslutade "
    "överföringar listades: inget fanns kvar."
)
_SEARCH = "Fulltext, titlar, adresser och inlägg togs bort ur sökregistret."
_VOLUMES: Mapping[Volumes, str] = {
    Volumes.COMPACTED: (
        "Lagrets filer skrevs därefter om, så att de borttagna uppgifterna inte finns kvar på "
        "disken."
    ),
    Volumes.LEFT: (
        "Lagrets filer hade inte skrivits om när protokollet upprättades: borttagna uppgifter kan "
        "finnas kvar på disken tills det har skett."
    ),
    Volumes.UNTOUCHED: "Inget togs bort, och lagrets filer behövde inte skrivas om.",
    Volumes.ELSEWHERE: (
        "Lagrets diskar sköts av lagrets förvaltare, och arkivet har inte kontrollerat dem."
    ),
}


def method_said(volumes: Volumes) -> dict[str, JsonValue]:
    """Each step in words, and what became of the store's own files."""
    return {
        "removal": _REMOVAL,
        "verification": _VERIFICATION,
        "search": _SEARCH,
        "volumes": _VOLUMES[volumes],
    }
