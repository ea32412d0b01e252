"""What a visit must show to be accepted: shares that are settings, and seams that hold.

A picture that the site itself answers with 404 or 410 is broken there, and not missing here. A
capture below its floor is `partial`: a gap, and the duty stays open (CAPTURE.md).
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from storage.settings import Settings


def below_floor(numbers: Mapping[str, JsonValue], settings: Settings) -> tuple[str, ...]:
    """What a visit's completeness lacks, each lack in words; none: it is accepted."""
    return tuple(lack for view in ("", "mobile_") for lack in _lacks(numbers, view, settings))


def _lacks(numbers: Mapping[str, JsonValue], view: str, settings: Settings) -> Iterator[str]:
    def of(name: str) -> int:
        value = numbers[view + name]
        return value if isinstance(value, int) else 0

    seen, painted = of("posts_seen"), of("posts_painted")
    loaded, missing = of("images_loaded"), of("images_missing")
    for what, part, whole, floor in (
        ("posts painted", painted, seen, settings.floor_posts),
        ("pictures loaded", loaded, loaded + missing, settings.floor_images),
    ):
        if part * 100 < whole * floor:
            yield f"{part} of {whole} {what}; at least {floor} % are asked for"
    if loose := of("seams_loose"):
        yield f"{loose} seams of the mosaic do not tell how the windows lie to each other"
