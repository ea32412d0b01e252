"""One imitation platform a test, on a free port."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from examples.platform.server import Platform

TODAY = date(2026, 11, 23)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform(today=TODAY) as running:
        yield running


@pytest.fixture
def visitor(platform: Platform) -> Iterator[httpx.Client]:
    """A visitor without cookies who follows no redirect."""
    with httpx.Client(base_url=platform.url, trust_env=False) as client:
        yield client
