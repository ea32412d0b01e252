"""Whether an account shares a post that another wrote, by the account's own feed.

The feed is walked only as far down as a post that is asked for, and is asked once for all of it.
"""

from capture.feed import Familiar, FeedSeen, walk_feed
from capture.post_visitor import Visitor

_NOTHING = Familiar(settled=(), passed=())


class Shares:
    """What one visitor has met of the account's feed so far."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._feed: FeedSeen | None = None

    @property
    def walked(self) -> tuple[str, ...]:
        """Where the walk was cut off, in words; nothing where it was not."""
        if self._feed is None or not self._feed.cut:
            return ()
        met, limit = len(self._feed.posts), self._feed.stopped_by
        return (f"of the account's feed {met} posts were asked, and not all (limit: {limit})",)

    async def has(self, post_id: str, seconds: float) -> bool:
        """Whether the feed shows this post as what the account passes on.

        It is walked for so many seconds at most; what lies below is not met.
        """
        visitor = self._visitor
        key = f"{visitor.account.platform}:{post_id}"
        if not visitor.profile_recipe.posts.shared:
            return False
        if self._feed is None or (self._feed.stopped_by == "met" and key not in self._feed.keys):
            guard = visitor.guard  # the post's own page is looked at meanwhile
            self._feed = await walk_feed(visitor, _NOTHING, until=key, seconds=seconds)
            visitor.guard = guard
        return any(one.post == key and one.shared for one in self._feed.posts)
