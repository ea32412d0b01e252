"""The bench's parts on retention: assessing and finding what is due, holding many, disposing, being
killed while disposing. Prints tables; called by `examples.bench`.
"""

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from pydantic import JsonValue
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import ColumnElement, Insert, Text, cast, insert, literal, select

from accounts.model import AccountId
from examples.bench_kit import small_package
from examples.disposal_kit import (
    ARCHIVIST,
    DISPOSAL,
    TEMPORARY,
    adopt,
    appoint,
    decide,
    decided_plan,
    make_due,
    propose,
)
from examples.kills import kill_run
from retention.adopting import plan_in_force
from retention.assess import assess
from retention.disposal import judge_by
from retention.due import due
from retention.explain import Case, explain
from retention.plan import Plan
from retention.reading import read_plan
from retention.verdict import Due
from storage.archive import Archive
from storage.catalogue import Catalogue, Connection, Contents, schema, stamp
from storage.disposing import Run
from storage.holds import Ground, Placement, placed_detail
from storage.journal import Act
from storage.objects import Store
from storage.people import service
from storage.query import Query
from storage.record import (
    PROFILE_CAPTURE,
    AccountRef,
    Description,
    Order,
    OrderId,
    Provenance,
    Reason,
    RecipeUsed,
    Record,
    RecordId,
    new_id,
    today,
    utc_now,
)
from storage.settings import Identity, Settings
from storage.standing import Trigger
from storage.vault import Vault

console = Console(highlight=False)
_BENCH = service("bench")
_HELD = 100_000
_FOLDED = 20_000
_FIRST = 10**9
"""Added to a record's place, so that all ids are as long: both databases can make them."""
_AHEAD = 1_000_000
"""Copies stand behind all that the journal may come to hold while it is measured."""


def retention(settings: Settings, number: int) -> None:
    """Every record assessed, what is due found by index, one explained, many held at once.

    On SQLite, or on the empty PostgreSQL database that BENCH_CATALOGUE gives (CONTRIBUTING.md).
    """
    url = os.environ.get("BENCH_CATALOGUE") or f"sqlite:///{settings.home}/retention.sqlite"
    made = Catalogue(url)
    made.create()
    _populate(made, number)
    plan = _plan_by_creation()
    archive = Archive(Vault(settings=settings, catalogue=made))
    seconds, found = _timed(lambda: _due(archive, plan))
    _tell(f"find and confirm what is due ({found:,})", seconds, found)
    record = archive.record(_id(1))
    standing = archive.standing(record, {})
    case = Case(record=record, standing=standing, plan=plan, decision=None, today=today())
    seconds, _ = _timed(lambda: len(explain(case, "sv")))
    _tell("explain one record", seconds, 1)
    held = min(_HELD, number)
    seconds, _ = _timed(lambda: _hold(made, held))
    _tell(f"a hold on {held:,} records (journal)", seconds, held)
    seconds, found = _timed(lambda: _assessed(archive, plan, number))
    _tell(f"assess all {number:,} records ({found:,} due and not held)", seconds, number)
    made.close()


def _tell(what: str, seconds: float, number: int) -> None:
    """At once: a run over millions that is broken off has said what it had found."""
    console.print(f"  {what}: {seconds:.4g} s, {number / seconds:,.0f} records/s")


def disposal(settings: Settings, _: int, each: int = 48) -> None:
    """Records a second disposed of with 1, 4 and 8 workers, beside the store's own deletions."""
    hasty = replace(settings, cooling_days=0, cap_percent=100)
    table = Table("What", "Records/s", "Ratio to the store's")
    with Archive.open(hasty) as archive:
        appoint(archive)
        adopt(archive)
        deposit = _depositor(archive, settings)
        bare = _bare_deletions(settings, 2 * each) / 2  # a record has two versions
        table.add_row("the store's own deletions, two a record", f"{bare:.1f}", "1.00")
        for workers in (1, 4, 8):
            rate = _disposed(archive, deposit, each, workers)
            table.add_row(f"disposal, {workers} at once", f"{rate:.1f}", f"{rate / bare:.2f}")
    console.print(table)


