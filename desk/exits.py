"""Exit codes of `insyn`, and how an error of ours becomes a clean line on stderr.

docs/commands.md has the same table. Imports no room until an error is there to be told.
"""

import sys
from collections.abc import Mapping

OK = 0
FAULTS = 1
USAGE = 2
REFUSED = 3

EXITS: Mapping[int, str] = {
    OK: "done, and nothing is wrong",
    FAULTS: "done, and faults were found: they are listed",
    USAGE: "the command line cannot be understood",
    REFUSED: "not done: the archive, the register or the store said no, and why stands on stderr",
}
"""What each code means; 10 to 19 are the verdicts of `insyn capture` (docs/walls.md)."""


def expected_errors() -> tuple[type[Exception], ...]:
    """The roots of our error trees: whatever else is raised is a defect and is shown as one."""
    from accounts.errors import RegisterError
    from capture.errors import CaptureError
    from retention.errors import RetentionError
    from storage.errors import ArchiveError

    return (ArchiveError, RegisterError, CaptureError, RetentionError)


def tell(error: Exception) -> int:
    """Write an expected error on stderr, without a traceback; gives back the exit code."""
    from accounts.errors import RegisterFaults
    from capture.errors import RecipeFaults
    from desk.printer import Printer
    from retention.errors import PlanFaults

    if isinstance(error, RegisterFaults | RecipeFaults | PlanFaults):
        Printer.to_stderr().findings(error.findings)
    else:
        print(f"insyn: {error}", file=sys.stderr)
    return REFUSED
