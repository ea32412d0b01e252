"""What one leg has and another lacks, by post id: pure, and told in Swedish and English.

A leg that was not whole lacks posts for that reason, which is told apart from a real difference.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from accounts.findings import Finding
from capture.legs.codes import finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The ids that a leg saw; `whole` says whether it saw all that it could.

    `window`: it tells the newest posts alone, so that what it lacks says nothing.
    """

    leg: str
    posts: Collection[str]
    whole: bool
    gone: Collection[str] = ()
    window: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A post that some legs have and others lack; `gone`: legs that say it is deleted.

    `excused`: only legs that were not whole lack it.
    """

    post: str
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    gone: tuple[str, ...]
    excused: bool


def cross_check(legs: Sequence[Seen]) -> tuple[Difference, ...]:
    """Every post that not all legs have, by id."""
    whole = {leg.leg: leg.whole for leg in legs}
    every = sorted({post for leg in legs for post in leg.posts})
    return tuple(made for post in every if (made := _difference(post, legs, whole)))


def _difference(post: str, legs: Sequence[Seen], whole: Mapping[str, bool]) -> Difference | None:
    lacks = tuple(leg.leg for leg in legs if post not in leg.posts and not leg.window)
    if not lacks:
        return None
    return Difference(
        post=post,
        has=tuple(leg.leg for leg in legs if post in leg.posts),
        lacks=lacks,
        gone=tuple(leg.leg for leg in legs if post in leg.gone),
        excused=not any(whole[name] for name in lacks),
    )


def findings(differences: Sequence[Difference]) -> tuple[Finding, ...]:
    """Each difference as a warning: L101 real, L102 excused, L103 said to be deleted."""
    return tuple(_told(one) for one in differences)


def told_comments(leg: str, post: str, announced: int, shown: Collection[int]) -> list[Finding]:
    """A warning (L111) where a leg announces a number of comments that the record does not show.

    `shown` are the numbers that count as agreeing; none: the record tells of no dialogue.
    """
    if not shown or announced in shown:
        return []
    return [finding("L111", post, leg=leg, announced=announced, shown=max(shown))]


def _told(one: Difference) -> Finding:
    has, lacks, gone = ", ".join(one.has), ", ".join(one.lacks), ", ".join(one.gone)
    if one.gone:
        return finding("L103", one.post, has=has, gone=gone)
    return finding("L102" if one.excused else "L101", one.post, has=has, lacks=lacks)
