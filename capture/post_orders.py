"""Which posts are to be looked at: new ones, those that are missing, those whose day has come.

What the DAG and the command share. Joins register, archive and capture; visits by post_session.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from accounts import Account, AccountId, read_register
from accounts.half_year import HalfYear
from accounts.model import Status
from accounts.stockholm import civil_date
from capture.feed import FeedSeen
from capture.legs.missed import Missed, read_missed
from capture.legs.naming import same_site
from capture.login import paused
from capture.orders import history
from capture.post_session import Look, Looked, Request, Told, find_posts, look_at_posts
from capture.recipe import load_recipes
from capture.walls import OK
from storage.archive import Archive
from storage.errors import Malformed
from storage.people import Actor
from storage.posts import KnownPost
from storage.record import Reason, new_id, today, utc_now
from storage.settings import Settings

_LOOKS = TypeAdapter(list[Look])
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


def accounts_with_posts(settings: Settings) -> list[AccountId]:
    """Accounts in use whose platform's recipe reads posts; not those whose login was lost, or at
    which abuse material was reported (RULES R48).

    Raises:
        RegisterFaults, RecipeFaults: the register or a recipe cannot be used.
    """
    recipes = load_recipes(settings.recipes)
    with Archive.open(settings) as archive:
        closed = archive.closed_by_abuse()
        waiting = paused(settings, history(archive).gaps) | closed.keys()
    return [
        account.id
        for account in read_register(settings.register).accounts
        if account.status in (Status.ACTIVE, Status.WINDING_UP)
        and recipes.recipe_for(account.platform).post_page is not None
        and account.id not in waiting
    ]


def looks_due(known: Iterable[KnownPost], settings: Settings, on: date) -> Iterator[Look]:
    """Posts whose day has come and that were not seen since: so a missed day heals itself.

    A post that is gone, or whose record was disposed of, is not looked for (RULES R44).
    """
    for post in known:
        day = _last_day(civil_date(post.first_at), settings.post_looks, on)
        if day and civil_date(post.seen_at) < day and post.url and not post.gone_at:
            yield Look(
                post=post.post,
                url=post.url,
                again=day.isoformat(),
                always=False,
                planned_at=utc_now(),
            )


def looks_wanted(
    known: Sequence[KnownPost], feed: FeedSeen, account: Account, settings: Settings, on: date
) -> list[Look]:
    """All that is to be looked at after a walk: new posts first, each post once.

    A known post that stands no longer where the walk has been, or is back, is looked at too.
    """
    by_key = {post.post: post for post in known}
    wanted: dict[str, Look] = {}
    for found in feed.posts:
        before = by_key.get(found.post)
        if before is None and same_site(found.url, account.url):
            wanted[found.post] = Look(
                post=found.post, url=found.url, again="", always=False, planned_at=utc_now()
            )
        elif before is not None and before.gone_at and before.url:
            again = f"back-{on.isoformat()}"
            wanted[found.post] = Look(
                post=found.post, url=before.url, again=again, always=False, planned_at=utc_now()
            )
    for look in (*_missing(by_key, feed, on), *looks_due(known, settings, on)):
        wanted.setdefault(look.post, look)
    return list(wanted.values())


def find_looks(
    settings: Settings,
    account: str,
    actor: Actor,
    on: date | None = None,
    told: Callable[[Missed], None] = lambda _: None,
) -> list[Look]:
    """Walk the account's feed, ask its legs, and say what is to be looked at.

    `told` hears what the legs have and the walk lacks; those posts are looked at last. Where the
    account's page is not to be seen, only what is due anyway; the profile's own capture tells of
    the wall.

    Raises:
        UnknownAccount: the register has no such account (RULES R13).
        AddressRefused, BrowserMissing, BrowserBroken, RecipeFaults, PostsUnread, LoginBroken: the
            feed was not walked, and the fault is ours.
    """
    whose = read_register(settings.register).account(account)
    with Archive.open(settings) as archive:
        feed = find_posts(whose, settings=settings, archive=archive)
        known = archive.posts.known(whose.id)
        if feed.judgement != OK:
            return list(looks_due(known, settings, on or today()))
        looks = looks_wanted(known, feed, whose, settings, on or today())
        if feed.stopped_by in ("end", "known") and all(look.again for look in looks):
            whole = archive.posts.whole_at(whose.id)
            if any(whole is None or post.first_at > whole for post in known):
                archive.posts.note_whole(whose.id, actor)
        gaps, walked = archive.gaps(whose.id), archive.posts.whole_at(whose.id) is not None
    missed = read_missed(whose, feed, known, gaps, settings, whole=walked)
    told(missed)
    return [*looks, *missed.looks]


def one_look(settings: Settings, account: str, name: str, reason: Reason) -> Look:
    """A person's wish for one post: by its address, its key, its id or its record.

    A post that is asked for gets a record, changed or not.

    Raises:
        UnknownAccount: the register has no such account. NotFound: no known post is so named.
        Malformed: the address is not on the account's own site.
    """
    whose = read_register(settings.register).account(account)
    again = f"{reason.value}-{new_id()}"
    with Archive.open(settings) as archive:
        if not name.startswith(("https://", "http://")):
            post = archive.posts.named(name)
            return Look(
                post=post.post, url=post.url, again=again, always=True, planned_at=utc_now()
            )
        known = {post.url: post.post for post in archive.posts.known(whose.id)}
    if not same_site(name, whose.url):
        fault = f"{name} is not on the site of {whose.url}"
        raise Malformed(f"No post of {account} can be at this address", [fault])
    return Look(post=known.get(name, ""), url=name, again=again, always=True, planned_at=utc_now())


def run_looks(
    settings: Settings,
    account: str,
    looks: Sequence[Look],
    reason: Reason,
    *,
    ordered_by: str,
    note: str,
    actor: Actor,
    told: Told = lambda _: None,
) -> list[Looked]:
    """Look at posts; see `post_session.look_at_posts`.

    Raises:
        UnknownAccount: the account left the register. CaptureError, ArchiveError: what went wrong.
    """
    whose = read_register(settings.register).account(account)
    request = Request(account=whose, reason=reason, ordered_by=ordered_by, note=note)
    with Archive.open(settings) as archive:
        return look_at_posts(
            looks, request, settings=settings, archive=archive, actor=actor, told=told
        )


def opens_in(settings: Settings, now: datetime) -> int:
    """Seconds until the daily run may visit posts (INSYN_POST_HOURS); 0: now."""
    if settings.post_hours is None:
        return 0
    first, last = settings.post_hours
    here = now.astimezone(_STOCKHOLM)
    inside = first <= here.hour < last if first < last else not last <= here.hour < first
    if inside:
        return 0
    opens = here.replace(hour=first, minute=0, second=0, microsecond=0)
    opens += timedelta(days=1) if opens <= here else timedelta()
    return int((opens - here).total_seconds()) + 1


def batches(looks: Sequence[Look], size: int) -> list[list[dict[str, object]]]:
    """The looks as what Airflow's tasks may pass on, `size` a task: ids and addresses only."""
    told: list[dict[str, object]] = _LOOKS.dump_python(list(looks), mode="json")
    return [told[start : start + size] for start in range(0, len(told), size)]


