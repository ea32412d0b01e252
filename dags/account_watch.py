"""# Account watch

Looks **each day at 07:00** (Stockholm) at what people have to be told, and tells each thing once:
half-years about to end or ended without a capture, dormant accounts (RULES R6), a second person or
an approval that is missing, deputies whose time ends, lost logins, wind-ups (R5), holds whose
review is due, and purges (R49); proposals for disposal that wait for somebody, whose approvals
soon run out, or that were paused or failed, records to be reviewed, and a worklist that is not
empty. `insyn duties` shows the same, told or not.

Mail goes by `INSYN_SMTP_URL` to the account's responsible persons and to the offices whose
addresses `INSYN_MAIL_…` give. Final captures that nobody verified yet are read back first. The run
fails when the register cannot be used, a final capture is damaged, the bucket has a rule by which
records expire (R31), or the mail server takes nothing; the next run tells the rest.
"""

import os

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from failure_mail import FailureMail


@dag(
    schedule="0 7 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args={"on_failure_callback": [FailureMail()]},
    doc_md=__doc__,
    tags=["accounts"],
)
def account_watch() -> None:
    """What stands today is told."""

    @task(retries=2)
    def tell() -> list[str]:
        """The notices that were sent, by their keys."""
        from capture.watch import verify_finals, watch
        from retention.watch import waiting
        from storage.archive import Archive
        from storage.people import service
        from storage.record import today, utc_now
        from storage.settings import Settings
        from storage.telling import tell

        settings, actor = Settings.from_environment(os.environ), service("account_watch")
        with Archive.open(settings) as archive:
            damaged = verify_finals(archive, watch(settings, archive, today()).wind_ups, actor)
            seen = watch(settings, archive, today())
            untold = (*seen.untold, *waiting(archive, seen.register, utc_now()).untold)
            done = tell(settings, archive, untold, actor)
            unfit = archive.check_lasting()
        for one in untold:
            print(f"{'told' if one.key in done.sent else 'not told'}: {one.key}: {one.en}")
        wrong = [*damaged, *(f"{f.place}: {f.en}" for f in [*seen.faults, *unfit]), done.refused]
        if any(wrong):
            raise AirflowFailException("; ".join(filter(None, wrong)))
        return list(done.sent)

    tell()


account_watch()
