"""# Disposal

Carries out the proposals that are ready, **each day at 21:00** (Stockholm), and takes up what a
crash left. A proposal is ready when its owner and an archivist have approved it, over the cap a
third person too, and the cooling-off has passed. Before each record rule, holds, approvals, roles
and objects are looked at once more; what differs is skipped and the certificate says why. A bucket
with a rule by which records expire is refused (R31).

First of all, what a restored bucket brought back of disposed records is removed again (R45); the
log names it. Where the store has a lock on one, that task fails and a person judges.

Where a certificate named copies that remain (replicas, the store's files, backups) they are looked
for again, and a supplement says which are gone.

One in a hundred goes first. Where too much goes wrong the proposal is paused until a person
resumes it (`insyn proposal resume`). The run fails when a person has to look at something; running
it again changes nothing that was done. Who has to see to a paused or failed proposal is told by
mail.
"""

import os

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from failure_mail import FailureMail


@dag(
    schedule="0 21 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args={"on_failure_callback": [FailureMail()]},
    doc_md=__doc__,
    tags=["retention"],
)
def disposal() -> None:
    """What a restore brought back goes first; then what was decided is carried out."""

    @task(retries=3)
    def remove_restored() -> list[str]:
        """Records of which a restored bucket brought something back; it is removed again."""
        from storage.archive import Archive
        from storage.people import service
        from storage.settings import Settings

        with Archive.open(Settings.from_environment(os.environ)) as archive:
            removed = archive.remove_restored(service("disposal"))
        print(f"brought back by a restore and removed again: {len(removed)}", *removed)
        return list(removed)

    @task(retries=3, trigger_rule="all_done")
    def dispose() -> list[str]:
        """The certificates that were written."""
        from accounts.register import read_register
        from retention.disposal import carry_out
        from retention.supplement import supplement_all
        from retention.watch import waiting
        from storage.archive import Archive
        from storage.people import service
        from storage.record import utc_now
        from storage.settings import Settings
        from storage.telling import tell

        settings, actor = Settings.from_environment(os.environ), service("disposal")
        register = read_register(settings.register)
        with Archive.open(settings) as archive:
            outcomes = carry_out(archive, register.closed, actor, utc_now())
            supplements = supplement_all(archive, actor, utc_now())
            left = archive.disposals.open_ended()
            stamping = archive.disposals.stamp(actor)
            done = tell(settings, archive, waiting(archive, register, utc_now()).untold, actor)
        for one in outcomes:
            print(f"{one.proposal_id}: {one.state}, {dict(one.counts)} {one.refused}")
        print(
            f"time stamps: {len(stamping.stamped)} got, {len(stamping.waiting)} wait", stamping.why
        )
        print(f"supplements: {supplements}; copies are left, or not verified, of {left}")
        print(f"told: {list(done.sent)}", done.refused)
        if wrong := [one.proposal_id for one in outcomes if one.went_wrong]:
            raise AirflowFailException(f"Look at {', '.join(wrong)}: insyn proposal show")
        return [one.certificate for one in outcomes if one.certificate]

    remove_restored() >> dispose()


disposal()
