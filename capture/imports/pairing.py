"""Posts of an export and posts of the archive, paired by time and text where no id is common. Pure.

Two are one when their times can be the same, as exactly as each is known, and their texts are. A
pair that could also be made otherwise is no pair: it is told as ambiguous.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.post import Post
from capture.post_change import begun
from capture.post_time import latest

_SPACE = re.compile(r"\s+")
_NEAR = timedelta(minutes=1)
"""Two posts this near whose texts differ may be one that was edited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A post by its id, the time within which it was published, and its text in one form.

    `cut`: the text may go on; the page showed no more.
    """

    post: str
    first: datetime
    last: datetime
    text: str
    cut: bool

    @classmethod
    def of(cls, name: str, post: Post) -> "Dated | None":
        """A post under a name; None where its time is unknown."""
        at, precision = post.published.at, post.published.precision
        if at is None or precision is None:
            return None
        whole, shown = _normal(post.text or ""), _normal(begun(post.text or ""))
        cut = bool(shown) and shown != whole
        last = latest(at, precision)
        return cls(post=name, first=at, last=last, text=shown if cut else whole, cut=cut)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paired:
    """`pairs`: a post of the export and that of the archive. `ambiguous`: each that it may be."""

    pairs: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]


def pair(exported: Sequence[Dated], archived: Sequence[Dated]) -> Paired:
    """Pair what can be paired in one way only."""
    alike = {one.post: found for one, found in _alike(exported, archived) if found}
    wanted = defaultdict(list)
    for post, found in alike.items():
        for other in found:
            wanted[other].append(post)
    pairs = {
        post: found[0]
        for post, found in alike.items()
        if len(found) == 1 and len(wanted[found[0]]) == 1
    }
    ambiguous = {post: tuple(found) for post, found in alike.items() if post not in pairs}
    free = [one for one in archived if one.post not in wanted]
    left = (one for one in exported if one.post not in alike)
    return Paired(pairs=pairs, ambiguous=ambiguous | dict(_near(left, free)))


def _alike(
    exported: Sequence[Dated], archived: Sequence[Dated]
) -> Iterator[tuple[Dated, list[str]]]:
    """For each of the export, those of the archive with its text at its time."""
    by_text: dict[str, list[Dated]] = defaultdict(list)
    for other in archived:
        if not other.cut:
            by_text[other.text].append(other)
    cut = [other for other in archived if other.cut]
    for one in exported:
        begins = (other for other in cut if one.text.startswith(other.text))
        found = [*by_text.get(one.text, ()), *begins]
        yield one, [other.post for other in found if _meet(one, other)]


def _near(
    exported: Iterable[Dated], free: Iterable[Dated]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has another text at the same minute: perhaps an edited post."""
    exact = sorted((o for o in free if o.last - o.first <= _NEAR), key=lambda o: o.first)
    starts = [other.first for other in exact]
    for one in exported:
        if one.last - one.first > _NEAR:
            continue
        at = bisect_left(starts, one.first - _NEAR)
        until = bisect_left(starts, one.last)
        if found := tuple(o.post for o in exact[at:until] if _meet(one, o)):
            yield one.post, found


def _meet(one: Dated, other: Dated) -> bool:
    return one.first < other.last and other.first < one.last


def _normal(text: str) -> str:
    """One form of a text: composed characters, single spaces, nothing that is not seen."""
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return _SPACE.sub(" ", "".join(seen)).strip()
