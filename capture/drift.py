"""Recipes that have drifted (föråldrade): since when captures tell that a selector matches nothing.

Reads what captures and gaps themselves have told, the newest first; visits no page.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from accounts.findings import Finding
from accounts.model import Account
from accounts.stockholm import civil_date
from capture.recipe_codes import finding
from capture.walls import Verdict
from storage.archive import Archive
from storage.errors import Damaged, Malformed, ObjectMissing
from storage.gap import Gap
from storage.query import Query
from storage.record import POST_ORDERS, PROFILE_CAPTURE, Reason, Record, Status

_SIGN = "recipe drift"
_MOST = 20
"""Captures that are looked back at: ten years of profiles."""


def drift_findings(archive: Archive, accounts: Iterable[Account]) -> list[Finding]:
    """A warning for each place where a recipe no longer fits an account, with its first day.

    A capture that tells nothing of it ends it; a wall tells neither way.
    """
    return [
        finding("E104", f"{account.platform}.toml", day=day, account=account.id, what=what)
        for account in accounts
        for what, day in _of_account(archive, account).items()
    ]


def _of_account(archive: Archive, account: Account) -> dict[str, date]:
    of_profile = Query(account=account.id, record_type=PROFILE_CAPTURE, status=Status.ACTIVE)
    of_posts = Query(account=account.id, reason=Reason.POSTS, status=Status.ACTIVE)
    gaps = [gap for gap in archive.gaps(account.id) if gap.verdict == Verdict.PARTIAL]
    posts = [gap for gap in gaps if gap.order_id.startswith(POST_ORDERS)]
    profile = [gap for gap in gaps if not gap.order_id.startswith(POST_ORDERS)]
    return since(_looks(archive, of_profile, profile)) | since(_looks(archive, of_posts, posts))


def since(looks: Iterable[tuple[datetime, Collection[str]]]) -> dict[str, date]:
    """The first day of what each look up to the newest has told; looks come the newest first."""
    found: dict[str, date] = {}
    told: set[str] | None = None
    for at, said in looks:
        told = set(said) if told is None else told & set(said)
        if not told:
            break
        found |= dict.fromkeys(sorted(told), civil_date(at))
    return found


def _looks(
    archive: Archive, query: Query, gaps: list[Gap]
) -> Iterator[tuple[datetime, Collection[str]]]:
    """What each capture and gap told, the newest first; none is read before it is asked for."""
    seen: list[tuple[datetime, Record | Gap]] = [(gap.at, gap) for gap in gaps]
    seen += [(hit.record.captured_at, hit.record) for hit in archive.find(query, _MOST)]
    for at, one in sorted(seen, key=lambda each: each[0], reverse=True):
        try:
            said = _said(archive, one)
        except (Damaged, Malformed, ObjectMissing):
            continue  # `insyn verify` tells of it
        yield at, [line.removeprefix(f"{_SIGN}: ") for line in said if _SIGN in line]


def _said(archive: Archive, one: Record | Gap) -> tuple[str, ...]:
    if isinstance(one, Gap):
        return archive.gap_report(one).evidence
    if one.restricted:
        return ()  # what it told of its recipe lies apart with it
    told = archive.manifest(one).description.completeness.get("recipe_drift")
    return tuple(map(str, told)) if isinstance(told, list) else ()
