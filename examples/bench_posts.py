"""The bench of posts: a crawl that is killed again and again, its pace, and how soon it is sure.

A child program crawls, so that killing it (SIGKILL) is what a crash is. It looks at every `step`th
post that is new, beginning with post `start`:

    python -m examples.bench_posts ACCOUNT START STEP
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, islice

from rich.console import Console
from rich.table import Table

from accounts.model import AccountId
from capture.post_orders import Asked, find_looks, run_looks
from capture.walls import OK
from examples.bench_kit import PROJECT
from examples.child import environment_of
from examples.platform.server import Platform
from examples.platform.world import Post, world
from examples.score_posts import Score, score
from storage.archive import Archive
from storage.catalogue import Catalogue, stamp
from storage.catalogue.schema import posts as posts_table
from storage.objects import Bucket
from storage.people import service
from storage.record import Reason, new_id, utc_now
from storage.settings import Identity, Settings

KILLS = 5
_ACCOUNT = AccountId("ki-forskning")
_WAIT_S = 0.2
_KNOWN, _WALKED = 10_000, 2_000
"""Posts that the archive knows, and of these that the feed still shows: a page that holds 10,000
was not walked to its end in eleven minutes."""
_PICTURES = 40
"""Of a crawl's posts, so many are looked at by their pixels."""
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    """A crawl that came to its end: `seconds` without those that a kill cost."""

    kills: int
    records: int
    posts: int
    seconds: float
    bytes: int
    requests: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """From an order to knowing that nothing is to be looked at, and how far the walk went."""

    met: int
    ended_by: str
    seconds: float


def posts(settings: Settings, _: int) -> None:
    """A crawl of 300 posts killed five times; posts a minute at 1, 2 and 4; 10,000 known posts.

    Ends with 1 if a post, a comment, or what is said of one is missing or not true.
    """
    table = Table("Crawl", "Records", "Posts", "Posts/min", "MB a post", "Requests a post")
    scores: dict[str, list[Score]] = {}
    with crawling(settings, "ki_flode") as (mine, platform):
        _row(table, f"killed {KILLS} times", crawl(mine, platform, total=300, kills=KILLS))
        scores["300 posts"] = _scored(mine, platform, "ki_flode")
    for contexts in (1, 2, 4):
        with crawling(settings, "ki_kurser") as (mine, platform):
            told = crawl(mine, platform, total=40, contexts=contexts)
            _row(table, f"{contexts} at once", told)
            scores[f"40 posts, {contexts} at once"] = _scored(mine, platform, "ki_kurser")
    console.print(table)
    _print_scores(scores)
    _print_decided(*decide(settings, known=_KNOWN, walked=_WALKED))


def crawl(
    settings: Settings, platform: Platform, *, total: int, kills: int = 0, contexts: int = 1
) -> Crawled:
    """Crawl until there are `total` records; the child is killed after each equal share of them."""
    began, dead, done = time.monotonic(), 0, 0
    while True:
        children = [_child(settings, start, contexts) for start in range(contexts)]
        goal = (dead + 1) * total // (kills + 1) if dead < kills else total + 1
        while any(child.poll() is None for child in children) and done < goal:
            time.sleep(_WAIT_S)
            done = _count(settings)
        if all(child.poll() is not None for child in children):
            break
        for child in children:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        dead += 1
    with Archive.open(settings) as archive:
        records, known = archive.records(), archive.posts.known(_ACCOUNT)
    return Crawled(
        kills=dead,
        records=len(records),
        posts=len(known),
        seconds=time.monotonic() - began,
        bytes=sum(record.size for record in records),
        requests=len(platform.log),
    )


@contextmanager
def crawling(settings: Settings, handle: str) -> Iterator[tuple[Settings, Platform]]:
    """An archive of its own on the running store, and the platform with its register."""
    home = settings.home / f"crawl-{new_id()}"
    (home / "secrets").mkdir(mode=0o700, parents=True)
    keys = (settings.home / "secrets" / "identities.json").read_bytes()
    (home / "secrets" / "identities.json").write_bytes(keys)
    with Platform() as platform:
        register = (PROJECT / "examples" / "karolinska" / "accounts.toml").read_text("utf-8")
        head, *accounts = register.split("[[account]]")
        [wanted] = [one for one in accounts if f'id = "{_ACCOUNT}"' in one]
        text = f"{head}[[account]]{wanted}".replace("http://127.0.0.1:8460", platform.url)
        path = home / "accounts.toml"
        path.write_text(text.replace("ki_forskning", handle), "utf-8")
        mine = replace(
            settings,
            home=home,
            register=path,
            catalogue_url=f"sqlite:///{home}/catalogue.sqlite",
            bucket=f"crawl-{new_id().lower()}",
            post_pace_seconds=0,
        )
        Bucket.from_settings(mine, Identity.SETUP).prepare()
        yield mine, platform


