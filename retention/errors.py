"""The error tree of retention.

RetentionError
└── PlanFaults    the plan cannot be used; every fault in it is told at once
"""

from collections.abc import Sequence

from accounts.findings import Finding


class RetentionError(Exception):
    """Root of all errors of retention."""


class PlanFaults(RetentionError):
    """The plan cannot be used; `findings` holds every fault, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        told = "\n".join(f"  {f.code} {f.place}: {f.en}" for f in self.findings)
        super().__init__(f"The plan cannot be used:\n{told}")
