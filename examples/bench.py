"""`make bench`: measured on this machine, each figure beside what it is to be compared with.

    python -m examples.bench [--records 1000000] [--only captures|deposit|catalogue]

Prints tables; writes nothing but its own state, which it removes. Quote ratios, not seconds.
"""

import argparse
import asyncio
import os
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from accounts import CaptureSeen, History, duties, read_register
from accounts.model import Account, AccountId
from capture.browser import DESKTOP, open_browser, open_page
from capture.session import Captured, capture_profile
from examples.platform.server import Platform
from storage import embedded
from storage.archive import Archive
from storage.catalogue import Catalogue, Contents, find, stamp
from storage.journal import Act
from storage.objects import Store
from storage.people import service
from storage.query import Query
from storage.record import PROFILE_CAPTURE, Order, OrderId, Reason, new_id, utc_now
from storage.settings import Identity, Settings

PROJECT = Path(__file__).resolve().parents[1]
HANDLES = ("kibiblioteket", "ki_forskning", "ki_odontologi", "ki_medh")
WORDS = ("forskningsinfrastruktur", "disputation", "öppettider", "folkhälsa", "antagning", "anslag")
_SHOWN = """() => [...document.querySelectorAll('article img')]
  .filter(i => i.complete && i.naturalWidth > 300).length"""
console = Console(highlight=False)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["captures", "deposit", "catalogue"])
    told = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="insyn-bench-"))
    settings = Settings.from_environment(
        {
            "INSYN_HOME": str(home),
            "INSYN_STORE_PORT": "21330",
            "INSYN_ALLOW_PRIVATE": "yes",
            "INSYN_REGISTER": str(PROJECT / "examples" / "karolinska" / "accounts.toml"),
        }
    )
    parts: dict[str, Callable[[], None]] = {
        "captures": lambda: captures(settings),
        "deposit": lambda: deposit(settings),
        "catalogue": lambda: catalogue(settings, told.records),
    }
    try:
        embedded.start(settings)
        for name, run in parts.items():
            if told.only in (None, name):
                run()
    finally:
        embedded.stop(settings)
        shutil.rmtree(home, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(f"Peak memory: this process {peak:.0f} MB, its largest child {children:.0f} MB")


def captures(settings: Settings) -> None:
    """Captures a minute with 1, 2 and 4 at once, beside a plain `goto` + full-page screenshot."""
    table = Table("What", "At once", "A minute", "Ratio to plain", "Pictures shown of 24")
    register = read_register(settings.register)
    known = {a.handle: a for a in register.accounts}
    with Platform() as platform:
        accounts = [replace(known[h], url=f"{platform.url}/@{h}") for h in HANDLES]
        shown: list[int] = []
        plain = _per_minute(
            lambda a: shown.append(asyncio.run(_plain(a.url, settings))), accounts, 1
        )
        table.add_row("plain screenshot", "1", f"{plain:.1f}", "1.00", f"{min(shown)}–{max(shown)}")
        for at_once in (1, 2, 4):
            painted: list[int] = []
            rate = _per_minute(lambda a, p=painted: p.append(_ours(a, settings)), accounts, at_once)
            row = f"{min(painted)}–{max(painted)}"
            table.add_row("Insyn", str(at_once), f"{rate:.1f}", f"{rate / plain:.2f}", row)
    console.print(table)


def _per_minute(work: Callable[[Account], object], accounts: list[Account], at_once: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, accounts))
    return 60 * len(accounts) / (time.perf_counter() - began)


async def _plain(url: str, settings: Settings) -> int:
    """What most people would do; gives back how many of the posts' pictures it really shows."""
    async with open_browser(settings) as browser, open_page(browser, DESKTOP) as page:
        await page.goto(url, wait_until="networkidle")
        await page.screenshot(full_page=True)
        return int(await page.evaluate(_SHOWN))


def _ours(account: Account, settings: Settings) -> int:
    order = Order(
        order_id=OrderId(new_id()),
        account=account.id,
        reason=Reason.ON_REQUEST,
        ordered_by="bench",
        note="",
        ordered_at=utc_now(),
    )
    with Archive.open(settings) as archive:
        outcome = capture_profile(
            order, account, settings=settings, archive=archive, actor=service("bench")
        )
        if not isinstance(outcome, Captured):
            return 0
        said = archive.manifest(outcome.record).description.completeness
        return int(str(said["posts_painted"]))


