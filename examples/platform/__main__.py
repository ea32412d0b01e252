"""Run Torget: `python -m examples.platform --port 8460`."""

import argparse

from examples.platform.server import Platform


def main() -> None:
    """Serve on loopback until interrupted."""
    parser = argparse.ArgumentParser(description="An imitation social platform on loopback.")
    parser.add_argument("--port", type=int, default=8460)
    platform = Platform(port=parser.parse_args().port)
    print(f"Torget: {platform.url}/@karolinskainstitutet", flush=True)
    platform.serve()


if __name__ == "__main__":
    main()
