"""Progress on stderr while something long runs; silent where no one looks on (a pipe, a log)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_T = TypeVar("_T")


def followed(things: Iterable[_T], total: int, label: str) -> Iterator[_T]:
    """The things as they come, with a bar that grows to `total`."""
    with _progress() as progress:
        yield from progress.track(things, total=total, description=label)


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """A line that shows that something is under way."""
    with _progress() as progress:
        progress.add_task(label, total=None)
        yield


@contextmanager
def counted(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A function to be told how far it has come on its way to `total`; None: nobody knows."""
    with _progress() as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.update(task, completed=count)


def _progress() -> Progress:
    console = Console(stderr=True, highlight=False, emoji=False)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
