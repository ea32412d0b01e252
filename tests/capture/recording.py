"""A recording of the loopback site, as the recorder's tests make it."""

import base64
from datetime import datetime
from pathlib import Path

from capture.exchange import Exchange
from capture.recorder import Recording
from tests.capture import warcs
from tests.capture.conftest import Stage

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def answered(at: datetime, url: str, kind: str, body: bytes) -> Exchange:
    """What was asked for at that moment and answered with so much."""
    return Exchange(
        method="GET",
        url=url,
        request_headers=[],
        post=None,
        status=200,
        reason="OK",
        response_headers=[("Content-Type", kind)],
        body=body,
        date=at,
        address="",
        protocols=("http/1.1",),
        truncated=None,
        fetched_by="",
    )


def script(body: str) -> str:
    return f"<script type=module>{body}; document.title = 'done'</script>"


def recorded(stage: Stage, act: object = None, **options: object) -> tuple[Recording, Path]:
    """A recording that `warcio check` has nothing against."""
    made = stage.record(act, **options)  # type: ignore[arg-type]
    assert made.path is not None
    warcs.check(made.path)
    return made, made.path
