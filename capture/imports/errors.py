"""The importers' branch of the capturer's error tree.

CaptureError
└── ExportFaults           an export cannot be imported (all faults told at once)
"""

from collections.abc import Sequence

from accounts.findings import Finding
from capture.errors import CaptureError


class ExportFaults(CaptureError):
    """An export cannot be imported; `findings` holds every fault, and nothing was kept."""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        told = "\n".join(f"  {one.code} {one.place}: {one.en}" for one in findings)
        super().__init__(f"{name} cannot be imported, and nothing of it was kept:\n{told}")
