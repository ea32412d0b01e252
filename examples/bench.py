"""`make bench`: measured on this machine, each figure beside what it is to be compared with.

    python -m examples.bench [--records 1000000] [--only PART]

Prints tables; writes nothing but its own state, which it removes. Each part is a program of its
own, so that its peak of memory is its own. Quote ratios, not seconds.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import boto3
from botocore.config import Config
from pydantic import JsonValue
from rich.console import Console
from rich.progress import track
from rich.table import Table

from accounts import CaptureSeen, History, duties, read_register
from accounts.model import AccountId
from examples.bench_bodies import bodies
from examples.bench_captures import captures, cost
from examples.bench_disposal import disposal, kills, retention
from examples.bench_endurance import endurance
from examples.bench_kit import WORDS, capture_once, own_environment, small_package
from examples.bench_posts import posts
from examples.interrupts import interrupts
from examples.platform.server import Platform
from storage import embedded
from storage.archive import Archive
from storage.catalogue import Catalogue, Contents, find, stamp
from storage.credentials import credential_of, endpoint_of
from storage.journal import Act
from storage.objects import Store
from storage.people import service
from storage.query import Query
from storage.record import PROFILE_CAPTURE, OrderId, new_id, utc_now
from storage.settings import Identity, Settings

console = Console(highlight=False)


def main() -> int:
    """Run what was asked for; each part as a program of its own."""
    parts: dict[str, Callable[[Settings, int], None]] = {
        "captures": captures,
        "endurance": endurance,
        "interrupts": interrupts,
        "bodies": bodies,
        "deposit": deposit,
        "rebuild": rebuild,
        "catalogue": catalogue,
        "retention": retention,
        "disposal": disposal,
        "kills": kills,
        "posts": posts,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--only", choices=list(parts))
    told = parser.parse_args()
    if told.only:
        _run(parts[told.only], told.records)
        return 0
    again = [sys.executable, "-m", "examples.bench", f"--records={told.records}"]
    environ = {**os.environ, "MALLOC_ARENA_MAX": "2"}  # as Airflow's tasks have it
    return sum(
        subprocess.run([*again, f"--only={name}"], check=False, env=environ).returncode
        for name in parts
    )


def _run(part: Callable[[Settings, int], None], records: int) -> None:
    with own_environment() as environment:
        settings = Settings.from_environment(environment)
        try:
            embedded.start(settings)
            with cost() as told:
                part(settings, records)
        finally:
            embedded.stop(settings)
    console.print(
        f"{part.__name__}: memory at its peak {told.peak_mb:.0f} MB, with all it started\n"
    )


def deposit(settings: Settings, _: int) -> None:
    """Putting objects with a checked digest and a lock, beside a bare client's put."""
    table = Table("Size", "Bare client MB/s", "Without lock MB/s", "Locked MB/s", "Ratio to bare")
    store = Store.from_settings(settings, Identity.CAPTURE)
    until = utc_now() + timedelta(days=1)
    bare = _bare_put(settings)
    for size in (1 << 20, 8 << 20, 48 << 20):
        data = os.urandom(size)
        ways: tuple[Callable[[str, bytes], object], ...] = (
            bare,
            lambda key, data: store.put(key, data, media_type="x/y", retain_until=None),
            lambda key, data: store.put(key, data, media_type="x/y", retain_until=until),
        )
        speeds = _speeds(ways, data)
        ratio = f"{speeds[-1] / speeds[0]:.2f}"
        table.add_row(f"{size >> 20} MB", *(f"{speed:.0f}" for speed in speeds), ratio)
    console.print(table)


def _bare_put(settings: Settings) -> Callable[[str, bytes], object]:
    """What anybody's client does: no digest, no lock, its own connection."""
    credential = credential_of(settings, Identity.CAPTURE)
    client = boto3.client(
        "s3",
        endpoint_url=endpoint_of(settings),
        region_name=settings.s3_region,
        aws_access_key_id=credential.key,
        aws_secret_access_key=credential.secret,
        config=Config(request_checksum_calculation="when_required"),
    )
    return lambda key, data: client.put_object(Bucket=settings.bucket, Key=key, Body=data)


def _speeds(
    ways: Sequence[Callable[[str, bytes], object]], data: bytes, times: int = 7
) -> list[float]:
    """MB a second of each way, the median; taken in turns, so that all meet the same weather."""
    spans: list[list[float]] = [[] for _ in ways]
    for _ in range(times):
        for way, mine in zip(ways, spans, strict=True):
            began = time.perf_counter()
            way(f"bench/{new_id()}", data)
            mine.append(time.perf_counter() - began)
    return [len(data) / 1e6 / statistics.median(mine) for mine in spans]


def rebuild(settings: Settings, _: int, number: int = 200) -> None:
    """`insyn rebuild` from the bucket alone: segments, manifests and texts are fetched again."""
    with Platform() as platform, Archive.open(settings) as archive:
        account = read_register(settings.register).accounts[0]
        capture_once(archive, replace(account, url=f"{platform.url}/@{account.handle}"), settings)
        (hit,) = archive.find(Query())
        like = archive.manifest(hit.record).description
        package = small_package(settings.home / "small")
        for n in track(range(number), description=f"{number} records", console=console):
            order = replace(like.order, order_id=OrderId(f"bench-{n}"))
            accepted = archive.accept(order, like.account, service("bench"))
            mine = replace(like, record_id=accepted.record_id, order=order)
            archive.deposit(mine, package, service("bench"))
        entries = len(archive.journal())
    other = replace(settings, catalogue_url=f"sqlite:///{settings.home}/rebuilt.sqlite")
    with Archive.open(other, check=False) as anew:
        began = time.perf_counter()
        anew.rebuild(lambda _: None)
        seconds = time.perf_counter() - began
    console.print(
        f"Rebuilt from the bucket: {entries} entries with {number + 1} records in {seconds:.1f} s: "
        f"{number / seconds:,.0f} records/s"
    )


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


def _detail(n: int) -> dict[str, JsonValue]:
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
    return Contents(
        title=f"Sida {n}", url="https://x.example", text=text, newest_post_at="", posts=()
    )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    sys.exit(main())
