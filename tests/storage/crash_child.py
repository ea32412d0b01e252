"""A process that deposits, and kills itself at a named point (SIGKILL, no clean-up).

Run by test_crash.py. The points are the archive's log lines. Arguments: JSON with what to do.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

from accounts.model import Account, AccountId, PlatformId, Reach, Status
from examples.kill_at import KillAt
from storage.archive import Archive
from storage.people import service
from storage.record import (
    PROFILE_CAPTURE,
    AccountRef,
    Description,
    Order,
    OrderId,
    Provenance,
    Reason,
    RecipeUsed,
    utc_now,
)
from storage.settings import Settings


def main() -> None:
    """Do what the argument says; prints the record's id when it lives to the end."""
    told = json.loads(sys.argv[1])
    if told["kill_at"]:
        KillAt(told["kill_at"], told["times"]).listen()
    account = _account()
    order = Order(
        order_id=OrderId("half_year/2026-H2/ki"),
        account=account.id,
        reason=Reason.HALF_YEAR,
        ordered_by="schedule",
        note="",
        ordered_at=utc_now(),
    )
    settings = Settings.from_environment(os.environ)
    actor = service("test")
    with Archive.open(settings) as archive:
        accepted = archive.accept(order, AccountRef.of(account), actor)
        record = accepted.record or archive.deposit(
            _description(accepted.record_id, order, account), Path(told["package"]), actor
        )
    print(record.record_id)


def _account() -> Account:
    return Account(
        id=AccountId("ki"),
        platform=PlatformId("torget"),
        handle="ki_forskning",
        url="https://x.example/@ki",
        name="KI",
        language="sv",
        purpose_sv="Prov",
        purpose_en="Test",
        unit="Provenheten",
        reach=Reach.UNIT,
        status=Status.ACTIVE,
        approving_manager=None,
        approved_on=date(2025, 1, 1),
        director_approved_on=None,
        responsible=(),
        registration_number="1-1/2025",
        opened_on=date(2025, 1, 1),
        wind_up_declared_on=None,
        closed_on=None,
        last_published_on=None,
    )


def _description(record_id: str, order: Order, account: Account) -> Description:
    return Description(
        record_id=record_id,  # type: ignore[arg-type]
        record_type=PROFILE_CAPTURE,
        account=AccountRef.of(account),
        order=order,
        started_at=utc_now(),
        ended_at=utc_now(),
        requested_url=account.url,
        final_url=account.url,
        title="KI",
        facts={},
        changes=(),
        previous=None,
        completeness={},
        provenance=Provenance(
            software={},
            browser="",
            user_agent="",
            locale="sv-SE",
            timezone="Europe/Stockholm",
            login="public",
            viewports=(),
            recipe=RecipeUsed(platform="torget", sha256="0" * 64, checked_on=date(2026, 11, 1)),
            consent={},
            settle={},
            server={},
            warc="complete",
            secrets_replaced=(),
        ),
    )


if __name__ == "__main__":
    main()
