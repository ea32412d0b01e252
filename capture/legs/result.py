"""What a leg found, and how complete it says that is."""

from dataclasses import dataclass
from enum import StrEnum

from capture.post import Post

UNFETCHED = "not fetched by this leg"
"""Why a leg's media have no bytes."""


class Stopped(StrEnum):
    """Why a leg went no further."""

    END = "end"
    """The interface had no more."""
    NEWEST = "newest"
    """The interface tells the newest posts and never the others: what it lacks says nothing."""
    CAP = "cap"
    """As many pages as were allowed."""
    RATE_LIMITED = "rate_limited"
    """The platform asked for a longer wait than is granted."""
    REFUSED = "refused"
    """The platform did not answer, or answered with an error or with what it does not document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegRead:
    """The posts that a leg found, the newest first, with its statement of completeness.

    `announced` is the platform's own number of posts, None where it tells none; `gone` are ids
    that it says are deleted; `threads_missed` are posts whose dialogue could not be read.
    `evidence` says what stopped it; `retry_after_s` is the wait that the platform asked for.
    """

    leg: str
    posts: tuple[Post, ...]
    announced: int | None
    pages: int
    gone: tuple[str, ...]
    not_understood: int
    threads_missed: tuple[str, ...]
    stopped_by: Stopped
    evidence: str
    retry_after_s: float | None

    @property
    def found(self) -> int:
        """How many posts, shares of others' posts included."""
        return len(self.posts)

    @property
    def whole(self) -> bool:
        """Whether all was read that the interface has to give."""
        return (
            self.stopped_by is Stopped.END and not self.not_understood and not self.threads_missed
        )
