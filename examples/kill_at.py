"""Ends a process at a line of its log: nothing in the product knows that it is being tested."""

import logging
import os
import signal
from collections.abc import Callable

_LOGGERS = tuple(map(logging.getLogger, ("storage", "capture")))


class KillAt(logging.Handler):
    """Acts when a message that begins so comes for the n-th time; unless told how, by SIGKILL."""

    def __init__(self, message: str, times: int = 1, act: Callable[[], None] | None = None) -> None:
        super().__init__(logging.DEBUG)
        self._message, self._left = message, times
        self._act = act or kill_me

    def emit(self, record: logging.LogRecord) -> None:
        """See a line."""
        if record.getMessage().startswith(self._message):
            self._left -= 1
            if self._left == 0:
                self._act()

    def listen(self) -> None:
        """Hear every line of the archive and the capturer from now on."""
        for logger in _LOGGERS:
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self)

    def stop(self) -> None:
        """Hear no more."""
        for logger in _LOGGERS:
            logger.setLevel(logging.NOTSET)
            logger.removeHandler(self)


def kill_me(how: signal.Signals = signal.SIGKILL) -> None:
    """End this process as from outside: no clean-up is run by SIGKILL, nor by SIGTERM."""
    os.kill(os.getpid(), how)
