"""How whole a capture is, in numbers: what the page had, what the pictures show, why they ended."""

from dataclasses import dataclass

from pydantic import JsonValue

from capture.consent import ConsentResult
from capture.extract import Extracted
from capture.harvest import Harvest
from capture.picture import PictureSet
from capture.recording import Recording
from capture.registration import SAME
from capture.settle import Settled


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What one view of a page came to; `broken` are pictures that the site itself has not."""

    consent: ConsentResult
    settled: Settled
    pictures: PictureSet
    harvest: Harvest
    broken: frozenset[str]


def completeness(
    look: Look, mobile: Look, extracted: Extracted, announced: int
) -> dict[str, JsonValue]:
    """Everything that is counted; the phone's as `mobile_…`. `announced` are comments."""
    return {
        **shown(look),
        "posts_with_data": sum(bool(post.get("text")) for post in extracted.posts),
        "comments_announced": announced,
        "recipe_drift": [str(each) for each in extracted.drift],
        "settled": look.settled.settled,
        "virtualised": look.settled.virtualised,
        **{f"mobile_{name}": value for name, value in shown(mobile).items()},
    }


def recorded_numbers(recording: Recording) -> dict[str, JsonValue]:
    """What was recorded of the traffic."""
    written: dict[str, JsonValue] = {
        "warc_records": recording.records,
        "warc_bytes": recording.bytes,
    }
    return written | asked_numbers(recording)


def asked_numbers(recording: Recording) -> dict[str, JsonValue]:
    """What one view asked for."""
    return {
        "requests_seen": recording.requests_seen,
        "requests_not_recorded": len(recording.not_recorded),
    }


def shown(look: Look) -> dict[str, JsonValue]:
    """What the pictures of one view show, its posts too."""
    return {
        "posts_seen": len(look.harvest.ids),
        "posts_painted": look.pictures.inspection.posts_painted,
        **painted(look),
    }


def painted(look: Look) -> dict[str, JsonValue]:
    """What the pictures of one view show; heights in CSS pixels, of bands in device pixels.

    `doubts` the self-check leaves open; `doubts_confirmed` are the page's own way: two pictures,
    each taken on its own, show it alike.
    """
    made, found = look.pictures, look.pictures.inspection
    lacking = {source for source, loaded in look.harvest.pictures.items() if not loaded}
    return {
        "made": made.made,
        "tiles": len(made.tiles),
        "height": made.height,
        "stopped_by": _stop(look),
        "images_loaded": sum(look.harvest.pictures.values()),
        "images_missing": len(lacking - look.broken),
        "images_broken": len(lacking & look.broken),
        "seams": len(made.seams),
        "seams_loose": sum(not seam.held for seam in made.seams),
        "seams_differ": [s.as_json() for s in made.seams if s.equal < SAME or not s.held],
        "texts_looked_for": found.texts_looked_for,
        "texts_painted": found.texts_painted,
        "blank_px": found.blank.height,
        "repeated_px": found.repeated.height,
        "unpainted_band": found.unpainted_band,
        "unscrolled_px": made.unscrolled,
        "pictures_taken": made.taken,
        "doubts": [doubt.value for doubt in made.doubts],
        "doubts_confirmed": [doubt.value for doubt in made.confirmed],
    }


def _stop(look: Look) -> str:
    """What ended the picture: a mosaic goes its own way, tiles show what settling went through.

    A wall at the end of a feed ends both.
    """
    made, settled = look.pictures.stopped_by, look.settled.stopped_by
    if made == "end" and (look.pictures.made != "mosaic" or settled == "wall"):
        return settled
    return made
