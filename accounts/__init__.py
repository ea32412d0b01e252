"""The register of accounts and the half-year duty: pure, and importing nothing of ours."""

from accounts.dormant import DORMANT_AFTER_MONTHS, dormant_since
from accounts.duty import Duty, DutyState, due_accounts, duties, order_key
from accounts.errors import RegisterError, RegisterFaults, UnknownAccount
from accounts.findings import Finding, Severity
from accounts.half_year import CALENDAR, Calendar, HalfYear, MonthDay, Window
from accounts.history import CaptureSeen, GapSeen, History, PostSeen
from accounts.model import Account, AccountId, Person, PlatformId, Reach, Status
from accounts.public_list import Language, public_csv, public_html
from accounts.register import Register, check_register, read_register

__all__ = [
    "CALENDAR",
    "DORMANT_AFTER_MONTHS",
    "Account",
    "AccountId",
    "Calendar",
    "CaptureSeen",
    "Duty",
    "DutyState",
    "Finding",
    "GapSeen",
    "HalfYear",
    "History",
    "Language",
    "MonthDay",
    "Person",
    "PlatformId",
    "PostSeen",
    "Reach",
    "Register",
    "RegisterError",
    "RegisterFaults",
    "Severity",
    "Status",
    "UnknownAccount",
    "Window",
    "check_register",
    "dormant_since",
    "due_accounts",
    "duties",
    "order_key",
    "public_csv",
    "public_html",
    "read_register",
]
