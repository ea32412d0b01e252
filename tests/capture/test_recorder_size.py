"""Large bodies: kept whole or marked, the loop awake, memory bounded."""

import asyncio
import hashlib
import time
from collections import Counter

import pytest

from capture.bodies import Bodies
from capture.browser import Page
from capture.recorder import Limits, Recorder
from capture.traffic import Event, Traced
from tests.capture import warcs
from tests.capture.conftest import Stage
from tests.capture.recording import recorded, script
from tests.capture.site import Asked, Wire, noise


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


def test_large_bodies_are_fetched_one_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C11: four small ones at once, of the large ones one."""
    monkeypatch.setattr("capture.recorder._LARGE", 20_000)
    whole, running, most = Bodies.whole, Counter[str](), Counter[str]()

    async def counted(self: Bodies, traced: Traced, response: Event) -> object:
        kind = traced.last.url.rpartition("/")[2].partition("?")[0]
        running[kind] += 1
        most[kind] = max(most[kind], running[kind])
        await asyncio.sleep(0.1)
        try:
            return await whole(self, traced, response)
        finally:
            running[kind] -= 1

    monkeypatch.setattr(Bodies, "whole", counted)
    for name, size in (("small", 10_000), ("large", 30_000)):
        stage.site.body(f"/{name}", noise(size), kind="application/zip")
    ask = "Promise.all([...Array(16).keys()].map(n => fetch((n % 2 ? '/small?' : '/large?') + n)"
    stage.site.page("/", script(f"await {ask}.then(r => r.blob())))"))
    made, path = recorded(stage)
    assert 1 < most["small"] <= 4
    assert most["large"] == 1
    assert made.status == "complete"
    assert len(warcs.responses(path)) + len(warcs.revisits(path)) == 18


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
