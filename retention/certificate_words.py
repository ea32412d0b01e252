"""The certificate's facts in Swedish words, as the page shows them. Pure: JSON in, words out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from accounts.stockholm import STOCKHOLM

_SEATS = {"owner": "Kontots ägare", "archivist": "Arkivarie", "third": "Tredje godkännande"}
_TESTS = {
    "insight": "Rätten till insyn",
    "justice": "Rättskipningens behov",
    "administration": "Förvaltningens behov",
    "research": "Forskningens behov",
    "periods": "Preskription och revision",
}
_OUTCOMES = {
    "struck": "Struken",
    "skipped": "Inte gallrad",
    "blocked": "Stoppad av låset",
    "failed": "Misslyckad",
}
_WHY = {
    "held": "Gallringsstopp råder.",
    "changed": "Handlingens förutsättningar har ändrats sedan listan fastställdes.",
    "objects": "Handlingens objekt i lagret är inte de som listan avser.",
    "plan": "En annan version av planen gäller.",
    "rule": "Handlingen ska enligt regeln inte längre gallras.",
    "approval": "En godkännare har förlorat sin roll, eller godkännandet har löpt ut.",
    "gone": "Handlingen fanns inte längre kvar.",
    "legal_hold": "Lagret har ett lås som journalen inte känner till.",
    "remains": "En version fanns kvar i lagret efter borttagningen.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the page says, and the moment it is set at (seconds since 1970): the verification's."""

    page: dict[str, JsonValue]
    set_at: int


def shown(data: bytes) -> Shown:
    """A certificate's JSON in words."""
    said: dict[str, Any] = json.loads(data)
    verified = datetime.fromisoformat(said["execution"]["verified_at"])
    plan, rule, counts = said["plan"], said["rule"], said["counts"]
    proposal = said["proposal"]
    page: dict[str, JsonValue] = {
        "title": f"Gallringsprotokoll {said['certificate']}",
        "heading": "Gallringsprotokoll",
        "certificate": said["certificate"],
        "authority": said["authority"],
        "unit": said["unit"],
        "lead": _lead(said),
        "facts": [
            ["Handlingstyp", f"{rule['label']} (klass {rule['classification_code']})"],
            ["Regel", f"{rule['disposalScheduleId']}: {rule['term']}"],
            ["Rättsligt stöd", rule["disposalMandate"]],
            [
                "Plan",
                (
                    f"{plan['title']}, version {plan['version']}, beslutad {plan['decided_on']} "
                    f"av {plan['decided_by']}, dnr {plan['registration_number']}"
                ),
            ],
            ["Omfattning", f"{_records(counts['disposed'])}, {_size(counts['bytes'])}"],
            ["Gallringen inledd", _local(said["execution"]["started_at"])],
            ["Gallringen kontrollerad", _local(said["execution"]["verified_at"])],
        ],
        "decision": (
            f"Förslaget {proposal['id']} upprättades {_local(proposal['drawn_at'])} "
            f"av {_name(proposal['drawn_by'])} och fastställdes som en låst lista. "
            "Godkännandena avser listans kontrollsumma:"
        ),
        "approvals": [_approval(one) for one in said["approvals"]],
        "judged": [
            [name, one["attested"][test]]
            for one in said["approvals"]
            for test, name in _TESTS.items()
            if test in one["attested"]
        ],
        "execution": _execution(said),
        "exceptions_lead": _exceptions_lead(said["exceptions"]),
        "exceptions": [_exception(one) for one in said["exceptions"]],
        "copies": _copies(said),
        "control": (
            "Uppgifterna finns som data i certificate.json, som också ligger som bilaga i denna "
            "fil. Kontrollsummorna i certificate.sha256 visar om någon av filerna har ändrats. "
            "Posten i arkivets journal binder protokollet till journalens kedja. Framställt med "
            + ", ".join(f"{name} {number}" for name, number in said["software"].items())
            + "."
        ),
        "digests": [
            ["Listan", said["proposal"]["digest"]],
            [f"Journalpost {said['execution']['journal']['entry']}",
             said["execution"]["journal"]["digest"]],
            ["Planens text", plan["sha256"]],
        ],
        "list_lead": (
            f"{_records(counts['disposed'])} har gallrats. Fristen är räknad från det första "
            "datumet till och med det andra."
        ),
        "records": [_row(one) for one in said["records"]],
        "sums": [
            [one["record_id"], one["manifest_sha256"], ", ".join(one["also_in"])]
            for one in said["records"]
        ],
    }  # fmt: skip
    return Shown(page=page, set_at=int(verified.timestamp()))


