"""insyn account wind-up and insyn duties: what is to do, and what people were told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.people import service
from storage.record import (
    AccountRef,
    Description,
    Order,
    OrderId,
    Reason,
    RecordId,
    today,
    utc_now,
)
from tests.desk.conftest import REGISTER, Insyn

Describe = Callable[[RecordId, Order], Description]


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's register, to be changed."""
    copy = tmp_path / "accounts.toml"
    copy.write_text(REGISTER.read_text("utf-8"), "utf-8")
    monkeypatch.setenv("INSYN_REGISTER", str(copy))
    return copy


def test_a_wind_up_is_seen_step_by_step(  # noqa: PLR0917  # fixtures by name
    insyn: Insyn,
    register: Path,
    archive: Archive,
    account: AccountRef,
    order: Order,
    package: Path,
    describe: Describe,
) -> None:  # fixtures by name
    """R5, R6: a person verifies the final capture; closed too early is red, and ends in 1."""
    before = register.read_text("utf-8")
    first, rest = before.split('status = "active"', 1)
    winding = f'status = "winding_up"\nwind_up_declared_on = {today()}'
    register.write_text(first + winding + rest, "utf-8")
    assert "make the final capture" in insyn("account", "wind-up", "ki").out
    assert "Do not close the page" in insyn("duties", "--account", "ki").out

    mine = replace(order, order_id=OrderId("wind_up/x/ki"), reason=Reason.WIND_UP)
    accepted = archive.accept(mine, account, service("test"))
    said = describe(accepted.record_id, mine)
    archive.deposit(replace(said, started_at=utc_now(), ended_at=utc_now()), package, service("t"))
    early = first + f'status = "closed"\nclosed_on = {today()}' + rest
    register.write_text(early, "utf-8")
    ran = insyn("account", "wind-up", "ki")
    assert (ran.code, "closed without" in ran.out) == (1, True)
    assert "not complete" in insyn("duties", "--account", "ki").out
    assert "Nobody is signed in" in insyn("account", "wind-up", "ki", "--verify").err
    ran = insyn("account", "wind-up", "ki", "--verify", "--by", "Registrator Rut")
    assert (ran.code, "tell registrar" in ran.out) == (0, True)
    entry = archive.journal(subject=accepted.record_id)[-1]
    assert (entry.act, entry.actor) == ("final_verified", "person:Registrator Rut")
    [shown] = insyn("account", "wind-up", "ki", "--json").json
    assert shown["verified_on"] == str(today())
    archive.notes.note_told(f"closed/ki/{today()}", ["registrar"], service("account_watch"))
    assert "done" in insyn("account", "wind-up", "ki").out
    assert "was closed on" not in insyn("duties", "--account", "ki").out
