"""What the desk says of reviews, cases and types. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

RETENTION: Mapping[str, Pair] = {
    "act.reviewed": ("omprövad", "reviewed"),
    "review.keep_until": (
        "Handlingen {record} behålls till och med {day} och omprövas sedan på nytt.",
        "Record {record} is kept through {day} and is then reviewed anew.",
    ),
    "review.dispose": (
        "Handlingen {record} får gallras: den tas med i nästa gallringsförslag.",
        "Record {record} may go: the next proposal for disposal lists it.",
    ),
    "review.preserve": ("Handlingen {record} bevaras.", "Record {record} is preserved."),
    "file.done": ("Handlingen {record} är inlagd ({type}).", "Record {record} is filed ({type})."),
    "classify.apart": (
        """Regeln för {type} kräver att handlingen hålls åtskild. Pröva sekretessen nu:
insyn secrecy flag {record} --provision … --number … --reason …""",
        """The rule for {type} has the record kept apart. Assess its secrecy now:
insyn secrecy flag {record} --provision … --number … --reason …""",
    ),
}
