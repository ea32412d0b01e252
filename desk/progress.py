"""Progress on stderr while something long runs: a bar on a terminal.

Where no one looks on (a pipe, a log), what is counted says in plain lines how far it has come, and
the rest is silent.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_T = TypeVar("_T")
_LINES = 10
"""So many plain lines at most say how far it has come."""


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
        if progress.disable and total:
            yield _plain(progress.console, label, total)
        else:
            yield lambda count: progress.update(task, completed=count)


def _plain(console: Console, label: str, total: int) -> Callable[[int], None]:
    def tell(count: int) -> None:
        if count * _LINES // total > (count - 1) * _LINES // total:
            console.print(f"{label}: {count}/{total}", markup=False, soft_wrap=True)

    return tell


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
