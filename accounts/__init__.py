"""The register of accounts and the half-year duty: pure, and importing nothing of ours."""

from accounts.dormant import DORMANT_AFTER_MONTHS, dormant_since
from accounts.errors import RegisterError, RegisterFaults, UnknownAccount
from accounts.findings import Finding, Severity
from accounts.model import Account, AccountId, Person, PlatformId, Reach, Status
from accounts.register import Register, check_register, read_register

__all__ = [
    "DORMANT_AFTER_MONTHS",
    "Account",
    "AccountId",
    "Finding",
    "Person",
    "PlatformId",
    "Reach",
    "Register",
    "RegisterError",
    "RegisterFaults",
    "Severity",
    "Status",
    "UnknownAccount",
    "check_register",
    "dormant_since",
    "read_register",
]
