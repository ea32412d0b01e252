"""What a check found: a code, how grave, where, and what to do, in Swedish and English.

Faults in data are findings, collected and told together. Knows nothing of what was checked.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is; only a fault stops anything."""

    FAULT = "fault"
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One finding: `place` says where, `sv` and `en` say what is wrong and what to do."""

    code: str
    severity: Severity
    place: str
    sv: str
    en: str

    @classmethod
    def fault(cls, code: str, place: str, sv: str, en: str) -> "Finding":
        """Something that is wrong."""
        return cls(code=code, severity=Severity.FAULT, place=place, sv=sv, en=en)

    @classmethod
    def ok(cls, code: str, place: str, sv: str, en: str) -> "Finding":
        """Something that was looked at and is well."""
        return cls(code=code, severity=Severity.OK, place=place, sv=sv, en=en)
