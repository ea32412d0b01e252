"""Large bodies in `make bench`: what the recorder takes of memory does not grow with their number.

A child program records, so that its peak of memory is its own:

    python -m examples.bench_bodies HOW_MANY
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from capture.browser import DESKTOP, open_browser, open_page
from capture.recorder import Recorder
from capture.secrets import SecretReplacer
from examples.bench_kit import PROJECT
from storage.settings import Settings

_BODY_MB = 30
_MANY = (1, 4, 16)
_WAIT_S = 120
_MOST_GROWTH = 1.3
console = Console(highlight=False)


def bodies(_: Settings, __: int) -> None:
    """Pages that ask for bodies of 30 MB at once; ends with 1 if four times as many take more."""
    peaks = []
    table = Table("Bodies of 30 MB", "Recording", "Kept, MB", "Peak, MB (RSS, ours alone)")
    for many in track(_MANY, description="large bodies", console=console):
        line = [sys.executable, "-W", "ignore", "-m", "examples.bench_bodies", str(many)]
        done = subprocess.run(line, cwd=PROJECT, check=True, capture_output=True, text=True)
        table.add_row(str(many), *done.stdout.split())
        peaks.append(int(done.stdout.split()[-1]))
    console.print(table)
    if peaks[-1] > _MOST_GROWTH * peaks[-2]:
        raise SystemExit("Memory grows with the number of bodies.")


async def _record(many: int) -> None:
    environ = {**os.environ, "INSYN_ALLOW_PRIVATE": "yes"}
    settings = Settings.from_environment(environ)
    asked = (
        f"Promise.all([...Array({many}).keys()].map(async n => (await fetch(`/${{n}}`)).blob()))"
    )
    page_text = f"<script type=module>await {asked}; document.title = 'done'</script>".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        number = path[1:].decode()
        size = _BODY_MB << 20 if number.isdigit() else len(page_text)
        kind = b"application/octet-stream" if number.isdigit() else b"text/html"
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\n" % kind)
        writer.write(b"Content-Length: %d\r\n\r\n" % size)
        if number.isdigit():
            noise = random.Random(number).randbytes(1 << 20)  # no secret
            for _ in range(_BODY_MB):
                writer.write(noise)
                await writer.drain()
        else:
            writer.write(page_text)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    with tempfile.TemporaryDirectory(prefix="insyn-bodies-") as folder:
        async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
            path, secrets = Path(folder) / "t.warc.gz", SecretReplacer(b"bench")
            recorder = await Recorder.start(page, path, secrets=secrets)
            await page.goto(url)
            told = "() => document.title === 'done'"
            await page.wait_for_function(told, timeout=_WAIT_S * 1000)
            made = await recorder.stop(_WAIT_S)
    print(made.status, round(made.bytes / 1e6), _peak_mb())


def _peak_mb() -> int:
    """The most that this program had in memory since it began (RSS).

    Not `ru_maxrss`: a program inherits that from the one that started it.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return round(int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6)


if __name__ == "__main__":
    asyncio.run(_record(int(sys.argv[1])))
