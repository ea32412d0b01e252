"""What a visit to a page came to, of a profile or of a post, and the texts among its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from capture.consent import ConsentResult
from capture.recording import Recording
from capture.secrets import SecretReplacer
from capture.settle import Settled
from capture.snapshot import clean_text
from storage.record import ReplacedSecret

_FOLDERS = ("archive", "pictures", "text", "dom", "data", "logs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Visited:
    """A whole visit; its parts lie in the folder that was given."""

    started_at: datetime
    ended_at: datetime
    final_url: str
    title: str
    completeness: Mapping[str, JsonValue]
    consent: ConsentResult
    settled: Settled
    recording: Recording
    secrets_replaced: tuple[ReplacedSecret, ...]
    browser: str
    user_agent: str


def make_folders(folder: Path) -> None:
    """Where the parts of a visit go."""
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)


def write_texts(folder: Path, texts: Mapping[str, str], replacer: SecretReplacer) -> None:
    """Write text parts by their names, every one with its secrets replaced."""
    for name, text in texts.items():
        clean = clean_text(name, text, replacer)
        (folder / name).write_text(clean, encoding="utf-8", newline="")
