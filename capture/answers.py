"""What each question of a page was answered, as a player tells questions apart and finds answers.

A player goes by the address, brought to its plainest form (SURT), by what was posted, and by the
time nearest to the page's own, in whole seconds. So of two answers it gives the one that came
first after the page was opened. Knows nothing of files.
"""

import hashlib
from datetime import datetime

import surt

from capture.exchange import Exchange, header

_Question = tuple[str, str, bytes]
_Answer = tuple[int, str, bytes]


class Answers:
    """The answers that one view of a page was given."""

    def __init__(self) -> None:
        self._first: dict[_Question, datetime] = {}
        self._given: dict[_Question, set[_Answer]] = {}
        self._dropped: set[_Question] = set()

    def note(self, exchange: Exchange) -> None:
        """Keep in mind what was answered, and when it was asked."""
        asked = _question(exchange)
        self._first[asked] = min(exchange.date, self._first.get(asked, exchange.date))
        self._given.setdefault(asked, set()).add(_answer(exchange))

    def would_give_way_to(self, other: Exchange) -> bool:
        """Whether a player would give another view's answer, which is not the same, for this one's.

        What repeats an answer (304) goes with the answer that it repeats.
        """
        asked = _question(other)
        if other.status == 304:
            return asked in self._dropped
        first = self._first.get(asked)
        if first is None or _answer(other) in self._given[asked] or _later(other.date, first):
            return False
        self._dropped.add(asked)
        return True


def _question(exchange: Exchange) -> _Question:
    posted = hashlib.sha256(exchange.post or b"").digest()
    return exchange.method, surt.surt(exchange.url), posted


def _answer(exchange: Exchange) -> _Answer:
    leads_to = header(exchange.response_headers, "location")
    return exchange.status, leads_to, hashlib.sha256(exchange.body).digest()


def _later(one: datetime, other: datetime) -> bool:
    return one.replace(microsecond=0) > other.replace(microsecond=0)
