"""Where abuse material was reported nothing is visited until two persons say that it is gone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from accounts.model import Account, AccountId
from capture.errors import AddressRefused
from capture.feed_finding import find_posts
from capture.post_batch import look_at_posts
from capture.post_look import Look, Request
from capture.session import capture_profile
from storage.archive import Archive
from storage.errors import Malformed, NotAllowed, NotFound
from storage.moderating import AbuseNotice
from storage.people import Actor, person, service
from storage.record import AccountRef, Order, OrderId, Reason, new_id, utc_now
from storage.settings import Settings

Account_ = Callable[[str], Account]
EVA, ALI = person("Eva Ek"), person("Ali Alm")
WORKER = service("test")


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


@pytest.fixture
def ki(account_on: Account_) -> Account:
    """An account whose address nobody may visit: a visit would be refused in other words."""
    return replace(account_on("ki"), url="http://192.0.2.1/@ki")


def report(archive: Archive, account: AccountId, address: str = "https://x.example/1") -> None:
    notice = AbuseNotice(
        address=address, seen_at=utc_now(), account=account, police_reference="K1-26"
    )
    archive.note_abuse(notice, EVA)


def order_for(account: Account) -> Order:
    return Order(
        order_id=OrderId(new_id()), account=account.id, reason=Reason.POSTS, ordered_by="x",
        note="", ordered_at=utc_now(),
    )  # fmt: skip


def visits(archive: Archive, settings: Settings, account: Account) -> list[Callable[[], object]]:
    """Every way by which a page of the account is visited, and the taking of an order."""
    request = Request(account=account, reason=Reason.POSTS, ordered_by="x", note="")
    look = Look(post="", url=account.url, again="", always=True, planned_at=utc_now())
    strict = replace(settings, allow_private=False)
    return [
        lambda: archive.accept(order_for(account), AccountRef.of(account), WORKER),
        lambda: capture_profile(
            order_for(account), account, settings=strict, archive=archive, actor=WORKER
        ),
        lambda: find_posts(account, settings=strict, archive=archive),
        lambda: look_at_posts([look], request, settings=strict, archive=archive, actor=WORKER),
    ]


@pytest.mark.parametrize("way", range(4))
def test_a_capture_after_a_notice_is_refused_before_any_visit(
    archive: Archive, settings: Settings, ki: Account, way: int
) -> None:
    """R48: profile, feed and post; another account is captured as before."""
    report(archive, ki.id)
    entries = len(archive.journal())
    with pytest.raises(NotAllowed, match="abuse material was reported"):
        visits(archive, settings, ki)[way]()
    assert len(archive.journal()) == entries
    assert archive.gaps() == []
    other = replace(ki, id=AccountId("ki-other"))
    if way == 1:
        with pytest.raises(AddressRefused):
            visits(archive, settings, other)[way]()


def test_the_address_itself_is_not_visited_for_another_account_either(
    archive: Archive, settings: Settings, ki: Account
) -> None:
    """R48: the same page may stand in two accounts."""
    report(archive, AccountId("ki-other"), ki.url)
    for way in visits(archive, settings, ki)[1:]:
        with pytest.raises(NotAllowed, match="abuse material was reported"):
            way()


@pytest.mark.parametrize(
    ("actor", "second", "why"),
    [
        (EVA, None, "Two different"),
        (EVA, person("eva ek"), "Two different"),
        (WORKER, EVA, "only a person"),
        (EVA, WORKER, "only a person"),
        (EVA, person("Drift Dahl"), "operator"),
    ],
)
def test_only_two_persons_open_it_again(
    archive: Archive, ki: Account, actor: Actor, second: Actor | None, why: str
) -> None:
    """R48."""
    report(archive, ki.id)
    with pytest.raises(NotAllowed, match=why):
        archive.reopen(ki.id, "Sidan är granskad", actor, second)
    assert list(archive.closed_by_abuse()) == [ki.id]


def test_when_it_is_gone_the_account_is_captured_again(archive: Archive, ki: Account) -> None:
    """R48: and closed again by the next notice; a rebuild knows it."""
    ref = AccountRef.of(ki)
    with pytest.raises(NotFound):
        archive.reopen(ki.id, "x", EVA, ALI)
    report(archive, ki.id)
    report(archive, ki.id, "https://x.example/2")
    with pytest.raises(Malformed):
        archive.reopen(ki.id, " ", EVA, ALI)
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    archive.reopen(ki.id, "Plattformen har tagit bort det", EVA, ALI)
    assert archive.accept(order_for(ki), ref, WORKER).record is None
    report(archive, ki.id)
    with pytest.raises(NotAllowed):
        archive.accept(order_for(ki), ref, WORKER)
