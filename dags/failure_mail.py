"""Mail to those who run the installation when a task has failed for good. Is no DAG itself."""

import os
from typing import Any

from airflow.sdk import BaseNotifier


class FailureMail(BaseNotifier):
    """An Airflow notification: which task of which run failed, and where its log is.

    Goes to `INSYN_MAIL_OPERATOR` by `INSYN_SMTP_URL`; where either is not set, nothing is sent.
    """

    def notify(self, context: Any) -> None:
        """Send it; what went wrong stands in the task's log, and may name people: not here."""
        from accounts.notices import Office
        from storage.mail import send
        from storage.settings import Settings

        settings = Settings.from_environment(os.environ)
        to = settings.mail_to[Office.OPERATOR]
        if settings.mail_server is None or not to:
            return
        task = context["task_instance"]
        failed = f"{task.dag_id}.{task.task_id}"
        text = f"{failed}, {context['run_id']}\n{task.log_url}\n"
        send(settings.mail_server, settings.mail_from, to, f"Insyn: {failed} failed", text)
