"""When a visit is tried again: by what was met, and how often."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = f"""
import json, sys
sys.path.append({str(ROOT / "dags")!r})
from retry_after import Backoff, TryLater, TryOnceMore
def told(error, number):
    made = Backoff().evaluate(error, number, 3)
    return [made.action.value, made.retry_delay and made.retry_delay.total_seconds()]
print(json.dumps({{
    "busy": [told(TryLater("429", 30), n) for n in (1, 2, 3)],
    "no answer": [told(TryLater("503", 0), n) for n in (1, 2)],
    "not whole": [told(TryOnceMore("partial"), n) for n in (1, 2)],
    "a wall": [told(ValueError("wall"), 1)],
}}))
"""


def test_what_is_not_whole_is_seen_once_more_and_what_is_busy_later_each_time() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "AIRFLOW_HOME": str(ROOT)},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "busy": [["retry", 30.0], ["retry", 60.0], ["retry", 120.0]],
        "no answer": [["retry", 60.0], ["retry", 120.0]],
        "not whole": [["retry", 600.0], ["fail", None]],
        "a wall": [["default", None]],
    }
