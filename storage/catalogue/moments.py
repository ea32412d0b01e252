"""Moments as the catalogue writes them: text in UTC with milliseconds, in sorting order."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """`2026-11-23T09:20:17.123Z`. The moment must be aware."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """What `stamp` wrote."""
    return datetime.fromisoformat(text)
