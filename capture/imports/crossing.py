"""An export beside the archive: which of its posts are captured, and which captured ones it lacks.

By id, or by the address of the page. Facebook's and Instagram's exports have no ids, LinkedIn's
may have another than the page: what is not found by id there is paired by time and text. Decides
nothing of what is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from accounts.findings import Finding
from accounts.model import AccountId
from accounts.stockholm import civil_date
from capture.imports.pairing import Dated, Paired, pair
from capture.legs.codes import finding
from capture.legs.crosscheck import told_comments
from capture.legs.naming import Names
from capture.post import Post
from capture.post_record import comments_shown, readable_post
from capture.post_time import latest
from storage.archive import Archive
from storage.errors import Damaged, Malformed, NotFound, ObjectMissing
from storage.posts import KnownPost
from storage.record import HERE

LEG = "export"
_OTHER_IDS = frozenset({"facebook", "instagram", "linkedin"})
_LEAST_EXACT = timedelta(days=366)
"""A page that tells the year alone gives the earliest day that it may mean."""
_Span = tuple[datetime, datetime]
_UNREADABLE = (Damaged, Malformed, NotFound, ObjectMissing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Both:
    """A post that the export and the archive have: its id there, its key and record here."""

    post: str
    archived: str
    record: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacking:
    """A post of the export that the archive lacks, with its page's address where it is told."""

    post: str
    permalink: str | None
    published_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A post of the archive that the export lacks; `gone_at`: since when it was seen to be gone."""

    post: str
    url: str
    gone_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """A post of the export that may be one of several here, or one with another text."""

    post: str
    archived: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossed:
    """What an export and the archive have of an account's posts; shares of others' are left aside.

    `by_text`: what has no common id was paired by time and text. `first` and `last`: the time
    that the export's posts span. `not_compared`: keys of posts here that could not be.
    """

    by_text: bool
    first: datetime | None
    last: datetime | None
    both: tuple[Both, ...]
    archive_lacks: tuple[Lacking, ...]
    export_lacks: tuple[Extra, ...]
    ambiguous: tuple[Unclear, ...]
    not_compared: tuple[str, ...]
    findings: tuple[Finding, ...]


def cross(account: AccountId, platform: str, posts: Sequence[Post], archive: Archive) -> Crossed:
    """Hold an export's posts against what the archive has of the account."""
    here = _here(account, archive)
    own = [post for post in posts if post.repost_of is None]
    names = Names((one.post, one.url) for one in here.values())
    by_id = {post.id: names.of(post.id, post.permalink) for post in own}
    found = {post: named for post, named in by_id.items() if named in here}
    spanned = _spanned(own)
    by_text = platform in _OTHER_IDS
    paired, undone = Paired(pairs={}, ambiguous={}), set[str]()
    if by_text:
        free = {key: one for key, one in here.items() if key not in found.values()}
        left = {key: one for key, one in free.items() if _may_lie_in(one, spanned)}
        paired, undone = _paired([post for post in own if post.id not in found], left, archive)
    found |= paired.pairs
    taken = {*found.values(), *(key for keys in paired.ambiguous.values() for key in keys)}
    free = {key: one for key, one in here.items() if key not in taken | undone}
    extra, undated = _lacked(free, spanned, archive)
    crossed = Crossed(
        by_text=by_text,
        first=spanned[0] if spanned else None,
        last=spanned[1] if spanned else None,
        both=tuple(
            Both(post=post, archived=here[key].post, record=here[key].record_id)
            for post, key in found.items()
        ),
        archive_lacks=tuple(
            _lacking(post) for post in own if post.id not in {*found, *paired.ambiguous}
        ),
        export_lacks=tuple(extra),
        ambiguous=tuple(
            Unclear(post=post, archived=tuple(here[key].post for key in keys))
            for post, keys in paired.ambiguous.items()
        ),
        not_compared=tuple(sorted(here[key].post for key in undone | undated)),
        findings=(),
    )
    said = [(post, here[found[post.id]]) for post in own if post.id in found]
    return replace(crossed, findings=(*_findings(account, crossed), *_comments(said, archive)))


