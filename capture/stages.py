"""What took how long in a visit: the lines of `logs/capture.jsonl`. No content, nobody's name."""

import json
import logging
import time
from dataclasses import dataclass, field

from pydantic import JsonValue

_LOG = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Stages:
    """The stages passed since it was made, each with milliseconds and facts; logged as passed."""

    _began: float = field(default_factory=time.monotonic)
    _lines: list[str] = field(default_factory=list)

    def passed(self, stage: str, **facts: JsonValue) -> None:
        """Note that a stage is behind us."""
        ms = int((time.monotonic() - self._began) * 1000)
        self._lines.append(json.dumps({"ms": ms, "stage": stage, **facts}))
        _LOG.debug("visit: %s %s", stage, facts.get("view", ""))

    def text(self) -> str:
        """JSON lines."""
        return "\n".join(self._lines) + "\n"
