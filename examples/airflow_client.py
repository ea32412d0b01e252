"""A small client of Airflow's own interface, for the demo: unpause, trigger, wait."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

_TRIES = 4
"""A question that is not answered within its time is asked again: the machine may be busy."""


class AirflowClient:
    """Speaks to one Airflow as one user."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url
        self._token = ""
        answer = self._ask("POST", "/auth/token", {"username": user, "password": password})
        self._token = answer["access_token"]

    def unpause(self, dag_id: str, seconds: float = 60) -> None:
        """Let the schedule begin; waits until Airflow has read the DAG."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._ask("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})
            except urllib.error.HTTPError as error:
                if error.code != 404 or time.monotonic() > deadline:
                    raise
                time.sleep(1)
            else:
                return

    def trigger(self, dag_id: str, conf: Mapping[str, str]) -> str:
        """Start a run by hand; gives back its id."""
        body = {"logical_date": None, "conf": dict(conf)}
        return str(self._ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """The DAG's runs."""
        runs: list[dict[str, Any]] = self._ask("GET", f"/api/v2/dags/{dag_id}/dagRuns")["dag_runs"]
        return runs

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The run's task instances."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        tasks: list[dict[str, Any]] = self._ask("GET", path)["task_instances"]
        return tasks

    def follow(
        self, dag_id: str, run_id: str, seconds: float
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """A run's state and its tasks, every other second until its end.

        Raises:
            TimeoutError: it did not end in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            state = self._ask("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"]
            yield str(state), self.tasks(dag_id, run_id)
            if state in ("success", "failed"):
                return
            time.sleep(2)
        raise TimeoutError(f"{dag_id} {run_id} did not end within {seconds:.0f} s")

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, tries: int = _TRIES
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310  # loopback, ours
            self._url + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # the same
                return json.load(answer)
        except TimeoutError:
            if method != "GET" or tries == 1:
                raise
            return self._ask(method, path, body, tries - 1)
