"""How an interface is asked: pauses as it asks for them, in every way of saying it, and bounds."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from capture.legs import fetching
from capture.legs.fetching import Fetcher, NotAnswered, Pace
from capture.legs.result import Stopped
from storage.settings import Settings
from tests.capture.legs.answering import serving

SETTINGS = Settings.from_environment({"INSYN_ALLOW_PRIVATE": "yes"})
SOON = datetime.now(UTC) + timedelta(hours=12)
"""So far off that no slow machine's clock passes it."""
WAITS = {
    "Retry-After in seconds": {"Retry-After": "43200"},
    "Retry-After as a date": {"Retry-After": format_datetime(SOON, usegmt=True)},
    "Mastodon's moment": {"X-RateLimit-Reset": SOON.isoformat()},
    "Mastodon's moment, as it writes it": {"X-RateLimit-Reset": f"{SOON:%Y-%m-%dT%H:%M:%S.000Z}"},
    "Bluesky's seconds since 1970": {"RateLimit-Reset": str(int(SOON.timestamp()))},
}


@pytest.mark.parametrize("headers", WAITS.values(), ids=WAITS)
def test_the_wait_that_is_asked_for_is_granted(headers: dict[str, str]) -> None:
    waited: list[float] = []
    pace = Pace(pause_s=0, wait=waited.append, longest_wait_s=86_400)
    pages = {"/": [(429, headers, {}), (200, {}, {"a": 1})]}
    with serving(pages) as url, Fetcher(SETTINGS, pace) as fetcher:
        assert fetcher.get(url, "*/*").json() == {"a": 1}
    assert 42_000 < max(waited) < 43_500


@pytest.mark.parametrize("told", ["", "soon", "9" * 400, "-7", "Fri, 99 Nov 2026 09:00:00 GMT"])
def test_a_wait_that_is_not_understood_ends_the_asking(told: str) -> None:
    with (
        serving({"/": [(429, {"Retry-After": told}, {})]}) as url,
        Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher,
        pytest.raises(NotAnswered) as refused,
    ):
        fetcher.get(url, "*/*")
    assert (refused.value.stopped, refused.value.retry_after_s) == (Stopped.RATE_LIMITED, None)
    assert fetcher.asked == 1


def test_no_more_is_read_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, also those that unpack from few, and steps of a redirection."""
    monkeypatch.setattr(fetching, "_MOST_BYTES", 1000)
    pages = {
        "/large": [(200, {}, b"a" * 2000)],
        "/bomb": [(200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * 100_000))],
        "/round": [(302, {"Location": "/round"}, b"")],
        "/out": [(302, {"Location": "file:///etc/passwd"}, b"")],
    }
    with serving(pages) as url, Fetcher(SETTINGS, Pace(pause_s=0)) as fetcher:
        for path, why in (("large", "more than"), ("bomb", "more than"), ("round", "redirections")):
            with pytest.raises(NotAnswered, match=why):
                fetcher.get(f"{url}/{path}", "*/*")
        with pytest.raises(fetching.AddressRefused, match="no web address"):
            fetcher.get(f"{url}/out", "*/*")
