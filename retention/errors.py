"""The error tree of retention.

RetentionError
├── PlanFaults    the plan cannot be used; every fault in it is told at once
└── NoSuchRule    no rule of the plan in force has this record type
"""

from collections.abc import Sequence
from difflib import get_close_matches

from accounts.findings import Finding


class RetentionError(Exception):
    """Root of all errors of retention."""


class PlanFaults(RetentionError):
    """The plan cannot be used; `findings` holds every fault, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        told = "\n".join(f"  {f.code} {f.place}: {f.en}" for f in self.findings)
        super().__init__(f"The plan cannot be used:\n{told}")


class NoSuchRule(RetentionError):
    """No rule of the plan has this record type (RULES R14: such a type cannot be used)."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        near = get_close_matches(asked, known, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "See `insyn plan show`."
        super().__init__(f"The plan in force has no rule for the record type {asked!r}. {hint}")
