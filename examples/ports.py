"""Loopback ports that nothing else has, for the servers of a test or a bench."""

import random
import socket


def free_ports(count: int = 4) -> int:
    """The first of `count` neighbouring loopback ports that are free, and so are 10,000 above.

    Below 22,000, so that none lies where Linux takes ports for outgoing connections (32,768 on);
    by chance, so that two runs at once do not go for the same.
    """
    for _ in range(200):
        first = random.randrange(11_000, 22_000 - count)
        if all(_is_free(p + high) for p in range(first, first + count) for high in (0, 10_000)):
            return first
    raise RuntimeError("no free ports")


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