def _child(settings: Settings, start: int, step: int) -> subprocess.Popen[bytes]:
    environ = environment_of(settings, INSYN_POST_PACE_SECONDS="0")
    words = [sys.executable, "-m", "examples.bench_posts", _ACCOUNT, str(start), str(step)]
    return subprocess.Popen(words, env=environ, cwd=PROJECT, start_new_session=True)


def _main(account: str, start: int, step: int) -> None:
    settings = Settings.from_environment(os.environ)
    actor = service("bench")
    asked = Asked(account=account, reason=Reason.POSTS, ordered_by="bench", note="")
    run_looks(settings, asked, find_looks(settings, asked, actor).looks[start::step], actor)


def _count(settings: Settings) -> int:
    with Archive.open(settings, check=False) as archive:
        return len(archive.posts.known(_ACCOUNT))


def _row(table: Table, name: str, told: Crawled) -> None:
    pace, size = told.posts / told.seconds * 60, told.bytes / 1e6 / told.records
    asked = told.requests / told.posts
    table.add_row(
        name, str(told.records), str(told.posts), f"{pace:.0f}", f"{size:.2f}", f"{asked:.0f}"
    )


def _scored(settings: Settings, platform: Platform, handle: str) -> list[Score]:
    with Archive.open(settings) as archive:
        return score(archive, handle, platform.truth(handle), _PICTURES)


def _print_scores(scores: dict[str, list[Score]]) -> None:
    """A row a crawl, with how many of each kind are right."""
    table = Table("Right of all", *(one.kind for one in next(iter(scores.values()))))
    for crawled, told in scores.items():
        table.add_row(crawled, *map(_told, told))
    console.print(table)
    every = [one for told in scores.values() for one in told]
    if any(one.recall < 1 or one.precision < 1 for one in every):
        raise SystemExit("What was captured is not what is there.")


def _told(one: Score) -> str:
    wrong = one.captured - one.right
    return f"{one.right} of {one.true}" + (f", {wrong} wrong" if wrong else "")


def decide(settings: Settings, *, known: int, walked: int) -> list[Decided]:
    """Two runs by real walks of a real feed, of which all is known; the first passes all of it."""
    with crawling(settings, "ki_flode") as (mine, platform):
        there = world(platform.now, long=True)["ki_flode"]
        posts = tuple(islice(_repeated(there.posts), known))
        platform.profiles["ki_flode"] = replace(there, posts=posts[:walked])
        _know(mine, posts)
        return [_decided(mine), _decided(mine)]


def _decided(settings: Settings) -> Decided:
    asked = Asked(account=_ACCOUNT, reason=Reason.POSTS, ordered_by="bench", note="")
    began = time.monotonic()
    finds = find_looks(settings, asked, service("bench"))
    seconds = time.monotonic() - began
    if finds.looks or finds.feed.judgement != OK:
        raise SystemExit("A walk past known posts found something to look at.")
    return Decided(met=len(finds.feed.posts), ended_by=finds.feed.stopped_by, seconds=seconds)


def _print_decided(first: Decided, later: Decided) -> None:
    table = Table(
        f"{_KNOWN:,} known posts, none new",
        "Posts met",
        "Ended by",
        "Seconds",
        caption=f"The feed shows {_WALKED:,}: a page of {_KNOWN:,} is too much to walk here.",
    )
    for name, one in (("the first walk, past all", first), ("each walk after it", later)):
        table.add_row(name, str(one.met), one.ended_by, f"{one.seconds:.1f}")
    console.print(table)


def _repeated(posts: Sequence[Post]) -> Iterator[Post]:
    """The posts again and again, each time older and with ids of their own, without dialogue."""
    span = posts[0].at - posts[-1].at + timedelta(hours=1)
    for turn in count():
        for post in posts:
            yield replace(post, id=f"{post.id}{turn:02d}", at=post.at - turn * span, dialogue=())


def _know(settings: Settings, posts: Sequence[Post]) -> None:
    """Enter posts as captured just now; nothing is deposited for them."""
    now = stamp(utc_now())
    rows = [
        {
            "account": _ACCOUNT, "post": f"torget:{post.id}", "record_id": new_id(), "digest": "",
            "published_on": post.at.date().isoformat(), "first_at": now, "seen_at": now,
            "gone_at": "",
        }
        for post in posts
    ]  # fmt: skip
    catalogue = Catalogue(settings.catalogue_url)
    catalogue.create()
    with catalogue.write() as tx:
        tx.connection.execute(posts_table.insert(), rows)
    catalogue.close()


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
