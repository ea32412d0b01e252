"""What a person handed over as a file, described as a record: no page was visited.

No browser, no window, no recipe: the platform or a person made the file, somebody gave it.
"""

import platform
from collections.abc import Mapping
from importlib.metadata import version

from pydantic import JsonValue

from accounts.model import Account
from capture.browser import LOCALE, TIMEZONE
from storage.deposit import Accepted
from storage.package import Page
from storage.record import (
    AccountRef,
    Description,
    Provenance,
    RecipeUsed,
    RecordType,
    utc_now,
)


def describe_handed(
    accepted: Accepted,
    account: Account,
    record_type: RecordType,
    page: Page,
    *,
    made_by: str,
    facts: Mapping[str, JsonValue],
    completeness: Mapping[str, JsonValue],
) -> Description:
    """What the manifest says of the file; `made_by` is the platform that its form is of."""
    return Description(
        record_id=accepted.record_id,
        record_type=record_type,
        account=AccountRef.of(account),
        order=accepted.order,
        started_at=page.at,
        ended_at=max(page.at, utc_now()),
        requested_url=account.url,
        final_url=page.url,
        title=page.title,
        facts=facts,
        changes=(),
        previous=None,
        completeness=completeness,
        provenance=Provenance(
            software={"insyn": version("insyn"), "python": platform.python_version()},
            browser="",
            user_agent="",
            locale=LOCALE,
            timezone=TIMEZONE,
            login="public",
            viewports=(),
            recipe=RecipeUsed(platform=made_by, sha256="", checked_on=page.at.date()),
            consent={},
            settle={},
            server={},
            warc="unavailable",
            secrets_replaced=(),
        ),
    )
