"""The register's error tree.

RegisterError
├── RegisterFaults    the file cannot be used; every fault in it is told at once
└── UnknownAccount    no account has this id
"""

from collections.abc import Sequence
from difflib import get_close_matches

from accounts.findings import Finding


class RegisterError(Exception):
    """Root of all errors of the register."""


class RegisterFaults(RegisterError):
    """The register cannot be used; `findings` holds every fault, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        told = "\n".join(f"  {f.code} {f.place}: {f.en}" for f in self.findings)
        super().__init__(f"The register of accounts cannot be used:\n{told}")


class UnknownAccount(RegisterError):
    """No account in the register has this id (RULES R13: nothing else may be captured)."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        self.asked = asked
        self.near = tuple(get_close_matches(asked, known, n=3, cutoff=0.6))
        hint = (
            f"Did you mean {' or '.join(self.near)}?" if self.near else "See `insyn account list`."
        )
        super().__init__(f"The register has no account {asked!r}. {hint}")