def told(crossed: Crossed) -> dict[str, JsonValue]:
    """The comparison as data."""
    return {
        "by": "id, then time and text" if crossed.by_text else "id",
        "first": crossed.first.isoformat() if crossed.first else None,
        "last": crossed.last.isoformat() if crossed.last else None,
        "both": [asdict(one) for one in crossed.both],
        "archive_lacks": [asdict(one) for one in crossed.archive_lacks],
        "export_lacks": [asdict(one) for one in crossed.export_lacks],
        "ambiguous": [{"post": one.post, "archived": [*one.archived]} for one in crossed.ambiguous],
        "not_compared": [*crossed.not_compared],
    }


def _here(account: AccountId, archive: Archive) -> dict[str, KnownPost]:
    """The account's posts whose record is here, by their id on the platform."""
    here = {one.record_id for one in archive.records() if one.status in HERE}
    known = archive.posts.known(account)
    return {one.post.partition(":")[2]: one for one in known if one.record_id in here}


def _spanned(posts: Sequence[Post]) -> _Span | None:
    """The time from the first of the posts to the last."""
    times = [(p.published.at, p.published.precision) for p in posts]
    dated = [(at, latest(at, unit)) for at, unit in times if at and unit]
    return (min(at for at, _ in dated), max(end for _, end in dated)) if dated else None


def _may_lie_in(known: KnownPost, spanned: _Span | None) -> bool:
    """Whether a post can be of that time: its day is the earliest that it may be of."""
    if spanned is None:
        return False
    first = civil_date(spanned[0]) - _LEAST_EXACT
    return not known.published_on or (
        first.isoformat() <= known.published_on <= civil_date(spanned[1]).isoformat()
    )


def _paired(
    posts: Sequence[Post], left: Mapping[str, KnownPost], archive: Archive
) -> tuple[Paired, set[str]]:
    """Pairs by time and text, and the ids of those here that could not be read or have no time."""
    exported = [dated for post in posts if (dated := Dated.of(post.id, post))]
    archived, undone = [], set()
    for key, one in left.items():
        post = _read(one, archive)
        dated = Dated.of(key, post) if post else None
        if dated:
            archived.append(dated)
        else:
            undone.add(key)
    return pair(exported, archived), undone


def _read(known: KnownPost, archive: Archive) -> Post | None:
    try:
        return readable_post(archive, archive.record(known.record_id))
    except _UNREADABLE:
        return None


def _lacked(
    free: Mapping[str, KnownPost], spanned: _Span | None, archive: Archive
) -> tuple[list[Extra], set[str]]:
    """Posts here that the export should have, as they lie wholly within its time; those undated."""
    extra, undated = [], set()
    for key, one in free.items():
        if spanned is None or not _may_lie_in(one, spanned):
            continue
        post = _read(one, archive)
        dated = Dated.of(key, post) if post else None
        if dated is None:
            undated.add(key)
        elif spanned[0] <= dated.first and dated.last <= spanned[1]:
            gone = one.gone_at.isoformat() if one.gone_at else None
            extra.append(Extra(post=one.post, url=one.url, gone_at=gone))
    return extra, undated


def _lacking(post: Post) -> Lacking:
    at = post.published.at
    return Lacking(
        post=post.id, permalink=post.permalink, published_at=at.isoformat() if at else None
    )


def _findings(account: AccountId, crossed: Crossed) -> Iterator[Finding]:
    both, lacks = len(crossed.both), len(crossed.archive_lacks)
    if lacks:
        of = both + lacks + len(crossed.ambiguous)
        yield finding("L108", account, has=both, of=of, count=lacks)
    if crossed.export_lacks and crossed.first and crossed.last:
        yield finding(
            "L109",
            account,
            count=len(crossed.export_lacks),
            first=civil_date(crossed.first),
            last=civil_date(crossed.last),
            gone=sum(one.gone_at is not None for one in crossed.export_lacks),
        )
    if crossed.by_text:
        yield finding(
            "L110",
            account,
            both=both,
            unclear=len(crossed.ambiguous),
            undone=len(crossed.not_compared),
        )


def _comments(both: Sequence[tuple[Post, KnownPost]], archive: Archive) -> Iterator[Finding]:
    """Where the export announces another number of comments than the record shows."""
    for post, known in both:
        if post.comments_announced is not None and (read := _read(known, archive)):
            yield from told_comments(LEG, post.id, post.comments_announced, comments_shown(read))
