"""The watch over accounts: each thing is told once, by mail to a real server, and journaled."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.model import AccountId
from accounts.wind_up import Step
from capture.watch import Watch, verify_finals, watch
from storage.archive import Archive
from storage.errors import Damaged, NotAllowed
from storage.mail import read_server
from storage.objects import Store
from storage.people import person, service
from storage.record import AccountRef, Description, Order, OrderId, Reason, Record, RecordId, today
from storage.settings import Identity, Settings
from storage.telling import tell
from tests.postbox import Postbox, postbox
from tests.storage.conftest import account, archive, describe, order, package, parts

__all__ = ["account", "archive", "describe", "order", "package", "parts"]

WATCHER = service("account_watch")
EXAMPLE = Path("examples/karolinska/accounts.toml")
Describe = Callable[[RecordId, Order], Description]


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as made:
        yield made


@pytest.fixture
def mailed(settings: Settings, box: Postbox, tmp_path: Path) -> Settings:
    """Settings with a mail server, and a register of one account that is being wound up."""
    declared = today() - timedelta(days=9)
    register = tmp_path / "accounts.toml"
    register.write_text(
        f"""authority = "KI"
duty_from = {today()}
[[account]]
id = "ki"
platform = "torget"
handle = "karolinskainstitutet"
url = "https://torget.example/@ki"
name = "Karolinska Institutet"
language = "sv"
purpose_sv = "x"
purpose_en = "x"
unit = "Kommunikationsavdelningen"
reach = "unit"
status = "winding_up"
registration_number = "1-1/2026"
approved_on = 2024-02-05
opened_on = 2024-02-19
wind_up_declared_on = {declared}
approving_manager = {{ name = "Chef", title = "Chef", email = "chef@ki.example" }}
responsible = [
  {{ name = "Ett", title = "x", email = "ett@ki.example" }},
  {{ name = "Tvåa", title = "x", email = "tva@ki.example" }},
]
""",
        "utf-8",
    )
    offices = dict(settings.mail_to)
    for office in offices:
        offices[office] = (f"{office}@ki.example",)
    return replace(settings, register=register, mail_server=read_server(box.url), mail_to=offices)


@pytest.fixture
def final(
    archive: Archive, account: AccountRef, order: Order, package: Path, describe: Describe
) -> Callable[[], Record]:
    """Deposits a final capture, of today."""

    def made() -> Record:
        mine = replace(order, order_id=OrderId("wind_up/x/ki"), reason=Reason.WIND_UP)
        accepted = archive.accept(mine, account, WATCHER)
        now = mine.ordered_at.replace(year=today().year, month=today().month, day=today().day)
        said = replace(describe(accepted.record_id, mine), started_at=now, ended_at=now)
        return archive.deposit(said, package, WATCHER)

    return made


def run(settings: Settings, archive: Archive) -> Watch:
    """What the DAG does, once."""
    verify_finals(archive, watch(settings, archive, today()).wind_ups, WATCHER)
    seen = watch(settings, archive, today())
    tell(settings, archive, seen.untold, WATCHER)
    return seen


def close(settings: Settings) -> None:
    text = settings.register.read_text("utf-8").replace("winding_up", "closed")
    settings.register.write_text(
        text.replace("reach =", f"closed_on = {today()}\nreach ="), "utf-8"
    )


def test_a_wind_up_is_watched_to_its_end(
    mailed: Settings, archive: Archive, final: Callable[[], Record], box: Postbox
) -> None:
    """R5, R6: each step is told to those it asks something of, once; nothing is told twice.

    The journal knows it again after a rebuild; it has no address.
    """
    [begun] = run(mailed, archive).wind_ups
    assert begun.step is Step.CAPTURE
    [(to, message)] = box.came
    assert to == ("ett@ki.example", "tva@ki.example")
    assert "Do not close the page" in message.get_content()
    assert "Stäng inte sidan" in message.get_content()

    record = final()
    [captured] = run(mailed, archive).wind_ups
    assert captured.step is Step.CLOSE
    assert captured.final_capture is not None
    assert captured.final_capture.record_id == record.record_id
    close(mailed)
    [told] = run(mailed, archive).notices
    assert told.key == f"closed/ki/{today()}"
    assert len(box.came) == 2
    assert set(box.came[1][0]) == {
        "ett@ki.example", "tva@ki.example", "registrar@ki.example", "communications@ki.example",
    }  # fmt: skip
    ended = run(mailed, archive)
    assert ended.wind_ups[0].step is Step.DONE
    assert (ended.untold, ended.open) == ((), ())
    archive.rebuild(lambda _: None)
    run(mailed, archive)
    assert len(box.came) == 2
    assert "@ki.example" not in "".join(str(entry.detail) for entry in archive.journal())


def test_a_damaged_final_capture_verifies_nothing(
    mailed: Settings, archive: Archive, final: Callable[[], Record]
) -> None:
    """R5: a wind-up is not completed on it, and closing then is told as too early."""
    record = final()
    stored = archive.package_of(record)
    disposer = Store.from_settings(mailed, Identity.DISPOSER)
    disposer.delete_version(stored.key, stored.version_id, bypass_governance=True)
    close(mailed)
    [failed] = verify_finals(archive, watch(mailed, archive, today()).wind_ups, WATCHER)
    assert record.record_id in failed
    seen = watch(mailed, archive, today())
    assert seen.wind_ups[0].step is Step.VERIFY
    assert [one.key.split("/")[0] for one in seen.notices] == ["closed_early"]
    with pytest.raises(Damaged):
        archive.notes.verify_final(AccountId("ki"), record, person("Eva Ek"))
    with pytest.raises(NotAllowed):
        archive.notes.verify_final(AccountId("ki-biblioteket"), record, WATCHER)


def test_what_no_server_took_is_told_the_next_day(
    mailed: Settings, archive: Archive, box: Postbox
) -> None:
    """Told once means that it was taken; without a server or an address it stays to be told."""
    [untold] = watch(mailed, archive, today()).untold
    unset = replace(mailed, mail_server=None)
    assert tell(unset, archive, [untold], WATCHER).sent == ()
    down = replace(mailed, mail_server=read_server("smtp://127.0.0.1:9"))
    assert "127.0.0.1:9" in tell(down, archive, [untold], WATCHER).refused
    bare = replace(untold, people=())
    assert tell(mailed, archive, [bare], WATCHER).nobody == (untold.key,)
    assert watch(mailed, archive, today()).untold == (untold,)
    assert tell(mailed, archive, [untold], WATCHER).sent == (untold.key,)
    assert watch(mailed, archive, today()).untold == ()
    assert watch(mailed, archive, today()).open == (untold,)
    assert len(box.came) == 1


def test_an_address_that_is_refused_has_nobody_told_twice(
    mailed: Settings, archive: Archive, box: Postbox
) -> None:
    """The others are told once; the run says which address to mend. Refused by all: untold."""
    box.refuses = "ett@ki.example"
    [untold] = watch(mailed, archive, today()).untold
    alone = replace(untold, key="x", people=untold.people[:1])
    done = tell(mailed, archive, [alone, untold], WATCHER)
    assert done.sent == (untold.key,)
    assert "ett@ki.example" in done.refused
    assert watch(mailed, archive, today()).untold == ()
    assert [to for to, _ in box.came] == [("tva@ki.example",)]


def test_a_register_that_cannot_be_used_hides_nothing_else(
    mailed: Settings, archive: Archive
) -> None:
    """R1: the missing second person is told, and the review of a hold too (R27)."""
    from storage.holds import Ground, Placement

    text = mailed.register.read_text("utf-8")
    mailed.register.write_text(text.replace('  { name = "Tvåa"', '  #{ name = "Tvåa"'), "utf-8")
    placement = Placement(
        ground=Ground.OPEN_CASE, reason="Ärende", authority="1-1/2026", records=(),
        query=None, review_by=today(),
    )  # fmt: skip
    from storage.query import Query

    archive.place_hold(replace(placement, query=Query(text="x")), person("Eva Ek"))
    seen = watch(mailed, archive, today())
    assert [one.code for one in seen.faults] == ["A024"]
    assert [one.key.split("/")[0] for one in seen.notices] == ["register", "review"]
