"""# Post capture

Looks at the accounts' posts **each day at 02:00** (Stockholm): each new post becomes a record with
the dialogue under it, and a post is looked at again on day 1, 7 and 30 (`INSYN_POST_LOOKS`) and
with each half-year. Unchanged, it is noted as seen; changed, it is a new record that names the
former; gone, it is noted when it was last seen. A missed day heals itself.

**By hand:** trigger it with an `account` and who orders it, and with a `post` (its address, or its
id) for one post alone. Before a removal the post must be named: without it nothing is done.

**What the page does not show:** the platform's open interfaces and feeds are asked too, where
there are any (Mastodon, ActivityPub, Bluesky, RSS and Atom). A post that only they tell of is
looked at by its address; the log of `find` tells which of them saw what, and what cannot be
visited any more.

**A wall** before an account's page is filed as a gap, and what is due and what the interfaces tell
of is looked at all the same; a rate limit or an unreachable site is tried again, later each time. A
login or bot wall before a post ends that account's batches with one gap. The last task says what
the posts came to, and fails when a post or an account's page was not to be seen.

**A long feed** is taken in over several days: a walk takes in `INSYN_WALK_POSTS` posts that the
archive lacks, and the next one goes on below them. Until one reaches the end, `insyn duties` and
the log of `find` say so (L107).

A task looks at a batch of posts (`INSYN_POST_BATCH`), one after another at the platform's pace
(`INSYN_POST_PACE_SECONDS`). When the platform asks for a pause the rest of the batch is tried
again later; a task that was cut off goes on at the next post. Outside `INSYN_POST_HOURS` the daily
run waits, walks and all; a person's does not. Task payloads hold posts' ids and addresses and
nothing else.
"""

import os
from typing import Any

import pendulum
from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowFailException
from failure_mail import FailureMail
from retry_after import Backoff, TryLater

ACCOUNT = "Id of the account in the register. Leave empty for every account."
POST = "Address or id of one post of the account. Leave empty for all that is due."
NOTE = "What will change, or which request it is for. No personal data of outsiders."
ORDERED_BY = "Your name. Required when an account is named."
VISITS: dict[str, Any] = {"pool": "browser", "retries": 3, "retry_policy": Backoff()}


@dag(
    schedule="0 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Stockholm"),
    catchup=False,
    max_active_runs=2,
    doc_md=__doc__,
    tags=["capture"],
    default_args={"on_failure_callback": [FailureMail()]},
    params={
        "account": Param("", type="string", pattern="^([a-z0-9][a-z0-9-]*)?$", description=ACCOUNT),
        "post": Param("", type="string", maxLength=500, description=POST),
        "reason": Param("posts", enum=["posts", "before_removal", "on_request"]),
        "note": Param("", type="string", maxLength=500, description=NOTE),
        "ordered_by": Param("", type="string", maxLength=100, description=ORDERED_BY),
    },
)
def post_capture() -> None:
    """The accounts, what is to be looked at in each, and a task a batch."""

    @task
    def accounts(params: dict[str, str]) -> list[str]:
        """The named account, or every one whose posts can be read."""
        from capture.post_tasks import run_accounts
        from storage.settings import Settings

        return run_accounts(Settings.from_environment(os.environ), params)

    @task(map_index_template="{{ task.op_kwargs['account'] }}", **VISITS)
    def find(account: str, params: dict[str, str]) -> dict[str, Any]:
        """Walk one account's feed and ask its legs; its batches of posts to look at."""
        from capture.post_tasks import find_batches
        from storage.settings import Settings

        found = find_batches(Settings.from_environment(os.environ), account, params)
        if found.later_s is not None:
            raise TryLater(f"{account}: {found.wall or 'outside the hours'}", found.later_s)
        return found.to_task()

    @task(trigger_rule="all_done")
    def batches(found: Any) -> list[dict[str, Any]]:
        """The batches of all accounts, each account's by turns."""
        from capture.post_tasks import joined

        return joined(found or ())

    @task(map_index_template="{{ task.op_kwargs['batch']['account'] }}", **VISITS)
    def look(batch: dict[str, Any], params: dict[str, str]) -> dict[str, int]:
        """Look at one batch; how many posts came to what."""
        from capture.post_tasks import run_batch
        from storage.settings import Settings

        done = run_batch(Settings.from_environment(os.environ), batch, params)
        if done.later_s is not None:
            raise TryLater(str(done), done.later_s)
        return dict(done.counts)

    @task(trigger_rule="all_done")
    def summary(named: list[str] | None, found: Any, counts: Any) -> dict[str, int]:
        """What all posts came to; the run fails when a post or an account was not to be seen."""
        from capture.post_tasks import total

        told = total(named, found or (), counts or ())
        if told.walls:
            raise AirflowFailException(str(told))
        return dict(told.counts)

    named = accounts()
    found = find.expand(account=named)
    summary(named, found, look.expand(batch=batches(found)))


post_capture()