def kills(settings: Settings, _: int, number: int = 200) -> None:
    """SIGKILL in the midst of disposals, again and again, while holds are placed."""
    hasty = replace(settings, cooling_days=0, cap_percent=100)
    with Archive.open(hasty) as archive:
        appoint(archive)
        adopt(archive)
        deposit = _depositor(archive, settings)
        tally = kill_run(hasty, deposit, number, random.Random(1))
    table = Table("Killed at", "Times")
    for point, times in sorted(tally.kills.items()):
        table.add_row(point, str(times))
    console.print(table)
    console.print(
        f"{tally.killed} kills, {len(tally.held)} holds ACCEPTED, {tally.too_late} TOO_LATE, "
        f"{tally.disposed} records disposed of; wrong: {len(tally.wrong)}"
    )
    for wrong in tally.wrong:
        console.print(f"[red]{wrong}[/red]")
    if tally.wrong:
        raise SystemExit(1)


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _plan_by_creation() -> Plan:
    """The example's plan, its rule on temporary posts counted from the capture: half are due."""
    plan = read_plan(decided_plan(), "plan.toml", date(2026, 2, 1), version=1)
    rules = [replace(one, trigger=(Trigger.CREATED,), created_from=None) for one in plan.rules]
    return replace(plan, rules=tuple(rules))


def _populate(made: Catalogue, number: int) -> None:
    """The first by journal and fold, as deposits are; the rest as copies of their rows.

    The indexes are made anew behind the copies: sorted once instead of searched for each row.
    """
    base = min(number, _FOLDED)
    with made.write() as tx:
        for n in range(base):
            tx.append(_BENCH, Act.DEPOSITED, _id(n), _detail(n), _NOTHING)
    steps = [
        partial(_copy, made, start, min(base, number - start))
        for start in range(base, number, base)
    ]
    if steps:
        indexes = sorted(schema.records.indexes, key=lambda one: str(one.name))
        steps = [partial(_index, made, index.drop) for index in indexes] + steps
        steps += [partial(_index, made, index.create) for index in indexes]
    for step in track(steps, description=f"{number:,} records", console=console):
        step()


def _copy(made: Catalogue, start: int, number: int) -> None:
    with made.write() as tx:
        tx.connection.execute(_copies(start, number))


def _index(made: Catalogue, change: Callable[[Connection], None]) -> None:
    with made.write() as tx:
        change(tx.connection)


def _copies(start: int, number: int) -> Insert:
    """So many of the first records once more, with ids of their own from `start` on."""
    columns, other = schema.records.c, dict[str, ColumnElement[Any]]()
    place = columns.seq - 1 + start
    other["seq"] = columns.seq + _AHEAD + start
    other["record_id"] = literal("R") + cast(place + _FIRST, Text)
    other["order_id"] = literal("order-") + cast(place, Text)
    taken = [other.get(column.name, column).label(column.name) for column in columns]
    first = select(*taken).where(columns.seq <= number)
    return insert(schema.records).from_select([column.name for column in columns], first)


def _id(n: int) -> str:
    return f"R{_FIRST + n}"


_NOTHING = Contents(title="", url="", text="", newest_post_at="", posts=())


def _detail(n: int) -> dict[str, JsonValue]:
    """Ten record types, one of them the one that goes; half captured before today."""
    at = datetime.now(UTC) + timedelta(days=(n % 2000) - 1000)
    return {
        "order_id": f"order-{n}",
        "record_type": TEMPORARY if n % 10 == 0 else f"type-{n % 10}",
        "account": f"konto-{n % 1000}",
        "platform": "torget",
        "handle": f"konto_{n % 1000}",
        "unit": "Enheten",
        "reason": "posts",
        "captured_at": stamp(at),
        "size": 4_000_000,
        "manifest_key": "",
        "manifest_version": "",
        "manifest_sha256": "",
        "changed": [],
        "holds": [],
    }


