"""When a site may be visited again; shared by the DAGs that visit sites. Is no DAG itself."""

from datetime import timedelta
from typing import Any

from airflow.sdk import RetryDecision, RetryPolicy

FIRST_WAIT_S = 60
ANOTHER_MOMENT_S = 600


class TryLater(Exception):
    """A site asked for a pause or gave no answer; `seconds` is the pause it asked for, or 0."""

    def __init__(self, told: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(told)


class TryOnceMore(Exception):
    """The page was not whole: in ten minutes it is seen once more, and not again after that."""


class Backoff(RetryPolicy):
    """The pause that the site asked for, else a minute; twice as long with each further try."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Any = None
    ) -> RetryDecision:
        """Decide by the exception; every other one is left to Airflow's own rule."""
        if isinstance(exception, TryOnceMore):
            if try_number > 1:
                return RetryDecision.fail(reason=str(exception))
            return RetryDecision.retry(timedelta(seconds=ANOTHER_MOMENT_S), reason=str(exception))
        if not isinstance(exception, TryLater):
            return RetryDecision.default()
        wait = (exception.seconds or FIRST_WAIT_S) * 2 ** (try_number - 1)
        return RetryDecision.retry(timedelta(seconds=wait), reason=str(exception))
