"""What a visit must show to be accepted: shares that are settings, and seams that hold.

A picture that the site itself answers with 404 or 410 is broken there, and not missing here. A
capture below its floor is `partial`: a gap, and the duty stays open (CAPTURE.md).
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from capture.picture_check import Doubt
from storage.settings import Settings

_SAID: Mapping[object, str] = {
    Doubt.BLANK: "a band of {blank} pixels is blank, and no other picture confirms it",
    Doubt.REPEATED: "{repeated} rows stand in the picture twice, and no other confirms it",
    Doubt.UNPAINTED: "what the page says it shows is not painted",
}


def below_floor(numbers: Mapping[str, JsonValue], settings: Settings) -> tuple[str, ...]:
    """What a visit's completeness lacks, each lack in words; none: it is accepted."""
    return tuple(lack for view in ("", "mobile_") for lack in lacks(numbers, view, settings))


def lacks(numbers: Mapping[str, JsonValue], view: str, settings: Settings) -> Iterator[str]:
    """What one view lacks; its numbers are named with `view` before them."""

    def of(name: str) -> int:
        value = numbers[view + name]
        return value if isinstance(value, int) else 0

    seen, painted = of("posts_seen"), of("posts_painted")
    loaded, missing = of("images_loaded"), of("images_missing")
    texts, unseen, height = of("texts_looked_for"), of("unscrolled_px"), of("height")
    for what, part, whole, floor in (
        ("posts painted", painted, seen, settings.floor_posts),
        ("pictures loaded", loaded, loaded + missing, settings.floor_images),
    ):
        if part * 100 < whole * floor:
            yield f"{part} of {whole} {what}; at least {floor} % are asked for"
    if texts and of("texts_painted") * 100 < texts * settings.floor_texts:
        yield (
            f"{of('texts_painted')} of {texts} texts that the page says it shows are painted; at "
            f"least {settings.floor_texts} % are asked for"
        )
    if unseen * 100 > (height + unseen) * (100 - settings.floor_height):
        yield (
            f"{unseen} px of the page lie in a box that was not scrolled; at least "
            f"{settings.floor_height} % are asked for"
        )
    if loose := of("seams_loose"):
        yield f"{loose} seams of the picture do not tell how its pieces lie to each other"
    doubts = numbers[f"{view}doubts"]
    for doubt in doubts if isinstance(doubts, list) else ():
        if doubt in _SAID:
            yield _SAID[doubt].format(blank=of("blank_px"), repeated=of("repeated_px"))
