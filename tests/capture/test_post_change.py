"""What differs between two looks at a post: a look that was not whole removes nothing."""

from dataclasses import replace

import pytest

from capture.post import Post
from capture.post_change import changes_between, content_sha256, difference
from tests.capture.test_post import COMMENT, POST

_LONG = "Ny kurs i höst, för alla som vill lära sig mer om hälsa."


def _with(*ids: str, text: str = _LONG) -> Post:
    return replace(POST, text=text, comments=tuple(replace(COMMENT, id=name) for name in ids))


def test_comments_that_an_incomplete_look_did_not_come_to_are_not_removed() -> None:
    before, after = _with("1", "2", "3"), _with("1", "4")
    assert difference(before, after, whole=False).removed == ()
    assert difference(before, after, whole=False).added == ("4",)
    assert difference(before, after, whole=True).removed == ("2", "3")
    assert changes_between(before, _with("1"), whole=False) == ()


def test_a_look_that_was_not_told_what_is_answered_tells_of_no_change() -> None:
    untold = replace(POST, comments=(replace(COMMENT, parent=None),))
    assert content_sha256(untold) == content_sha256(POST)
    assert content_sha256(_with("1")) != content_sha256(_with("2"))


@pytest.mark.parametrize(
    ("seen", "edited"),
    [
        ("Ny kurs i höst, för alla… mer", False),
        ("Ny kurs i höst, för alla… Visa mer", False),
        ("Ny kurs i höst, för alla ... See more", False),
        ("Ny kurs i vår… mer", True),
        (_LONG, False),
    ],
)
def test_a_text_that_was_seen_cut_is_not_edited(seen: str, edited: bool) -> None:
    assert difference(_with(), _with(text=seen), whole=False).text is edited
    assert difference(_with(), _with(text=seen), whole=True).text is (seen != _LONG)
