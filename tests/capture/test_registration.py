"""How two windows lie to each other, told by their rows. No browser."""

from PIL import Image

from capture.registration import equal_rows, offset

PAGE = Image.effect_noise((300, 2000), 80).convert("RGB")


def window(top: int) -> Image.Image:
    return PAGE.crop((0, top, 300, top + 600))


def test_the_scroll_position_is_believed_when_the_pixels_agree() -> None:
    assert offset(window(0), window(450), 450) == 450


def test_a_scroll_position_that_a_feed_corrected_is_not_believed() -> None:
    """CAPTURE: a feed that measures its posts as they come shifts what is seen."""
    assert offset(window(100), window(417), 450) == 317


def test_what_moves_on_its_own_leaves_the_rest_its_say() -> None:
    before, after = window(0), window(450)
    before.paste((200, 0, 0), (0, 0, 40, 600))  # a scroll bar, painted along the window
    after.paste((0, 200, 0), (0, 0, 40, 600))
    assert offset(before, after, 450) is None, "the rows do not agree: nothing is claimed"


def test_nothing_in_common_tells_nothing() -> None:
    assert offset(window(0), window(1300), 450) is None
    plain = Image.new("RGB", (300, 600), "white")
    assert offset(plain, plain, 450) is None


def test_rows_are_counted() -> None:
    after = window(0)
    after.paste((1, 2, 3), (10, 0, 20, 60))
    assert equal_rows(window(0), after) == 0.9
