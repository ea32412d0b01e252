"""A recording of the loopback site, as the recorder's tests make it."""

import base64
from pathlib import Path

from capture.recorder import Recording
from tests.capture import warcs
from tests.capture.conftest import Stage

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def script(body: str) -> str:
    return f"<script type=module>{body}; document.title = 'done'</script>"


def recorded(stage: Stage, act: object = None, **options: object) -> tuple[Recording, Path]:
    """A recording that `warcio check` has nothing against."""
    made = stage.record(act, **options)  # type: ignore[arg-type]
    assert made.path is not None
    warcs.check(made.path)
    return made, made.path
