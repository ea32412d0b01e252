"""The ledger of network events: raw headers find their hop, whichever of the two is told first."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from capture.traffic import Event, Traced, Traffic

SENT = {"type": "Fetch", "request": {"method": "GET", "url": "http://x.example/a", "headers": {}}}


class Told:
    """Stands in for Chromium's session: a test says in what order its events come."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Event], None]] = {}
        self.traced: list[Traced] = []
        traffic = Traffic(
            on_redirect=lambda *_: None,
            on_response=self.traced.append,
            on_end=lambda _: None,
            on_fault=pytest.fail,
        )
        traffic.listen(self)  # type: ignore[arg-type]

    def on(self, name: str, handler: Callable[[Event], None]) -> None:
        self._handlers[name] = handler

    def tell(self, name: str, **event: Any) -> None:
        self._handlers[f"Network.{name}"]({"requestId": "1", **event})

    def sent(self) -> None:
        self.tell("requestWillBeSent", **SENT)

    def response(self, *, extra: bool) -> None:
        self.tell("responseReceived", response={"status": 200}, hasExtraInfo=extra)

    def extra(self) -> None:
        self.tell("responseReceivedExtraInfo", statusCode=200, headers={"Set-Cookie": "a=1"})


def test_raw_headers_that_come_first_belong_to_the_answer_that_follows() -> None:
    """C05"""
    told = Told()
    told.sent()
    told.extra()
    told.response(extra=True)
    [traced] = told.traced
    extra = asyncio.run(traced.response_extra(traced.last))
    assert extra is not None
    assert extra["headers"] == {"Set-Cookie": "a=1"}


def test_raw_headers_that_come_late_are_waited_for() -> None:
    """C05"""
    told = Told()
    told.sent()
    told.response(extra=True)
    [traced] = told.traced

    async def late() -> Event | None:
        asked = asyncio.create_task(traced.response_extra(traced.last))
        await asyncio.sleep(0.1)
        assert not asked.done()
        told.extra()
        return await asked

    extra = asyncio.run(late())
    assert extra is not None
    assert extra["headers"] == {"Set-Cookie": "a=1"}


def test_raw_headers_that_were_not_promised_are_not_waited_for() -> None:
    """C05: an answer from the cache has none; not one turn of the loop goes by."""
    told = Told()
    told.sent()
    told.response(extra=False)
    [traced] = told.traced
    with pytest.raises(StopIteration) as ended:
        traced.response_extra(traced.last).send(None)
    assert ended.value.value is None


def test_promised_headers_that_never_come_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """C05"""
    monkeypatch.setattr("capture.traffic._EXTRA_SECONDS", 0.1)
    told = Told()
    told.sent()
    told.response(extra=True)
    [traced] = told.traced
    assert asyncio.run(traced.response_extra(traced.last)) is None