def _assessed(archive: Archive, plan: Plan, number: int) -> int:
    survey = track(archive.standing_records({}), "assessed", total=number, console=console)
    day = today()
    return sum(isinstance(assess(*one, plan, day), Due) for one in survey)


def _due(archive: Archive, plan: Plan) -> int:
    return sum(1 for _ in due(plan, today(), lambda wanted: archive.reached(wanted, {})))


def _hold(made: Catalogue, number: int) -> int:
    """The transaction of a hold; the store's locks follow at the store's own pace."""
    members = [RecordId(_id(n)) for n in range(number)]
    placement = Placement(
        ground=Ground.RESEARCH_VALUE,
        reason="Forskning",
        authority="",
        records=(),
        query=Query(text="x"),
        review_by=None,
    )
    with made.write() as tx:
        tx.append(ARCHIVIST, Act.HOLD_PLACED, new_id(), placed_detail(placement, members))
    return number


def _bare_deletions(settings: Settings, number: int) -> float:
    """Versions a second that the store removes one by one, with a lock on each."""
    capture = Store.from_settings(settings, Identity.CAPTURE)
    disposer = Store.from_settings(settings, Identity.DISPOSER)
    until = utc_now() + timedelta(days=1)
    put = [
        capture.put(f"bench/{n}", b"x" * 4000, media_type="x/y", retain_until=until)
        for n in range(number)
    ]
    began = time.perf_counter()
    for one in put:
        disposer.delete_version(one.key, one.version_id, bypass_governance=True)
    return number / (time.perf_counter() - began)


def _disposed(archive: Archive, deposit: Callable[[], Record], number: int, workers: int) -> float:
    for _ in track(range(number), description=f"{number} records", console=console):
        make_due(archive, deposit())
    [proposal_id] = propose(archive)
    decide(archive, proposal_id)
    judge = judge_by(plan_in_force(archive, today()), {}, today())
    run = Run(actor=DISPOSAL, judge=judge, now=utc_now())
    began = time.perf_counter()
    archive.disposals.start(proposal_id, DISPOSAL, utc_now())
    with ThreadPoolExecutor(workers) as pool:
        one = partial(archive.disposals.dispose, run, proposal_id)
        list(pool.map(one, archive.disposals.pending(proposal_id)))
    archive.disposals.verify(proposal_id, DISPOSAL)
    return number / (time.perf_counter() - began)


def _depositor(archive: Archive, settings: Settings) -> Callable[[], Record]:
    """Deposits a small record of its own order each time."""
    package, numbers = small_package(settings.home / "small"), count(1)
    account = AccountRef(
        id=AccountId("ki"), platform="torget", handle="ki", name="KI", unit="Enheten"
    )

    def deposit() -> Record:
        order = Order(
            order_id=OrderId(f"bench-{next(numbers)}"),
            account=account.id,
            reason=Reason.POSTS,
            ordered_by="bench",
            note="",
            ordered_at=utc_now(),
        )
        accepted = archive.accept(order, account, _BENCH)
        return archive.deposit(_described(accepted.record_id, order, account), package, _BENCH)

    return deposit


def _described(record_id: RecordId, order: Order, account: AccountRef) -> Description:
    return Description(
        record_id=record_id,
        record_type=PROFILE_CAPTURE,
        account=account,
        order=order,
        started_at=utc_now(),
        ended_at=utc_now(),
        requested_url="https://torget.example/@ki",
        final_url="https://torget.example/@ki",
        title="KI",
        facts={},
        changes=(),
        previous=None,
        completeness={},
        provenance=Provenance(
            software={},
            browser="",
            user_agent="",
            locale="sv-SE",
            timezone="Europe/Stockholm",
            login="public",
            viewports=(),
            recipe=RecipeUsed(platform="torget", sha256="0" * 64, checked_on=date(2026, 11, 1)),
            consent={},
            settle={},
            server={},
            warc="complete",
            secrets_replaced=(),
        ),
    )
