"""The walk through an interface's pages: what was taken, what was not, and why it ended."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from capture.legs.fetching import Answer, Fetcher, NotAnswered
from capture.legs.result import LegRead, Stopped
from capture.post import Comment, Post
from capture.untrusted import NotUnderstood


class Walk:
    """Pages of one leg; as a context it turns whatever the platform answers into an end."""

    def __init__(self, leg: str, fetcher: Fetcher, most_pages: int) -> None:
        self.fetcher = fetcher
        self.posts: list[Post] = []
        self.announced: int | None = None
        self.gone: list[str] = []
        self.threads_missed: list[str] = []
        self._leg, self._most = leg, most_pages
        self._pages = self._missed = 0
        self._asked: set[str] = set()
        self._taken: set[str] = set()
        self._stopped, self._evidence = Stopped.END, ""
        self._retry_after: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, NotAnswered):
            self._stop(error)
        elif isinstance(error, NotUnderstood):
            self._stopped, self._evidence = Stopped.REFUSED, f"undocumented answer: {error}"
        return isinstance(error, NotAnswered | NotUnderstood)

    @property
    def over(self) -> bool:
        """Whether the platform wants no more questions now."""
        return self._stopped is Stopped.RATE_LIMITED

    def page(
        self, url: str, accept: str, params: Mapping[str, str | int] | None = None
    ) -> Answer | None:
        """The next page, or None where the cap is reached or a page leads back to one before.

        Raises:
            NotAnswered: the platform does not answer.
        """
        key = f"{url} {sorted((params or {}).items())}"
        if self._pages >= self._most:
            self._stopped, self._evidence = Stopped.CAP, f"{self._most} pages"
            return None
        if key in self._asked:
            self._stopped, self._evidence = Stopped.REFUSED, f"{url} leads back to itself"
            return None
        self._asked.add(key)
        answer = self.fetcher.get(url, accept, params)
        self._pages += 1
        return answer

    def object(self, answer: Answer) -> Mapping[str, Any]:
        """An answer that must be an object.

        Raises:
            NotUnderstood: it is none. NotAnswered: it is no JSON.
        """
        told = answer.json()
        if not isinstance(told, dict):
            raise NotUnderstood("no object")
        return told

    def entries(self, values: Any) -> Iterator[Mapping[str, Any]]:
        """The objects of a list that must be one.

        Raises:
            NotUnderstood: it is no list.
        """
        if not isinstance(values, list):
            raise NotUnderstood("no list")
        for value in values:
            if isinstance(value, dict):
                yield value
            else:
                self._missed += 1

    def take(self, reading: Callable[[], Post | None]) -> None:
        """A post, if it is understood; the same one twice, as pages shift, is one."""
        try:
            post = reading()
        except (NotUnderstood, ValueError):  # pydantic's errors are ValueErrors
            self._missed += 1
            return
        if post and post.id not in self._taken:
            self._taken.add(post.id)
            self.posts.append(post)

    def newest_only(self) -> None:
        """The interface has no more, though the account may."""
        self._stopped, self._evidence = Stopped.NEWEST, "the newest only"

    def miss_thread(self, post: str, error: NotAnswered) -> None:
        """A dialogue that could not be read; a post that is gone meanwhile is gone."""
        (self.gone if error.gone else self.threads_missed).append(post)
        if error.stopped is Stopped.RATE_LIMITED:
            self._stop(error)

    def commented(self, post: Post, comments: tuple[Comment, ...]) -> Post:
        """A post with its dialogue."""
        return replace(post, comments=comments)

    def result(self) -> LegRead:
        """What came of it."""
        gone = set(self.gone)
        return LegRead(
            leg=self._leg,
            posts=tuple(post for post in self.posts if post.id not in gone),
            announced=self.announced,
            pages=self._pages,
            gone=tuple(self.gone),
            not_understood=self._missed,
            threads_missed=tuple(self.threads_missed),
            stopped_by=self._stopped,
            evidence=self._evidence,
            retry_after_s=self._retry_after,
        )

    def _stop(self, error: NotAnswered) -> None:
        self._stopped, self._evidence = error.stopped, str(error)
        self._retry_after = error.retry_after_s
