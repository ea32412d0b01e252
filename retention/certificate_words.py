"""The certificate's facts in Swedish words, as the page shows them. Pure: JSON in, words out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from accounts.stockholm import STOCKHOLM
from retention.copy_words import copies_said
from storage.certifying import TITLES
from storage.record import Status

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
    "skipped": "Inte {gone}",
    "blocked": "Stoppad av låset",
    "failed": "Misslyckad",
}
_WHY = {
    "held": "Gallringsstopp råder.",
    "changed": "Handlingens förutsättningar har ändrats sedan listan fastställdes.",
    "objects": "Handlingens objekt i lagret är inte de som listan avser.",
    "plan": "En annan version av planen gäller.",
    "rule": "Handlingens frist enligt regeln är inte längre ute.",
    "receipt": "Inget kvitto visar att e-arkivet har handlingen som den är.",
    "approval": "En godkännare har förlorat sin roll, eller godkännandet har löpt ut.",
    "gone": "Handlingen fanns inte längre kvar.",
    "legal_hold": "Lagret har ett lås som journalen inte känner till.",
    "remains": "En version fanns kvar i lagret efter borttagningen.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wording:
    """What a removal and its records are called. `kept` says who has them, where somebody has."""

    title: str
    act: str
    gone: str
    gone_all: str
    have_gone: str
    may_go: str
    kept: str


_WORDINGS: Mapping[str, _Wording] = {
    "disposed": _Wording(
        title=TITLES[Status.DISPOSED],
        act="Gallringen",
        gone="gallrad",
        gone_all="gallrade",
        have_gone="gallrats",
        may_go="gallras",
        kept="",
    ),
    "transferred": _Wording(
        title=TITLES[Status.TRANSFERRED],
        act="Borttagningen",
        gone="borttagen",
        gone_all="borttagna",
        have_gone="tagits bort",
        may_go="tas bort här",
        kept=(
            "De är inte gallrade: de bevaras i det e-arkiv som har kvitterat dem, och det är deras "
            "exemplar här som har tagits bort. "
        ),
    ),
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
    proposal, called = said["proposal"], _WORDINGS[said["outcome"]]
    page: dict[str, JsonValue] = {
        "title": f"{called.title} {said['certificate']}",
        "heading": called.title,
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
            [f"{called.act} inledd", local(said["execution"]["started_at"])],
            [f"{called.act} kontrollerad", local(said["execution"]["verified_at"])],
        ],
        "decision": (
            f"Förslaget {proposal['id']} upprättades {local(proposal['drawn_at'])} "
            f"av {actor_name(proposal['drawn_by'])} och fastställdes som en låst lista. "
            "Godkännandena avser listans kontrollsumma:"
        ),
        "approvals": [_approval(one) for one in said["approvals"]],
        "judged_lead": (
            f"Arkivarien har prövat att handlingarna får "
            f"{called.may_go} (arkivlagen 3 och 10 §§):"
        ),
        "judged": [
            [name, one["attested"][test]]
            for one in said["approvals"]
            for test, name in _TESTS.items()
            if test in one["attested"]
        ],
        "execution": _execution(said),
        "exceptions_lead": _exceptions_lead(said),
        "exceptions": [_exception(one, called.gone) for one in said["exceptions"]],
        "copies": _copies(said),
        "control": (
            "Uppgifterna finns som data i certificate.json, som också ligger som bilaga i denna "
            "fil. Arkivet har undertecknat data och protokoll var för sig (Ed25519) med den nyckel "
            "som anges nedan; underskrifterna och den öppna nyckeln ligger bredvid. Posten i "
            "arkivets journal binder protokollet till journalens kedja. "
            + made_with(said["software"])
        ),
        "digests": [
            ["Listan", said["proposal"]["digest"]],
            [f"Journalpost {said['execution']['journal']['entry']}",
             said["execution"]["journal"]["digest"]],
            ["Planens text", plan["sha256"]],
            ["Öppen nyckel", said["signature"]["public_key_sha256"]],
        ],
        "list_lead": (
            f"{_records(counts['disposed'])} av typen ”{rule['label']}” "
            f"({rule['record_type']}) har {called.have_gone}. Fristen är räknad från det första "
            "datumet till och med det andra."
        ),
        "list_heading": f"Förteckning över {called.gone_all} handlingar",
        "gone": called.gone.capitalize(),
        "handovers": _handovers(said["records"]),
        "records": [_row(one) for one in said["records"]],
        "sums": [
            [one["record_id"], one["manifest_sha256"], ", ".join(one["also_in"])]
            for one in said["records"]
        ],
    }  # fmt: skip
    return Shown(page=page, set_at=int(verified.timestamp()))


def made_with(software: Mapping[str, str]) -> str:
    """The programs and their versions."""
    return f"Framställt med {', '.join(f'{one} {number}' for one, number in software.items())}."


def _lead(said: Mapping[str, Any]) -> str:
    counts, called = said["counts"], _WORDINGS[said["outcome"]]
    whole = (
        f"{called.act} är fullständig."
        if said["complete"]
        else f"{called.act} är inte fullständig: se undantag och kvarvarande kopior."
    )
    return (
        f"{_records(counts['disposed'])} av {counts['listed']} i förslaget har "
        f"{called.have_gone} ur arkivet enligt myndighetens dokumenthanteringsplan. "
        f"{called.kept}{whole}"
    )


def _handovers(records: list[Any]) -> list[JsonValue]:
    """Which e-archive has what, by which receipt: one row a receipt."""
    found = [one["handover"] for one in records if one["handover"]]
    receipts = {one["receipt"]: one for one in found}
    return [
        [
            one["received_by"],
            one["reference"],
            one["received_on"],
            str(sum(other["receipt"] == name for other in found)),
            one["receipt"],
            one["receipt_sha256"],
        ]
        for name, one in sorted(receipts.items())
    ]


def _execution(said: Mapping[str, Any]) -> str:
    done, method = said["execution"], said["method"]
    steps = " ".join(method[step] for step in ("removal", "verification", "search", "volumes"))
    return (
        f"{_WORDINGS[said['outcome']].act} utfördes av {actor_name(done['disposingPerson'])}. "
        "För varje handling prövades regel, gallringsstopp, godkännanden och innehåll på nytt "
        "innan den togs bort. "
        f"{steps} För varje handling står en gravsten kvar utan innehåll och utan personuppgifter."
    )


def _exceptions_lead(said: Mapping[str, Any]) -> str:
    gone = _WORDINGS[said["outcome"]].have_gone
    if not said["exceptions"]:
        return f"Inga: alla handlingar i förslaget har {gone}."
    return f"Följande handlingar stod i förslaget och har inte {gone}:"


def _copies(said: Mapping[str, Any]) -> list[JsonValue]:
    told = copies_said(said["copies"])
    others = said["copies"]["other_records"]
    if others:
        told.append(
            f"Inlägg i de {_WORDINGS[said['outcome']].gone_all} handlingarna förekommer även i "
            f"{'en annan handling' if len(others) == 1 else f'{len(others)} andra handlingar'}, "
            "som bevaras eller gallras enligt sin egen regel. Förteckningen anger var."
        )
    return told


def _approval(one: Mapping[str, Any]) -> list[JsonValue]:
    return [
        _SEATS[one["seat"]],
        actor_name(one["supervisingPerson"]),
        local(one["at"]),
        local(one["valid_until"]),
    ]


def _exception(one: Mapping[str, Any], gone: str) -> list[JsonValue]:
    why = _WHY.get(one["why"], one["why"])
    by = f" ({actor_name(one['by'])})" if one["by"] else ""
    return [one["record_id"], _OUTCOMES[one["outcome"]].format(gone=gone), why + by]


def _row(one: Mapping[str, Any]) -> list[JsonValue]:
    return [
        one["record_id"],
        one["account"],
        local(one["captured_at"])[:10],
        f"{one['retention_period_start']} – {one['retention_period_end']}",
        local(one["disposed_at"])[:10],
        _size(one["bytes"]),
    ]


def actor_name(actor: str) -> str:
    """`person:Eva Ek` is Eva Ek; a service is named as one."""
    kind, _, name = actor.partition(":")
    return f"tjänsten {name}" if kind == "service" else name


def _records(count: int) -> str:
    return "1 handling" if count == 1 else f"{count} handlingar"


def local(at: str) -> str:
    """A moment on the clocks of Sweden, to the minute."""
    return datetime.fromisoformat(at).astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")


def _size(count: int) -> str:
    """A megabyte is 1,000,000 bytes; Swedish decimals."""
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")
