"""# Retention review

Draws up proposals for disposal, **on the first of each month at 06:00** (Stockholm): every record
is judged by the plan in force, and what is due is put on one frozen list for each rule and unit
(RULES R32). Nothing is removed and nobody's decision is taken: a proposal waits for the account's
owner and an archivist (`insyn proposal list`, `show`, `strike`, `approve`, `reject`).

What a hold stands on, what is up for review, and what is on an open list already is left out, so a
second run the same day draws nothing. The task's log names each proposal, its rule and its count.

Then people are told by mail, each thing once: which proposals wait for whom, what is to be
reviewed (`insyn review`), and that the worklist is not empty (`insyn worklist`). `account_watch`
tells the rest day by day, and `insyn duties` shows all of it. The run fails when the mail server
takes nothing; the next run tells it.
"""

import os

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from failure_mail import FailureMail


@dag(
    schedule="0 6 1 * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args={"on_failure_callback": [FailureMail()]},
    doc_md=__doc__,
    tags=["retention"],
)
def retention_review() -> None:
    """What is due is proposed."""

    @task(retries=2)
    def review() -> list[str]:
        """The proposals that were drawn up; none where nothing is due."""
        from accounts.register import read_register
        from retention.adopting import plan_in_force
        from retention.proposal import draw_up
        from retention.watch import waiting
        from storage.archive import Archive
        from storage.people import service
        from storage.record import today, utc_now
        from storage.settings import Settings
        from storage.telling import tell

        settings = Settings.from_environment(os.environ)
        register = read_register(settings.register)
        with Archive.open(settings) as archive:
            plan = plan_in_force(archive, today())
            actor = service("retention_review")
            drawn = draw_up(archive, plan, register.closed, utc_now(), actor) if plan else []
            for one in map(archive.disposals.named, drawn):
                print(f"{one.proposal_id}: {one.rule_id}, {one.unit}, {one.listed} records")
            untold = waiting(archive, register, utc_now()).untold
            done = tell(settings, archive, untold, actor)
        for notice in untold:
            print(f"{'told' if notice.key in done.sent else 'not told'}: {notice.en}")
        if done.refused:
            raise AirflowFailException(done.refused)
        return [str(proposal_id) for proposal_id in drawn]

    review()


retention_review()