def deposit(settings: Settings) -> None:
    """Putting objects with a checked digest and a lock, beside a bare put of the same bytes."""
    table = Table("Size", "Bare put MB/s", "Locked, checked MB/s", "Ratio")
    store = Store.from_settings(settings, Identity.CAPTURE)
    until = utc_now() + timedelta(days=1)
    for size in (1 << 20, 8 << 20, 48 << 20):
        data = os.urandom(size)
        bare = _speed(
            lambda n, d=data: store.put(f"bench/{n}", d, media_type="x/y", retain_until=None), size
        )
        locked = _speed(
            lambda n, d=data: store.put(f"bench/{n}", d, media_type="x/y", retain_until=until), size
        )
        row = (f"{size >> 20} MB", f"{bare:.0f}", f"{locked:.0f}", f"{locked / bare:.2f}")
        table.add_row(*row)
    console.print(table)


def _speed(put: Callable[[str], object], size: int, times: int = 5) -> float:
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        put(new_id())
        spans.append(time.perf_counter() - began)
    return size / 1e6 / statistics.median(spans)


def catalogue(settings: Settings, number: int) -> None:
    """Finding among many records; duties of many accounts; replaying the journal."""
    url = f"sqlite:///{settings.home}/bench.sqlite"
    made = Catalogue(url)
    made.create()
    began = time.perf_counter()
    for start in track(
        range(0, number, 10_000), description=f"{number:,} records", console=console
    ):
        with made.write() as tx:
            for n in range(start, min(start + 10_000, number)):
                tx.append(service("bench"), Act.DEPOSITED, f"R{n:09d}", _detail(n), _contents(n))
    table = Table("What", "p50 ms", "p95 ms")
    rate = number / (time.perf_counter() - began)
    queries = {
        "find a word inside a compound": Query(text="infrastruktur"),
        "find a rare word": Query(text=f"ärende{number // 2}"),
        "find an account's records": Query(account=AccountId("konto-17")),
        "find a period": Query(
            since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 2, tzinfo=UTC)
        ),
    }
    for what, query in queries.items():
        table.add_row(what, *(f"{ms:.1f}" for ms in _percentiles(made, query)))
    table.add_row("duties of 1,000 accounts", *(f"{ms:.1f}" for ms in _duties(settings)))
    console.print(table)
    console.print(
        f"Entries written and folded: {rate:,.0f}/s; replayed: {_replayed(made, settings):,.0f}/s"
    )
    made.close()


def _percentiles(made: Catalogue, query: Query, times: int = 40) -> tuple[float, float]:
    spans = []
    with made.read() as connection:
        for _ in range(times):
            began = time.perf_counter()
            find.find(connection, query)
            spans.append((time.perf_counter() - began) * 1000)
    return statistics.median(spans), statistics.quantiles(spans, n=20)[-1]


def _duties(settings: Settings, times: int = 20) -> tuple[float, float]:
    register = read_register(settings.register)
    one = register.accounts[0]
    many = tuple(replace(one, id=AccountId(f"konto-{n}")) for n in range(1000))
    seen = tuple(
        CaptureSeen(account=a.id, at=utc_now(), record_id="R", reason="half_year") for a in many
    )
    history, spans = History(captures=seen, gaps=()), []
    for _ in range(times):
        began = time.perf_counter()
        duties(replace(register, accounts=many), history, date(2026, 11, 23))
        spans.append((time.perf_counter() - began) * 1000)
    return statistics.median(spans), statistics.quantiles(spans, n=20)[-1]


def _replayed(made: Catalogue, settings: Settings) -> float:
    """Entries a second, folded anew from what was read: a rebuild without the store's part."""
    other = Catalogue(f"sqlite:///{settings.home}/replayed.sqlite")
    other.create()
    with made.read() as connection:
        entries = list(find.entries(connection, limit=50_000))
    began = time.perf_counter()
    with other.write() as tx:
        for entry in entries:
            tx.replay(entry, lambda e: _contents(int(e.subject[1:])))
    other.close()
    return len(entries) / (time.perf_counter() - began)


def _detail(n: int) -> dict[str, object]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n % 525_600)
    return {
        "order_id": f"order-{n}",
        "record_type": PROFILE_CAPTURE,
        "account": f"konto-{n % 1000}",
        "platform": "torget",
        "handle": f"konto_{n % 1000}",
        "unit": "Enheten",
        "reason": "half_year",
        "captured_at": stamp(at),
        "size": 4_000_000,
        "manifest_key": f"records/2026/torget/konto_{n % 1000}/R{n:09d}/manifest.json",
        "manifest_version": "v",
        "manifest_sha256": "0" * 64,
        "changed": [],
        "holds": [],
    }


def _contents(n: int) -> Contents:
    words = " ".join(WORDS[(n * k) % len(WORDS)] for k in range(1, 12))
    text = f"Inlägg om {words} ärende{n}"
    return Contents(title=f"Sida {n}", url="https://x.example", text=text, newest_post_at="")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    main()
