"""What a visit must show to be accepted."""

from dataclasses import replace

import pytest
from pydantic import JsonValue

from capture.floors import below_floor
from storage.settings import Settings

SETTINGS = replace(Settings.from_environment({}), floor_posts=90, floor_images=50)
WHOLE: dict[str, JsonValue] = {
    f"{view}{name}": value
    for view in ("", "mobile_")
    for name, value in {
        "posts_seen": 20,
        "posts_painted": 20,
        "images_loaded": 8,
        "images_missing": 0,
        "seams_loose": 0,
    }.items()
}


@pytest.mark.parametrize(
    ("numbers", "lacks"),
    [
        ({}, []),
        ({"posts_painted": 18}, []),
        ({"posts_painted": 17}, ["17 of 20 posts painted; at least 90 % are asked for"]),
        ({"mobile_posts_painted": 4}, ["4 of 20 posts painted; at least 90 % are asked for"]),
        ({"posts_seen": 0, "posts_painted": 0}, []),
        ({"images_missing": 8}, []),
        ({"images_missing": 9}, ["8 of 17 pictures loaded; at least 50 % are asked for"]),
        ({"images_loaded": 0}, []),
        (
            {"mobile_seams_loose": 2},
            ["2 seams of the mosaic do not tell how the windows lie to each other"],
        ),
    ],
)
def test_a_capture_below_its_floor_says_what_it_lacks(
    numbers: dict[str, JsonValue], lacks: list[str]
) -> None:
    """R9: below its floor a capture is a gap; the floor is a setting."""
    assert list(below_floor({**WHOLE, **numbers}, SETTINGS)) == lacks
