"""Posts without a common id: paired by time and text, or said to be ambiguous."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.imports.pairing import Dated, pair
from capture.post import Moment, Post, Precision, TimeSource
from capture.untrusted import own_post

AT = datetime(2026, 11, 20, 9, 30, 12, tzinfo=UTC)


def _post(text: str, at: datetime | None = AT, precision: Precision = Precision.SECOND) -> Post:
    published = Moment(
        at=at, source=TimeSource.SHOWN, precision=precision if at else None, shown=None
    )
    return own_post(
        post_id="", platform="facebook", account=None, name=None, text=text, published=published
    )


def _dated(
    name: str, text: str, at: datetime = AT, precision: Precision = Precision.SECOND
) -> Dated:
    made = Dated.of(name, _post(text, at, precision))
    assert made is not None
    return made


def _minute(name: str, text: str) -> Dated:
    return _dated(name, text, AT.replace(second=0), Precision.MINUTE)


@pytest.mark.parametrize(
    "shown",
    [
        "Öppet hus på lördag",
        "  Öppet\u00a0hus\n\npå   lördag ",
        "O\u0308ppet hus pa\u030a lo\u0308rdag",
        "Öppet\u200b hus på lördag",
        "Öppet hus … Visa mer",
    ],
)
def test_a_text_is_the_same_however_it_is_spaced_composed_or_cut(shown: str) -> None:
    told = pair([_dated("e", "Öppet hus på lördag")], [_minute("a", shown)])
    assert told.pairs == {"e": "a"}
    assert not told.ambiguous


@pytest.mark.parametrize(
    ("at", "precision", "meets"),
    [
        (AT, Precision.SECOND, True),
        (AT + timedelta(seconds=1), Precision.SECOND, False),
        (AT.replace(second=0), Precision.MINUTE, True),
        (AT.replace(second=0) - timedelta(minutes=1), Precision.MINUTE, False),
        (AT - timedelta(hours=20), Precision.DAY, True),
        (AT - timedelta(hours=25), Precision.DAY, False),
        (AT - timedelta(days=300), Precision.YEAR, True),
    ],
)
def test_the_time_must_agree_as_exactly_as_it_is_known(
    at: datetime, precision: Precision, meets: bool
) -> None:
    told = pair([_dated("e", "God jul")], [_dated("a", "God jul", at, precision)])
    assert (told.pairs == {"e": "a"}) is meets


def test_two_of_one_text_at_one_time_are_ambiguous() -> None:
    twice = [_minute("a1", "God jul"), _minute("a2", "God jul")]
    assert pair([_dated("e", "God jul")], twice).ambiguous == {"e": ("a1", "a2")}
    both = [_dated("e1", "God jul"), _dated("e2", "God jul", AT + timedelta(seconds=9))]
    told = pair(both, twice[:1])
    assert not told.pairs
    assert told.ambiguous == {"e1": ("a1",), "e2": ("a1",)}


def test_another_text_at_the_same_minute_may_be_an_edited_post() -> None:
    told = pair([_dated("e", "Öppet hus")], [_minute("a", "Öppet hus, inställt")])
    assert not told.pairs
    assert told.ambiguous == {"e": ("a",)}
    vague = _dated("a", "Öppet hus, inställt", AT, Precision.DAY)
    assert not pair([_dated("e", "Öppet hus")], [vague]).ambiguous


def test_what_has_its_pair_is_nobody_elses_edited_post() -> None:
    told = pair([_dated("e1", "Ett"), _dated("e2", "Två")], [_minute("a", "Ett")])
    assert told.pairs == {"e1": "a"}
    assert not told.ambiguous


def test_pictures_without_words_are_paired_by_their_time() -> None:
    pictures = [_dated("e1", ""), _dated("e2", "", AT + timedelta(hours=3))]
    assert pair(pictures, [_minute("a", "")]).pairs == {"e1": "a"}


def test_a_post_without_a_time_is_not_dated() -> None:
    assert Dated.of("e", _post("Utan tid", None)) is None


TIMES = st.integers(min_value=0, max_value=5).map(lambda minutes: AT + timedelta(minutes=minutes))
SOME = st.lists(st.tuples(st.sampled_from(["", "Ett", "Ett … mer", "Två"]), TIMES), max_size=6)


@given(SOME, SOME, st.sampled_from([Precision.SECOND, Precision.MINUTE, Precision.HOUR]))
def test_no_post_has_two_pairs_and_the_order_decides_nothing(
    exported: Sequence[tuple[str, datetime]],
    archived: Sequence[tuple[str, datetime]],
    precision: Precision,
) -> None:
    """Whatever is told is told of posts that can meet; nothing is both paired and ambiguous."""
    here = [_dated(f"e{n}", text, at) for n, (text, at) in enumerate(exported)]
    there = [_dated(f"a{n}", text, at, precision) for n, (text, at) in enumerate(archived)]
    told = pair(here, there)
    assert len({*told.pairs.values()}) == len(told.pairs)
    assert not told.pairs.keys() & told.ambiguous.keys()
    again = pair(here[::-1], there[::-1])
    assert again.pairs == told.pairs
    assert {post: {*found} for post, found in again.ambiguous.items()} == {
        post: {*found} for post, found in told.ambiguous.items()
    }
    by_name = {one.post: one for one in (*here, *there)}
    for post, found in [*((p, (a,)) for p, a in told.pairs.items()), *told.ambiguous.items()]:
        for other in found:
            assert by_name[post].first < by_name[other].last
            assert by_name[other].first < by_name[post].last
    late = [replace(one, first=one.first + timedelta(days=9), last=one.last + timedelta(days=9))
            for one in there]  # fmt: skip
    assert pair(here, late) == pair([], [])
