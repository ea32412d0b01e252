"""Copies that remain, in Swedish words for certificate and supplement. Pure: JSON in, words out."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

_AGAIN = (
    "Arkivet söker på nytt vid varje körning och upprättar ett tilläggsprotokoll när de är borta."
)
_VOLUMES = {
    "left": (
        "Lagrets filer är inte omskrivna efter borttagningen. Arkivet försöker på nytt vid varje "
        "körning och upprättar ett tilläggsprotokoll när det har skett."
    ),
    "elsewhere": (
        "Lagrets diskar sköts av lagrets förvaltare. Vad som finns kvar på dem är inte "
        "kontrollerat av arkivet."
    ),
}
_REPLICATION = {
    "none": "Enligt inställningarna kopieras lagret inte till något annat lager.",
    "unsupported": (
        "Lagret saknar egen kopiering till andra lager, och arkivets inställningar nämner ingen "
        "kopia."
    ),
    "refused": (
        "Arkivet fick inte läsa om lagret kopieras till andra lager. Det är därför inte "
        "kontrollerat om kopior finns."
    ),
}
_GONE = {
    "volumes": "Lagrets filer har skrivits om: de borttagna uppgifterna finns inte kvar på disken.",
    "backups": "De säkerhetskopior som kunde innehålla handlingarna har löpt ut.",
    "replication": "Det är nu kontrollerat om lagret kopieras till andra lager.",
}


def copies_said(copies: Mapping[str, Any]) -> list[JsonValue]:
    """Each kind of copy in a paragraph, also that there is none."""
    told = [_backups(copies["backups_until"])]
    if not copies["replicas"] or copies["replication"] == "refused":
        told.append(_REPLICATION[copies["replication"]])
    told += [_replica(one) for one in copies["replicas"]]
    if copies["volumes"] in _VOLUMES:
        told.append(_VOLUMES[copies["volumes"]])
    return list(told)


def gone_said(name: str) -> str:
    """What was found gone, by the name that the journal gives it."""
    kind, _, replica = name.partition(" ")
    if kind == "replica":
        return f"I kopian {replica} finns ingen version av handlingarna kvar."
    return _GONE[kind]


def _backups(until: str | None) -> str:
    if until is None:
        return "Enligt arkivets inställningar finns inga säkerhetskopior av lagret."
    return (
        f"Säkerhetskopior av lagret kan innehålla handlingarna till och med {until}. Återläses en "
        "sådan kopia tas handlingarna bort på nytt innan arkivet öppnas."
    )


def _replica(one: Mapping[str, Any]) -> str:
    name = f"Lagrets kopia {one['name']} (hinken {one['bucket']})"
    return {
        "cleared": f"{name} är genomsökt: ingen version av handlingarna finns kvar.",
        "remains": (
            f"{name} har kvar {_versions(one['versions'])} av handlingarna, som kopians förvaltare "
            f"ska ta bort. {_AGAIN}"
        ),
        "unreachable": f"{name} svarade inte och är inte kontrollerad. {_AGAIN}",
        "refused": f"{name} fick inte läsas och är inte kontrollerad. {_AGAIN}",
        "unnamed": (
            f"Lagret kopieras till hinken {one['bucket']}, som arkivets inställningar inte nämner. "
            f"Den är inte kontrollerad. {_AGAIN}"
        ),
    }[one["found"]]


def _versions(count: int) -> str:
    return "1 version" if count == 1 else f"{count} versioner"
