"""What makes an account, and the accounts together, lawful (RULES R1, R2).

Pure: accounts in, findings out; today is an argument. The form of the file stands in entry.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from urllib.parse import SplitResult, urlsplit

from accounts.codes import finding
from accounts.findings import Finding
from accounts.model import Account, Person, Reach, Status

IN_USE = frozenset({Status.ACTIVE, Status.WINDING_UP})
"""Whoever winds up an account still needs someone responsible for it: RULES R1 holds until then."""

_NEEDED = (
    ("A020", "platform"),
    ("A020", "handle"),
    ("A020", "url"),
    ("A021", "purpose_sv"),
    ("A022", "unit"),
    ("A023", "approving_manager"),
    ("A026", "registration_number"),
)
_LIFE = ("opened_on", "wind_up_declared_on", "closed_on")
_PUBLISHED = ("opened_on", "last_published_on", "closed_on")
_FORBIDDEN = {
    Status.PLANNED: ("wind_up_declared_on", "closed_on", "last_published_on"),
    Status.ACTIVE: ("wind_up_declared_on", "closed_on"),
    Status.WINDING_UP: ("closed_on",),
    Status.CLOSED: (),
}


def judge(account: Account, place: str) -> Iterator[Finding]:
    """Everything wrong with, or worth a warning about, one account by itself."""
    if account.status in IN_USE:
        yield from _needed(account, place)
        yield from _people(account, place)
        yield from _warnings(account, place)
    if account.status is Status.CLOSED:
        missing = (key for code, key in _NEEDED if code == "A020" and not getattr(account, key))
        yield from (finding("A020", f"{place}.{key}") for key in missing)
    yield from _standing(account, place)
    yield from _order(account, place)


def judge_on(account: Account, place: str, today: date) -> Iterator[Finding]:
    """What only a date can tell: a day in the future, a deputy whose time has ended."""
    for key in (*_LIFE, "approved_on", "director_approved_on", "last_published_on"):
        day = getattr(account, key)
        if day is not None and day > today and account.status is not Status.PLANNED:
            yield finding("A106", f"{place}.{key}", day=day)
    for number, person in enumerate(account.responsible, 1):
        if account.status in IN_USE and person.until is not None and person.until < today:
            at = f"{place}.responsible[{number}].until"
            yield finding("A108", at, name=person.name, day=person.until)


def judge_together(placed: Sequence[tuple[str, Account]]) -> Iterator[Finding]:
    """Accounts that claim the same id, the same platform and handle, or the same address."""
    yield from _twice("A050", "id", placed, lambda a: a.id)
    yield from _twice("A051", "handle", placed, _at_platform)
    yield from _twice("A052", "url", placed, _address)


def _needed(account: Account, place: str) -> Iterator[Finding]:
    for code, key in _NEEDED:
        if not getattr(account, key):
            yield finding(code, f"{place}.{key}")
    if account.reach is not Reach.UNIT and account.director_approved_on is None:
        yield finding("A030", f"{place}.director_approved_on")


def _people(account: Account, place: str) -> Iterator[Finding]:
    people, manager, at = account.responsible, account.approving_manager, f"{place}.responsible"
    others = [person for person in people if manager is None or not same(person, manager)]
    if people and not others:
        yield finding("A027", at)
    elif len(people) < 2:
        yield finding("A024", at, count=len(people))
    elif all(same(one, other) for one, other in combinations(people, 2)):
        yield finding("A025", at)
    elif len(people) == 2 and len(others) == 1:
        yield finding("A105", at)


def same(one: Person, other: Person) -> bool:
    """Whether two entries are one person: name or e-mail agree, whatever their capitals."""
    return any(
        mine and mine == theirs
        for mine, theirs in (
            (_plain(one.name), _plain(other.name)),
            (_plain(one.email), _plain(other.email)),
        )
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _warnings(account: Account, place: str) -> Iterator[Finding]:
    if not account.purpose_en:
        yield finding("A101", f"{place}.purpose_en")
    if account.approving_manager is not None and account.approved_on is None:
        yield finding("A103", f"{place}.approved_on")
    if account.opened_on is None:
        yield finding("A104", f"{place}.opened_on")
    if account.url.startswith("http://") and not _is_loopback(account.url):
        yield finding("A107", f"{place}.url")


def _standing(account: Account, place: str) -> Iterator[Finding]:
    if account.status is Status.CLOSED and account.closed_on is None:
        yield finding("A040", f"{place}.closed_on")
    if account.status is Status.WINDING_UP and account.wind_up_declared_on is None:
        yield finding("A041", f"{place}.wind_up_declared_on")
    for key in _FORBIDDEN[account.status]:
        if getattr(account, key) is not None:
            yield finding("A043", f"{place}.{key}", status=account.status)


def _order(account: Account, place: str) -> Iterator[Finding]:
    pairs = dict.fromkeys((*combinations(_LIFE, 2), *combinations(_PUBLISHED, 2)))
    for earlier, later in pairs:
        first, second = getattr(account, earlier), getattr(account, later)
        if first is not None and second is not None and second < first:
            facts = {"earlier": earlier, "later": later}
            yield finding("A042", f"{place}.{later}", earlier_day=first, later_day=second, **facts)


def _twice(
    code: str, key: str, placed: Iterable[tuple[str, Account]], trait: Callable[[Account], str]
) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, (place, account) in enumerate(placed, 1):
        value = trait(account)
        if value and first.setdefault(value, number) != number:
            yield finding(code, f"{place}.{key}", value=value, first=first[value])


def _at_platform(account: Account) -> str:
    if not (account.platform and account.handle):
        return ""
    return f"{account.platform}/{account.handle.casefold()}"


def _address(account: Account) -> str:
    parts = _split(account.url)
    if parts is None:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.casefold()}{parts.path.rstrip('/')}{query}"


def _is_loopback(url: str) -> bool:
    parts = _split(url)
    host = (parts.hostname or "") if parts else ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
