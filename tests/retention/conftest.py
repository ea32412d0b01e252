"""An archive on the real store, and plans that can be adopted in it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retention.adopting import Decision, adoption
from storage.archive import Archive
from storage.people import Actor, person
from storage.plans import AdoptedPlan
from tests.storage.conftest import (
    account,
    archive,
    deposited,
    describe,
    order,
    package,
    parts,
    showing,
)

__all__ = ["account", "archive", "deposited", "describe", "order", "package", "parts", "showing"]

GOOD = (Path(__file__).parent / "good.toml").read_bytes()
EVA, ALI = person("Eva Ek"), person("Ali Alm")
DECIDED = date(2024, 3, 1)

Adopt = Callable[..., AdoptedPlan]


@pytest.fixture
def adopt(archive: Archive) -> Adopt:
    """Adopts a plan's text as Eva, with whoever is second."""

    def made(
        text: bytes = GOOD,
        second: Actor | None = None,
        transition: str = "",
        in_force_from: date = DECIDED,
    ) -> AdoptedPlan:
        decision = Decision(
            decided_by="Rektor",
            decided_on=DECIDED,
            registration_number="1-900/2026",
            in_force_from=in_force_from,
            transition=transition,
        )
        return archive.adopt_plan(adoption(text, "plan.toml", decision, archive), EVA, second)

    return made
