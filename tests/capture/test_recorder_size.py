"""Large bodies: kept whole or marked, the loop awake, memory bounded."""

import asyncio
import hashlib
import subprocess
import sys
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.bodies import Bodies
from capture.browser import Page
from capture.in_flight import InFlight
from capture.recorder import Limits, Recorder
from capture.traffic import Event, Traced
from examples.bench_kit import PROJECT
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script
from tests.capture.site import Asked, Wire, noise

ROOM = 16 << 20
MOST_MB = 440
"""Of our own program: eight at once take 489."""


def test_a_body_of_30_mb_is_kept_and_one_over_the_cap_is_marked(stage: Stage) -> None:
    """C11: to its last byte, and with a mark where it is left out."""
    big = noise(30 << 20)
    stage.site.body("/big", big, kind="application/octet-stream")
    stage.site.body("/over", big[: 2 << 20], kind="application/octet-stream")
    stage.site.page("/", script("await (await fetch('/big')).blob()"))
    _, path = recorded(stage, limits=Limits(body=31 << 20))
    (kept,) = warcs.responses(path, f"{stage.site.url}/big")
    assert hashlib.sha256(kept.body).digest() == hashlib.sha256(big).digest()

    stage.site.page("/", script("await (await fetch('/over')).blob()"))
    made, path = recorded(stage, limits=Limits(body=1 << 20))
    (cut,) = warcs.responses(path, f"{stage.site.url}/over")
    assert cut.fields["WARC-Truncated"] == "length"
    assert cut.body == b""
    assert any("over the limit" in why for _, why in made.not_recorded)


def test_of_large_bodies_one_is_in_flight(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """C11: small ones at once, as many as there is room for; a large one alone."""
    monkeypatch.setattr("capture.in_flight._LEAST", 1)
    monkeypatch.setattr("capture.listening._ROOM", 40_000)
    whole, running, most = Bodies.whole, Counter[str](), Counter[str]()

    async def counted(self: Bodies, traced: Traced, response: Event) -> object:
        kind = traced.last.url.rpartition("/")[2].partition("?")[0]
        running[kind] += 1
        most[kind] = max(most[kind], running[kind])
        if kind == "large":
            most["beside a large one"] = max(most["beside a large one"], running["small"])
        await asyncio.sleep(0.1)
        try:
            return await whole(self, traced, response)
        finally:
            running[kind] -= 1

    monkeypatch.setattr(Bodies, "whole", counted)
    for name, size in (("small", 10_000), ("large", 50_000)):
        stage.site.body(f"/{name}", noise(size), kind="application/zip")
    ask = "Promise.all([...Array(16).keys()].map(n => fetch((n % 8 ? '/small?' : '/large?') + n)"
    stage.site.page("/", script(f"await {ask}.then(r => r.blob())))"))
    made, path = recorded(stage)
    assert 1 < most["small"] <= 4
    assert (most["large"], most["beside a large one"]) == (1, 0)
    assert made.status == "complete"
    assert len(warcs.responses(path)) + len(warcs.revisits(path)) == 18


@given(
    sizes=st.lists(st.integers(0, 30 << 20), min_size=1, max_size=30),
    turns=st.lists(st.integers(0, 3), min_size=30, max_size=30),
)
def test_bodies_in_flight_never_take_more_than_their_room(
    sizes: list[int], turns: list[int]
) -> None:
    """C11: at most the room, or one larger body; all get through, in the order that they came."""
    flight, come, inside, most = InFlight(ROOM), list[int](), 0, 0

    async def body(number: int, size: int, turns: int) -> None:
        nonlocal inside, most
        async with flight.room(size):
            come.append(number)
            inside += size
            most = max(most, inside)
            for _ in range(turns):
                await asyncio.sleep(0)
            inside -= size

    async def all_of_them() -> None:
        every = zip(range(len(sizes)), sizes, turns, strict=False)
        await asyncio.gather(*(body(*one) for one in every))

    asyncio.run(all_of_them())
    assert come == list(range(len(sizes)))
    assert inside == 0
    assert most <= max(ROOM, *sizes)


@pytest.mark.slow
def test_the_memory_that_large_bodies_take_is_bounded() -> None:
    """C11: eight of 30 MB, recorded by a program of their own, take what four take: 397 MB."""
    line = [sys.executable, "-W", "ignore", "-m", "examples.bench_bodies", "8"]
    done = subprocess.run(
        line, cwd=PROJECT, check=True, capture_output=True, text=True, timeout=120
    )
    status, kept_mb, peak_mb = done.stdout.split()
    assert status == "complete"
    assert int(kept_mb) > 8 * 30
    assert int(peak_mb) < MOST_MB


def test_films_are_fetched_two_at_a_time(stage: Stage) -> None:
    """C11, C14: each is in memory whole while it is fetched and written."""
    running, most = 0, 0

    @stage.site.route("/film")
    async def film(asked: Asked, wire: Wire) -> None:
        nonlocal running, most
        if "range" in asked.headers:
            head = [b"Content-Range: bytes 0-9/90000"]
            await wire.answer(noise(10), status="206 Part", kind="audio/wav", headers=head)
            return
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2)
        running -= 1
        await wire.answer(noise(90_000, asked.path.encode()), kind="audio/wav")

    names = [f"/film?{number}" for number in range(5)]
    stage.site.page("/", "".join(f"<audio preload=auto src={name}></audio>" for name in names))
    made, path = recorded(stage)
    assert {k.url for k in warcs.responses(path)} >= {stage.site.url + name for name in names}
    assert (most, made.status) == (2, "complete")


def test_the_event_loop_stays_awake_while_30_mb_are_written(stage: Stage) -> None:
    """C26"""
    stage.site.page("/", "Hej")
    big = noise(30 << 20)
    of_the_loop = of_all = 0.0

    async def act(_: Page, recorder: Recorder) -> None:
        nonlocal of_the_loop, of_all
        loop, every = time.thread_time(), time.process_time()
        await recorder.add_resource("urn:t:1", "text/plain", big)
        of_the_loop, of_all = time.thread_time() - loop, time.process_time() - every

    _, path = recorded(stage, act)
    assert of_the_loop < of_all / 2  # CPU time, so that a busy machine is no fault
    assert [k.body for k in warcs.read(path) if k.url == "urn:t:1"] == [big]
