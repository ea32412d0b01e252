"""Which posts are to be looked at: new ones, those that are missing, those whose day has come.

What the DAG and the command share. Joins register, archive and capture; visits by post_batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from accounts import AccountId, read_register
from accounts.findings import Finding
from accounts.model import Status
from capture.due_looks import looks_doubted, looks_wanted, tried_last
from capture.feed import FeedSeen
from capture.feed_finding import cut_findings, find_posts, note_feed_gap, note_reach, tried
from capture.legs.missed import Missed, read_missed
from capture.legs.naming import same_site
from capture.login import paused
from capture.orders import history
from capture.post_batch import look_at_posts
from capture.post_look import Look, Looked, Request, Told
from capture.recipe import load_recipes
from storage.archive import Archive
from storage.errors import Malformed
from storage.gap import GapId
from storage.people import Actor
from storage.record import Reason, new_id, today, utc_now
from storage.settings import Settings

_LOOKS = TypeAdapter(list[Look])
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked for: an account's posts, why, by whom, and what for."""

    account: str
    reason: Reason
    ordered_by: str
    note: str


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Finds:
    """What is to be looked at in an account, and how it was found out.

    `gap_id` is the gap that was noted where the account's page was not to be seen; a finding says
    since when a limit cuts off the walk.
    """

    looks: tuple[Look, ...]
    feed: FeedSeen
    gap_id: GapId | None
    missed: Missed
    findings: tuple[Finding, ...]


def find_looks(settings: Settings, asked: Asked, actor: Actor) -> Finds:
    """Walk the account's feed, ask its legs, and say what is to be looked at.

    What the legs have and the walk lacks is looked at last. Where the account's page is not to be
    seen, a gap says so, and what is due and what the legs tell of is looked at all the same.

    Raises:
        UnknownAccount: the register has no such account (RULES R13).
        Malformed: it is asked before a removal, and no post is named.
        AddressRefused, BrowserMissing, BrowserBroken, RecipeFaults, PostsUnread, LoginBroken: the
            feed was not walked, and the fault is ours.
    """
    names_a_post(asked.reason, "")
    request = _request(settings, asked)
    whose, on = request.account, today()
    with Archive.open(settings) as archive:
        feed = find_posts(whose, settings=settings, archive=archive)
        gap_id = note_feed_gap(request, feed, archive, actor)
        known, before = archive.posts.known(whose.id), tried(whose.id, archive)
        wanted = looks_wanted(known, feed, whose, settings, on)
        note_reach(whose, feed, wanted, archive, actor)
        doubted = [one for one in archive.posts.doubted(whose.id) if one.post not in feed.keys]
        cut = tuple(cut_findings(archive, [whose]))
        gaps, walked = archive.gaps(whose.id), archive.posts.whole_at(whose.id) is not None
    missed = read_missed(whose, feed, known, gaps, settings, whole=walked)
    looks = tried_last([*wanted, *looks_doubted(doubted, on), *missed.looks], before)
    return Finds(looks=tuple(looks), feed=feed, gap_id=gap_id, missed=missed, findings=cut)


def names_a_post(reason: Reason, post: str) -> None:
    """What is captured before a removal is one post, which must be named: else nothing may be.

    Raises:
        Malformed: it is not named.
    """
    if reason is Reason.BEFORE_REMOVAL and not post:
        fault = "post: give the address or the id of the post that is to be removed"
        raise Malformed("Nothing was captured before the removal", [fault])


def one_look(settings: Settings, asked: Asked, name: str) -> Look:
    """A person's wish for one post: by its address, its key, its id or its record.

    A post that is asked for gets a record, changed or not.

    Raises:
        UnknownAccount: the register has no such account. NotFound: no known post is so named.
        Malformed: the address is not on the account's own site.
    """
    whose = _request(settings, asked).account
    again = f"{asked.reason.value}-{new_id()}"
    with Archive.open(settings) as archive:
        if not name.startswith(("https://", "http://")):
            post = archive.posts.named(name)
            return Look(
                post=post.post, url=post.url, again=again, always=True, planned_at=utc_now()
            )
        known = {post.url: post.post for post in archive.posts.known(whose.id)}
    if not same_site(name, whose.url):
        fault = f"{name} is not on the site of {whose.url}"
        raise Malformed(f"No post of {whose.id} can be at this address", [fault])
    return Look(post=known.get(name, ""), url=name, again=again, always=True, planned_at=utc_now())


def run_looks(
    settings: Settings,
    asked: Asked,
    looks: Sequence[Look],
    actor: Actor,
    told: Told = lambda _: None,
) -> list[Looked]:
    """Look at posts; see `post_batch.look_at_posts`.

    Raises:
        UnknownAccount: the account left the register. CaptureError, ArchiveError: what went wrong.
    """
    request = _request(settings, asked)
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


def _request(settings: Settings, asked: Asked) -> Request:
    """The same of an account that the register has (RULES R13)."""
    whose = read_register(settings.register).account(asked.account)
    return Request(account=whose, reason=asked.reason, ordered_by=asked.ordered_by, note=asked.note)
