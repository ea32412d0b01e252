"""Copies for viewing. No browser."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from capture.errors import PictureBroken
from capture.picture_check import decode
from capture.viewing import write_thumbnail, write_viewing_copies


def tiles(folder: Path, *heights: int) -> list[Path]:
    made = []
    for number, height in enumerate(heights, start=1):
        made.append(folder / f"desktop-{number:04d}.png")
        Image.effect_noise((60, height), 40 + number).convert("RGB").save(made[-1])
    return made


def test_a_viewing_copy_shows_the_tiles_in_pieces(tmp_path: Path) -> None:
    made = tiles(tmp_path, *[4000] * 5, 1500)
    copies = write_viewing_copies(made, tmp_path / "desktop-view")
    assert [(path.name, decode(path).size) for path in copies] == [
        ("desktop-view-0001.jpg", (60, 16_000)),
        ("desktop-view-0002.jpg", (60, 5500)),
    ]
    first, last = decode(made[1]), decode(made[5])
    for copy, top, tile in ((copies[0], 4000, first), (copies[1], 4000, last)):
        part = decode(copy).crop((0, top, 60, top + tile.height))
        assert max(ImageStat.Stat(ImageChops.difference(part, tile)).mean) < 8


def test_a_copy_that_lost_a_part_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CAPTURE: what an encoder loses, it loses without an error."""
    [tile] = tiles(tmp_path, 4000)
    save = Image.Image.save

    def forgetful(image: Image.Image, *args: Any, **options: Any) -> None:
        image = image.copy()
        image.paste((255, 255, 255), (0, 3000, 60, 3016))
        save(image, *args, **options)

    monkeypatch.setattr(Image.Image, "save", forgetful)
    with pytest.raises(PictureBroken, match=r"desktop-view-0001\.jpg is not the picture"):
        write_viewing_copies([tile], tmp_path / "desktop-view")


def test_a_copy_of_a_broken_tile_is_not_made(tmp_path: Path) -> None:
    [tile] = tiles(tmp_path, 100)
    tile.write_bytes(tile.read_bytes()[:50])
    with pytest.raises(PictureBroken, match="desktop-0001"):
        write_viewing_copies([tile], tmp_path / "desktop-view")


def test_a_thumbnail_shows_the_top(tmp_path: Path) -> None:
    [tile] = tiles(tmp_path, 4000)
    write_thumbnail(tile, tmp_path / "t.webp")
    assert decode(tmp_path / "t.webp").size == (60, 90)
