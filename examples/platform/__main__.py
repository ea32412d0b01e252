"""Run Torget: `python -m examples.platform --port 8460`."""

import argparse
import contextlib
import signal
import sys
from datetime import date

from examples.platform.server import Platform


def main() -> None:
    """Serve on loopback until interrupted or terminated."""
    parser = argparse.ArgumentParser(description="An imitation social platform on loopback.")
    parser.add_argument("--port", type=int, default=8460)
    parser.add_argument("--today", type=date.fromisoformat, help="the world's date: 2026-11-23")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), Platform(options.port, options.today) as platform:
        print(f"Torget: {platform.url}/@karolinskainstitutet", flush=True)
        platform.wait()


if __name__ == "__main__":
    main()
