"""The supplement's facts in Swedish words, as its page shows them. Pure: JSON in, words out."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from retention.certificate_words import Shown, actor_name, local, made_with
from retention.copy_words import copies_said, gone_said


def shown(data: bytes) -> Shown:
    """A supplement's JSON in words."""
    said: dict[str, Any] = json.loads(data)
    rule, plan = said["rule"], said["plan"]
    return Shown(
        page={
            "title": f"Tilläggsprotokoll {said['supplement']}",
            "heading": "Tilläggsprotokoll till gallringsprotokoll",
            "supplement": said["supplement"],
            "authority": said["authority"],
            "unit": said["unit"],
            "lead": _lead(said),
            "facts": [
                ["Gallringsprotokoll", said["certificate"]["record_id"]],
                ["Handlingstyp", f"{rule['label']} (klass {rule['classification_code']})"],
                ["Rättsligt stöd", rule["disposalMandate"]],
                ["Plan", f"{plan['title']}, version {plan['version']}, regel {_rule(said)}"],
                ["Kontrollerat", f"{local(said['seen_at'])} av {actor_name(said['seen_by'])}"],
            ],
            "gone": [gone_said(one) for one in said["gone"]],
            "copies": copies_said(said["copies"]),
            "control": (
                "Uppgifterna finns som data i supplement.json, som också ligger som bilaga i denna "
                "fil. Arkivet har undertecknat data och protokoll var för sig (Ed25519) med den "
                f"nyckel som anges nedan. {made_with(said['software'])}"
            ),
            "digests": [
                ["Protokollets manifest", said["certificate"]["manifest_sha256"]],
                [f"Journalpost {said['journal']['entry']}", said["journal"]["digest"]],
                ["Öppen nyckel", said["signature"]["public_key_sha256"]],
            ],
        },
        set_at=int(datetime.fromisoformat(said["seen_at"]).timestamp()),
    )


def _lead(said: Mapping[str, Any]) -> str:
    whole = (
        "Kopior finns fortfarande kvar eller är inte kontrollerade."
        if said["left"]
        else "Inga av de kopior som protokollet angav finns kvar."
    )
    return (
        f"Tillägg {said['number']} till gallringsprotokollet. Protokollet angav kopior som fanns "
        f"kvar eller inte kunde kontrolleras när det upprättades. Arkivet har sökt på nytt. {whole}"
    )


def _rule(said: Mapping[str, Any]) -> str:
    return str(said["rule"]["disposalScheduleId"])