def from_batch(passed: object) -> list[Look]:
    """What `batches` made.

    Raises:
        Malformed: these are no looks.
    """
    try:
        return _LOOKS.validate_python(passed)
    except ValidationError as error:
        raise Malformed("These are no looks at posts", [str(error)]) from error


def _last_day(first: date, after: Sequence[int], on: date) -> date | None:
    """The last day until `on` that a post first captured on `first` is to be seen."""
    half_year = HalfYear.of(on).first
    days = [first + timedelta(days=each) for each in after]
    if not days or half_year > days[-1]:
        days.append(half_year)
    return max((day for day in days if first < day <= on), default=None)


def _missing(by_key: dict[str, KnownPost], feed: FeedSeen, on: date) -> Iterator[Look]:
    """Known posts that the walk must have met: those younger than the oldest that it met."""
    met = {post.post for post in feed.posts}
    days = [civil_date(post.published_at).isoformat() for post in feed.posts if post.published_at]
    # The last that was met, not the oldest: a pinned post may be of any age.
    oldest = "" if feed.stopped_by == "end" else (days or ["9999"])[-1]
    for post in by_key.values():
        lost = post.post not in met and post.published_on > oldest and not post.gone_at
        if lost and post.url and civil_date(post.seen_at) < on:
            again = f"missing-{on.isoformat()}"
            yield Look(
                post=post.post, url=post.url, again=again, always=False, planned_at=utc_now()
            )
