"""Copies for viewing. No browser."""

from pathlib import Path

import pytest
from PIL import Image

from capture.errors import PictureBroken
from capture.picture_check import decode
from capture.viewing import write_thumbnail, write_viewing_copies


def tiles(folder: Path, *heights: int) -> list[Path]:
    made = []
    for number, height in enumerate(heights, start=1):
        made.append(folder / f"desktop-{number:04d}.png")
        Image.effect_noise((60, height), 40 + number).convert("RGB").save(made[-1])
    return made


def test_a_viewing_copy_is_the_tiles_to_the_pixel_in_pieces_that_webp_can_hold(
    tmp_path: Path,
) -> None:
    """CAPTURE: WebP past 16,383 px comes back as 0 bytes with no exception."""
    made = tiles(tmp_path, *[4000] * 5, 1500)
    copies = write_viewing_copies(made, tmp_path / "desktop-view")
    assert [(path.name, decode(path).height) for path in copies] == [
        ("desktop-view-0001.webp", 16_000),
        ("desktop-view-0002.webp", 5500),
    ]
    first = decode(copies[0])
    assert first.crop((0, 4000, 60, 8000)).tobytes() == decode(made[1]).tobytes()
    assert decode(copies[1]).crop((0, 4000, 60, 5500)).tobytes() == decode(made[5]).tobytes()


def test_a_copy_of_a_broken_tile_is_not_made(tmp_path: Path) -> None:
    [tile] = tiles(tmp_path, 100)
    tile.write_bytes(tile.read_bytes()[:50])
    with pytest.raises(PictureBroken, match="desktop-0001"):
        write_viewing_copies([tile], tmp_path / "desktop-view")


def test_a_thumbnail_shows_the_top(tmp_path: Path) -> None:
    [tile] = tiles(tmp_path, 4000)
    write_thumbnail(tile, tmp_path / "t.webp")
    assert decode(tmp_path / "t.webp").size == (60, 90)
