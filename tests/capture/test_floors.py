"""What a visit must show to be accepted."""

from dataclasses import replace

import pytest
from pydantic import JsonValue

from capture.floors import below_floor
from storage.settings import Settings

SETTINGS = replace(
    Settings.from_environment({}), floor_posts=90, floor_images=50, floor_texts=80, floor_height=90
)
WHOLE: dict[str, JsonValue] = {
    f"{view}{name}": value
    for view in ("", "mobile_")
    for name, value in {
        "posts_seen": 20,
        "posts_painted": 20,
        "images_loaded": 8,
        "images_missing": 0,
        "seams_loose": 0,
        "texts_looked_for": 80,
        "texts_painted": 80,
        "height": 9000,
        "unscrolled_px": 0,
        "blank_px": 50,
        "repeated_px": 0,
        "doubts": [],
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
            ["2 seams of the picture do not tell how its pieces lie to each other"],
        ),
        ({"texts_painted": 64}, []),
        (
            {"texts_painted": 2},
            ["2 of 80 texts that the page says it shows are painted; at least 80 % are asked for"],
        ),
        ({"texts_looked_for": 0, "texts_painted": 0}, []),
        ({"unscrolled_px": 1000}, []),
        (
            {"mobile_unscrolled_px": 1001},
            ["1001 px of the page lie in a box that was not scrolled; at least 90 % are asked for"],
        ),
        ({"blank_px": 50_000, "repeated_px": 9000}, []),
        (
            {"blank_px": 50_000, "doubts": ["blank"]},
            ["a band of 50000 pixels is blank, and no other picture confirms it"],
        ),
        (
            {"mobile_repeated_px": 9000, "mobile_doubts": ["repeated"]},
            ["9000 rows stand in the picture twice, and no other confirms it"],
        ),
        ({"doubts": ["unpainted"]}, ["what the page says it shows is not painted"]),
    ],
)
def test_a_capture_below_its_floor_says_what_it_lacks(
    numbers: dict[str, JsonValue], lacks: list[str]
) -> None:
    """R9: below its floor a capture is a gap; the floor is a setting."""
    assert list(below_floor({**WHOLE, **numbers}, SETTINGS)) == lacks
