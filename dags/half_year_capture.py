"""# Half-year capture

Takes a picture of every account's profile page that is due, **each Monday at 05:00** (Stockholm):
the half-year's capture (RULES R4), what was missed before, and the final capture of accounts that
are being wound up. A missed week heals itself: what is still due is due next Monday.

**By hand:** trigger it with an `account`, a `reason` and who orders it, before an account is
changed or on request. Leave `account` empty to run all that is due.

A rate limit or an unreachable site is tried again, later each time; a page that was blank or not
whole is seen once more after ten minutes. A wall (login, consent, bot, removed, private) is filed
as a gap at once and waits for a person. One account that fails does
not stop the others, and an order that already has its record is not captured again. The last task
says which accounts were captured, and fails when any was not.
"""

import os
from typing import Any

import pendulum
from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowFailException
from failure_mail import FailureMail
from retry_after import Backoff, TryLater, TryOnceMore

REASONS = ["half_year", "before_change", "before_removal", "wind_up", "on_request", "posts"]
ACCOUNT = "Id of the account in the register. Leave empty to capture every account that is due."
NOTE = "What will change, or which request it is for. No personal data of outsiders."
ORDERED_BY = "Your name. Required when an account is named."


@dag(
    schedule="0 5 * * 1",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Stockholm"),
    catchup=False,
    max_active_runs=8,  # nobody waits with a change until a weekly run has met its last retry
    doc_md=__doc__,
    tags=["capture"],
    default_args={"on_failure_callback": [FailureMail()]},
    params={
        "account": Param("", type="string", pattern="^([a-z0-9][a-z0-9-]*)?$", description=ACCOUNT),
        "reason": Param("half_year", enum=REASONS, description="Why the capture is made."),
        "note": Param("", type="string", maxLength=500, description=NOTE),
        "ordered_by": Param("", type="string", maxLength=100, description=ORDERED_BY),
    },
)
def half_year_capture() -> None:
    """Orders, one capture for each, and the sum."""

    @task
    def orders(params: dict[str, str], run_id: str) -> list[dict[str, str]]:
        """The order for the named account, or one for each that is due."""
        from capture.orders import run_orders, to_task
        from storage.settings import Settings

        asked = {name: params[name] for name in ("account", "reason", "note", "ordered_by")}
        made = run_orders(Settings.from_environment(os.environ), **asked, order_id=run_id)
        return [to_task(order) for order in made]

    @task(
        map_index_template="{{ task.op_kwargs['order']['account'] }}",
        pool="browser",
        retries=3,
        retry_policy=Backoff(),
    )
    def capture(order: dict[str, str]) -> str:
        """One account's profile page: a record, or a gap that says why."""
        from capture.orders import from_task, run_order
        from capture.session import Captured
        from capture.walls import RETRIED_ONCE, RETRYABLE
        from storage.people import service
        from storage.settings import Settings

        settings = Settings.from_environment(os.environ)
        outcome = run_order(from_task(order), settings, service("half_year_capture"))
        if isinstance(outcome, Captured):
            return outcome.record.record_id
        told = f"{order['account']}: {outcome.verdict}, gap {outcome.gap_id}"
        if outcome.verdict in RETRYABLE:
            raise TryLater(told, outcome.judgement.retry_after_s or 0)
        if outcome.verdict in RETRIED_ONCE:
            raise TryOnceMore(told)
        raise AirflowFailException(told)

    @task(trigger_rule="all_done")
    def summary(made: list[dict[str, str]] | None, records: Any) -> str:
        """What each account came to; the run fails when an account was not captured."""
        from capture.orders import from_task, tally
        from storage.settings import Settings

        if made is None:
            raise AirflowFailException("No orders were made: see the task `orders`.")
        settings = Settings.from_environment(os.environ)
        counted = tally(settings, [from_task(order) for order in made], list(records or ()))
        if counted.missing:
            raise AirflowFailException(str(counted))
        return str(counted)

    made = orders()
    summary(made, capture.expand(order=made))


half_year_capture()
