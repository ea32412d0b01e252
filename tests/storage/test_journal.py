"""The journal's chain."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import Damaged
from storage.journal import GENESIS, START, Act, Entry, follow, next_entry, read_segment
from storage.people import person

_AT = datetime(2026, 11, 23, 9, 20, 17, 123000, tzinfo=UTC)


def _chain(subjects: list[str]) -> list[Entry]:
    head, made = START, []
    for subject in subjects:
        entry = next_entry(
            head, at=_AT, actor=person("Eva Ek"), act=Act.ORDERED, subject=subject, detail={"n": 1}
        )
        made.append(entry)
        head = next(follow(head, [entry]))
    return made


def test_the_first_entry_follows_genesis() -> None:
    """An empty journal has a head of its own."""
    [entry] = _chain(["a"])
    assert (entry.seq, entry.previous) == (1, GENESIS)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6))
def test_a_segment_gives_back_its_entries(subjects: list[str]) -> None:
    """What is sealed is what was written, to the byte, whatever the text."""
    entries = _chain(subjects)
    data = b"".join(entry.to_line() for entry in entries)
    assert list(read_segment(data)) == entries


_CHANGES = st.sampled_from(["subject", "actor", "at", "detail", "act", "digest", "previous", "seq"])


@given(st.integers(2, 6), st.data())
def test_the_chain_breaks_on_any_change(length: int, data: st.DataObject) -> None:
    """R42: no field of any entry can be changed unseen."""
    entries = _chain([f"s{n}" for n in range(length)])
    place = data.draw(st.integers(0, length - 1))
    field = data.draw(_CHANGES)
    other = {
        "subject": "another",
        "actor": "person:Someone",
        "at": _AT.replace(year=2025),
        "detail": {"n": 2},
        "act": Act.DEPOSITED,
        "digest": "1" * 64,
        "previous": "1" * 64,
        "seq": 99,
    }[field]
    entries[place] = replace(entries[place], **{field: other})
    with pytest.raises(Damaged):
        list(follow(START, entries))


@given(st.integers(3, 6), st.data())
def test_the_chain_breaks_when_an_entry_is_dropped_or_moved(
    length: int, data: st.DataObject
) -> None:
    """R42: no entry but the last can be taken away, none can change places (F28)."""
    entries = _chain([f"s{n}" for n in range(length)])
    place = data.draw(st.integers(0, length - 2))
    dropped = [*entries[:place], *entries[place + 1 :]]
    moved = [*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]]
    for wrong in (dropped, moved):
        with pytest.raises(Damaged):
            list(follow(START, wrong))


def test_a_line_that_is_no_entry_is_told() -> None:
    """A damaged segment is never read as a shorter one."""
    [entry] = _chain(["a"])
    with pytest.raises(Damaged, match="not an entry"):
        read_segment(entry.to_line() + b'{"seq": 2}\n')