def _lead(said: Mapping[str, Any]) -> str:
    counts = said["counts"]
    whole = (
        "Gallringen är fullständig."
        if said["complete"]
        else "Gallringen är inte fullständig: se undantag och kvarvarande kopior."
    )
    return (
        f"{_records(counts['disposed'])} av {counts['listed']} i förslaget har gallrats ur arkivet "
        f"enligt myndighetens dokumenthanteringsplan. {whole}"
    )


def _execution(said: Mapping[str, Any]) -> str:
    done = said["execution"]
    return (
        f"Gallringen utfördes av {_name(done['disposingPerson'])}. För varje handling prövades "
        "regel, gallringsstopp, godkännanden och innehåll på nytt innan den togs bort. Varje "
        "version av varje objekt raderades ur lagret, och borttagningen bekräftades genom att "
        "lagrets versioner, raderingsmarkörer och oavslutade överföringar listades. Fulltext och "
        "sökregister tömdes. För varje handling står en gravsten kvar utan innehåll och utan "
        "personuppgifter."
    )


def _exceptions_lead(exceptions: list[Any]) -> str:
    if not exceptions:
        return "Inga: alla handlingar i förslaget har gallrats."
    return "Följande handlingar stod i förslaget och har inte gallrats:"


def _copies(said: Mapping[str, Any]) -> list[JsonValue]:
    until = said["copies"]["backups_until"]
    told: list[JsonValue] = [
        f"Säkerhetskopior av lagret kan innehålla handlingarna till och med {until}. Återläses en "
        "sådan kopia tas handlingarna bort på nytt innan arkivet öppnas."
        if until
        else "Enligt arkivets inställningar finns inga säkerhetskopior av lagret."
    ]
    if any(one["also_in"] for one in said["records"]):
        told.append(
            "Inlägg i de gallrade handlingarna förekommer även i andra handlingar, som bevaras "
            "enligt sina egna regler. De anges i förteckningen."
        )
    return told


def _approval(one: Mapping[str, Any]) -> list[JsonValue]:
    return [
        _SEATS[one["seat"]],
        _name(one["supervisingPerson"]),
        _local(one["at"]),
        _local(one["valid_until"]),
    ]


def _exception(one: Mapping[str, Any]) -> list[JsonValue]:
    why = _WHY.get(one["why"], one["why"])
    by = f" ({_name(one['by'])})" if one["by"] else ""
    return [one["record_id"], _OUTCOMES[one["outcome"]], why + by]


def _row(one: Mapping[str, Any]) -> list[JsonValue]:
    return [
        one["record_id"],
        one["account"],
        _local(one["captured_at"])[:10],
        f"{one['retention_period_start']} – {one['retention_period_end']}",
        _local(one["disposed_at"])[:10],
        _size(one["bytes"]),
    ]


def _name(actor: str) -> str:
    """`person:Eva Ek` is Eva Ek; a service is named as one."""
    kind, _, name = actor.partition(":")
    return f"tjänsten {name}" if kind == "service" else name


def _records(count: int) -> str:
    return "1 handling" if count == 1 else f"{count} handlingar"


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")


def _size(count: int) -> str:
    """A megabyte is 1,000,000 bytes; Swedish decimals."""
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")
