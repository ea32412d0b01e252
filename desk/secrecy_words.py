"""What the desk says of records that are kept apart. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

SECRECY: Mapping[str, Pair] = {
    "apart": ("åtskild", "apart"),
    "provision": ("Bestämmelse", "Provision"),
    "act.restricted": ("hålls åtskild (sekretess)", "kept apart (secrecy)"),
    "act.released": ("hålls inte längre åtskild", "no longer kept apart"),
    "act.moved": ("flyttad i lagret", "moved in the store"),
    "act.left_behind": ("förra platsen töms", "former place is cleared"),
    "act.read": ("läst", "read"),
    "apart.closed": (
        "Handlingen hålls åtskild för sekretess. Handläggare och arkivarier läser den inloggade.",
        "The record is kept apart for secrecy. Officers and archivists read it signed in.",
    ),
    "secrecy.flagged": (
        "Handling {record} är diarieförd och hålls åtskild.",
        "Record {record} is registered and kept apart.",
    ),
    "secrecy.also_in": (
        "Samma inlägg visas öppet i: {records}. Pröva dem också.",
        "The same posts are shown openly in: {records}. Assess them too.",
    ),
    "secrecy.lifted": (
        "Handling {record} ligger åter bland de andra.",
        "Record {record} lies among the others again.",
    ),
    "secrecy.none": ("Inget hålls åtskilt.", "Nothing is kept apart."),
}
